// Package ledgertest gives tests a running ledger on a real database.
package ledgertest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

// Origin is the name of the logs that tests make.
const Origin = "test.example/keytrail"

// Fixture is a ledger and what it stands on.
type Fixture struct {
	DB     *mysql.DB
	Seal   *seal.Service
	Ledger *ledger.Ledger
	Key    string
	// MasterPath is where the master key lies.
	MasterPath string
}

// Open makes a ledger on a fresh database with the machine's clock. It runs until the test ends.
func Open(t testing.TB) *Fixture { return OpenAt(t, time.Now) }

// OpenAt is Open with a clock of the test's own.
func OpenAt(t testing.TB, now func() time.Time) *Fixture {
	t.Helper()
	return open(t, mysqltest.Open(t), newKey(t), now)
}

// OpenOn is Open on a migrated database of the test's own.
func OpenOn(t testing.TB, db *mysql.DB) *Fixture {
	t.Helper()
	return open(t, db, newKey(t), time.Now)
}

// OpenWithKey is Open with the key of another ledger, as whoever has stolen it could.
func OpenWithKey(t testing.TB, key string) *Fixture {
	t.Helper()
	return open(t, mysqltest.Open(t), key, time.Now)
}

func newKey(t testing.TB) string {
	t.Helper()
	key, err := ledger.GenerateKey(Origin)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func open(t testing.TB, db *mysql.DB, key string, now func() time.Time) *Fixture {
	t.Helper()
	f := &Fixture{DB: db, Key: key, MasterPath: filepath.Join(t.TempDir(), "master.key")}
	f.Seal, f.Ledger = f.Another(t, now)
	return f
}

// Another makes one more sealer and ledger on the same database, as another process would.
func (f *Fixture) Another(t testing.TB, now func() time.Time) (*seal.Service, *ledger.Ledger) {
	t.Helper()
	sealer, l := f.AnotherAtRest(t, now)
	Run(t, l)
	return sealer, l
}

// AnotherAtRest is Another with a ledger that does not run yet.
func (f *Fixture) AnotherAtRest(t testing.TB, now func() time.Time) (*seal.Service, *ledger.Ledger) {
	t.Helper()
	return f.Idle(t, f.DB, now)
}

// Idle is AnotherAtRest by way of db, which leads to the same database.
func (f *Fixture) Idle(t testing.TB, db *mysql.DB, now func() time.Time) (*seal.Service, *ledger.Ledger) {
	t.Helper()
	master, err := seal.OpenMaster(t.Context(), db, f.MasterPath)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.New(db, master, now)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.New(db, sealer, ledger.Options{
		Origin: Origin, Key: f.Key, Now: now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return sealer, l
}

// Run runs a ledger until the test ends.
func Run(t testing.TB, l *ledger.Ledger) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = l.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
}

// Append writes entries in a transaction of their own.
func Append(t testing.TB, db *mysql.DB, l *ledger.Ledger, drafts ...ledger.Draft) []ledger.Entry {
	t.Helper()
	var entries []ledger.Entry
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		entries, err = l.Append(ctx, tx, drafts...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
