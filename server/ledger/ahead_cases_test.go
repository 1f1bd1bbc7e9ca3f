package ledger_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func TestAClockThatIsSetBackIsToldOnceHoweverManyBatchesAreWrittenAhead(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var back atomic.Bool
	began := time.Now()
	_, l := f.Idle(t, f.DB, func() time.Time {
		if back.Load() {
			return began.Add(-time.Minute)
		}
		return began
	})
	record(t, l, false, item("billing", "before", 1))
	back.Store(true)
	const calls = 8
	var all sync.WaitGroup
	for n := range calls {
		all.Go(func() {
			receipts, err := l.Record(t.Context(), items(fmt.Sprint("source-", n), 0, enoughAhead), false)
			if err != nil {
				t.Error(err)
				return
			}
			for i, r := range receipts {
				if r.Err != nil || r.Replayed || r.Seq != receipts[0].Seq+uint64(i) {
					t.Errorf("receipt %d of call %d is %+v behind %+v", i, n, r, receipts[0])
					return
				}
			}
		})
	}
	all.Wait()
	if kept, _, _ := l.AheadEnded(); kept == 0 {
		t.Error("nothing was written ahead: the test does not reach it")
	}
	requireToldOnce(t, f)
	if report := requireVerified(t, f); report.Entries != 2+calls*enoughAhead {
		t.Fatalf("there are %d entries", report.Entries)
	}
}

func TestAPartialCallThatIsWrittenAheadSaysWhichKeyHadAnotherPayload(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	list := keyedItems("partial", enoughAhead, true)
	list[7].Key, list[7].Payload = "seed-1", "another payload"
	receipts, err := f.Ledger.Record(t.Context(), list, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range receipts {
		if refused := fault.Is(r.Err, fault.Conflict); refused != (i == 7) || r.Replayed {
			t.Fatalf("receipt %d is %+v", i, r)
		}
	}
	f.requireBroken(t)
	if report := requireVerified(t, f.direct); report.Entries != 3+enoughAhead-1 {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestAfterABurstFewEntriesAreWrittenUnderTheLockAgain(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	f.recordAll(t, keyedItems("a", enoughAhead, true), keyedItems("b", enoughAhead, true), keyedItems("c", enoughAhead, true))
	f.proxy.arm(aFault{})
	for n := range 4 {
		f.recordAll(t, keyedItems(fmt.Sprint("few-a-", n), 2, true), keyedItems(fmt.Sprint("few-b-", n), 2, true), keyedItems(fmt.Sprint("few-c-", n), 2, true))
	}
	if n, _ := f.proxy.count(lockNow); n > 0 {
		t.Errorf("%d batches of few entries were written ahead", n)
	}
	f.said.check(t, f.direct)
}
