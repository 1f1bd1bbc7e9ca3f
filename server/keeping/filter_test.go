package keeping_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

func TestArchivesAreListedByStreamTimeAndState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.old(600, b.Person("Jānis", "").ID)
	b.asked()
	all := b.archives()
	if len(all) != 1 {
		t.Fatalf("%d archives", len(all))
	}
	a := all[0]
	found := func(f keeping.ArchiveFilter) int {
		t.Helper()
		p, err := b.service.Archives(t.Context(), b.admin, &f, page.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Items)
	}
	for stream, want := range map[ledger.Stream]int{ledger.StreamAuth: 1, ledger.StreamSystem: 0, ledger.StreamWork: 0} {
		if n := found(keeping.ArchiveFilter{Stream: &stream}); n != want {
			t.Errorf("%d archives have entries of %s, and %d should", n, stream, want)
		}
	}
	after, before := a.Newest.Add(time.Microsecond), a.Oldest.Add(-time.Microsecond)
	for _, c := range []struct {
		from, to *time.Time
		want     int
	}{{nil, nil, 1}, {&a.Newest, nil, 1}, {&after, nil, 0}, {nil, &a.Oldest, 0}, {nil, &after, 1}, {&before, &after, 1}} {
		if n := found(keeping.ArchiveFilter{From: c.from, To: c.to}); n != c.want {
			t.Errorf("from %v to %v there are %d, and there should be %d", c.from, c.to, n, c.want)
		}
	}
	byState := func(want map[keeping.ArchiveState]int) {
		t.Helper()
		for state, want := range want {
			if n := found(keeping.ArchiveFilter{State: &state}); n != want {
				t.Errorf("%d archives are %s, and %d should be", n, state, want)
			}
		}
	}
	byState(map[keeping.ArchiveState]int{keeping.ArchiveIntact: 1, keeping.ArchiveDamaged: 0, keeping.ArchiveRestored: 0})
	if _, err := b.DB.Exec(t.Context(), "UPDATE archive SET damage = 'the file cannot be read', restored_at = created_at"); err != nil {
		t.Fatal(err)
	}
	byState(map[keeping.ArchiveState]int{keeping.ArchiveIntact: 0, keeping.ArchiveDamaged: 1, keeping.ArchiveRestored: 1})
	if _, err := b.service.Archives(t.Context(), b.admin, &keeping.ArchiveFilter{From: &after, To: &before}, page.Request{}); !fault.Is(err, fault.BadInput) {
		t.Errorf("a time that ends before it begins gives %v", err)
	}
}
