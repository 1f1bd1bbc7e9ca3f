// Package commit tells commits that failed from those of which nobody knows.
package commit

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/keytrail/keytrail/audit"
)

// IsUnsure reports whether a commit that failed may have been done all the same: the connection was lost before the database
// said so. A context that ended kept it from being asked.
func IsUnsure(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var lost *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &lost) ||
		strings.Contains(err.Error(), "invalid connection") // what go-sql-driver/mysql calls it
}

// Unsure gives an event of which nobody knows whether what it tells was committed.
func Unsure(e audit.Event) audit.Event {
	told := map[string]any{"committed": "not known"}
	if m, ok := e.Metadata.(map[string]any); ok {
		for name, value := range m {
			told[name] = value
		}
	}
	e.Outcome, e.Metadata = audit.Failure, told
	return e
}

// Revoking gives an event that says of another, which was recorded, that what it tells was not committed, or that nobody knows.
func Revoking(e audit.Event, why error) audit.Event {
	name := "notCommitted"
	if IsUnsure(why) {
		name = "commitNotKnown"
	}
	return audit.Event{
		Action: e.Action, EntityType: e.EntityType, Entity: e.Entity, Module: e.Module, Actor: e.Actor, IP: e.IP, UserAgent: e.UserAgent,
		BulkID: e.BulkID, Outcome: audit.Failure, Metadata: map[string]any{name: e.EventID},
	}
}
