package ledger_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// stepping is a clock of the test's own.
func stepping() (now func() time.Time, step func(time.Duration)) {
	var passed atomic.Int64
	start := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	return func() time.Time { return start.Add(time.Duration(passed.Load())) }, func(d time.Duration) { passed.Add(int64(d)) }
}

func TestADestroyedKeyTakesTheAddressesWithIt(t *testing.T) {
	t.Parallel()
	now, step := stepping()
	f := ledgertest.OpenAt(t, now)
	_, other := f.AnotherAtRest(t, now) // its reader is behind, so that it still has the key when it is destroyed
	janis, entry := personWith(t, f, "Jānis")
	anna, _ := personWith(t, f, "Anna")
	for range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, cameFrom(janis, 500)...)
	}
	ledgertest.Append(t, f.DB, f.Ledger, cameFrom(anna, 70)...)
	if err := unsealAll(t, other, &entry); err != nil {
		t.Fatal(err)
	}

	destroyKey(t, f, f.Ledger, janis)
	if n := addressesOf(t, f, janis, 0); n == 0 || n >= 1000 {
		t.Errorf("%d of 1501 addresses are left for later", n)
	}
	ctx, l := stoppable(t, f, 12)
	if err := l.FinishForgetting(ctx); err == nil {
		t.Error("it was not interrupted")
	}
	if addressesOf(t, f, janis, 0) == 0 {
		t.Error("it was interrupted too late")
	}
	finishForgetting(t, f, janis)

	ledgertest.Append(t, f.DB, other, cameFrom(janis, 3)...)
	if n := addressesOf(t, f, janis, 0); n != 3 {
		t.Fatalf("%d addresses were stored with a key that was cached, want 3", n)
	}
	finishForgetting(t, f, janis)
	ledgertest.Append(t, f.DB, other, cameFrom(janis, 1)...)
	step(5 * time.Minute)
	finishForgetting(t, f, janis)
	awaitCount(t, f.DB, 0, "SELECT COUNT(*) FROM ledger_task WHERE name LIKE 'forget %'")
	if n := addressesOf(t, f, anna, 0); n != 71 {
		t.Errorf("%d addresses of somebody else are left of 71", n)
	}
	if found, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || found.AddressRows != 0 {
		t.Errorf("a rebuild found %+v: %v", found, err)
	}
	requireVerified(t, f)
}

func finishForgetting(t *testing.T, f *ledgertest.Fixture, person id.ID) {
	t.Helper()
	if err := f.Ledger.FinishForgetting(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := addressesOf(t, f, person, 0); n != 0 {
		t.Errorf("%d addresses are left", n)
	}
}

func TestDestroyingAMonthsKeyTakesTheAddressesOfNobodyOfThatMonth(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	person, _ := personWith(t, f, "Jānis")
	february := time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC)
	for _, at := range []time.Time{february, february.Add(2 * time.Second)} {
		d := draft(0)
		d.OccurredAt = february.Add(3 * time.Second)
		d.Parts = []ledger.Part{ledger.OriginPart(id.ID{}, at, ledger.Origin{IP: "192.0.2.7"})}
		ledgertest.Append(t, f.DB, f.Ledger, d)
	}
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, seal.Nobody(february), id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var left []uint64
	if err := f.DB.Select(t.Context(), &left, "SELECT seq FROM entry_ip ORDER BY seq"); err != nil || len(left) != 2 || left[1] != 2 {
		t.Errorf("the addresses of entries %v are left: %v", left, err)
	}
	if addressesOf(t, f, person, 0) != 1 {
		t.Error("the address of a person is gone")
	}
	requireVerified(t, f)
}
