package turn_test

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/turn"
)

func TestATurnIsOneServersUntilItLeavesOrItsTimeIsOver(t *testing.T) {
	t.Parallel()
	db, now := mysqltest.Open(t), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	first, second := turn.New(db, "alerts"), turn.New(db, "alerts")
	take := func(one *turn.Turn, at time.Time) bool {
		t.Helper()
		taken, err := one.Take(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	if !take(first, now) || !take(first, now) || take(second, now) {
		t.Fatal("the turn is not the first one's alone")
	}
	if err := first.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !take(second, now) || take(first, now.Add(turn.Lease)) {
		t.Fatal("the turn is not the second one's alone")
	}
	if !take(first, now.Add(turn.Lease+time.Second)) {
		t.Fatal("a turn whose time is over stays")
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return second.Keep(ctx, tx, now) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("whoever lost the turn goes on: %v", err)
	}
}
