package alerts_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestAPreviewCountsWhatWouldHaveBeenRaised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.Clock.Advance(30 * 24 * time.Hour)
	for range 3 { // three bursts, each an alert
		for range 4 {
			b.did("order.deleted")
			b.Clock.Advance(time.Minute)
		}
		b.Clock.Advance(5 * time.Hour)
	}
	b.did("order.made")
	b.record(ledger.Draft{
		Stream: ledger.StreamActivity, Action: "order.deleted", Source: "shop", Outcome: ledger.Success,
		OccurredAt: b.Clock.Now().Add(-rules.Late - time.Minute), Entity: ledger.Entity{Type: "order", ID: "late"},
	})
	p, err := r.Preview(t.Context(), b.admin, *threshold(3, "order.deleted"), "")
	if err != nil {
		t.Fatal(err)
	}
	days := 0
	for _, day := range p.Days {
		days += day.Count
	}
	if p.Count != 3 || days != 3 || len(p.Days) != alerts.PreviewDays || len(p.Examples) != 3 || p.EntriesRead != 13 || p.EntriesLate != 1 || p.Truncated {
		t.Errorf("%+v", p)
	}
	if e := p.Examples[0]; e.Entry == nil || e.Stream == nil || *e.Stream != ledger.StreamActivity || !e.At.After(p.Examples[2].At) {
		t.Errorf("%+v", e)
	}
	if p, err = r.Preview(t.Context(), b.admin, *silence("shop", 240), ""); err != nil || p.Count != 4 { // before the first, and behind each burst
		t.Errorf("%+v %v", p, err)
	}
	first := &alerts.RuleInput{Kind: rules.FirstSeen, Sources: []string{"shop"}, WindowMinutes: of(24 * 60), GroupBy: rules.ByAction, Severity: ledger.Notice}
	if p, err = r.Preview(t.Context(), b.admin, *first, ""); err != nil || p.Count != 2 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := r.Preview(t.Context(), b.admin, alerts.RuleInput{Kind: rules.Volume}, ""); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	if _, err := r.Preview(t.Context(), access.System(), *first, ""); err != nil {
		t.Error(err)
	}
}

func TestAPreviewNeedsTheRightToSeeAllThatItReadsAndIsOnRecordAsALook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for permission, scope := range map[string]string{"alerts.manage": "all", "logs.actions.view": "all", "logs.auth.view": "department"} {
		if _, err := b.DB.Exec(t.Context(), "INSERT INTO role_policy (role, permission, scope) VALUES ('watcher', ?, ?)", permission, scope); err != nil {
			t.Fatal(err)
		}
	}
	rights, err := access.New(t.Context(), b.DB, b.Ledger, b.Clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r := b.processAsking(rights)
	watcher := b.Actor(b.Person("Vilis Krūmiņš", "Office"), "watcher")
	in := threshold(2, "order.deleted")
	for _, streams := range [][]ledger.Stream{nil, {ledger.StreamKey}, {ledger.StreamActivity, ledger.StreamAuth}} {
		in.Streams = streams
		if _, err := r.Preview(t.Context(), watcher, *in, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("streams %v: %v", streams, err)
		}
	}
	if n := b.count(ledger.LogViewed); n != 0 {
		t.Errorf("%d looks are on record although nothing was shown", n)
	}
	in.Streams = []ledger.Stream{ledger.StreamActivity}
	for range 2 { // the second is the same look
		if _, err := r.Preview(t.Context(), watcher, *in, ""); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	for i := range entries {
		e := &entries[i]
		if e.Action != ledger.LogViewed {
			continue
		}
		looks++
		var filter map[string]string
		if _, err := b.Ledger.Unseal(t.Context(), e, "filter", &filter); err != nil {
			t.Fatal(err)
		}
		if e.ActorID() != watcher.Person || e.Entity.ID != "previewAlertRule" || filter["action"] != "order.deleted" || filter["stream"] != "activity" ||
			filter["kind"] != "threshold" || filter["windowMinutes"] != "60" || filter["groupBy"] != "none" {
			t.Errorf("%s looked at %s with %v", e.ActorID(), e.Entity.ID, filter)
		}
	}
	if looks != 1 {
		t.Errorf("%d looks are on record", looks)
	}
}

func TestAPreviewLooksIntoHowPeopleWorkedOnlyWhereThatIsNamedAndForAPurpose(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	worker := b.Person("Vilis Krūmiņš", "Office")
	b.record(ledger.Draft{
		Stream: ledger.StreamWork, Actor: worker.ID, Person: worker.ID, Action: ledger.WorkWorking, OccurredAt: b.Clock.Now(), Outcome: ledger.Success,
	})
	in := threshold(2, ledger.WorkWorking)
	if p, err := r.Preview(t.Context(), b.admin, *in, ""); err != nil || p.EntriesRead != 0 {
		t.Fatalf("where it is not named: %+v %v", p, err)
	}
	in.Streams = []ledger.Stream{ledger.StreamWork}
	if err, ok := fault.As(second(r.Preview(t.Context(), b.admin, *in, " "))); !ok || err.Kind != fault.BadInput || err.Field != "purpose" {
		t.Errorf("without a purpose: %v", err)
	}
	if p, err := r.Preview(t.Context(), b.admin, *in, "overtime"); err != nil || p.EntriesRead != 1 {
		t.Errorf("with one: %+v %v", p, err)
	}
	entries, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var purposes []string
	for i := range entries {
		if e := &entries[i]; e.Action == ledger.LogViewed {
			var purpose string
			if _, err := b.Ledger.Unseal(t.Context(), e, "purpose", &purpose); err != nil {
				t.Fatal(err)
			}
			purposes = append(purposes, purpose)
		}
	}
	if !slices.Equal(purposes, []string{"", "overtime"}) {
		t.Errorf("looks for %q are on record", purposes)
	}
}

func second[T any](_ T, err error) error { return err }
