package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// keyedItems gives items called name-0, name-1 … with a key each, or without keys.
func keyedItems(name string, n int, keyed bool) []ledger.Item {
	list := make([]ledger.Item, n)
	for i, d := range named(name, n) {
		list[i] = ledger.Item{Draft: d, Payload: d.Entity.ID}
		if keyed {
			list[i].Caller, list[i].Key = "source", d.Entity.ID
		}
	}
	return list
}

// record is a client that records items: with keys it asks until it is answered, without it asks once.
func (f *faulty) record(t *testing.T, list []ledger.Item) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	keyed := list[0].Key != ""
	for _, i := range list {
		f.said.sending(i.Draft.Entity.ID, keyed)
	}
	for {
		receipts, err := f.Ledger.Record(ctx, list, false)
		if err == nil {
			for i, r := range receipts {
				f.said.acknowledged(f.Ledger, list[i].Draft.Entity.ID, r.Seq)
			}
			return
		}
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", list[0].Draft.Entity.ID, err)
			return
		}
		if !keyed {
			return
		}
		breathe(ctx)
	}
}

// together runs calls of Record so that they share one batch: while they gather, the head is locked.
func (f *faulty) together(t *testing.T, calls [][]ledger.Item) {
	t.Helper()
	var callers sync.WaitGroup
	err := f.direct.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		var size uint64
		if err := tx.Get(ctx, &size, "SELECT size FROM {ledger}.head WHERE id = 1 FOR UPDATE"); err != nil {
			return err
		}
		for _, list := range calls {
			callers.Go(func() { f.record(t, list) })
		}
		return f.awaitGathered(ctx, len(calls))
	})
	if err != nil {
		t.Error(err)
	}
	callers.Wait()
}

// awaitGathered waits until all calls wait and one who commits asks for the lock, or a fault has come between.
func (f *faulty) awaitGathered(ctx context.Context, calls int) error {
	for end := time.Now().Add(patience); ; breathe(ctx) {
		asking, hit := f.proxy.count("FOR UPDATE")
		switch {
		case hit != "" || f.Ledger.Waiting() == calls && asking > 0:
			return nil
		case time.Now().After(end):
			return errors.New("the calls do not gather")
		}
	}
}

// batchOf gives the calls of one batch, which completes a tile. Those of a batch with repeats include items that were
// recorded before.
func batchOf(name string, repeats bool) [][]ledger.Item {
	calls := [][]ledger.Item{
		keyedItems(name+"-a", 100, true), keyedItems(name+"-b", 100, true), keyedItems(name+"-c", 1, true),
		keyedItems(name+"-d", 60, false),
	}
	if repeats {
		calls = append(calls, keyedItems("seed", 3, true), append(keyedItems(name+"-e", 2, true), keyedItems("seed", 2, true)...))
	}
	return calls
}

func TestAFaultAtAnyCommandOfABatchLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, how := range []breakage{lost, stored} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			breakEveryBatch(t, how, false)
		})
		t.Run(string(how)+", with repeats", func(t *testing.T) {
			t.Parallel()
			breakEveryBatch(t, how, true)
		})
	}
}

// breakEveryBatch learns which commands a batch sends, and breaks each of them in another batch.
func breakEveryBatch(t *testing.T, how breakage, repeats bool) {
	t.Helper()
	direct, said := ledgertest.Open(t), newWitness()
	f := newFaulty(t, direct, mysqltest.MigrateConfig(t, direct.DB), said)
	f.record(t, keyedItems("seed", 3, true))
	f.proxy.arm(aFault{})
	f.together(t, batchOf("whole", repeats))
	_, commands := f.proxy.disarm()
	commands = slices.DeleteFunc(commands, isPreparation)
	var met broken
	for i, command := range commands {
		nth := 0
		for _, earlier := range commands[:i+1] {
			if earlier == command {
				nth++
			}
		}
		// Where several commit at once, a command may fall to any, or come once less.
		for try, hit := 0, ""; hit == "" && try < 3; try++ {
			name := fmt.Sprintf("batch-%d-%d", i, try)
			f.proxy.arm(aFault{command: command, nth: nth, how: how})
			f.together(t, batchOf(name, repeats))
			hit, _ = f.proxy.disarm()
			met.add(hit)
			if hit == "COMMIT" && !said.wasTold(name+"-d-0") {
				t.Errorf("the %s was broken, and the batch did not find out by itself what became of it", command)
			}
			f.restart(t, name+"-restarted")
		}
	}
	met.require(t, "START TRANSACTION", "FOR UPDATE", "`.entry (seq", "INSERT INTO entry_index", "INSERT INTO entry_count",
		"`.tile (level", "`.head SET", "INSERT INTO idempotency", "COMMIT")
	if repeats {
		met.require(t, "FROM idempotency", "ROLLBACK")
	}
	said.check(t, direct)
}

// isPreparation tells what a new connection sends from what a batch does.
func isPreparation(command string) bool {
	return strings.HasPrefix(command, "PREPARE ") || strings.HasPrefix(command, "SET ")
}

func TestWhileTheDatabaseIsAwayEverybodyIsToldSoAtOnce(t *testing.T) {
	t.Parallel()
	direct, said := ledgertest.Open(t), newWitness()
	f := newFaulty(t, direct, mysqltest.MigrateConfig(t, direct.DB), said)
	f.record(t, keyedItems("before", 1, true))
	f.proxy.setAway(true)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var callers sync.WaitGroup
	for n := range 16 {
		callers.Go(func() {
			list := keyedItems(fmt.Sprint("away-", n), 1, true)
			if _, err := f.Ledger.Record(ctx, list, false); !fault.Is(err, fault.Unavailable) {
				t.Errorf("call %d: %v", n, err)
			}
		})
	}
	callers.Wait()
	if waiting, leaders := f.Ledger.Waiting(), f.Ledger.Leaders(); waiting != 0 || leaders != 0 {
		t.Errorf("%d calls wait and %d commit though nobody is left", waiting, leaders)
	}
	f.proxy.setAway(false)
	f.record(t, keyedItems("after", 1, true))
	said.check(t, direct)
}

func TestACallThatWouldHoldTheLedgerForLongIsRefused(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	list := items("billing", 0, 40)
	for i := range list {
		list[i].Draft.Details = map[string]any{"text": strings.Repeat("x", 1_000_000)}
	}
	if _, err := f.Ledger.Record(t.Context(), list, true); !fault.Is(err, fault.BadInput) {
		t.Fatal(err)
	}
}
