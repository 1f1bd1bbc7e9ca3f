package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Verification is how a verification of the whole ledger ended.
type Verification struct {
	ID         id.ID     `db:"id"`
	StartedAt  time.Time `db:"started_at"`
	FinishedAt time.Time `db:"finished_at"`
	// Entries is how many were verified, and Root the root of the tree that they make.
	Entries uint64 `db:"entries"`
	Root    []byte `db:"root"`
	// Findings is how many things were not as they must be; OK that none was.
	Findings int  `db:"findings"`
	OK       bool `db:"ok"`
}

const (
	insertVerification = "INSERT INTO verification (id, night, started_at, finished_at, entries, root, findings, ok) VALUES (?, ?, ?, NULL, 0, '', 0, 0)"
	finishVerification = "UPDATE verification SET finished_at = ?, entries = ?, root = ?, findings = ?, ok = ? WHERE id = ?"
	lastVerification   = "SELECT id, started_at, finished_at, entries, root, findings, ok FROM verification" +
		" WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1"
)

// BeginVerification writes down that a verification begins. A nightly one names the date of its night: then free is
// false when another process verifies, or verified, that night.
func (l *Ledger) BeginVerification(ctx context.Context, night string) (v *Verification, free bool, err error) {
	v = &Verification{ID: id.New(), StartedAt: l.now().UTC().Truncate(time.Microsecond)}
	_, err = l.db.Exec(ctx, insertVerification, v.ID, sql.NullString{String: night, Valid: night != ""}, v.StartedAt)
	if mysql.IsDuplicate(err) {
		return nil, false, nil
	}
	return v, err == nil, err
}

// FinishVerification writes down how v ended, and records it. The entry may be refused where the ledger is damaged;
// the row is written in any case.
func (l *Ledger) FinishVerification(ctx context.Context, v *Verification) error {
	v.FinishedAt = l.now().UTC().Truncate(time.Microsecond)
	_, rowErr := l.db.Exec(ctx, finishVerification, v.FinishedAt, v.Entries, v.Root, v.Findings, v.OK, v.ID)
	outcome := Success
	if !v.OK {
		outcome = Failure
	}
	return errors.Join(rowErr, l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := l.Append(ctx, tx, Draft{
			Stream: StreamSystem, System: true, Action: SystemVerified, Outcome: outcome,
			Details: map[string]any{
				"entries": v.Entries, "root": hex.EncodeToString(v.Root), "findings": v.Findings,
				"startedAt": v.StartedAt, "finishedAt": v.FinishedAt,
			},
		})
		return err
	}))
}

// LastVerification gives the verification that ended last, nil when none did.
func (l *Ledger) LastVerification(ctx context.Context) (*Verification, error) {
	var v Verification
	err := l.db.Get(ctx, &v, lastVerification)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &v, err
}
