// Package mysql is keytrail's store: it opens the database (a server of one's own, or a private MariaDB that
// keytrail runs itself), keeps its schema, runs statements and transactions, and says which errors mean what.
package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	defaultConns = 32
	sideConns    = 2
	// transactionShare is the part of a pool's connections that transactions may take, as 1 in so many. Most of them wait
	// for the same lock, the ledger's head: without a bound they would leave no connection to those who only read.
	transactionShare = 4
)

// Config says where the database is. The ledger's schema is named after the main one, with "_ledger" appended.
type Config struct {
	// Serve is the address of the account that keytrail serves with:
	// mysql://user:password@host:3306/schema or mysql://user:password@unix(/path)/schema.
	// User and password are percent-encoded; ?tls= may be true, skip-verify or preferred.
	Serve string
	// Migrate is the address of the account that owns the tables; empty means Serve.
	Migrate string
	// Retain is the address of the account that prunes: it may delete entries, and change none. Empty means Migrate.
	Retain string
	// LogLevel of the statement log: 0 none, 1 statements that failed, 2 all. It holds text and duration, never values.
	LogLevel int
	// Logger receives the statement log and warnings; nil discards them.
	Logger *slog.Logger
	// MaxConns bounds the connections of the main pool; 0 means 32.
	MaxConns int
}

func (c Config) logger() *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Logger
}

// DB is a pool of connections to the database. It is safe for concurrent use.
type DB struct {
	*runner
	pool      *sqlx.DB
	side      *DB
	inserting *DB
	// transactions has room for those that may run at once.
	transactions chan struct{}
}

// Open connects with the serving account and checks that the server keeps what keytrail relies on.
// Connections that break are replaced by themselves, so a DB stays usable when the database went away and came back.
func Open(ctx context.Context, c Config) (*DB, error) {
	cfg, err := parseDSN(c.Serve)
	if err != nil {
		return nil, err
	}
	maxConns := cmp.Or(c.MaxConns, defaultConns)
	db, err := openPool(cfg, c, maxConns)
	if err != nil {
		return nil, err
	}
	side, err := openPool(cfg, c, sideConns)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	side.side = side
	db.side = side
	if err := checkServer(ctx, db, c.logger()); err != nil {
		return nil, errors.Join(explainConnect(err, cfg), db.Close())
	}
	if err := db.openInserting(cfg, c); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// OpenOwner connects with the account that owns the tables, for what neither of the others may do.
func OpenOwner(ctx context.Context, c Config) (*DB, error) {
	c.Serve, c.MaxConns = cmp.Or(c.Migrate, c.Serve), retentionConns
	return Open(ctx, c)
}

// retentionConns is enough for one pruning at a time.
const retentionConns = 2

// OpenRetention connects with the account that prunes or, where there is none, with the one that owns the tables.
func OpenRetention(ctx context.Context, c Config) (*DB, error) {
	if c.Retain == "" {
		c.logger().WarnContext(ctx, "there is no account for retention, so the one that owns the tables prunes; "+
			"make an account without any rights, name it with KEYTRAIL_DATABASE_RETENTION and run `keytrail migrate up`")
	}
	c.Serve, c.MaxConns = cmp.Or(c.Retain, c.Migrate, c.Serve), retentionConns
	return Open(ctx, c)
}

func openPool(parsed *driver.Config, c Config, maxConns int) (*DB, error) {
	cfg, err := prepared(parsed, c.logger())
	if err != nil {
		return nil, err
	}
	return newPool(cfg, c, maxConns, max(maxConns/transactionShare, 1))
}

// newPool makes a pool in which so many transactions may run at once.
func newPool(cfg *driver.Config, c Config, maxConns, transactions int) (*DB, error) {
	connector, err := newConnector(cfg)
	if err != nil {
		return nil, err
	}
	pool := sqlx.NewDb(sql.OpenDB(connector), "mysql")
	pool.SetMaxOpenConns(maxConns)
	pool.SetMaxIdleConns(maxConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(30 * time.Minute)
	return &DB{pool: pool, runner: newRunner(pool, cfg.DBName, c), transactions: make(chan struct{}, transactions)}, nil
}

// Close closes all pools. It waits for statements that are running.
func (db *DB) Close() error {
	err := db.pool.Close()
	for _, other := range []*DB{db.side, db.inserting} {
		if other != nil && other != db {
			err = errors.Join(err, other.pool.Close())
		}
	}
	return err
}

// Side gives the small side pool of two connections, for work that must proceed while every main
// connection is inside a transaction.
func (db *DB) Side() *DB { return db.side }

// Schema gives the name of the main schema.
func (db *DB) Schema() string { return db.texts.main }

// LedgerSchema gives the name of the ledger's schema.
func (db *DB) LedgerSchema() string { return db.texts.main + ledgerSuffix }

// explainConnect says what to do about an error of the first connection.
func explainConnect(err error, cfg *driver.Config) error {
	switch {
	case hasNumber(err, accessDenied, accessDeniedLogin):
		return fault.Wrap(err, fault.Unavailable,
			"The database at %s refuses the account %q. Check user and password in KEYTRAIL_DATABASE.", cfg.Addr, cfg.User)
	case hasNumber(err, unknownDatabase, accessDeniedDB):
		return fault.Wrap(err, fault.Unavailable,
			"The schema %q is not there, or the account %q may not use it. Run `keytrail migrate up`.", cfg.DBName, cfg.User)
	}
	if f, ok := fault.As(err); ok && !IsGone(err) {
		return f
	}
	if IsGone(err) {
		return fault.Wrap(err, fault.Unavailable,
			"The database at %s cannot be reached. Check that it runs and that KEYTRAIL_DATABASE names it.", cfg.Addr)
	}
	return err
}
