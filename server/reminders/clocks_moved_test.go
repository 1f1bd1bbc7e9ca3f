package reminders_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// night is the bundle over the night in which clocks are moved, with the alerts of the clock.
type night struct {
	*bundle
	eve         string
	alerts      *alerts.Service
	clock       *alerts.Clock
	janis, anna *people.Person
}

func openNight(t *testing.T, eve string) *night {
	t.Helper()
	n := &night{bundle: setup(t), eve: eve}
	n.alerts = alerts.New(n.DB, n.Seal, n.Ledger, n.Access, n.Clock.Now)
	n.clock = alerts.NewClock(n.alerts, n.Custody, alerts.ClockRules{
		Zone: n.zone, EscalateAfter: 24 * time.Hour, Urgent: func(context.Context, *mysql.Tx, []alerts.Urgent) error { return nil },
	}, slog.New(slog.DiscardHandler))
	n.janis, n.anna = n.holder("Jānis", "janis@example.org", "lv"), n.holder("Anna", "anna@example.org", "en")
	return n
}

// look turns the clock to an instant, and has everything that watches it look.
func (n *night) look(at time.Time) {
	n.t.Helper()
	n.Clock.Set(at)
	n.tick()
	n.deliver()
	if err := n.clock.Tick(n.t.Context(), at); err != nil {
		n.t.Fatal(err)
	}
}

// raised gives the number of open alerts of a rule about a key, and how the last one that is over ended.
func (n *night) raised(rule alerts.Rule, key *custody.Key) (open int, ended alerts.Ending) {
	n.t.Helper()
	found, _, err := n.alerts.List(n.t.Context(), access.System(), alerts.Filter{}, page.Request{})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, a := range slices.Backward(found.Items) {
		switch {
		case a.Rule != rule, key != nil && a.KeyID != key.ID:
		case a.State == alerts.Open:
			open++
		case a.Ending != nil:
			ended = *a.Ending
		}
	}
	return open, ended
}

// letters counts the e-mails to somebody that name a key.
func (n *night) letters(to string, key *custody.Key) int {
	count := 0
	for _, l := range n.server.Letters() {
		if l.To == to && strings.Contains(l.Subject+l.Text, key.Number) {
			count++
		}
	}
	return count
}

// becomes demands that a key is overdue, and its holder told so, at an instant and not a second before.
func (n *night) becomes(key *custody.Key, overdue time.Time, to string) {
	n.t.Helper()
	n.look(overdue.Add(-time.Second))
	if open, _ := n.raised(alerts.KeyOverdue, key); open != 0 || n.state(key) != custody.Issued {
		n.t.Errorf("key %s is overdue before %v", key.Number, overdue)
	}
	before := n.letters(to, key)
	n.look(overdue)
	if open, _ := n.raised(alerts.KeyOverdue, key); open != 1 || n.state(key) != custody.Overdue || n.letters(to, key) != before+1 {
		n.t.Errorf("key %s at %v: %d alerts, %s, %d letters", key.Number, overdue, open, n.state(key), n.letters(to, key)-before)
	}
}

func (n *night) state(key *custody.Key) custody.KeyState {
	n.t.Helper()
	found, err := n.Custody.Key(n.t.Context(), n.custodian, key.ID, "")
	if err != nil {
		n.t.Fatal(err)
	}
	return found.State
}

// TestWhatIsDueAfterTheNightInWhichClocksAreMoved has keys extended, handed over, lost and left to a curfew on the eve, and
// looks at the instants, in UTC, at which the clocks of the morning show what was said.
func TestWhatIsDueAfterTheNightInWhichClocksAreMoved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ eve, morning, halfPastFive, six, quarterPastSix, curfew string }{
		{"2026-03-28", "2026-03-29", "02:30", "03:00", "03:15", "15:00"},
		{"2026-10-24", "2026-10-25", "03:30", "04:00", "04:15", "16:00"},
	} {
		t.Run(c.morning, func(t *testing.T) {
			t.Parallel()
			n := openNight(t, c.eve)
			utc := func(clock string) time.Time {
				at, err := time.Parse("2006-01-02 15:04", c.morning+" "+clock)
				if err != nil {
					t.Fatal(err)
				}
				return at
			}
			extended, handed, lost, left := n.Key("E-1"), n.Key("H-2"), n.Key("L-3"), n.Key("C-4")
			n.look(n.local(c.eve + " 09:00"))
			loan := n.issue(n.janis, c.eve+" 17:00", extended)[0]
			n.issue(n.janis, c.eve+" 20:00", handed)
			n.issue(n.anna, c.morning+" 06:15", lost)
			n.look(n.local(c.eve + " 16:45"))
			n.extend(loan, c.morning+" 05:30")
			n.handOver(handed, c.morning+" 06:00")
			curfew := n.leaveToCurfew(left)
			if !curfew.Equal(utc(c.curfew)) {
				t.Errorf("the curfew is at %v, want %v", curfew, utc(c.curfew))
			}
			n.look(n.local(c.eve + " 20:00"))
			for _, key := range []*custody.Key{extended, handed, lost, left} {
				if open, _ := n.raised(alerts.KeyOverdue, key); open != 0 {
					t.Errorf("key %s is overdue on the eve", key.Number)
				}
			}
			told := n.letters("janis@example.org", extended)
			n.look(utc(c.halfPastFive).Add(-30*time.Minute - time.Second))
			n.look(utc(c.halfPastFive).Add(-30 * time.Minute))
			if n.letters("janis@example.org", extended) != told+1 {
				t.Error("nobody is reminded half an hour before the new due time")
			}
			n.becomes(extended, utc(c.halfPastFive), "janis@example.org")
			n.becomes(handed, utc(c.six), "anna@example.org")
			n.becomes(lost, utc(c.quarterPastSix), "anna@example.org")
			n.reportLost(lost)
			n.look(utc(c.curfew).Add(-time.Second))
			if open, ended := n.raised(alerts.KeyOverdue, lost); open != 0 || ended != alerts.Lost {
				t.Errorf("%d alerts about the lost key, ended as %s", open, ended)
			}
			if open, _ := n.raised(alerts.CurfewMissed, nil); open != 0 {
				t.Error("the curfew was missed too early")
			}
			n.becomes(left, utc(c.curfew), "janis@example.org")
			if open, _ := n.raised(alerts.CurfewMissed, nil); open != 1 {
				t.Errorf("%d alerts about the curfew", open)
			}
		})
	}
}

// handOver has Jānis give a key to Anna, who accepts it.
func (n *night) handOver(key *custody.Key, due string) {
	n.t.Helper()
	until := n.local(due)
	offered, err := n.Custody.HandOver(n.t.Context(), n.Actor(n.janis, "member"), custody.HandOverInput{Keys: custodytest.IDs(key), To: n.anna.ID, DueAt: &until})
	if err != nil {
		n.t.Fatal(err)
	}
	_, err = n.Custody.AcceptHandover(n.t.Context(), n.Actor(n.anna, "member"), custody.AcceptInput{Handover: offered.Handovers[0].ID, Accept: true})
	if err != nil {
		n.t.Fatal(err)
	}
}

// leaveToCurfew issues a key, behind the curfew of the eve, for as long as its group allows, which is the next; it gives when
// that is. It cannot be extended beyond.
func (n *night) leaveToCurfew(key *custody.Key) time.Time {
	n.t.Helper()
	at := custody.LocalTime("18:00")
	group := custody.SaveGroupInput{Name: "Laboratory", Keys: custodytest.IDs(key), Curfew: &at}
	if _, err := n.Custody.SaveGroup(n.t.Context(), access.System(), group); err != nil {
		n.t.Fatal(err)
	}
	n.look(n.local(n.eve + " 18:30"))
	made, err := n.Custody.Issue(n.t.Context(), n.custodian, custody.IssueInput{Keys: custodytest.IDs(key), Holder: n.janis.ID, DefaultDue: true})
	if err != nil {
		n.t.Fatal(err)
	}
	due := *made.Loans[0].DueAt
	_, err = n.Custody.Extend(n.t.Context(), n.custodian, custody.ExtendInput{Loan: made.Loans[0].ID, DueAt: due.Add(time.Minute)})
	if !fault.Is(err, fault.BadInput) {
		n.t.Errorf("it is extended beyond the curfew: %v", err)
	}
	return due
}

func (n *night) reportLost(key *custody.Key) {
	n.t.Helper()
	if _, err := n.Custody.ReportLost(n.t.Context(), n.custodian, custody.ReportInput{Key: key.ID}); err != nil {
		n.t.Fatal(err)
	}
}
