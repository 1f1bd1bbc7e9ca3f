// Package mysqltest gives tests a real database.
package mysqltest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
)

var pairs atomic.Int64

// Open gives a test a fresh pair of schemas, migrated and opened with the serving account. It fails when
// mariadbd is missing. The schemas are dropped when the test ends.
func Open(t testing.TB) *mysql.DB {
	t.Helper()
	c := shared(t).newPair(t, fmt.Sprintf("keytrail_t%d", pairs.Add(1)))
	db, err := mysql.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func migrate(t testing.TB, c mysql.Config) {
	t.Helper()
	if err := mysql.Migrate(context.Background(), c, migrations.FS); err != nil {
		t.Fatal(err)
	}
}
