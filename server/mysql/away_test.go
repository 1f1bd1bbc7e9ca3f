package mysql_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestCommitWhoseAnswerWasLostIsUnknownAndNotRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cut  cut
		want int
	}{
		"it was stored":     {dropAnswer, 1},
		"it was not stored": {dropRequest, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			direct := openWithProbe(t)
			proxy, c := throughProxy(t, mysqltest.MigrateConfig(t, direct))
			db, err := mysql.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			proxy.set(test.cut)
			attempts := 0
			err = db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				attempts++
				tx.AfterCommit(func() { t.Error("a hook ran though nothing was acknowledged") })
				_, err := tx.Exec(ctx, addOne, 1)
				return err
			})
			if !errors.Is(err, mysql.ErrCommitUnknown) || !fault.Is(err, fault.Unavailable) || attempts != 1 {
				t.Fatalf("after %d attempts: %v", attempts, err)
			}
			proxy.set(pass)
			if n := probeValue(t, db, 1); n != test.want {
				t.Fatalf("n = %d, want %d", n, test.want)
			}
		})
	}
}

func TestDatabaseThatIsAwayIsUnavailableAndComesBack(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	makeProbe(t, server.Config())
	db := server.Open()
	server.Kill()
	var n int
	err := db.Get(t.Context(), &n, "SELECT n FROM {main}.probe WHERE id = ?", 1)
	if err == nil {
		t.Log("it was back before it was asked")
	} else if !fault.Is(err, fault.Unavailable) || !mysql.IsGone(err) {
		t.Fatalf("got %v", err)
	}
	eventually(t, func() error {
		return db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			_, err := tx.Exec(ctx, addOne, 1)
			return err
		})
	})
}

func TestConnectionThatBreaksInATransactionIsUnavailable(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	makeProbe(t, server.Config())
	db := server.Open()
	attempts := 0
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		attempts++
		mustExec(t, tx, addOne, 1)
		server.Kill()
		_, err := tx.Exec(ctx, addOne, 1)
		return err
	})
	if !fault.Is(err, fault.Unavailable) || errors.Is(err, mysql.ErrCommitUnknown) || attempts != 1 {
		t.Fatalf("after %d attempts: %v", attempts, err)
	}
	eventually(t, func() error { return db.Get(t.Context(), new(int), "SELECT 1") })
	if n := probeValue(t, db, 1); n != 0 {
		t.Fatalf("n = %d", n)
	}
}

func TestDatabaseThatHangsEndsWithTheCallersContext(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	db := server.Open()
	server.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := db.Get(ctx, new(int), "SELECT 1")
	if !errors.Is(err, context.DeadlineExceeded) || fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v", err)
	}
	server.Resume()
	eventually(t, func() error { return db.Get(t.Context(), new(int), "SELECT 1") })
}

// TestNothingAcknowledgedIsLostWhenTheServerIsKilled kills mariadbd five times under load.
func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	makeProbe(t, server.Config())
	db := server.Open()
	ctx, stop := context.WithCancel(t.Context())
	acknowledged := make([][]int64, 8)
	var total atomic.Int64
	var writers sync.WaitGroup
	for w := range acknowledged {
		writers.Go(func() {
			for id := int64(w)*1_000_000 + 10; ctx.Err() == nil; id++ {
				err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
					_, err := tx.Exec(ctx, "INSERT INTO {main}.probe (id, n) VALUES (?, ?)", id, id)
					return err
				})
				if err == nil {
					acknowledged[w] = append(acknowledged[w], id)
					total.Add(1)
				} else if !fault.Is(err, fault.Unavailable) {
					t.Errorf("writing: %v", err)
				}
			}
		})
	}
	for range 5 {
		enough := total.Load() + 500
		eventually(t, func() error {
			if total.Load() < enough {
				return errors.New("the writers do not get on")
			}
			return nil
		})
		server.Kill()
	}
	eventually(t, func() error { return db.Get(t.Context(), new(int), "SELECT 1") })
	stop()
	writers.Wait()
	assertStored(t, db, acknowledged)
}

func assertStored(t *testing.T, db *mysql.DB, acknowledged [][]int64) {
	t.Helper()
	var ids []int64
	if err := db.Select(t.Context(), &ids, "SELECT id FROM {main}.probe"); err != nil {
		t.Fatal(err)
	}
	stored := make(map[int64]bool, len(ids))
	for _, id := range ids {
		stored[id] = true
	}
	for _, list := range acknowledged {
		for _, id := range list {
			if !stored[id] {
				t.Fatalf("row %d was acknowledged and is lost", id)
			}
		}
	}
}
