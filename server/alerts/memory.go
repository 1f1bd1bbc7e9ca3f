package alerts

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectPosition = "SELECT next_seq FROM alert_reader WHERE id = 1"
	updatePosition = "UPDATE alert_reader SET next_seq = ? WHERE id = 1"

	noteFailure = "INSERT INTO alert_failure (address, username, seq, failed_at) VALUES (?, ?, ?, ?)" +
		" ON DUPLICATE KEY UPDATE seq = VALUES(seq), failed_at = VALUES(failed_at)"
	failuresFrom   = "SELECT seq FROM alert_failure WHERE address = ? AND failed_at > ? ORDER BY failed_at DESC, seq DESC LIMIT ?"
	forgetFailures = "DELETE FROM alert_failure WHERE failed_at < ? LIMIT 1000"

	selectPlace  = "SELECT seen_at FROM alert_place WHERE account = ? AND place = ?"
	anyPlace     = "SELECT 1 FROM alert_place WHERE account = ? LIMIT 1"
	notePlace    = "INSERT INTO alert_place (account, place, seen_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE seen_at = GREATEST(seen_at, VALUES(seen_at))"
	oldestKept   = "SELECT seen_at FROM alert_place WHERE account = ? ORDER BY seen_at DESC LIMIT 1 OFFSET ?"
	forgetPlaces = "DELETE FROM alert_place WHERE account = ? AND seen_at <= ?"
)

// position is the first entry that the rules have not seen.
func (s *Service) position(ctx context.Context) (next uint64, err error) {
	return next, s.db.Get(ctx, &next, selectPosition)
}

func lockPosition(ctx context.Context, tx *mysql.Tx) (next uint64, err error) {
	return next, tx.Get(ctx, &next, selectPosition+" FOR UPDATE")
}

func savePosition(ctx context.Context, tx *mysql.Tx, next uint64) error {
	_, err := tx.Exec(ctx, updatePosition, next)
	return err
}

// failing notes a failed sign-in, and finds a case when many names failed from its address lately.
func failing(ctx context.Context, tx *mysql.Tx, f fact) (*finding, error) {
	if f.address == nil || f.username == nil {
		return nil, nil
	}
	at := f.entry.OccurredAt
	if _, err := tx.Exec(ctx, forgetFailures, at.Add(-2*failingWindow)); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, noteFailure, f.address, f.username, f.entry.Seq, at); err != nil {
		return nil, err
	}
	var seqs []uint64
	if err := tx.Select(ctx, &seqs, failuresFrom, f.address, at.Add(-failingWindow), MaxEvidence); err != nil || len(seqs) < manyNames {
		return nil, err
	}
	slices.Sort(seqs)
	return &finding{rule: SignInsFailing, subject: hex.EncodeToString(f.address), at: at, evidence: seqs}, nil
}

// newPlace notes from where somebody signed in, and finds a case when he has not for a long time. The very first
// sign-in of an account is from nowhere new.
func newPlace(ctx context.Context, tx *mysql.Tx, f fact) (*finding, error) {
	if f.place == nil || f.account.IsZero() {
		return nil, nil
	}
	isNew, err := isNewPlace(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, notePlace, f.account, f.place, f.entry.OccurredAt); err != nil {
		return nil, err
	}
	if err := dropOldPlaces(ctx, tx, f); err != nil || !isNew {
		return nil, err
	}
	return found(NewPlace, f.entry, f.account.String()+"|"+hex.EncodeToString(f.place)), nil
}

func isNewPlace(ctx context.Context, tx *mysql.Tx, f fact) (bool, error) {
	var seen time.Time
	err := tx.Get(ctx, &seen, selectPlace, f.account, f.place)
	if err == nil {
		return f.entry.OccurredAt.Sub(seen) > newAfter, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	var one int
	err = tx.Get(ctx, &one, anyPlace, f.account)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// dropOldPlaces keeps the places that were seen last.
func dropOldPlaces(ctx context.Context, tx *mysql.Tx, f fact) error {
	var oldest time.Time
	err := tx.Get(ctx, &oldest, oldestKept, f.account, placesKept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.Exec(ctx, forgetPlaces, f.account, oldest)
	}
	return err
}
