package mysql_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

const addOne = "UPDATE {main}.probe SET n = n + 1 WHERE id = ?"

var errBusiness = errors.New("a rule was broken")

func TestTransactionCommitsAndRollsBack(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := tx.Exec(ctx, addOne, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		mustExec(t, tx, addOne, 1)
		return errBusiness
	})
	if !errors.Is(err, errBusiness) {
		t.Fatal(err)
	}
	if n := probeValue(t, db, 1); n != 1 {
		t.Fatalf("n = %d, one of two additions was committed", n)
	}
}

// crosswise makes two transactions lock rows 1 and 2 in opposite order, so that one is a deadlock's victim. Each
// calls each at its start, and with its attempt's hook.
func crosswise(t *testing.T, db *mysql.DB, each func(first int, tx *mysql.Tx)) []error {
	t.Helper()
	var bothHoldOne sync.WaitGroup
	bothHoldOne.Add(2)
	errs := make([]error, 2)
	var done sync.WaitGroup
	for i, first := range []int{1, 2} {
		var once sync.Once
		done.Go(func() {
			errs[i] = db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				each(first, tx)
				if _, err := tx.Exec(ctx, addOne, first); err != nil {
					return err
				}
				once.Do(func() { bothHoldOne.Done(); bothHoldOne.Wait() })
				_, err := tx.Exec(ctx, addOne, 3-first)
				return err
			})
		})
	}
	done.Wait()
	return errs
}

func TestDeadlockVictimRunsAgainAsAWhole(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var attempts atomic.Int32
	errs := crosswise(t, db, func(int, *mysql.Tx) { attempts.Add(1) })
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if attempts.Load() < 3 {
		t.Fatal("there was no deadlock")
	}
	if one, two := probeValue(t, db, 1), probeValue(t, db, 2); one != 2 || two != 2 {
		t.Fatalf("rows are %d and %d instead of 2 and 2", one, two)
	}
}

func TestHooksOfAnAttemptThatFailedAreDropped(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var attempts, hooks atomic.Int32
	errs := crosswise(t, db, func(_ int, tx *mysql.Tx) {
		attempts.Add(1)
		tx.AfterCommit(func() { hooks.Add(1) })
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if attempts.Load() < 3 || hooks.Load() != 2 {
		t.Fatalf("%d attempts ran %d hooks", attempts.Load(), hooks.Load())
	}
}

func TestHooksRunInOrderAfterTheCommit(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var order []int
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		for i := range 3 {
			tx.AfterCommit(func() { order = append(order, i, probeValue(t, db, 1)) })
		}
		_, err := tx.Exec(ctx, addOne, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 1, 1, 1, 2, 1}; !slices.Equal(order, want) {
		t.Fatalf("got %v, want %v", order, want)
	}
}

func TestNoHookRunsAfterARollback(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	_ = db.InTx(t.Context(), func(_ context.Context, tx *mysql.Tx) error {
		tx.AfterCommit(func() { t.Error("the hook ran") })
		return errBusiness
	})
}

func TestNothingRunsAfterTheServerRolledBack(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var victims atomic.Int32
	var bothHoldOne, done sync.WaitGroup
	bothHoldOne.Add(2)
	for _, first := range []int{1, 2} {
		var once sync.Once
		done.Go(func() {
			err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				mustExec(t, tx, addOne, first)
				once.Do(func() { bothHoldOne.Done(); bothHoldOne.Wait() })
				if _, err := tx.Exec(ctx, addOne, 3-first); err == nil {
					return nil
				}
				victims.Add(1)
				// A closure that hides the deadlock and goes on would write outside of any transaction.
				if _, err := tx.Exec(ctx, "UPDATE {main}.probe SET n = 100 WHERE id = ?", first); err == nil {
					t.Error("a statement ran after the rollback")
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if victims.Load() == 0 {
		t.Fatal("there was no deadlock")
	}
	if one, two := probeValue(t, db, 1), probeValue(t, db, 2); one != 2 || two != 2 {
		t.Fatalf("rows are %d and %d instead of 2 and 2", one, two)
	}
}

func TestPanicRollsBackAndGoesOn(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	func() {
		defer func() {
			if recover() != "oh" {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.InTx(t.Context(), func(_ context.Context, tx *mysql.Tx) error {
			mustExec(t, tx, addOne, 1)
			panic("oh")
		})
	}()
	if n := probeValue(t, db, 1); n != 0 {
		t.Fatalf("n = %d after a panic", n)
	}
	mustExec(t, db, addOne, 1) // would wait for the lock if the transaction were still open
}

func TestEndedContextRollsBackAndStaysAContextError(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		mustExec(t, tx, addOne, 1)
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v", err)
	}
	if n := probeValue(t, db, 1); n != 0 {
		t.Fatalf("n = %d after the context ended", n)
	}
}

func TestStatementThatOutlivesItsContextEndsTheTransaction(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		mustExec(t, tx, addOne, 1)
		short, cancel := context.WithCancel(ctx)
		cancel()
		_, _ = tx.Exec(short, "DO SLEEP(?)", 5)
		return nil
	})
	if !errors.Is(err, context.Canceled) || errors.Is(err, mysql.ErrCommitUnknown) {
		t.Fatalf("got %v", err)
	}
}

func TestTransactionsOnEveryConnectionCanStillPrepare(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				var n int
				return tx.Get(ctx, &n, uniqueQuery(i), i)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestSidePoolServesWhileTheMainPoolIsBusy(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	for range 32 {
		rows, err := db.Query(t.Context(), "SELECT id FROM {main}.probe")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }() // until then it keeps its connection
	}
	if n := probeValue(t, db.Side(), 1); n != 0 {
		t.Error(n)
	}
}

func TestTransactionThatNeverGetsThroughIsTriedFiveTimes(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	attempts := 0
	err := db.InTx(t.Context(), func(context.Context, *mysql.Tx) error {
		attempts++
		return &driver.MySQLError{Number: 1205}
	})
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Unavailable || f.RetryAfter == 0 || attempts != 5 {
		t.Fatalf("after %d attempts: %v", attempts, err)
	}
}

func TestStatementsSentTogetherTakeEffectTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	run := func(statements ...mysql.Statement) error {
		return db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return tx.ExecAll(ctx, statements...) })
	}
	add := func(row int) mysql.Statement { return mysql.Statement{Query: addOne, Args: []any{row}} }
	if err := run(add(1), add(2), add(1)); err != nil {
		t.Fatal(err)
	}
	if a, b := probeValue(t, db, 1), probeValue(t, db, 2); a != 2 || b != 1 {
		t.Fatalf("values %d and %d, want 2 and 1", a, b)
	}
	taken := mysql.Statement{Query: "INSERT INTO {main}.probe (id, n) VALUES (?, 0)", Args: []any{1}}
	if err := run(add(1), taken, add(2)); !mysql.IsDuplicate(err) {
		t.Fatalf("a duplicate was answered with %v", err)
	}
	if a, b := probeValue(t, db, 1), probeValue(t, db, 2); a != 2 || b != 1 {
		t.Fatalf("values %d and %d: a part of what failed took effect", a, b)
	}
}

func TestTransactionsLeaveConnectionsToThoseWhoOnlyRead(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	release := make(chan struct{})
	var holding, done sync.WaitGroup
	defer done.Wait()
	defer close(release)
	holding.Add(8)
	var inside atomic.Int32
	for range 40 {
		done.Go(func() {
			_ = db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				if inside.Add(1) <= 8 {
					holding.Done()
				}
				<-release
				return nil
			})
		})
	}
	holding.Wait()
	if n := probeValue(t, db, 1); n != 0 {
		t.Errorf("read %d", n)
	}
	if n := inside.Load(); n > 8 {
		t.Errorf("%d transactions at once", n)
	}
}
