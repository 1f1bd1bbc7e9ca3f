package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxStatements bounds the prepared statements that one connection keeps open.
const maxStatements = 512

// isolation is a statement because the variable's name differs between servers.
const isolation = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"

// connector opens connections that are set up and that keep their prepared statements.
//
// The statements are kept here, by connection, and not as sql.Stmt by pool: preparing in the pool
// from within a transaction needs a second connection, which deadlocks once every connection is
// inside a transaction.
type connector struct {
	inner driver.Connector
}

func newConnector(cfg *mysqldriver.Config) (*connector, error) {
	inner, err := mysqldriver.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	return &connector{inner: inner}, nil
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := raw.(driverConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's %T lacks a method", raw), raw.Close())
	}
	if _, err := inner.ExecContext(ctx, isolation, nil); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return newConn(inner)
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return c.inner.Driver() }

// driverConn is what the driver's connections can do.
type driverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
}

// conn is a connection that keeps the statements it prepared. It hides the driver's ExecerContext and
// QueryerContext, so that database/sql prepares everything. One goroutine uses it at a time.
type conn struct {
	driver.Conn
	inner      driverConn
	statements *simplelru.LRU[string, *stmt]
}

func newConn(inner driverConn) (*conn, error) {
	statements, err := simplelru.NewLRU(maxStatements, func(_ string, s *stmt) { _ = s.inner.Close() })
	if err != nil {
		return nil, err
	}
	return &conn{Conn: inner, inner: inner, statements: statements}, nil
}

// PrepareContext gives the kept statement with this text, or prepares it.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.statements.Get(query); ok {
		return s, nil
	}
	raw, err := c.inner.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := raw.(driverStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's %T lacks a method", raw), raw.Close())
	}
	s := &stmt{Stmt: inner, inner: inner, conn: c, query: query}
	c.statements.Add(query, s)
	return s, nil
}

// BeginTx, Ping, ResetSession, IsValid and CheckNamedValue pass on to the driver.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return c.inner.BeginTx(ctx, opts)
}
func (c *conn) Ping(ctx context.Context) error                 { return c.inner.Ping(ctx) }
func (c *conn) ResetSession(ctx context.Context) error         { return c.inner.ResetSession(ctx) }
func (c *conn) IsValid() bool                                  { return c.inner.IsValid() }
func (c *conn) CheckNamedValue(value *driver.NamedValue) error { return c.inner.CheckNamedValue(value) }

// driverStmt is what the driver's statements can do.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

// stmt is a prepared statement that outlives its use.
type stmt struct {
	driver.Stmt
	inner driverStmt
	conn  *conn
	query string
}

// Close leaves the statement open; its connection closes it when it is evicted.
func (s *stmt) Close() error { return nil }

// ExecContext implements driver.StmtExecContext.
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.inner.ExecContext(ctx, args)
	s.forgetIfStale(err)
	return result, err
}

// QueryContext implements driver.StmtQueryContext.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.inner.QueryContext(ctx, args)
	s.forgetIfStale(err)
	return rows, err
}

// CheckNamedValue implements driver.NamedValueChecker.
func (s *stmt) CheckNamedValue(value *driver.NamedValue) error { return s.inner.CheckNamedValue(value) }

// forgetIfStale drops a statement that the server no longer knows, so that the next use prepares it anew.
func (s *stmt) forgetIfStale(err error) {
	if hasNumber(err, unknownStatement, needsReprepare) {
		s.conn.statements.Remove(s.query)
	}
}

// driverLog passes the driver's complaints, which hold no values, to the log.
type driverLog struct{ logger *slog.Logger }

// Print implements the driver's Logger.
func (l driverLog) Print(v ...any) { l.logger.Debug("database driver", "says", fmt.Sprint(v...)) }
