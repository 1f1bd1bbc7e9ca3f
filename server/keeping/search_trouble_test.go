package keeping_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// slowStore takes time for the first bytes of each file of entries but the first.
type slowStore struct {
	objectstore.Store
	passes func()
	files  int
}

func (s *slowStore) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	file, err := s.Store.Get(ctx, name)
	if err != nil || !strings.HasSuffix(name, ".ndjson.zst") {
		return file, err
	}
	if s.files++; s.files > 1 {
		s.passes()
	}
	return file, nil
}

func TestASearchWhoseTimeIsOverInsideAnArchiveReadsThatOneAgainAtTheNextCall(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	whole, _, _ := s.all(page.MaxSize)
	slow := &slowStore{Store: storeOf(t, s.dir, nil), passes: func() { s.Clock.Advance(6 * time.Second) }}
	s.reopen(keeping.Config{Archives: slow}, keeping.SearchConfig{})
	size := page.MaxSize
	first, how, err := s.search.Find(t.Context(), s.admin, logbook.Filter{}, page.Request{First: &size})
	if err != nil {
		t.Fatal(err)
	}
	if slow.files != 2 || how.Archives != 1 || how.Left != len(s.archives())-1 || !first.Info.HasNextPage {
		t.Fatalf("%d files were opened: %+v", slow.files, how)
	}
	for _, hit := range first.Items {
		if hit.Archive.ID != first.Items[0].Archive.ID {
			t.Fatal("something of an archive is shown that was not read to its end")
		}
	}
	found := len(first.Items)
	for r := (page.Request{First: &size, After: first.Info.EndCursor}); ; {
		slow.files = 0
		p, how, err := s.search.Find(t.Context(), s.admin, logbook.Filter{}, r)
		if err != nil || how.Archives == 0 {
			t.Fatalf("a call came no further: %+v %v", how, err)
		}
		if found += len(p.Items); !p.Info.HasNextPage {
			break
		}
		r.After = p.Info.EndCursor
	}
	if found != len(whole) {
		t.Errorf("%d of %d entries were found", found, len(whole))
	}
}

func TestAnArchiveThatTakesTooLongIsNamedAndIsNoDamage(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	s.reopen(keeping.Config{}, keeping.SearchConfig{Longest: time.Nanosecond})
	size := page.MaxSize
	_, _, err := s.search.Find(t.Context(), s.admin, logbook.Filter{}, page.Request{First: &size})
	newest := s.archives()[0].ID.String()
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), newest) {
		t.Errorf("the newest is %s: %v", newest, err)
	}
	s.requireNoDamage()
}

func TestASearchWhoseStoreIsAwayShowsNothingAndCallsNothingDamaged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g, _ := b.inBucket()
	s := b.shelve()
	s.fill(600)
	s.prune()
	whole, _, _ := s.all(page.MaxSize)
	g.Kill()
	size := page.MaxSize
	p, _, err := s.search.Find(t.Context(), s.admin, logbook.Filter{}, page.Request{First: &size})
	if !fault.Is(err, fault.Unavailable) || len(p.Items) > 0 {
		t.Errorf("%d entries, %v", len(p.Items), err)
	}
	s.requireNoDamage()
	g.Restart()
	if found, damaged, _ := s.all(page.MaxSize); len(found) != len(whole) || len(damaged) > 0 {
		t.Errorf("once it is back, %d of %d entries are found, and %d archives are damaged", len(found), len(whole), len(damaged))
	}
}

func TestASearchThatCannotBeRecordedShowsNothing(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	other := s.Actor(s.Person("Otrā", "Office"), "admin")
	s.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		return s.Seal.Destroy(ctx, tx, seal.Person(other.Person))
	})
	size := page.MaxSize
	find := func(actor *access.Actor) (int, error) {
		p, _, err := s.search.Find(t.Context(), actor, logbook.Filter{}, page.Request{First: &size})
		return len(p.Items), err
	}
	if n, err := find(other); !fault.Is(err, fault.Unavailable) || n > 0 {
		t.Errorf("%d entries, %v", n, err)
	}
	if n, err := find(s.admin); err != nil || n == 0 {
		t.Errorf("who can be recorded sees %d entries, %v", n, err)
	}
}

func (s *shelf) requireNoDamage() {
	s.t.Helper()
	for _, a := range s.archives() {
		if a.Damage.String() != "" {
			s.t.Errorf("%s counts as damaged: %s", a.ID, a.Damage)
		}
	}
}
