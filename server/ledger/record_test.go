package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func item(caller, key string, n int) ledger.Item {
	return ledger.Item{Draft: draft(n), Caller: caller, Key: key, Payload: map[string]any{"n": n}}
}

func items(caller string, from, n int) []ledger.Item {
	list := make([]ledger.Item, n)
	for i := range list {
		list[i] = item(caller, fmt.Sprint("event-", from+i), from+i)
	}
	return list
}

func record(t testing.TB, l *ledger.Ledger, partial bool, list ...ledger.Item) []ledger.Receipt {
	t.Helper()
	receipts, err := l.Record(t.Context(), list, partial)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

func TestCallsThatComeTogetherAreEachRecordedOnceAndInTheirOwnOrder(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	const callers, calls, each = 32, 20, 3
	var mu sync.Mutex
	var seqs []uint64
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range calls {
				receipts, err := f.Ledger.Record(context.Background(), items(fmt.Sprint("source-", caller), n*each, each), false)
				if err != nil {
					t.Error(err)
					return
				}
				for i, r := range receipts {
					if r.Err != nil || r.Replayed || r.Seq != receipts[0].Seq+uint64(i) {
						t.Errorf("receipts %+v", receipts)
					}
					if size := f.Ledger.DurableSize(); size <= r.Seq {
						t.Errorf("entry %d was acknowledged with %d entries on disk", r.Seq, size)
					}
				}
				mu.Lock()
				for _, r := range receipts {
					seqs = append(seqs, r.Seq)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(seqs)
	for i, seq := range seqs {
		if seq != uint64(i) {
			t.Fatalf("place %d holds %d", i, seq)
		}
	}
	if report := requireVerified(t, f); report.Entries != callers*calls*each {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestARepeatedItemGivesItsFirstPlaceAndRecordsNothing(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	first := record(t, f.Ledger, false, items("billing", 0, 300)...)
	again := record(t, f.Ledger, false, items("billing", 100, 300)...)
	for i, r := range again {
		if repeated := i < 200; r.Replayed != repeated || repeated && r.Seq != first[100+i].Seq {
			t.Fatalf("item %d: %+v, at first %+v", i, r, first[100])
		}
	}
	other := record(t, f.Ledger, false, items("payroll", 0, 1)...)
	if other[0].Replayed {
		t.Fatal("another caller's key is another key")
	}
	if report := requireVerified(t, f); report.Entries != 401 {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestTheSameItemTwiceInOneCallIsRecordedOnce(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	receipts := record(t, f.Ledger, false, item("billing", "a", 1), item("billing", "a", 1), item("billing", "b", 2))
	if receipts[0].Seq != receipts[1].Seq || receipts[0].Replayed || !receipts[1].Replayed || receipts[2].Seq != 1 {
		t.Fatalf("%+v", receipts)
	}
}

func TestItemsWithoutKeysAreRecordedAsOftenAsTheyAreSent(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for want := range uint64(3) {
		if r := record(t, f.Ledger, false, ledger.Item{Draft: draft(1)}); r[0].Seq != want {
			t.Fatalf("%+v", r)
		}
	}
}

func TestARefusedItemEndsACallThatIsAllOrNothingAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	record(t, f.Ledger, false, item("billing", "used", 1))
	bad := item("billing", "bad", 2)
	bad.Draft.Action = "Not An Action"
	for name, list := range map[string][]ledger.Item{
		"bad input": {item("billing", "x", 3), bad},
		"conflict":  {item("billing", "y", 4), item("billing", "used", 5)},
		"in itself": {item("billing", "z", 6), item("billing", "z", 7)},
	} {
		_, err := f.Ledger.Record(t.Context(), list, false)
		refused, ok := fault.As(err)
		if !ok || refused.Data["index"] != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if report := requireVerified(t, f); report.Entries != 1 {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestAPartialCallRecordsWhatItCanAndSaysWhatItCouldNot(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	record(t, f.Ledger, false, item("billing", "used", 1))
	bad := item("billing", "bad", 2)
	bad.Draft.Action = "key.issued.by.nobody"
	receipts := record(t, f.Ledger, true, item("billing", "x", 3), bad, item("billing", "used", 9), item("billing", "used", 1))
	if !fault.Is(receipts[1].Err, fault.BadInput) || !fault.Is(receipts[2].Err, fault.Conflict) {
		t.Fatalf("%+v", receipts)
	}
	if receipts[0].Err != nil || receipts[0].Seq != 1 || !receipts[3].Replayed || receipts[3].Seq != 0 {
		t.Fatalf("%+v", receipts)
	}
	requireVerified(t, f)
}

func TestARefusedCallDoesNotHarmThoseThatShareItsCommit(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	record(t, f.Ledger, false, item("billing", "used", 1))
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			key, fails := fmt.Sprint("k", n), n%4 == 0
			if fails {
				key = "used"
			}
			_, err := f.Ledger.Record(context.Background(), []ledger.Item{item("billing", key, 100+n)}, false)
			if fails != fault.Is(err, fault.Conflict) || !fails && err != nil {
				t.Errorf("%s: %v", key, err)
			}
		})
	}
	all.Wait()
	if report := requireVerified(t, f); report.Entries != 31 {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestTheSameKeyFromManyAtOnceIsRecordedOnce(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, another := f.Another(t, time.Now)
	var mu sync.Mutex
	places, made := map[uint64]bool{}, 0
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			l := []*ledger.Ledger{f.Ledger, another}[n%2]
			receipts, err := l.Record(context.Background(), []ledger.Item{item("billing", "one", 1)}, false)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			places[receipts[0].Seq] = true
			if !receipts[0].Replayed {
				made++
			}
		})
	}
	all.Wait()
	if len(places) != 1 || made != 1 {
		t.Fatalf("places %v, made %d times", places, made)
	}
}

func TestACallerWhoLeavesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	left, leave := context.WithCancel(t.Context())
	leave()
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			ctx := context.Background()
			if n%2 == 0 {
				ctx = left
			}
			_, err := f.Ledger.Record(ctx, []ledger.Item{item("billing", fmt.Sprint(n), n)}, false)
			if err != nil && !(n%2 == 0 && errors.Is(err, context.Canceled)) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	record(t, f.Ledger, false, item("billing", "after", 1))
	requireVerified(t, f)
}

func TestMoreItemsThanACallMayHoldAreRefused(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	if _, err := f.Ledger.Record(t.Context(), items("billing", 0, ledger.MaxItems+1), true); !fault.Is(err, fault.BadInput) {
		t.Fatal(err)
	}
}
