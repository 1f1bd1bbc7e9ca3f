package custody_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const clients = 32

// together runs do in 32 goroutines that start at once.
func together(do func(i int) error) []error {
	errs := make([]error, clients)
	start := make(chan struct{})
	var done sync.WaitGroup
	for i := range clients {
		done.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	done.Wait()
	return errs
}

func TestAKeyIssuedByManyAtOnceGoesToOne(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("101")
	errs := together(func(int) error {
		_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID})
		return err
	})
	succeeded := 0
	for _, err := range errs {
		if err == nil {
			succeeded++
		} else if out := conflicting(t, err); len(out) != 1 || out[0].ID != key.ID {
			t.Errorf("%+v", out)
		}
	}
	if loans, entries := f.Count("SELECT COUNT(*) FROM loan"), len(f.Entries(ledger.KeyIssued)); succeeded != 1 || loans != 1 || entries != 1 {
		t.Fatalf("%d succeeded, %d loans, %d entries", succeeded, loans, entries)
	}
}

// A writer that does not lock the key, as a bug or another program might not, is still caught by the unique column.
func TestAnIssueThatPassedTheCheckStillMeetsTheUniqueColumn(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis, key := f.Custodian(), f.Person("Jānis Bērziņš", ""), f.Key("101")
	inserted, waiting := make(chan struct{}), make(chan struct{})
	var intruder sync.WaitGroup
	intruder.Go(func() {
		f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO loan (id, key_id, open_key, holder, issued_at, issued_entry) VALUES (?, ?, ?, ?, ?, ?)",
				id.New(), key.ID, key.ID, janis.ID, f.Clock.Now(), id.New())
			close(inserted)
			<-waiting
			return err
		})
	})
	<-inserted
	failed := make(chan error)
	go func() {
		_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: janis.ID})
		failed <- err
	}()
	awaitLockWait(t, f.DB)
	close(waiting)
	if out := conflicting(t, <-failed); len(out) != 1 || out[0].Holder == nil || out[0].Holder.ID != janis.ID {
		t.Fatalf("%+v", out)
	}
	intruder.Wait()
	if n := f.Count("SELECT COUNT(*) FROM loan"); n != 1 || len(f.Entries(ledger.KeyIssued)) != 0 {
		t.Fatalf("%d loans", n)
	}
}

// awaitLockWait returns once an insert of a loan waits for another.
func awaitLockWait(t *testing.T, db *mysql.DB) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		var waiting int
		err := db.Side().Get(t.Context(), &waiting, "SELECT COUNT(*) FROM information_schema.PROCESSLIST"+
			" WHERE INFO LIKE 'INSERT INTO loan%' AND DB = DATABASE() AND COMMAND IN ('Execute', 'Query') AND TIME_MS > 20")
		if err != nil {
			t.Fatal(err)
		}
		if waiting > 0 {
			return
		}
	}
	t.Fatal("no insert waits")
}

func TestAThousandKeysMoveOnceEachUnderManyClients(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	const count = 1000
	keys := make([]id.ID, count)
	for i := range keys {
		keys[i] = f.Key(fmt.Sprint(i)).ID
	}
	move := func(do func(key id.ID) error) {
		t.Helper()
		next := make(chan id.ID, count)
		for _, key := range keys {
			next <- key
		}
		close(next)
		for _, err := range together(func(int) error {
			for key := range next {
				if err := do(key); err != nil {
					return err
				}
			}
			return nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	move(func(key id.ID) error {
		_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: []id.ID{key}, Holder: janis.ID})
		return err
	})
	if out := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); out != count {
		t.Fatalf("%d keys are out", out)
	}
	move(func(key id.ID) error {
		_, err := f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: []id.ID{key}})
		return err
	})
	for _, action := range []string{ledger.KeyIssued, ledger.KeyReturned} {
		seen := map[string]bool{}
		for _, e := range f.Entries(action) {
			seen[e.Entity.ID] = true
		}
		if len(seen) != count || len(f.Entries(action)) != count {
			t.Fatalf("%d keys in %d entries of %s", len(seen), len(f.Entries(action)), action)
		}
	}
	if loans, open := f.Count("SELECT COUNT(*) FROM loan"), f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); loans != count || open != 0 {
		t.Fatalf("%d loans, %d open", loans, open)
	}
}

func TestOverlappingListsOfKeysDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	desk, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	a, b, c := f.Key("a"), f.Key("b"), f.Key("c")
	orders := [][]*custody.Key{{a, b, c}, {c, b, a}, {b, c}, {c, a}}
	for _, err := range together(func(i int) error {
		keys := custodytest.IDs(orders[i%len(orders)]...)
		_, err := f.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: keys, Holder: janis.ID})
		if err == nil {
			_, err = f.Custody.Return(t.Context(), desk, custody.ReturnInput{Keys: keys})
		}
		return err
	}) {
		if err != nil && !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
	}
	if open := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL"); open != 0 {
		t.Fatalf("%d keys are out", open)
	}
}
