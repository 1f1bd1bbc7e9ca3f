package keeping_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
)

// old records n sign-ins, each of one of several people, and lets their time pass.
func (b *bundle) old(n int, of ...id.ID) {
	b.t.Helper()
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = b.entry(ledger.StreamAuth, b.Clock.Now(), of[i%len(of)], "x")
	}
	ledgertest.Append(b.t, b.DB, b.Ledger, drafts...)
	b.Clock.Advance(100 * 24 * time.Hour)
}

func (b *bundle) left(person id.ID) (n int) {
	b.t.Helper()
	if err := b.DB.Get(b.t.Context(), &n, "SELECT COUNT(*) FROM entry_index WHERE person = ? AND stream = 3", person); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestALegalHoldKeepsWhatNamesThePersonUntilItIsReleased(t *testing.T) {
	t.Parallel()
	b := setup(t)
	janis, twin, peteris := b.Person("Jānis", ""), b.Person("J. Bērziņš", ""), b.Person("Pēteris", "")
	b.old(600, janis.ID, peteris.ID, twin.ID)
	b.Merge(twin.ID, janis.ID)
	hold, err := b.service.Place(t.Context(), b.admin, keeping.PlaceInput{Person: janis.ID, Reason: "Case 12"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.service.Place(t.Context(), b.admin, keeping.PlaceInput{Person: twin.ID, Reason: "again"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second hold: %v", err)
	}
	if held, err := b.service.Held(t.Context(), b.DB, twin.ID); err != nil || !held {
		t.Errorf("he is not held under his other id: %v", err)
	}
	before, err := b.service.Preview(t.Context(), b.admin)
	if err != nil || before.Entries == 0 || before.Held == 0 || len(before.Streams) != 1 {
		t.Fatal(before, err)
	}
	run := b.asked()
	if run.State != keeping.Done || run.Entries != before.Entries {
		t.Fatalf("%+v, the preview was %+v", run, before)
	}
	if n, m, gone := b.left(janis.ID), b.left(twin.ID), b.left(peteris.ID); n != 200 || m != 200 || gone > 60 {
		t.Errorf("%d, %d and %d are left", n, m, gone)
	}
	b.requireVerified()
	if _, err := b.service.Release(t.Context(), b.admin, hold.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.service.Release(t.Context(), b.admin, hold.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("released twice: %v", err)
	}
	if run := b.asked(); run.Entries == 0 || b.left(janis.ID) > 100 {
		t.Errorf("after the release %+v, and %d are left", run, b.left(janis.ID))
	}
	b.requireVerified()
	listed, err := b.service.Holds(t.Context(), b.admin, page.Request{})
	if err != nil || len(listed.Items) != 1 || *listed.Items[0].Reason != "Case 12" || listed.Items[0].ReleasedAt == nil {
		t.Errorf("%+v %v", listed.Items, err)
	}
}

func TestALegalHoldKeepsWhatNamesThePersonIntoWhomTheOneUnderHoldWasMerged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	janis, twin, further, peteris := b.Person("Jānis", ""), b.Person("J. Bērziņš", ""), b.Person("Janis B.", ""), b.Person("Pēteris", "")
	b.old(800, janis.ID, peteris.ID, twin.ID, further.ID)
	if _, err := b.service.Place(t.Context(), b.admin, keeping.PlaceInput{Person: twin.ID, Reason: "Case 13"}); err != nil {
		t.Fatal(err)
	}
	b.Merge(further.ID, janis.ID)
	b.Merge(twin.ID, janis.ID)
	if run := b.asked(); run.State != keeping.Done || run.Entries == 0 {
		t.Fatalf("%+v", run)
	}
	for _, one := range []id.ID{janis.ID, twin.ID, further.ID} {
		if n := b.left(one); n != 200 {
			t.Errorf("of 200 entries %d are left", n)
		}
	}
}

func TestAHoldThatIsPlacedWhileAnArchiveIsWrittenStillCounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	janis, peteris := b.Person("Jānis", ""), b.Person("Pēteris", "")
	b.old(600, janis.ID, peteris.ID)
	placed := false
	b.service = b.another(keeping.Config{Reached: func(step string) {
		if step == "archive written" && !placed {
			placed = true
			if _, err := b.service.Place(t.Context(), b.admin, keeping.PlaceInput{Person: janis.ID, Reason: "at the last moment"}); err != nil {
				t.Error(err)
			}
		}
	}})
	if run := b.asked(); run.State != keeping.Done || run.Entries == 0 {
		t.Fatalf("%+v", run)
	}
	if n := b.left(janis.ID); n != 300 {
		t.Errorf("%d of 300 are left", n)
	}
	for _, a := range b.archives() {
		if a, err := b.service.VerifyArchive(t.Context(), b.admin, a.ID); err != nil || a.Damage.String() != "" {
			t.Error(a, err)
		}
	}
	b.requireVerified()
}

func TestALimitLetsTheOldestGoAndAKeyThatIsOutStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	janis := b.Person("Jānis", "")
	custodian := b.Custodian()
	out, back := b.Key("1"), b.Key("2")
	b.Issue(custodian, janis, out)
	b.Issue(custodian, janis, back)
	b.Return(custodian, back)
	most := uint64(1000)
	if _, err := b.service.Set(t.Context(), b.admin, keeping.SetInput{Stream: ledger.StreamKey, MaxEntries: &most}); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		b.Clock.Advance(24 * time.Hour)
		drafts := make([]ledger.Draft, 200)
		for i := range drafts {
			drafts[i] = b.entry(ledger.StreamKey, b.Clock.Now(), id.ID{}, "x")
		}
		ledgertest.Append(t, b.DB, b.Ledger, drafts...)
	}
	b.Clock.Advance(8 * 24 * time.Hour)
	run := b.asked()
	if n := b.counts()[ledger.StreamKey]; run.State != keeping.Done || n > 1001 || n < 800 {
		t.Errorf("%d entries are left: %+v", n, run)
	}
	var issued int
	if err := b.DB.Get(t.Context(), &issued, "SELECT COUNT(*) FROM entry_index WHERE action = ?", ledger.KeyIssued); err != nil || issued != 1 {
		t.Errorf("%d issues are left: %v", issued, err)
	}
	b.requireVerified()
}
