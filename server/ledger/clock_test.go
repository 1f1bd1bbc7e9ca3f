package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
)

// setBack gives a ledger whose clock was set back by a minute since its last entry, and an entry for it.
func setBack(t *testing.T) (*ledgertest.Fixture, *ledger.Ledger, ledger.Draft) {
	t.Helper()
	f := ledgertest.Open(t)
	now := time.Now()
	_, l := f.Idle(t, f.DB, func() time.Time { return now })
	record(t, l, false, item("billing", "before", 1))
	now = now.Add(-time.Minute)
	return f, l, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", OccurredAt: now}
}

func requireToldOnce(t *testing.T, f *ledgertest.Fixture) {
	t.Helper()
	var told int
	if err := f.DB.Get(t.Context(), &told, "SELECT COUNT(*) FROM entry_index WHERE action = ?", ledger.SystemClockSteppedBack); err != nil || told != 1 {
		t.Fatalf("it is told %d times: %v", told, err)
	}
}

func TestAClockThatIsSetBackIsToldOnceAlsoBeforeWhoeverSaysSoHearsOfHisCommit(t *testing.T) {
	t.Parallel()
	f, l, one := setBack(t)
	if err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		tx.AfterCommit(func() { ledgertest.Append(t, f.DB, l, one) }) // before what the ledger does then
		_, err := l.Append(ctx, tx, one)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, l, one)
	requireToldOnce(t, f)
}

func TestAClockThatIsSetBackIsToldWhenWhatSaidSoWasRolledBack(t *testing.T) {
	t.Parallel()
	f, l, one := setBack(t)
	broken := errors.New("broken off")
	if err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := l.Append(ctx, tx, one)
		return errors.Join(broken, err)
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, l, one)
	requireToldOnce(t, f)
}
