package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/webhooks"
)

type restoreCommand struct {
	config.Store `embed:""`
	Opening      openingFlags `embed:""`
	File         string       `arg:"" help:"The backup." type:"path"`
	Keys         string       `help:"The file of keys that was made with the backup; they are put into the data directory. Without it they have to be there." type:"path" placeholder:"FILE"`
	Checkpoint   string       `help:"A file of checkpoints that was kept outside (KEYTRAIL_CHECKPOINT_FILE), or an address that answers with the newest one: a backup that would take the log back behind it is refused." placeholder:"FILE|URL"`
	Erasures     string       `help:"The list of destroyed keys that was kept outside (KEYTRAIL_ERASURES_FILE): they are destroyed again." type:"path" placeholder:"FILE"`
	AcceptLoss   bool         `help:"Go on although entries are lost for which a checkpoint was kept. That is recorded."`
	// AcceptUnsigned is for backups of earlier versions.
	AcceptUnsigned bool `help:"Restore a backup that is not signed, as earlier keytrails made them: whoever knew its recipients or passphrase could have made it. That is recorded."`
}

// Help says in which order things happen.
func (restoreCommand) Help() string {
	return `Restores into an empty data directory, or an empty database of your own (KEYTRAIL_DATABASE, with KEYTRAIL_DATABASE_ADMIN,
after keytrail migrate up). Nothing is served from it until all is done: the tables are filled and read again, the ledger is
verified from its bytes up, and who was erased after the backup was made is erased again. When it is cut off, run it again.

Everybody has to sign in anew, and one-time links do not work any more. What was changed after the backup is as it was: look
through tokens, roles, passwords, policies of keeping and legal holds. Nothing is deleted before the next night of retention.`
}

// Run restores a backup.
func (c restoreCommand) Run(p program) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	var erased []seal.Subject
	if c.Erasures != "" { // before anything is changed
		if erased, err = backup.ReadErasures(c.Erasures); err != nil {
			return err
		}
	}
	opened, err := openOwned(p.ctx, c.Store, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	if err := c.placeKeys(p.ctx, opened.db); err != nil {
		return err
	}
	owner, err := mysql.OpenOwner(p.ctx, databaseAccess(c.Store, opened.private, p.log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.Close()) }()
	return c.restore(p, opened.db, owner, erased)
}

// placeKeys has both keys in their places, or says which is not. Those of a restore that only goes on stay as they are.
func (c restoreCommand) placeKeys(ctx context.Context, db *mysql.DB) error {
	loaded, err := backup.Loaded(ctx, db)
	if err != nil {
		return err
	}
	if c.Keys != "" && !(loaded && fileExists(c.MasterKeyPath()) && fileExists(c.CheckpointKeyPath())) {
		k, err := backup.OpenKeys(c.Keys, c.Opening.opening())
		if err != nil {
			return err
		}
		return k.Place(c.MasterKeyPath(), c.CheckpointKeyPath())
	}
	for _, path := range []string{c.MasterKeyPath(), c.CheckpointKeyPath()} {
		if !fileExists(path) {
			return fault.New(fault.BadInput, "%s is missing: put the copy from the time of the backup there, or name the file of keys that was made with it (--keys).", path)
		}
	}
	return nil
}

func (c restoreCommand) restore(p program, db, owner *mysql.DB, erased []seal.Subject) error {
	key, err := openCheckpointKey(p.ctx, db, c.Store)
	if err != nil {
		return err
	}
	verifier, err := key.verifier()
	if err != nil {
		return err
	}
	f, err := backup.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	start := time.Now()
	done, err := backup.Load(p.ctx, owner, f, backup.RestoreOptions{
		Opening: c.Opening.opening(), VerifierKey: verifier, Kept: c.kept(p), AcceptLoss: c.AcceptLoss, AcceptUnsigned: c.AcceptUnsigned,
		Now: time.Now, Progress: logRows(p, "rows stored"),
	})
	if err != nil {
		return err
	}
	again, err := c.finish(p, db, owner, done, erased)
	if err != nil {
		return err
	}
	return c.tell(p, done, again, time.Since(start))
}

// finish erases again who was erased after the backup, records the restore, and lets the database be served from.
func (c restoreCommand) finish(p program, db, owner *mysql.DB, done *backup.Restored, erased []seal.Subject) (int, error) {
	s, err := restoredCore(p.ctx, db, c.Store, p.log)
	if err != nil {
		return 0, err
	}
	again := 0
	if len(erased) > 0 {
		eraser, err := s.eraser(p.ctx)
		if err != nil {
			return 0, err
		}
		if again, err = eraser.Replay(p.ctx, erased); err != nil {
			return 0, err
		}
	}
	return again, backup.Finish(p.ctx, owner, func(ctx context.Context, tx *mysql.Tx) error {
		if err := webhooks.TurnOff(ctx, tx); err != nil {
			return err
		}
		if err := keeping.ForgetUnsettled(ctx, tx, s.ledger); err != nil {
			return err
		}
		if err := keeping.Postpone(ctx, tx, time.Now()); err != nil {
			return err
		}
		if err := signin.DropLinks(ctx, tx); err != nil {
			return err
		}
		_, err := s.ledger.Append(ctx, tx, backup.RestoredDraft(done, again))
		return err
	}, nil)
}

func (c restoreCommand) tell(p program, done *backup.Restored, again int, took time.Duration) error {
	fmt.Fprintf(p.out, "The backup of %s is restored, and the ledger in it is intact: %d entries, %d rows, in %s.\n",
		done.CreatedAt.Format(time.RFC3339), done.Entries, done.Rows, took.Round(time.Millisecond))
	if !done.Signed {
		fmt.Fprintln(p.out, "WARNING: this backup is of an earlier keytrail and not signed. Whoever knew its recipients or passphrase could have made it: look through accounts and roles.")
	}
	fmt.Fprintln(p.out, "All webhooks are off: turn on those that shall be sent something by this keytrail.")
	fmt.Fprintln(p.out, "Policies and legal holds are those of the backup: set again what was set since, before the next night of retention deletes by them.")
	switch lost := done.Lost(); {
	case c.Checkpoint == "":
		fmt.Fprintln(p.out, "No checkpoint that was kept outside was given (--checkpoint), so nothing tells how much is missing since the backup.")
	case lost > 0:
		fmt.Fprintf(p.out, "%d entries are LOST: a checkpoint was kept of %d. Tell everybody who keeps checkpoints, and begin a new file of them: the lost ones will never be found again.\n", lost, done.KeptUpTo)
	default:
		fmt.Fprintf(p.out, "It reaches every checkpoint that was kept outside; the newest is of %d entries.\n", done.KeptUpTo)
	}
	if c.Erasures == "" {
		fmt.Fprintln(p.out, "No list of erasures was given (--erasures): whoever was erased since the backup is there again, and has to be erased again.")
	} else {
		fmt.Fprintf(p.out, "%d keys were destroyed again, and the master key was replaced when any was listed.\n", again)
	}
	return nil
}

// kept reads the checkpoints that were kept outside; nil when there are none.
func (c restoreCommand) kept(p program) func(ctx context.Context, verifier note.Verifier) (*verify.Kept, error) {
	if c.Checkpoint == "" {
		return nil
	}
	return func(ctx context.Context, verifier note.Verifier) (kept *verify.Kept, err error) {
		if strings.HasPrefix(c.Checkpoint, "https://") || strings.HasPrefix(c.Checkpoint, "http://") {
			kept, err = fetchKept(ctx, c.Checkpoint, verifier)
		} else {
			kept, err = readKept(c.Checkpoint, verifier, p.log)
		}
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, fault.Wrap(err, fault.BadInput, "There is no file %s of checkpoints.", c.Checkpoint)
		case err != nil:
			return nil, fault.Wrap(err, fault.Unavailable, "The checkpoints that were kept outside cannot be read: %v.", err)
		case len(kept.Checkpoints) == 0:
			return nil, fault.New(fault.BadInput, "%s holds no checkpoint that was signed with this log's key.", c.Checkpoint)
		case kept.Changed > 0:
			return nil, fault.New(fault.BadInput, "%s holds %d checkpoints that were changed after they were signed, so it may say less than it did: give an unchanged copy, or take them out.", c.Checkpoint, kept.Changed)
		}
		return kept, nil
	}
}

const (
	fetchTimeout = 5 * time.Minute
	maxFetched   = 256 << 20 // about two years of a checkpoint a minute
)

// fetchKept asks an address for checkpoints.
func fetchKept(ctx context.Context, address string, verifier note.Verifier) (*verify.Kept, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the address answered %s", response.Status)
	}
	return readWhole(response.Body, maxFetched, verifier)
}

// readWhole reads checkpoints up to the end: the newest stand there, and without them a log that is taken back looks whole.
func readWhole(from io.Reader, most int64, verifier note.Verifier) (*verify.Kept, error) {
	some := &io.LimitedReader{R: from, N: most + 1}
	kept, err := verify.ReadKept(some, verifier)
	if err == nil && some.N == 0 {
		return nil, fmt.Errorf("the address gives more than %d bytes: save what it gives, and name the file", most)
	}
	return kept, err
}
