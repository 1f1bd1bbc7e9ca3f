package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"github.com/keytrail/keytrail/server/fault"
)

func numbered(n uint16, message string) error {
	return fmt.Errorf("storing: %w", &mysqldriver.MySQLError{Number: n, Message: message})
}

func TestErrorsAreTold(t *testing.T) {
	t.Parallel()
	dialTimeout := &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
	for name, test := range map[string]struct {
		err             error
		retryable, gone bool
	}{
		"deadlock":                    {numbered(1213, ""), true, false},
		"deadlock in a fault":         {fault.Wrap(numbered(1213, ""), fault.Internal, "no"), true, false},
		"lock timeout":                {numbered(1205, ""), true, false},
		"lock not available":          {numbered(3572, ""), true, false},
		"record changed":              {numbered(1020, ""), true, false},
		"duplicate":                   {numbered(1062, ""), false, false},
		"node not ready":              {numbered(1047, ""), false, true},
		"commit failed":               {numbered(1180, ""), false, true},
		"shutting down":               {numbered(1053, ""), false, true},
		"bad connection":              {driver.ErrBadConn, false, true},
		"invalid connection":          {mysqldriver.ErrInvalidConn, false, true},
		"refused":                     {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false, true},
		"connect timeout":             {dialTimeout, false, true},
		"canceled":                    {context.Canceled, false, false},
		"deadline":                    {context.DeadlineExceeded, false, false},
		"broken because of a context": {&interrupted{context.Canceled, mysqldriver.ErrInvalidConn}, false, false},
		"a file":                      {&os.PathError{Op: "open", Err: syscall.ENOSPC}, false, false},
		"none":                        {nil, false, false},
	} {
		if got := IsRetryable(test.err); got != test.retryable {
			t.Errorf("%s: retryable is %v", name, got)
		}
		if got := IsGone(test.err); got != test.gone {
			t.Errorf("%s: gone is %v", name, got)
		}
		if got := fault.Is(Fault(test.err), fault.Unavailable); got != test.gone {
			t.Errorf("%s: unavailable is %v", name, got)
		}
	}
}

func TestDuplicateNamesTheIndexOfEitherServer(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"Duplicate entry 'a.b' for key 'loan_open'":       "loan_open", // MariaDB
		"Duplicate entry 'it''s' for key 'loan.open_key'": "open_key",  // MySQL 8, TiDB
		"Duplicate entry '1' for key 'PRIMARY'":           "PRIMARY",
	} {
		if got := DuplicateIndex(numbered(1062, message)); got != want {
			t.Errorf("%s: got %q", message, got)
		}
	}
	if DuplicateIndex(errors.New("other")) != "" || DuplicateIndex(numbered(1213, "'x'")) != "" || IsDuplicate(nil) {
		t.Error("an index where there is none")
	}
}

func TestStoredVersionsAreCompared(t *testing.T) {
	t.Parallel()
	for version, good := range map[string]bool{
		"10.11.19-MariaDB-0+deb12u1": true, "11.4.2-MariaDB": true, "10.6.1-MariaDB": false, "5.5.5-MariaDB": false,
		"8.0.36": true, "9.7.0": true, "5.7.44-log": false, "8.0.11-TiDB-v7.5.0": true, "": false,
	} {
		if err := checkVersion(version); (err == nil) != good {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestAFullDiskIsToldFromOtherErrorsOfAnEngine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		full bool
	}{
		"table full":    {numbered(1114, "The table 'entry' is full"), true},
		"disk full":     {numbered(1021, "Disk full (/tmp); waiting for someone to free some space..."), true},
		"errno 28":      {numbered(1030, "Got error 28 \"No space left on device\" from storage engine InnoDB"), true},
		"another errno": {numbered(1030, "Got error 168 \"Unknown (generic) error from engine\" from storage engine InnoDB"), false},
		"errno 280":     {numbered(1030, "Got error 280 \"\" from storage engine InnoDB"), false},
		"deadlock":      {numbered(1213, ""), false},
		"none":          {nil, false},
	} {
		if got := IsFull(test.err); got != test.full {
			t.Errorf("%s: full is %v", name, got)
		}
		if got := fault.Is(Fault(test.err), fault.Unavailable); got != test.full {
			t.Errorf("%s: unavailable is %v", name, got)
		}
	}
}
