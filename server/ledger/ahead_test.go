package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const (
	// enoughAhead is how many items a call has that is written ahead.
	enoughAhead = ledger.AheadEntries
	lockNow     = "FOR UPDATE NOWAIT"
)

// openAhead gives a process whose commands are counted, and which has promised a head already.
func openAhead(t *testing.T) *faulty {
	t.Helper()
	direct, said := ledgertest.Open(t), newWitness()
	f := newFaulty(t, direct, mysqltest.MigrateConfig(t, direct.DB), said)
	f.record(t, keyedItems("seed", 3, true))
	f.proxy.arm(aFault{})
	return f
}

// recordAll records calls that come together.
func (f *faulty) recordAll(t *testing.T, calls ...[]ledger.Item) {
	t.Helper()
	var all sync.WaitGroup
	for _, list := range calls {
		all.Go(func() { f.record(t, list) })
	}
	all.Wait()
}

// requireAhead asks for batches that were written ahead and committed, some behind another such.
func (f *faulty) requireAhead(t *testing.T) {
	t.Helper()
	if kept, chained, broken := f.Ledger.AheadEnded(); kept < 2 || chained == 0 {
		t.Errorf("%d batches were written ahead, %d behind another, and %d in vain: the test does not reach it", kept, chained, broken)
	}
}

func TestBatchesThatAreWrittenAheadAreRecordedOnceAndInTheirOwnOrder(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	const callers, calls = 5, 6
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range calls {
				list := keyedItems(fmt.Sprintf("ahead-%d-%d", caller, n), enoughAhead, n%2 == 0)
				f.record(t, list)
				f.record(t, keyedItems(fmt.Sprintf("between-%d-%d", caller, n), 2, true))
			}
		})
	}
	all.Wait()
	f.requireAhead(t)
	f.said.check(t, f.direct)
	if report := requireVerified(t, f.direct); report.Entries != 3+callers*calls*(enoughAhead+2) {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestProcessesAndTransactionsThatAppendBetweenBatchesWrittenAheadLoseNothing(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	other := newFaulty(t, f.direct, mysqltest.MigrateConfig(t, f.direct.DB), f.said)
	var all sync.WaitGroup
	for n, process := range []*faulty{f, f, f, other} {
		all.Go(func() {
			for step := range 6 {
				process.record(t, keyedItems(fmt.Sprintf("many-%d-%d", n, step), enoughAhead, true))
			}
		})
	}
	all.Go(func() {
		for step := range 12 {
			name := fmt.Sprint("between-", step)
			other.append(t, name, named(name, 1+step%3))
		}
	})
	all.Wait()
	mine, _, inVain := f.Ledger.AheadEnded()
	others, _, othersInVain := other.Ledger.AheadEnded()
	if mine+inVain+others+othersInVain == 0 {
		t.Error("nothing was written ahead: the test does not reach it")
	}
	f.said.check(t, f.direct)
	requireVerified(t, f.direct)
}

func TestABatchWrittenAheadGivesWayToWhoeverHoldsTheHead(t *testing.T) {
	t.Parallel()
	t.Run("and has appended nothing yet", func(t *testing.T) {
		t.Parallel()
		f := openAhead(t)
		var recorded sync.WaitGroup
		f.holdHead(t, func(ctx context.Context, tx *mysql.Tx) error {
			recorded.Go(func() { f.record(t, keyedItems("ahead", enoughAhead, true)) })
			if err := f.awaitCommand(ctx, lockNow); err != nil {
				return err
			}
			return f.appendHeld(ctx, tx)
		})
		recorded.Wait()
		f.said.check(t, f.direct)
	})
	t.Run("and has taken the same numbers", func(t *testing.T) {
		t.Parallel()
		f := openAhead(t)
		var recorded sync.WaitGroup
		f.holdHead(t, func(ctx context.Context, tx *mysql.Tx) error {
			if err := f.appendHeld(ctx, tx); err != nil {
				return err
			}
			recorded.Go(func() { f.record(t, keyedItems("ahead", enoughAhead, true)) })
			return f.awaitCommand(ctx, "`.entry (seq")
		})
		recorded.Wait()
		f.said.check(t, f.direct)
	})
}

// appendHeld appends in a transaction that holds the head.
func (f *faulty) appendHeld(ctx context.Context, tx *mysql.Tx) error {
	drafts := named("between", 2)
	for _, d := range drafts {
		f.said.sending(d.Entity.ID, false)
	}
	_, err := f.direct.Ledger.Append(ctx, tx, drafts...)
	return err
}

// holdHead runs a transaction that holds the head from its begin on.
func (f *faulty) holdHead(t *testing.T, fn func(ctx context.Context, tx *mysql.Tx) error) {
	t.Helper()
	err := f.direct.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		var size uint64
		if err := tx.Get(ctx, &size, "SELECT size FROM {ledger}.head WHERE id = 1 FOR UPDATE"); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheSameKeysInBatchesThatAreUnderWayAreRecordedOnce(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	const rounds, others = 4, 6
	for round := range rounds {
		again := keyedItems(fmt.Sprint("again-", round), enoughAhead, true)
		var calls [][]ledger.Item
		for n := range others {
			own := keyedItems(fmt.Sprintf("own-%d-%d", round, n), enoughAhead, true)
			calls = append(calls, again, append(own, again[:n+1]...))
		}
		f.recordAll(t, calls...)
	}
	f.said.check(t, f.direct)
	if report := requireVerified(t, f.direct); report.Entries != 3+rounds*(others+1)*enoughAhead {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestARefusedBatchTakesThoseThatWereWrittenBehindItWithIt(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			list := keyedItems(fmt.Sprint("good-", n), enoughAhead, true)
			if n%2 == 0 { // repeats what is recorded, which shows only when it is written
				list = append(list, keyedItems("seed", 1+n%3, true)...)
			}
			f.record(t, list)
		})
	}
	all.Wait()
	f.requireBroken(t)
	f.said.check(t, f.direct)
	requireVerified(t, f.direct)
}

// requireBroken asks for a batch that was written ahead in vain.
func (f *faulty) requireBroken(t *testing.T) {
	t.Helper()
	if _, _, broken := f.Ledger.AheadEnded(); broken == 0 {
		t.Error("nothing was written ahead in vain: the test does not reach it")
	}
}

func TestAFaultAtAnyCommandOfABatchWrittenAheadLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, how := range []breakage{lost, stored} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			breakEveryBatchAhead(t, how)
		})
	}
}

// breakEveryBatchAhead learns which commands two batches send of which one follows the other, and breaks each.
func breakEveryBatchAhead(t *testing.T, how breakage) {
	t.Helper()
	f := openAhead(t)
	two := func(name string) { // after what makes a promise, whatever was broken before
		f.record(t, keyedItems(name+"-first", 1, true))
		f.recordAll(t, keyedItems(name+"-a", enoughAhead, true), keyedItems(name+"-b", enoughAhead, false))
	}
	two("whole")
	_, commands := f.proxy.disarm()
	commands = slices.DeleteFunc(commands, isPreparation)
	slices.Sort(commands)
	var met broken
	for i, command := range slices.Compact(commands) {
		for nth := 1; nth <= 2; nth++ {
			name := fmt.Sprintf("batch-%d-%d", i, nth)
			f.proxy.arm(aFault{command: command, nth: nth, how: how})
			two(name)
			hit, _ := f.proxy.disarm()
			met.add(hit)
			f.restart(t, name+"-restarted")
		}
	}
	met.require(t, "START TRANSACTION", lockNow, "`.entry (seq", "INSERT INTO entry_index", "INSERT INTO entry_count",
		"`.tile (level", "`.head SET", "INSERT INTO idempotency", "COMMIT")
	f.said.check(t, f.direct)
	requireVerified(t, f.direct)
}

func TestAProcessThatComesToOthersWritesUnderTheLockForAWhile(t *testing.T) {
	t.Parallel()
	f := openAhead(t)
	_, another := f.direct.Idle(t, f.direct.DB, time.Now)
	ledgertest.Append(t, f.direct.DB, another, named("other", 1)...)
	f.record(t, keyedItems("forestalled", enoughAhead, true))
	f.requireBroken(t)
	f.proxy.arm(aFault{})
	f.record(t, keyedItems("under the lock", enoughAhead, true))
	if n, _ := f.proxy.count(lockNow); n != 0 {
		t.Errorf("%d batches were written ahead right after one that was forestalled", n)
	}
	for n := range ledger.FirstAheadPause {
		f.record(t, keyedItems(fmt.Sprint("later-", n), enoughAhead, true))
	}
	if kept, _, _ := f.Ledger.AheadEnded(); kept == 0 {
		t.Error("nothing is written ahead after the pause")
	}
}
