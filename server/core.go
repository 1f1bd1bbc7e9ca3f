package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// newCore wires what every command that writes needs: keys, ledger, access and people. UNAVAILABLE while a restore into
// the database is not over.
func newCore(ctx context.Context, db *mysql.DB, c config.Store, log *slog.Logger) (*services, error) {
	if err := backup.Unfinished(ctx, db); err != nil {
		return nil, err
	}
	return restoredCore(ctx, db, c, log)
}

// restoredCore is newCore in a restore.
func restoredCore(ctx context.Context, db *mysql.DB, c config.Store, log *slog.Logger) (*services, error) {
	master, err := seal.OpenMaster(ctx, db, c.MasterKeyPath())
	if err != nil {
		return nil, err
	}
	key, err := openCheckpointKey(ctx, db, c)
	if err != nil {
		return nil, err
	}
	s := &services{log: log, db: db}
	if s.seal, err = seal.New(db, master, time.Now); err != nil {
		return nil, err
	}
	s.ledger, err = ledger.New(db, s.seal, ledger.Options{Origin: key.name, Key: key.key, Now: time.Now, Logger: log})
	if err != nil {
		return nil, err
	}
	if err := s.settleCheckpointKey(ctx, c.CheckpointKeyPath(), key); err != nil {
		return nil, err
	}
	if s.access, err = access.New(ctx, db, s.ledger, time.Now, log); err != nil {
		return nil, err
	}
	s.people, err = people.New(ctx, db, s.seal, s.ledger, s.access, time.Now, log)
	return s, err
}
