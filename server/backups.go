package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/backup"
)

// keysSuffix is how the file of keys of a backup is called.
const keysSuffix = ".keys"

// newBackups makes what makes backups by itself, which is off when nobody asked for that.
func (s *services) newBackups(c serveCommand) (*backup.Schedule, error) {
	if c.BackupDir == "" {
		return backup.NewSchedule(s.db, s.ledger, s.access, backup.Plan{}, time.Now, s.log), nil
	}
	at, err := c.Backups.Time()
	if err != nil {
		return nil, err
	}
	plan := backupPlan{c.BackupLocks, c.MasterKeyPath(), c.CheckpointKeyPath()}
	keysOf := func(name string) string {
		if c.BackupKeysDir == "" {
			return ""
		}
		return filepath.Join(c.BackupKeysDir, name+keysSuffix)
	}
	return backup.NewSchedule(s.db, s.ledger, s.access, backup.Plan{
		Dir: c.BackupDir, At: at, Zone: s.zone, Keep: c.BackupKeep,
		Write: func(ctx context.Context, name string) (*backup.Written, error) {
			return plan.write(ctx, s.db, s.ledger, filepath.Join(c.BackupDir, name), keysOf(name), nil)
		},
		Remove: func(name string) error {
			if keys := keysOf(name); keys != "" {
				return removeIfThere(keys)
			}
			return nil
		},
	}, time.Now, s.log), nil
}
