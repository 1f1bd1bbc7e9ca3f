package alerts_test

import (
	"log/slog"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
)

// process is one server's rules, which don't follow the ledger yet.
func (b *bundle) process() *alerts.CustomRules {
	return b.processAsking(b.Access)
}

// processAsking is one whose rights are those of a service.
func (b *bundle) processAsking(rights *access.Service) *alerts.CustomRules {
	b.t.Helper()
	book, err := logbook.New(b.DB, b.Seal, b.Ledger, rights, b.Custody, b.People, time.UTC, b.Clock.Now)
	if err != nil {
		b.t.Fatal(err)
	}
	return alerts.NewCustomRules(alerts.New(b.DB, b.Seal, b.Ledger, rights, b.Clock.Now), book, time.UTC, slog.New(slog.DiscardHandler))
}

// follow has rules follow the ledger until stop is called or the test ends.
func (b *bundle) follow(r *alerts.CustomRules) (stop func()) {
	b.t.Helper()
	stop = b.running(r.Run)
	eventually(b.t, func() bool { // what is recorded before they begin is past for them
		var begun bool
		if err := b.DB.Get(b.t.Context(), &begun, "SELECT EXISTS (SELECT 1 FROM alert_reader WHERE id = 2)"); err != nil {
			b.t.Fatal(err)
		}
		return begun
	})
	return stop
}

// listening gives what has rules look for sources that are silent at this moment.
func (b *bundle) listening(r *alerts.CustomRules) func() {
	return func() {
		b.t.Helper()
		if err := r.Listen(b.t.Context(), b.Clock.Now()); err != nil {
			b.t.Fatal(err)
		}
	}
}

func of[T any](v T) *T { return &v }

func threshold(count int, actions ...string) *alerts.RuleInput {
	return &alerts.RuleInput{
		Kind: rules.Threshold, Actions: actions, WindowMinutes: of(60), Count: &count, GroupBy: rules.ByNone, Severity: ledger.Warning,
	}
}

func silence(source string, minutes int) *alerts.RuleInput {
	return &alerts.RuleInput{Kind: rules.Silence, Sources: []string{source}, WindowMinutes: &minutes, GroupBy: rules.ByNone, Severity: ledger.Critical}
}

func (b *bundle) save(r *alerts.CustomRules, name string, in *alerts.RuleInput) *alerts.CustomRule {
	b.t.Helper()
	saved, err := r.Save(b.t.Context(), b.admin, alerts.SaveRuleInput{Name: name, Rule: in})
	if err != nil {
		b.t.Fatal(err)
	}
	return saved
}

func (b *bundle) rule(r *alerts.CustomRules, rule id.ID) *alerts.CustomRule {
	b.t.Helper()
	p, err := r.List(b.t.Context(), b.admin, page.Request{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, one := range p.Items {
		if one.ID == rule {
			return one
		}
	}
	b.t.Fatal("the rule is not listed")
	return nil
}

func (b *bundle) did(action string) uint64 {
	b.t.Helper()
	return b.record(ledger.Draft{
		Stream: ledger.StreamActivity, Source: "shop", Action: action, OccurredAt: b.Clock.Now(), Outcome: ledger.Success,
		Entity: ledger.Entity{Type: "order", ID: id.New().String()},
	})[0]
}

// settled returns once rules have judged all that is recorded, for which one of its own finds something: again, since it may
// be judged before the others for the first time, and all are before any is for the second.
func (b *bundle) settled(r *alerts.CustomRules) {
	b.t.Helper()
	mark := b.save(r, "settling", &alerts.RuleInput{Kind: rules.Threshold, Actions: []string{"settle.done"}, WindowMinutes: of(1), Count: of(2), GroupBy: rules.ByNone, Severity: ledger.Notice})
	b.did("settle.done")
	b.did("settle.done")
	eventually(b.t, func() bool { return b.rule(r, mark.ID).LastAlertAt != nil })
	last := b.did("settle.done")
	// By what it is and not by its count: what was settled before may be evidence as well.
	eventually(b.t, func() bool { return slices.Contains(b.raisedFor(mark.ID)[0].Evidence, last) })
	if _, err := r.Remove(b.t.Context(), b.admin, mark.ID); err != nil {
		b.t.Fatal(err)
	}
}

// raisedFor gives the alerts of a rule that an admin made.
func (b *bundle) raisedFor(rule id.ID) (found []*alerts.Alert) {
	for _, a := range b.of(alerts.Custom) {
		if a.CustomRuleID == rule {
			found = append(found, a)
		}
	}
	return found
}
