package compliance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

func TestARetentionRunTellsWhatItDeletedAndWhereThatIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-11-25 09:00")
	b.append(slices.Repeat([]ledger.Draft{{Stream: ledger.StreamActivity, Action: "paid", OccurredAt: b.Clock.Now()}}, 600)...)
	b.on("2026-12-15 09:00")
	days := 5
	if _, err := b.keeping.Set(t.Context(), b.admin, keeping.SetInput{Stream: ledger.StreamActivity, KeepDays: &days}); err != nil {
		t.Fatal(err)
	}
	asked, err := b.keeping.Ask(t.Context(), b.admin)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.keeping.Tick(t.Context(), b.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	full := fault.Say("The archive cannot be written, so nothing is deleted: see that the disk has room and that keytrail may write to the directory of archives.")
	b.exec("UPDATE retention_run SET problem = ? WHERE id = ?", full.Stored(480), asked.ID)
	b.on("2027-01-10 12:00")
	k := b.report().Keeping
	if len(k.Runs) != 1 || len(k.Policies) != 1 || len(k.Pruned) != 1 {
		t.Fatalf("%+v", k)
	}
	run := k.Runs[0]
	if run.Run != asked.ID.String() || run.Entries < 500 || fmt.Sprint(run.Streams["activity"]) != fmt.Sprint(run.Entries) || len(run.Archives) != 1 || run.Outcome != "success" ||
		run.By.Name != "Anna Kalniņa" || run.CutOff == nil || !run.CutOff.Equal(asked.AsOf) || run.Problem != full.String() ||
		!strings.Contains(run.Why.In(language.Latvian), "diskā ir vieta") {
		t.Errorf("%+v", run)
	}
	if fmt.Sprint(k.Policies[0].Details["keepDays"]) != "5" || k.Pruned[0].Details["manifest"] == "" {
		t.Errorf("%+v %+v", k.Policies, k.Pruned)
	}
}

func TestAnErasureNamesNobodyAndAHoldSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	hold, err := b.keeping.Place(t.Context(), b.admin, keeping.PlaceInput{Person: b.zane.ID, Reason: "a case at court"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.keeping.Release(t.Context(), b.admin, hold.ID); err != nil {
		t.Fatal(err)
	}
	b.append(ledger.Draft{
		Stream: ledger.StreamSystem, Actor: b.admin.Person, Action: ledger.PrivacyErasureAsked, Person: b.zane.ID, Entity: ledger.Entity{Type: "privacyRequest", ID: "r1"},
		Parts: []ledger.Part{ledger.PersonPart(ledger.FieldComment, b.zane.ID, b.Clock.Now(), "she left")},
	})
	b.on("2027-01-10 12:00")
	k := b.report().Keeping
	if len(k.Holds) != 2 || k.Holds[0].Reason != "a case at court" || k.Holds[0].Person.Name != "Zane Ziediņa" || k.Holds[1].Action != ledger.PrivacyHoldReleased {
		t.Errorf("holds: %+v", k.Holds)
	}
	if len(k.Erasures) != 1 || k.Erasures[0].Person != b.zane.ID.String() || k.Erasures[0].Request != "r1" {
		t.Errorf("erasures: %+v", k.Erasures)
	}
	if all := fmt.Sprintf("%+v", k.Erasures); strings.Contains(all, "Zane") || strings.Contains(all, "left") {
		t.Errorf("more than ids and times: %s", all)
	}
	b.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(b.zane.ID), b.admin.Person)
		return err
	})
	if holds := b.report().Keeping.Holds; len(holds) != 2 || holds[0].Reason != "" {
		t.Errorf("behind the erasure: %+v", holds)
	}
}

func TestOfOneDeletionOnlySomeRangesAreNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	ranges := make([]any, 3000)
	for i := range ranges {
		ranges[i] = []any{2 * i, 2*i + 1}
	}
	b.append(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.LogRestored, Details: map[string]any{"ranges": ranges}})
	b.on("2027-01-10 12:00")
	details := b.report().Keeping.Restores[0].Details
	if named := details["ranges"].([]any); len(named) != 100 || details["rangesInAll"] != 3000 {
		t.Errorf("%d of %v ranges are named", len(named), details["rangesInAll"])
	}
}
