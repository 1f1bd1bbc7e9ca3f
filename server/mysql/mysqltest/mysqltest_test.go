package mysqltest_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestOpenGivesMigratedSchemas(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	var n int
	if err := db.Get(t.Context(), &n, "SELECT COUNT(*) FROM {ledger}.head WHERE id = ?", 1); err != nil {
		t.Fatal(err)
	}
	if n != 1 {
		t.Fatalf("%d head rows", n)
	}
}
