package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"

	"github.com/keytrail/keytrail/server/fault"
)

// Error numbers of the MySQL dialect: https://mariadb.com/kb/en/mariadb-error-code-reference/
const (
	recordChanged     = 1020
	diskFull          = 1021
	engineError       = 1030
	tooManyConns      = 1040
	accessDeniedDB    = 1044
	accessDenied      = 1045
	nodeNotReady      = 1047
	unknownDatabase   = 1049
	serverShutdown    = 1053
	duplicateEntry    = 1062
	noSuchGrant       = 1141
	tableDenied       = 1142
	noSuchTable       = 1146
	noSuchTableGrant  = 1147
	tableFull         = 1114
	newAbortingConn   = 1152
	commitFailed      = 1180
	lockTimeout       = 1205
	deadlock          = 1213
	unknownStatement  = 1243
	readOnly          = 1290
	queryInterrupted  = 1317
	needsReprepare    = 1615
	accessDeniedLogin = 1698
	readOnlyMode      = 1836
	connKilled        = 1927
	serverIsStopping  = 3169
	lockNotAvailable  = 3572 // what MySQL answers to NOWAIT; MariaDB says lockTimeout
)

// ErrCommitUnknown is in the tree of the error that a transaction gives when the connection broke while
// it committed: whether it was stored is not known. Repeating it is safe with the same idempotency key.
var ErrCommitUnknown = errors.New("the answer to COMMIT was lost")

// IsDuplicate reports whether err is a violation of a unique index.
func IsDuplicate(err error) bool { return hasNumber(err, duplicateEntry) }

// DuplicateIndex gives the name of the unique index that err says was violated, without its table;
// "" when err is no such error.
func DuplicateIndex(err error) string {
	e := serverError(err)
	if e == nil || e.Number != duplicateEntry {
		return ""
	}
	name := strings.TrimSuffix(e.Message, "'")
	name = name[strings.LastIndexByte(name, '\'')+1:]
	return name[strings.LastIndexByte(name, '.')+1:] // MySQL 8 writes table.index
}

// IsRetryable reports whether err ended a transaction that may succeed when it runs again as a whole:
// a deadlock or a certification failure, a lock timeout, a record changed by another.
func IsRetryable(err error) bool {
	return hasNumber(err, deadlock, lockTimeout, recordChanged, lockNotAvailable)
}

// IsGone reports whether err means that the database cannot be reached or does not serve now.
func IsGone(err error) bool {
	var byCaller *interrupted
	if err == nil || errors.As(err, &byCaller) {
		return false
	}
	var network *net.OpError // before the context: the driver's own connect timeout looks like a deadline
	if errors.As(err, &network) {
		return true
	}
	if isContext(err) {
		return false
	}
	return hasNumber(err, tooManyConns, nodeNotReady, serverShutdown, newAbortingConn, commitFailed,
		readOnly, readOnlyMode, connKilled, serverIsStopping) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// IsFull reports whether err means that the database's disk has no room. The statement changed nothing.
func IsFull(err error) bool {
	e := serverError(err)
	if e != nil && e.Number == engineError {
		return strings.HasPrefix(e.Message, noRoom)
	}
	return hasNumber(err, diskFull, tableFull)
}

// noRoom is how the error of a storage engine begins that tells ENOSPC.
const noRoom = "Got error 28 "

// fullRetry is when to try again what a full disk refused.
const fullRetry = 30 * time.Second

// Fault makes a database error presentable: UNAVAILABLE when the database is away or its disk full, and err itself
// otherwise. Every method of DB and Tx applies it; call it on the errors of rows that you scan yourself.
func Fault(err error) error {
	_, done := fault.As(err)
	switch {
	case !done && IsFull(err):
		return fault.Wrap(err, fault.Unavailable,
			"The disk of the database is full, so that nothing can be stored. Make room: keytrail goes on by itself.").After(fullRetry)
	case done, !IsGone(err):
		return err
	}
	away := fault.Wrap(err, fault.Unavailable,
		"The database cannot be reached. keytrail goes on trying; repeat the request in a moment.")
	away.RetryAfter = 2 * time.Second
	return away
}

func unknownCommit(err error) error {
	return fault.Wrap(errors.Join(ErrCommitUnknown, err), fault.Unavailable,
		"The connection to the database broke while the change was being stored, so it is unknown whether it was. "+
			"Repeat the request with the same idempotency key.")
}

// interrupted is a driver's error that was caused by the end of the caller's context.
type interrupted struct{ by, err error }

// Error implements error.
func (e *interrupted) Error() string { return e.by.Error() + ": " + e.err.Error() }

// Unwrap gives both errors.
func (e *interrupted) Unwrap() []error { return []error{e.by, e.err} }

// attributed marks err as the caller's doing when ctx has ended.
func attributed(ctx context.Context, err error) error {
	if by := ctx.Err(); by != nil && err != by { //nolint:errorlint // the same error needs no wrapping
		return &interrupted{by: by, err: err}
	}
	return err
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func hasNumber(err error, numbers ...uint16) bool {
	e := serverError(err)
	return e != nil && slices.Contains(numbers, e.Number)
}

func serverError(err error) *mysqldriver.MySQLError {
	var e *mysqldriver.MySQLError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// withoutValues describes an error for the statement log. The server's own message may quote a value.
func withoutValues(err error) string {
	if e := serverError(err); e != nil {
		text := "error " + strconv.Itoa(int(e.Number)) + " (" + string(e.SQLState[:]) + ")"
		if index := DuplicateIndex(err); index != "" {
			text += " of index " + index
		}
		return text
	}
	return err.Error()
}

func isFailure(err error) bool { return err != nil && !errors.Is(err, sql.ErrNoRows) }
