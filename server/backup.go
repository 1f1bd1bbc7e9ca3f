package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

type backupCommand struct {
	Create backupCreateCommand `cmd:"" default:"withargs" help:"Make a backup, beside a server or without one."`
	Verify backupVerifyCommand `cmd:"" help:"Read a backup as a whole: is it unchanged, whole, and what it says it is?"`
}

type backupCreateCommand struct {
	config.Store       `embed:""`
	config.BackupLocks `embed:""`
	File               string `arg:"" help:"A new file." type:"path"`
	Keys               string `help:"Another new file for the master key and the checkpoint key as they are now, encrypted for the same. Keep it somewhere else than the backup." type:"path" placeholder:"FILE"`
}

// Help says what a backup holds, and what it doesn't.
func (backupCreateCommand) Help() string {
	return `The file holds the database as it was at one moment, encrypted with age, and a signed checkpoint: everything that was
acknowledged before it is in the file. The two keys in the data directory are not in it on purpose: without the master key
of its time no name in a backup can be read, and whoever erases somebody must not leave both in one place. Keep copies of
them apart (--keys), with the backups of their time, and destroy the two together.`
}

// Run makes a backup and records that.
func (c backupCreateCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) error {
		plan := backupPlan{c.BackupLocks, c.MasterKeyPath(), c.CheckpointKeyPath()}
		start := time.Now()
		made, err := plan.write(p.ctx, s.db, s.ledger, c.File, c.Keys, logRows(p, "rows written"))
		if err := recordBackup(p.ctx, s.db, s.ledger, filepath.Base(c.File), made, err); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%s holds %d entries, all that were acknowledged before its checkpoint of %d: %d rows of %d tables, %d bytes, in %s.\nSHA-256 %s\n",
			made.Path, made.Entries, made.Size, made.Rows, len(made.Tables), made.Bytes, time.Since(start).Round(time.Millisecond), made.SHA256)
		if err == nil && c.Keys == "" {
			_, err = fmt.Fprintf(p.out, "Keep copies of %s and %s as they are now, somewhere else: without them nothing personal in it can be read.\n",
				c.MasterKeyPath(), c.CheckpointKeyPath())
		}
		return err
	})
}

// backupPlan is how backups of a data directory are made.
type backupPlan struct {
	config.BackupLocks
	master, checkpoint string
}

func locksOf(c config.BackupLocks) backup.Locks {
	return backup.Locks{Recipients: c.BackupRecipients, PassphraseFile: c.BackupPassphraseFile}
}

// write makes a backup and, where keys is a file, one of the keys that open it.
func (b backupPlan) write(ctx context.Context, db *mysql.DB, l *ledger.Ledger, file, keys string, progress func(rows uint64)) (*backup.Written, error) {
	o := backup.Options{Locks: locksOf(b.BackupLocks), Keytrail: version, Now: time.Now, Progress: progress}
	if keys == "" {
		return backup.WriteFile(ctx, db, l, file, o)
	}
	before, err := backup.ReadKeys(b.master, b.checkpoint)
	if err != nil {
		return nil, err
	}
	if err := before.WriteFile(keys, o.Locks); err != nil { // first: a backup without its keys is worth nothing
		return nil, err
	}
	made, err := backup.WriteFile(ctx, db, l, file, o)
	if err != nil {
		return nil, dropped(err, keys)
	}
	after, err := backup.ReadKeys(b.master, b.checkpoint)
	if err == nil && !before.Same(after) {
		err = fault.New(fault.Unavailable, "The master key was replaced while the backup was made, so that they do not belong together. Make the backup again.")
	}
	if err != nil {
		return nil, dropped(err, keys, file)
	}
	return made, nil
}

// dropped removes files that are worth nothing because of err.
func dropped(err error, files ...string) error {
	for _, f := range files {
		if failed := removeIfThere(f); failed != nil {
			return fault.Wrap(err, fault.Unavailable, "%v And %s could not be removed: %v.", err, f, failed)
		}
	}
	return err
}

// recordBackup records how a backup ended, and gives its error, or the one of recording.
func recordBackup(ctx context.Context, db *mysql.DB, l *ledger.Ledger, name string, made *backup.Written, failed error) error {
	if failed != nil {
		ctx = context.WithoutCancel(ctx)
	}
	err := db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := l.Append(ctx, tx, backup.Draft(name, made, failed))
		return err
	})
	if failed != nil {
		return failed
	}
	return err
}

type backupVerifyCommand struct {
	Opening openingFlags `embed:""`
	Key     string       `help:"The log's public key, from somewhere else than the backup (see /tlog/vkey of the server). Without it the backup is believed who signed it." placeholder:"KEY"`
	File    string       `arg:"" help:"The backup." type:"path"`
}

// openingFlags say what opens a backup.
type openingFlags struct {
	Identity             string `help:"File with age's private keys." type:"path" placeholder:"FILE"`
	BackupPassphraseFile string `help:"File with the passphrase, where there are no recipients." env:"KEYTRAIL_BACKUP_PASSPHRASE_FILE" type:"path" placeholder:"FILE"`
}

func (o openingFlags) opening() backup.Opening {
	if o.Identity != "" {
		return backup.Opening{IdentityFile: o.Identity}
	}
	return backup.Opening{PassphraseFile: o.BackupPassphraseFile}
}

// Run verifies a backup, which takes neither a database nor keytrail's keys.
func (c backupVerifyCommand) Run(p program) error {
	f, err := backup.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	m, err := backup.Verify(p.ctx, f, c.Opening.opening())
	if err != nil {
		return err
	}
	if c.Key != "" && !m.Signed {
		return fault.New(fault.BadInput, "The backup is not signed, so nothing says that the log with this key made it: whoever knew its recipients or passphrase could have. "+
			"Backups of earlier keytrails are like that; without --key it is only checked that it is whole.")
	}
	if c.Key != "" && c.Key != m.VerifierKey {
		return fault.New(fault.BadInput, "The backup was signed with another key than the one that you named: %s.", m.VerifierKey)
	}
	signed := "signed with " + m.VerifierKey
	if !m.Signed {
		signed = "NOT SIGNED (keytrail signs backups since version 2 of their form): whoever knew its recipients or passphrase could have made it"
	}
	_, err = fmt.Fprintf(p.out, "The backup %s of %s is whole: %s, made by keytrail %s, %d entries, a checkpoint of %d, %d rows of %d tables. It is %s.\n",
		m.ID, m.Origin, m.CreatedAt.Format(time.RFC3339), m.Keytrail, m.Entries, m.Size, m.Rows, len(m.Tables), signed)
	return err
}

// logRows logs how many rows are done, now and then.
func logRows(p program, what string) func(rows uint64) {
	last := time.Now()
	return func(rows uint64) {
		if now := time.Now(); now.Sub(last) >= progressInterval {
			last = now
			p.log.Info(what, "rows", rows)
		}
	}
}
