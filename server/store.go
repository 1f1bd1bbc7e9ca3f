package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// store is an open database, and the private server behind it where there is one.
type store struct {
	db      *mysql.DB
	private *mysql.Private
	log     *slog.Logger
}

// openOwned opens the database for the one server of a data directory. A private one is brought up to date; one's
// own is only checked, since whoever runs it decides when it changes.
func openOwned(ctx context.Context, s config.Store, log *slog.Logger) (*store, error) {
	if !s.Private() {
		return openShared(ctx, s, log)
	}
	private, err := mysql.StartPrivate(ctx, privateConfig(s, log))
	if err != nil {
		return nil, err
	}
	return openPrivate(ctx, s, private, log)
}

// openBeside opens the database for a command, which may run beside a server. BAD_USER_INPUT where there is none yet: a command
// with a mistyped data directory would work on an empty ledger of its own.
func openBeside(ctx context.Context, s config.Store, log *slog.Logger) (*store, error) {
	if !s.Private() {
		return openShared(ctx, s, log)
	}
	if !mysql.HasPrivate(s.Data) {
		return nil, fault.New(fault.BadInput, "There is no keytrail in %s: name its data directory with --data, or start keytrail serve there first.", s.Data)
	}
	private, err := mysql.AttachPrivate(ctx, privateConfig(s, log))
	if err != nil {
		return nil, err
	}
	return openPrivate(ctx, s, private, log)
}

func privateConfig(s config.Store, log *slog.Logger) mysql.PrivateConfig {
	return mysql.PrivateConfig{DataDir: s.Data, BufferPoolBytes: int64(s.DatabaseMemoryMiB) << 20, Logger: log}
}

func openPrivate(ctx context.Context, s config.Store, private *mysql.Private, log *slog.Logger) (*store, error) {
	access := databaseAccess(s, private, log)
	opened := &store{private: private, log: log}
	err := mysql.Migrate(ctx, access, migrations.FS)
	if err == nil {
		opened.db, err = mysql.Open(ctx, access)
	}
	if err != nil {
		return nil, errors.Join(err, opened.close())
	}
	return opened, nil
}

func openShared(ctx context.Context, s config.Store, log *slog.Logger) (*store, error) {
	db, err := mysql.Open(ctx, databaseAccess(s, nil, log))
	if err != nil {
		return nil, err
	}
	if err := mysql.CheckVersion(ctx, db, migrations.FS); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &store{db: db, log: log}, nil
}

func databaseAccess(s config.Store, private *mysql.Private, log *slog.Logger) mysql.Config {
	access := mysql.Config{Serve: s.Database, Migrate: s.DatabaseAdmin, Retain: s.DatabaseRetention}
	if private != nil {
		access = private.Config()
	}
	access.LogLevel, access.Logger = s.DBLogLevel, log
	return access
}

const databaseStopTimeout = 30 * time.Second

// close lets go of the database, and stops a private server last.
func (s *store) close() error {
	if s.db != nil {
		if err := s.db.Close(); err != nil { // a connection was broken already, and nothing is lost with it
			s.log.Info("a connection to the database did not close", "error", err)
		}
	}
	if s.private == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), databaseStopTimeout)
	defer cancel()
	return s.private.Stop(ctx)
}
