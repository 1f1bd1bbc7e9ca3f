package graph_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a goroutine remains after every server was stopped and every socket closed. Only the database
// outlives the tests, which share it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/keytrail/keytrail/server/mysql.spawn.func1"),
		goleak.IgnoreAnyFunction("github.com/keytrail/keytrail/server/mysql.(*Private).supervise"))
}
