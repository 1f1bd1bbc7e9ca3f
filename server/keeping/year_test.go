package keeping_test

import (
	"maps"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// recorded is an entry as a test remembers it.
type recorded struct {
	seq    uint64
	stream ledger.Stream
	age    time.Time
	stays  bool
}

// TestAYearOfRunsKeepsExactlyWhatThePoliciesSay records a year and more, with a run every third night, and compares what
// is left with what should be; then everything is put back.
func TestAYearOfRunsKeepsExactlyWhatThePoliciesSay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	keep := map[ledger.Stream]int{ledger.StreamAuth: 90, ledger.StreamWork: 90, ledger.StreamActivity: 365, ledger.StreamKey: 730, ledger.StreamSystem: 730}
	b.tick() // settles the first night
	var all []recorded
	next := uint64(0)
	for n := range 134 {
		b.Clock.Advance(3 * 24 * time.Hour)
		b.day(n)
		entries, err := b.Ledger.Read(t.Context(), b.DB, next, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			age := e.OccurredAt
			if e.RecordedAt.Before(age) {
				age = e.RecordedAt
			}
			all = append(all, recorded{e.Seq, e.Stream, age, e.Action == ledger.LogPruned})
			next = e.Seq + 1
		}
		end, now := ledger.Prunable(b.Ledger.DurableSize()), b.Clock.Now()
		before := b.Ledger.DurableSize()
		b.tick()
		want := map[ledger.Stream]int{}
		for _, r := range all {
			if r.stays || r.seq >= end || !r.age.Before(now.AddDate(0, 0, -keep[r.stream])) {
				want[r.stream]++
			}
		}
		want[ledger.StreamSystem] += int(b.Ledger.DurableSize() - before) // what the run itself recorded
		if have := b.counts(); !maps.Equal(have, want) {
			t.Fatalf("on night %d there are %v, and should be %v", n, have, want)
		}
		if n%33 == 32 {
			b.requireVerified()
		}
	}
	if run := b.runs()[0]; run.State != keeping.Done || run.Problem.String() != "" || run.EndedAt == nil {
		t.Errorf("%+v", run)
	}
	b.restoreAll(keep)
}

// restoreAll verifies each archive, puts it back, and asserts that everything is there and verifies as a whole.
func (b *bundle) restoreAll(keep map[ledger.Stream]int) {
	b.t.Helper()
	archives := b.archives()
	if len(archives) < 10 {
		b.t.Fatalf("only %d archives", len(archives))
	}
	owner := mysqltest.OpenOwner(b.t, b.DB)
	var gone uint64
	for _, a := range archives {
		checked, err := b.service.VerifyArchive(b.t.Context(), b.admin, a.ID)
		if err != nil || checked.Damage.String() != "" || checked.VerifiedAt == nil {
			b.t.Fatal(checked, err)
		}
		n, err := b.service.Restore(b.t.Context(), b.admin, a.ID, keeping.RestoreOptions{Owner: owner, KeepFor: 30 * 24 * time.Hour})
		if err != nil || uint64(n) != a.Entries {
			b.t.Fatal(n, a.Entries, err)
		}
		gone += a.Entries
	}
	var left uint64
	if err := b.DB.Get(b.t.Context(), &left, "SELECT COUNT(*) FROM {ledger}.entry"); err != nil || left != b.Ledger.DurableSize() {
		b.t.Fatalf("%d of %d entries are there: %v", left, b.Ledger.DurableSize(), err)
	}
	b.requireVerified()
	if run := b.asked(); run.Entries != 0 || run.State != keeping.Done {
		b.t.Errorf("what was just put back went at once: %+v", run)
	}
	b.Clock.Advance(31 * 24 * time.Hour)
	if run := b.asked(); run.Entries < gone {
		b.t.Errorf("only %d of %d went again: %+v", run.Entries, gone, run)
	}
	b.requireVerified()
}
