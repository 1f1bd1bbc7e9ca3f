package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// stormSteps is what each client does in a storm; KEYTRAIL_STORM_STEPS asks for more than the quick run of every day.
func stormSteps(t *testing.T) int {
	text := os.Getenv("KEYTRAIL_STORM_STEPS")
	if text == "" {
		return 25
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Two processes append and record at once while commands fail everywhere, all the time.
func TestAStormOfFaultsLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	const clients = 6
	steps := stormSteps(t)
	direct, said := ledgertest.Open(t), newWitness()
	c := mysqltest.MigrateConfig(t, direct.DB)
	processes := []*faulty{newFaulty(t, direct, c, said), newFaulty(t, direct, c, said)}
	faults := 0
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			f := processes[n%2]
			for step := range steps {
				name := fmt.Sprintf("storm-%d-%d", n, step)
				switch step % 4 {
				case 0:
					f.append(t, name, named(name, 1+step%7))
				case 1:
					f.append(t, "", named(name, 2))
				case 2:
					n := 1 + step%50
					if step%3 == 0 {
						n = enoughAhead
					}
					f.record(t, keyedItems(name, n, true))
				case 3:
					f.record(t, keyedItems(name, 3, false))
				}
			}
		})
	}
	ctx, calm := context.WithCancel(t.Context())
	var storm sync.WaitGroup
	storm.Go(func() {
		for ; ctx.Err() == nil; breathe(ctx) {
			for _, f := range processes {
				if f.proxy.idle() {
					f.proxy.arm(aFault{nth: 1 + rand.N(40), how: []breakage{lost, stored}[rand.N(2)]})
					faults++
				}
			}
		}
	})
	all.Wait()
	calm()
	storm.Wait()
	t.Logf("%d faults", faults)
	if faults < steps/2 {
		t.Errorf("only %d faults: that was no storm", faults)
	}
	said.check(t, direct)
}

// A batch holds the ledger's lock and wants a key; a transaction holds the key and wants the lock.
func TestABatchAndATransactionThatClaimTheSameKeyRecordItOnce(t *testing.T) {
	t.Parallel()
	for _, ends := range []string{"appends", "gives up"} {
		t.Run("which "+ends, func(t *testing.T) {
			t.Parallel()
			direct, said := ledgertest.Open(t), newWitness()
			f := newFaulty(t, direct, mysqltest.MigrateConfig(t, direct.DB), said)
			list := keyedItems("one", 1, true)
			var recorded sync.WaitGroup
			attempts, gaveUp := 0, errors.New("gave up")
			var seqs []uint64
			err := direct.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				claim, err := direct.Ledger.Claim(ctx, tx, "source", list[0].Key, list[0].Payload)
				if err != nil {
					return err
				}
				if attempts++; attempts == 1 {
					recorded.Go(func() { f.record(t, list) })
					if err := f.awaitCommand(ctx, "INSERT INTO idempotency"); err != nil {
						return err
					}
				}
				if ends == "gives up" {
					return gaveUp
				}
				if seqs = claim.Seqs; claim.Replayed {
					return nil
				}
				entries, err := direct.Ledger.Append(ctx, tx, list[0].Draft)
				if err != nil {
					return err
				}
				seqs = []uint64{entries[0].Seq}
				return claim.Settle(ctx, tx, entries)
			})
			if err != nil && !errors.Is(err, gaveUp) {
				t.Error(err)
			}
			recorded.Wait()
			if err == nil {
				said.acknowledged(direct.Ledger, "one-0", seqs[0])
			}
			said.check(t, direct)
			t.Logf("%d attempts of the transaction", attempts)
		})
	}
}

// awaitCommand waits until a command was sent.
func (f *faulty) awaitCommand(ctx context.Context, part string) error {
	for end := time.Now().Add(patience); time.Now().Before(end); breathe(ctx) {
		if passed, _ := f.proxy.count(part); passed > 0 {
			return nil
		}
	}
	return fmt.Errorf("%q was not sent", part)
}

func TestAPanicInABatchLeavesNobodyWaiting(t *testing.T) {
	t.Parallel()
	direct, said := ledgertest.Open(t), newWitness()
	f := newFaulty(t, direct, mysqltest.MigrateConfig(t, direct.DB), said)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for round := range 4 { // more than there may be committers at once
		var callers sync.WaitGroup
		for n := range 8 {
			callers.Go(func() {
				defer func() { _ = recover() }() // of whoever commits the batch
				if n == 0 {
					if err := f.Ledger.SubmitBroken(ctx); err == nil || ctx.Err() != nil {
						t.Errorf("the broken call: %v", err)
					}
					return
				}
				list := keyedItems(fmt.Sprintf("panic-%d-%d", round, n), 1, true)
				if _, err := f.Ledger.Record(ctx, list, false); ctx.Err() != nil {
					t.Errorf("a call that came with a broken one: %v", err)
				}
			})
		}
		callers.Wait()
	}
	if waiting, leaders := f.Ledger.Waiting(), f.Ledger.Leaders(); waiting != 0 || leaders != 0 {
		t.Fatalf("%d calls wait and %d commit though nobody is left", waiting, leaders)
	}
	for round := range 4 {
		for n := 1; n < 8; n++ {
			f.record(t, keyedItems(fmt.Sprintf("panic-%d-%d", round, n), 1, true))
		}
	}
	said.check(t, direct)
}
