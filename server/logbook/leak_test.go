package logbook_test

import (
	"flag"
	"log"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// TestMain fails when a test leaves a goroutine behind. Only the database that the tests share may stay.
func TestMain(m *testing.M) {
	if flag.Parse(); flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run()) // a process for each processor, which needs no database unless the target asks for one
	}
	if err := mysqltest.Start(); err != nil {
		log.Fatalf("the tests need MariaDB: %v", err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}
