package keeping

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
)

// The states of an archive: 1 being written, 2 written and read again, 3 an entry names it, and 0 being thrown away. What is
// in state 0 never leaves it, so that no entry comes to name an archive whose objects may be gone.
const (
	selectUnsettled = "SELECT id FROM archive WHERE state < 3 ORDER BY state, from_seq, id LIMIT 100"
	lockArchive     = "SELECT id, state, to_seq, manifest FROM archive WHERE id = ? FOR UPDATE"
	lockWritten     = "SELECT 1 FROM archive WHERE id = ? AND state = 2 FOR UPDATE"
	beginDrop       = "UPDATE archive SET state = 0 WHERE id = ? AND state < 3"
	endDrop         = "DELETE FROM archive WHERE id = ? AND state = 0"
	forgetArchive   = "DELETE FROM archive WHERE id = ? AND state < 3"
	settleArchive   = "UPDATE archive SET state = 3, pruned_by = ? WHERE id = ?"
)

type unsettled struct {
	ID       id.ID  `db:"id"`
	State    int    `db:"state"`
	To       uint64 `db:"to_seq"`
	Manifest []byte `db:"manifest"`
}

// settled notes which entry names an archive, and reports whether one does.
func (u *unsettled) settled(ctx context.Context, tx *mysql.Tx, l *ledger.Ledger) (bool, error) {
	if u.State != 2 {
		return u.State == 3, nil
	}
	var manifest ledger.Hash
	copy(manifest[:], u.Manifest)
	by, err := l.PruningsOf(ctx, tx, manifest, u.To)
	if err != nil || len(by) == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, settleArchive, by[0], u.ID)
	return true, err
}

// settleArchives settles what a kill left: an archive that no entry names is thrown away, and of the others it is noted
// which entry that is. The turn has to be this server's.
func (s *Service) settleArchives(ctx context.Context) error {
	var all []id.ID
	if err := s.db.Select(ctx, &all, selectUnsettled); err != nil {
		return err
	}
	for _, one := range all {
		if err := s.dropArchive(ctx, one); err != nil && !errors.Is(err, objectstore.ErrKept) { // that is in the log
			return err
		}
	}
	return nil
}

// dropArchive throws an archive away whose entries stay, and leaves one that an entry names. ErrKept when the store does not
// let go of all of it: that stays there, and no entry names it. When ctx has ended, whoever comes next does it.
func (s *Service) dropArchive(ctx context.Context, one id.ID) error {
	if ctx.Err() != nil {
		return nil
	}
	if drop, err := s.beginDrop(ctx, one); err != nil || !drop {
		return err
	}
	s.reached("archive going")
	kept := s.deleteObjects(ctx, one)
	if kept != nil && !errors.Is(kept, objectstore.ErrKept) {
		return kept
	}
	_, err := s.db.Exec(ctx, endDrop, one)
	return errors.Join(kept, err)
}

// beginDrop marks an archive as one that goes, unless an entry names it. Nobody records one meanwhile: that takes the turn.
func (s *Service) beginDrop(ctx context.Context, one id.ID) (drop bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.moment()); err != nil {
			return err
		}
		var u unsettled
		if err := tx.Get(ctx, &u, lockArchive, one); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			return err
		}
		named, err := u.settled(ctx, tx, s.ledger)
		if err != nil || named {
			return err
		}
		drop = true
		_, err = tx.Exec(ctx, beginDrop, one)
		return err
	})
	return drop && err == nil, err
}

// deleteObjects deletes what an archive consists of. ErrKept when the store lets all but some of it go.
func (s *Service) deleteObjects(ctx context.Context, one id.ID) error {
	var kept error
	for _, name := range []string{archiveName(one), manifestName(one)} {
		err := s.config.Archives.Delete(ctx, name)
		if errors.Is(err, objectstore.ErrKept) {
			s.log.Warn("an archive that is not needed may not be deleted where it lies; no entry names it, and it stays", "object", name, "error", err)
			kept = err
		} else if err != nil {
			return undeletable(err)
		}
	}
	return kept
}

func undeletable(err error) error {
	of, isStore := objectstore.As(err)
	if !isStore || of.Reason.IsZero() {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "An archive that was cut off cannot be thrown away, so nothing is deleted. %s", of.Reason)
}

// requireWritten makes sure, in the transaction that records what is to go, that the archive is there until it ends.
func requireWritten(ctx context.Context, tx *mysql.Tx, one id.ID) error {
	var there int
	err := tx.Get(ctx, &there, lockWritten, one)
	if errors.Is(err, sql.ErrNoRows) { // another server had the turn meanwhile and has thrown it away
		return errNotMine
	}
	return err
}

// ForgetUnsettled is for a database that was restored from a backup, before it is served from: it forgets archives that no
// entry names and deletes none of their objects, since where the backup was made entries may have come to name them.
func ForgetUnsettled(ctx context.Context, tx *mysql.Tx, l *ledger.Ledger) error {
	for {
		var all []id.ID
		if err := tx.Select(ctx, &all, selectUnsettled); err != nil || len(all) == 0 {
			return err
		}
		for _, one := range all {
			var u unsettled
			if err := tx.Get(ctx, &u, lockArchive, one); err != nil {
				return err
			}
			if named, err := u.settled(ctx, tx, l); err != nil {
				return err
			} else if named {
				continue
			}
			if _, err := tx.Exec(ctx, forgetArchive, one); err != nil {
				return err
			}
		}
	}
}
