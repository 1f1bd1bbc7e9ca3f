package presence_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/agent/presence"
)

const (
	idleAfter = 600 // seconds
	poll      = 60
)

// day is what really happened at a machine, second by second.
type day struct {
	touched, locked, asleep []bool
	dead                    int // the second from which the agent runs no more, without a word
	announced               bool
}

func drawDay(t *rapid.T) day {
	length := rapid.IntRange(60, 3*3600).Draw(t, "length")
	d := day{make([]bool, length), make([]bool, length), make([]bool, length),
		rapid.IntRange(1, length).Draw(t, "dead"), rapid.Bool().Draw(t, "announced")}
	for second := 0; second < length; {
		span := rapid.IntRange(2*poll+10, 2400).Draw(t, "span")
		kind := rapid.SampledFrom([]string{"touched", "touched", "away", "locked", "asleep"}).Draw(t, "kind")
		if kind == "asleep" {
			span += 4 * poll // less is no sleep that could be noticed unannounced
		}
		for i := second; i < min(second+span, length); i++ {
			d.touched[i] = kind == "touched" && (i-second)%7 == 1
			d.locked[i], d.asleep[i] = kind == "locked", kind == "asleep"
		}
		second += span
	}
	return d
}

// run gives the machine all that it would see of d.
func (d day) run() []presence.Report {
	m := presence.Machine{Rules: presence.Rules{IdleAfter: idleAfter * time.Second, Poll: poll * time.Second, Repeat: poll * time.Second}}
	var reports []presence.Report
	lastTouch := -idleAfter
	was := func(list []bool, i int) bool { return i > 0 && list[i-1] }
	for i := range d.dead {
		at := presence.Steady(time.Duration(i) * time.Second)
		for _, change := range []struct {
			list    []bool
			on, off presence.Event
			told    bool
		}{{d.locked, presence.Lock, presence.Unlock, true}, {d.asleep, presence.Sleep, presence.Wake, d.announced}} {
			if change.told && change.list[i] != was(change.list, i) {
				event := change.off
				if change.list[i] {
					event = change.on
				}
				reports = append(reports, m.Event(event, at)...)
			}
		}
		if d.touched[i] {
			lastTouch = i
		}
		if i%poll == 0 && !d.asleep[i] {
			reports = append(reports, m.Look(presence.Look{At: at, Idle: time.Duration(i-lastTouch) * time.Second})...)
		}
	}
	return reports
}

// truth tells for every second whether the person worked: at most idleAfter since a touch, with nothing between that
// ends work.
func (d day) truth() []bool {
	works := make([]bool, len(d.touched))
	left := 0
	for i := range d.dead {
		if d.touched[i] {
			left = idleAfter
		}
		if d.locked[i] || d.asleep[i] {
			left = 0
		}
		works[i] = left > 0
		left--
	}
	return works
}

// counted is what a server makes of reports: silence of three intervals ends work one interval after the last report.
func counted(reports []presence.Report, length int) []bool {
	works := make([]bool, length)
	for i, r := range reports {
		if r.State != presence.Working {
			continue
		}
		from := int(time.Duration(r.At) / time.Second)
		until := from + poll
		if i+1 < len(reports) {
			if next := int(time.Duration(reports[i+1].At) / time.Second); next-from <= 3*poll {
				until = next
			}
		}
		for s := from; s < min(until, length); s++ {
			works[s] = true
		}
	}
	return works
}

func TestWhatIsReportedIsTheTruthToThePollInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDay(t)
		reports := d.run()
		for i := 1; i < len(reports); i++ {
			if reports[i].At < reports[i-1].At {
				t.Fatalf("report %d goes back in time: %v", i, reports)
			}
			if reports[i].State == presence.Stopped && reports[i-1].State == presence.Stopped {
				t.Fatalf("report %d stops what had stopped: %v", i, reports)
			}
		}
		tolerance := 3*poll + 7 // touches are seven seconds apart; sleep that nobody announced is noticed at a look, and work after it at another
		if d.announced {
			tolerance = poll + 7
		}
		truth, got := d.truth(), counted(reports, len(d.touched))
		for wrong, i := 0, 0; i < len(truth); i++ {
			if truth[i] == got[i] {
				wrong = 0
				continue
			}
			if wrong++; wrong > tolerance {
				t.Fatalf("second %d: counted %v for longer than tolerated, in truth %v; %v", i, got[i], truth[i], reports)
			}
		}
	})
}
