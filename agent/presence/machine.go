// Package presence decides, without touching anything, what a workstation reports: that its user works, and that he
// stopped. It is fed with looks at the machine and with what the system announces, in steady time.
package presence

import "time"

// Steady is time since some fixed moment, on a clock that nobody sets and that goes on while the machine sleeps.
type Steady time.Duration

// Sub is the time from earlier to s.
func (s Steady) Sub(earlier Steady) time.Duration { return time.Duration(s - earlier) }

// Add is the moment d later.
func (s Steady) Add(d time.Duration) Steady { return s + Steady(d) }

// State is what is reported of a person at a workstation, and all that is.
type State string

// The states that the server understands.
const (
	Working State = "working"
	Stopped State = "stopped"
)

// Report says that from At on the person works, still works, or has stopped.
type Report struct {
	At    Steady
	State State
}

// Look is what was seen of the machine at a moment: how long nobody has touched keyboard or mouse.
type Look struct {
	At   Steady
	Idle time.Duration
}

// Event is what the system announces between two looks.
type Event int

// What systems announce. Anew says that what announces was lost and found again: an unlock or a wake may have gone unheard, and
// what is locked still is announced as such next. End is the last of a run: logging off, shutting down, or being told to end.
const (
	Lock Event = iota
	Unlock
	Sleep
	Wake
	Anew
	End
)

// Rules are when somebody counts as working. All of them are positive.
type Rules struct {
	IdleAfter time.Duration // nobody touched anything for so long: he stopped then
	Poll      time.Duration // between two looks
	Repeat    time.Duration // between two reports of the same work
}

// Interval is how often the work is really reported again: reports are made at looks only, so it is a multiple of Poll.
func (r Rules) Interval() time.Duration {
	return (r.Repeat + r.Poll - 1) / r.Poll * r.Poll
}

// unseen is how long a machine may be without a look before it must have been asleep or frozen.
func (r Rules) unseen() time.Duration {
	return max(3*r.Poll, r.Interval()+r.Poll)
}

// Machine is the state of one workstation. The zero value with Rules is one of which nothing was seen.
type Machine struct {
	Rules Rules

	seen     bool
	working  bool
	locked   bool
	asleep   bool
	ended    bool
	lastSeen Steady // of the last look or event
	last     Steady // of the last report, and never later than the next
	beat     Steady // when the work was last reported on time, so that late looks don't add up
	touch    Steady // work begins with a touch later than this
}

// Working tells whether the last report says so.
func (m *Machine) Working() bool { return m.working }

// Look takes one look into account and gives what is to be reported, oldest first.
func (m *Machine) Look(look Look) []Report {
	if m.ended {
		return nil
	}
	look.Idle = max(look.Idle, 0)
	reports := m.noticeGap(look.At)
	first := !m.seen
	m.see(look.At)
	switch {
	case m.locked || m.asleep:
		return reports
	case m.working && look.Idle >= m.Rules.IdleAfter:
		return append(reports, m.stop(look.At.Add(m.Rules.IdleAfter-look.Idle)))
	case m.working:
		return append(reports, m.repeat(look.At)...)
	case look.Idle >= m.Rules.IdleAfter:
		return reports
	case first:
		return append(reports, m.start(look.At))
	}
	if touched := look.At.Add(-look.Idle); touched > m.touch {
		return append(reports, m.start(touched))
	}
	return reports
}

// Event takes an announcement into account and gives what is to be reported.
func (m *Machine) Event(event Event, at Steady) []Report {
	if m.ended {
		return nil
	}
	reports := m.noticeGap(at)
	m.see(at)
	switch event {
	case Unlock:
		m.locked = false
		return reports
	case Wake:
		m.asleep, m.touch = false, max(m.touch, at)
		return reports
	case Anew:
		if m.asleep {
			m.touch = max(m.touch, at)
		}
		m.locked, m.asleep = false, false
		return reports
	case Lock:
		m.locked = true
	case Sleep:
		m.asleep = true
	case End:
		m.ended = true
	}
	if m.working {
		return append(reports, m.stop(at))
	}
	m.touch = max(m.touch, at)
	return reports
}

// noticeGap ends work that nothing was seen of for too long where it was last seen. Since some systems don't count
// sleep as idle time, work begins again with a touch after the gap was noticed.
func (m *Machine) noticeGap(at Steady) []Report {
	if !m.seen || at.Sub(m.lastSeen) <= m.Rules.unseen() {
		return nil
	}
	var reports []Report
	if m.working {
		reports = append(reports, m.stop(m.lastSeen))
	}
	m.touch = max(m.touch, at)
	return reports
}

func (m *Machine) see(at Steady) {
	m.seen, m.lastSeen = true, max(m.lastSeen, at)
}

func (m *Machine) start(at Steady) Report {
	m.working, m.beat = true, at
	return m.report(at, Working)
}

func (m *Machine) stop(at Steady) Report {
	m.working, m.touch = false, max(m.touch, at)
	return m.report(at, Stopped)
}

// repeat reports work again when its time has come, half a poll early rather than most of one late.
func (m *Machine) repeat(at Steady) []Report {
	due := m.beat.Add(m.Rules.Interval())
	if at.Add(m.Rules.Poll/2) < due {
		return nil
	}
	m.beat = due
	if at.Sub(due) > m.Rules.Poll/2 {
		m.beat = at
	}
	return []Report{m.report(at, Working)}
}

// report never goes back behind the report before it.
func (m *Machine) report(at Steady, state State) Report {
	m.last = max(m.last, at)
	return Report{At: m.last, State: state}
}
