package presence_test

import (
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
)

// step is a look when event is nil; times are in seconds.
type step struct {
	at, idle int
	event    *presence.Event
}

type report struct {
	at    int
	state presence.State
}

func TestAWorkstationReportsWhatItsUserDoes(t *testing.T) {
	look := func(at, idle int) step { return step{at: at, idle: idle} }
	event := func(at int, e presence.Event) step { return step{at: at, event: &e} }
	for _, c := range []struct {
		name  string
		steps []step
		want  []report
	}{
		{"nothing when nobody is there", []step{look(0, 900), look(60, 960)}, nil},
		{"work from the first look, and again each interval",
			[]step{look(0, 5), look(60, 5), look(121, 5), look(180, 5)},
			[]report{{0, presence.Working}, {60, presence.Working}, {121, presence.Working}, {180, presence.Working}}},
		{"the end of work at the threshold, not at the look after it",
			[]step{look(0, 0), look(560, 560), look(620, 620)},
			[]report{{0, presence.Working}, {0, presence.Stopped}}}, // 560 s without a look are a gap
		{"idle between looks",
			[]step{look(0, 550), look(30, 580), look(90, 640)},
			[]report{{0, presence.Working}, {30, presence.Working}, {50, presence.Stopped}}},
		{"work again from the touch, not from the look",
			[]step{look(0, 700), look(60, 760), look(120, 20)},
			[]report{{100, presence.Working}}},
		{"a lock ends work at once, and a touch alone doesn't begin it",
			[]step{look(0, 0), event(10, presence.Lock), look(60, 1), event(70, presence.Unlock), look(120, 52)},
			[]report{{0, presence.Working}, {10, presence.Stopped}, {68, presence.Working}}},
		{"who unlocks without touching anything is not working",
			[]step{look(0, 0), event(10, presence.Lock), event(20, presence.Unlock), look(60, 55), look(120, 115)},
			[]report{{0, presence.Working}, {10, presence.Stopped}}},
		{"sleep that is announced", []step{look(0, 0), event(30, presence.Sleep), event(9000, presence.Wake), look(9010, 5), look(9070, 75), look(9130, 3)},
			[]report{{0, presence.Working}, {30, presence.Stopped}, {9005, presence.Working}, {9070, presence.Working}, {9130, presence.Working}}},
		{"idle time that doesn't count sleep is no touch", []step{look(0, 0), event(30, presence.Sleep), event(9000, presence.Wake), look(9001, 40)},
			[]report{{0, presence.Working}, {30, presence.Stopped}}},
		{"sleep that nobody announced ends work where it was last seen",
			[]step{look(0, 0), look(60, 1), look(9000, 2), look(9060, 62), look(9120, 4)},
			[]report{{0, presence.Working}, {60, presence.Working}, {60, presence.Stopped}, {9116, presence.Working}}},
		{"a lock that ended unseen, while the desktop did not answer, keeps nobody from working",
			[]step{look(0, 0), event(10, presence.Lock), event(60, presence.Anew), look(60, 5)},
			[]report{{0, presence.Working}, {10, presence.Stopped}, {55, presence.Working}}},
		{"a wake that nobody heard keeps nobody from working",
			[]step{look(0, 0), event(30, presence.Sleep), event(9000, presence.Anew), look(9000, 2), look(9060, 3)},
			[]report{{0, presence.Working}, {30, presence.Stopped}, {9057, presence.Working}}},
		{"work goes on where only the desktop was asked anew",
			[]step{look(0, 0), event(60, presence.Anew), look(60, 20), look(120, 80)},
			[]report{{0, presence.Working}, {60, presence.Working}, {120, presence.Working}}},
		{"what is locked when it is asked anew is locked",
			[]step{look(0, 0), event(10, presence.Lock), event(60, presence.Anew), event(60, presence.Lock), look(60, 5)},
			[]report{{0, presence.Working}, {10, presence.Stopped}}},
		{"nothing after the end", []step{look(0, 0), event(5, presence.End), look(60, 0), event(61, presence.Unlock)},
			[]report{{0, presence.Working}, {5, presence.Stopped}}},
		{"a lock while idle reports nothing new", []step{look(0, 700), event(5, presence.Lock), event(6, presence.End)}, nil},
		{"an idle time in the future counts as none", []step{look(0, -5)}, []report{{0, presence.Working}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := presence.Machine{Rules: presence.Rules{IdleAfter: 10 * time.Minute, Poll: time.Minute, Repeat: time.Minute}}
			var got []report
			for _, s := range c.steps {
				for _, r := range feed(&m, s) {
					got = append(got, report{int(time.Duration(r.At) / time.Second), r.State})
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func feed(m *presence.Machine, s step) []presence.Report {
	at := presence.Steady(time.Duration(s.at) * time.Second)
	if s.event != nil {
		return m.Event(*s.event, at)
	}
	return m.Look(presence.Look{At: at, Idle: time.Duration(s.idle) * time.Second})
}

func TestWorkIsReportedAtWholePolls(t *testing.T) {
	for _, c := range []struct{ poll, repeat, want time.Duration }{
		{time.Minute, time.Minute, time.Minute},
		{time.Minute, time.Second, time.Minute},
		{40 * time.Second, time.Minute, 80 * time.Second},
		{10 * time.Second, 5 * time.Minute, 5 * time.Minute},
	} {
		if got := (presence.Rules{Poll: c.poll, Repeat: c.repeat}).Interval(); got != c.want {
			t.Errorf("every %v with looks every %v: got %v, want %v", c.repeat, c.poll, got, c.want)
		}
	}
}

func TestATimelineFollowsTheServerAndNotWhoeverSetsTheClock(t *testing.T) {
	at := func(seconds int) presence.Steady { return presence.Steady(time.Duration(seconds) * time.Second) }
	start := time.Date(2026, 3, 29, 0, 59, 0, 0, time.UTC)
	line := presence.NewTimeline(start, at(100))
	if got := line.At(at(160)); !got.Equal(start.Add(time.Minute)) {
		t.Errorf("a minute later it was %v", got)
	}
	if line.Learn(start.Add(4*time.Second), at(100)) {
		t.Error("a difference within the tolerance moved the timeline")
	}
	if !line.Learn(start.Add(time.Hour), at(100)) {
		t.Error("an hour's difference did not move the timeline")
	}
	if got := line.At(at(160)); !got.Equal(start.Add(time.Hour + time.Minute)) {
		t.Errorf("after the server was heard it was %v", got)
	}
}
