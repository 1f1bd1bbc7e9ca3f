package ledger_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

const patience = 30 * time.Second

// collect reads entries until n have come, and checks that they are numbered from first on without gaps.
func collect(t testing.TB, follower *ledger.Follower, first uint64, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for next := first; next < first+uint64(n); {
		entries, err := follower.Next(ctx)
		if err != nil {
			t.Errorf("after entry %d: %v", next, err)
			return
		}
		for _, e := range entries {
			if e.Seq != next {
				t.Errorf("got entry %d, want %d", e.Seq, next)
				return
			}
			next++
		}
	}
}

func TestFollowersSeeEveryEntryOnceAndInOrderWhileTwoProcessesWrite(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 50)...)
	const total = 50 + 2*60*5
	var all sync.WaitGroup
	for _, l := range []*ledger.Ledger{f.Ledger, other} {
		for _, from := range []uint64{0, 17, 49} {
			all.Go(func() { collect(t, l.Follow(from), from, total-int(from)) })
		}
		all.Go(func() {
			for n := range 60 {
				ledgertest.Append(t, f.DB, l, drafts(n, 5)...)
			}
		})
	}
	all.Wait()
}

func TestAFollowerFromNowSeesWhatComesNextAndNothingBefore(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 10)...)
	follower, err := f.Ledger.FollowFromNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, f.Ledger, drafts(10, 3)...)
	collect(t, follower, 10, 3)
}

func TestAFollowerFarBehindCatchesUpFromTheDatabase(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for n := 0; n < 6000; n += 500 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 500)...)
	}
	_, late := f.Another(t, time.Now)
	collect(t, late.Follow(0), 0, 6000)
	collect(t, f.Ledger.Follow(0), 0, 6000)
}

func TestAFollowerStopsWithItsContext(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Ledger.Follow(0).Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestEntriesOfAnotherProcessComeSoon(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	follower, err := other.FollowFromNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 1)...)
		written := time.Now()
		collect(t, follower, uint64(n), 1)
		if took := time.Since(written); took > 2*time.Second { // a quarter of one, on a machine with nothing else to do
			t.Errorf("it took %s", took)
		}
	}
}

func TestAFollowerThatKeptUpOnceKnowsHowLongItHasNot(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 1)...)
	keeps, comes := f.Ledger.Follow(0), f.Ledger.Follow(0)
	collect(t, keeps, 0, 1)
	for n := 0; n < 5500; n += 500 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 500)...)
	}
	collect(t, f.Ledger.Follow(5500), 5500, 1) // the tail has everything
	collect(t, keeps, 1, 1)
	collect(t, comes, 0, 1)
	if keeps.Lagging() == 0 {
		t.Error("a follower that was overtaken does not know")
	}
	if comes.Lagging() != 0 {
		t.Error("a follower that has yet to catch up counts as overtaken")
	}
	collect(t, keeps, keeps.Position(), 5501-int(keeps.Position()))
	if lag := keeps.Lagging(); lag != 0 {
		t.Errorf("a follower that has caught up lags by %s", lag)
	}
}
