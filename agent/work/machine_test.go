package work_test

import (
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/agent/work"
)

// step is a look when event is nil; times are in seconds.
type step struct {
	at, idle int
	event    *work.Event
}

type report struct {
	at    int
	state work.State
}

func TestAWorkstationReportsWhatItsUserDoes(t *testing.T) {
	look := func(at, idle int) step { return step{at: at, idle: idle} }
	event := func(at int, e work.Event) step { return step{at: at, event: &e} }
	for _, c := range []struct {
		name  string
		steps []step
		want  []report
	}{
		{"nothing when nobody is there", []step{look(0, 900), look(60, 960)}, nil},
		{"work from the first look, and again each interval",
			[]step{look(0, 5), look(60, 5), look(121, 5), look(180, 5)},
			[]report{{0, work.Working}, {60, work.Working}, {121, work.Working}, {180, work.Working}}},
		{"the end of work at the threshold, not at the look after it",
			[]step{look(0, 0), look(560, 560), look(620, 620)},
			[]report{{0, work.Working}, {0, work.Stopped}}}, // 560 s without a look are a gap
		{"idle between looks",
			[]step{look(0, 550), look(30, 580), look(90, 640)},
			[]report{{0, work.Working}, {30, work.Working}, {50, work.Stopped}}},
		{"work again from the touch, not from the look",
			[]step{look(0, 700), look(60, 760), look(120, 20)},
			[]report{{100, work.Working}}},
		{"a lock ends work at once, and a touch alone doesn't begin it",
			[]step{look(0, 0), event(10, work.Lock), look(60, 1), event(70, work.Unlock), look(120, 52)},
			[]report{{0, work.Working}, {10, work.Stopped}, {68, work.Working}}},
		{"who unlocks without touching anything is not working",
			[]step{look(0, 0), event(10, work.Lock), event(20, work.Unlock), look(60, 55), look(120, 115)},
			[]report{{0, work.Working}, {10, work.Stopped}}},
		{"sleep that is announced", []step{look(0, 0), event(30, work.Sleep), event(9000, work.Wake), look(9010, 5), look(9070, 75), look(9130, 3)},
			[]report{{0, work.Working}, {30, work.Stopped}, {9005, work.Working}, {9070, work.Working}, {9130, work.Working}}},
		{"idle time that doesn't count sleep is no touch", []step{look(0, 0), event(30, work.Sleep), event(9000, work.Wake), look(9001, 40)},
			[]report{{0, work.Working}, {30, work.Stopped}}},
		{"sleep that nobody announced ends work where it was last seen",
			[]step{look(0, 0), look(60, 1), look(9000, 2), look(9060, 62), look(9120, 4)},
			[]report{{0, work.Working}, {60, work.Working}, {60, work.Stopped}, {9116, work.Working}}},
		{"nothing after the end", []step{look(0, 0), event(5, work.End), look(60, 0), event(61, work.Unlock)},
			[]report{{0, work.Working}, {5, work.Stopped}}},
		{"a lock while idle reports nothing new", []step{look(0, 700), event(5, work.Lock), event(6, work.End)}, nil},
		{"an idle time in the future counts as none", []step{look(0, -5)}, []report{{0, work.Working}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := work.Machine{Rules: work.Rules{IdleAfter: 10 * time.Minute, Poll: time.Minute, Repeat: time.Minute}}
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

func feed(m *work.Machine, s step) []work.Report {
	at := work.Steady(time.Duration(s.at) * time.Second)
	if s.event != nil {
		return m.Event(*s.event, at)
	}
	return m.Look(work.Look{At: at, Idle: time.Duration(s.idle) * time.Second})
}

func TestWorkIsReportedAtWholePolls(t *testing.T) {
	for _, c := range []struct{ poll, repeat, want time.Duration }{
		{time.Minute, time.Minute, time.Minute},
		{time.Minute, time.Second, time.Minute},
		{40 * time.Second, time.Minute, 80 * time.Second},
		{10 * time.Second, 5 * time.Minute, 5 * time.Minute},
	} {
		if got := (work.Rules{Poll: c.poll, Repeat: c.repeat}).Interval(); got != c.want {
			t.Errorf("every %v with looks every %v: got %v, want %v", c.repeat, c.poll, got, c.want)
		}
	}
}

func TestATimelineFollowsTheServerAndNotWhoeverSetsTheClock(t *testing.T) {
	at := func(seconds int) work.Steady { return work.Steady(time.Duration(seconds) * time.Second) }
	start := time.Date(2026, 3, 29, 0, 59, 0, 0, time.UTC)
	line := work.NewTimeline(start, at(100))
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
