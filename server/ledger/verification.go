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
	insertVerification = "INSERT INTO verification (id, night, started_at, held_until, finished_at, entries, root, findings, ok) VALUES (?, ?, ?, ?, NULL, 0, '', 0, 0)"
	// A time that no honest process would write, however far its clock is off, holds nothing.
	takeVerification = "UPDATE verification SET id = ?, started_at = ?, held_until = ? WHERE night = ? AND finished_at IS NULL" +
		" AND (held_until IS NULL OR held_until < ? OR held_until > ?)"
	heldVerification   = "SELECT COUNT(*) FROM verification WHERE night = ? AND finished_at IS NULL"
	holdVerification   = "UPDATE verification SET held_until = ? WHERE id = ?"
	finishVerification = "UPDATE verification SET finished_at = ?, entries = ?, root = ?, findings = ?, ok = ? WHERE id = ?"
	lastVerification   = "SELECT id, started_at, finished_at, entries, root, findings, ok FROM verification" +
		" WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1"
)

// VerificationLease is how long a night is a process's own unless it asks for longer.
const VerificationLease = 15 * time.Minute

// BeginVerification writes down that a verification begins. A nightly one names the date of its night: then free is
// false when another process verifies, or verified, that night. A night that another began and let go of is taken over.
func (l *Ledger) BeginVerification(ctx context.Context, night string) (v *Verification, free bool, err error) {
	v = &Verification{ID: id.New(), StartedAt: l.now().UTC().Truncate(time.Microsecond)}
	_, err = l.db.Exec(ctx, insertVerification, v.ID, sql.NullString{String: night, Valid: night != ""}, v.StartedAt, v.StartedAt.Add(VerificationLease))
	if mysql.IsDuplicate(err) {
		return l.takeVerification(ctx, v, night)
	}
	return v, err == nil, err
}

// ResumeVerification takes over a night that was begun, and that nobody finished and holds. held reports that
// somebody holds it.
func (l *Ledger) ResumeVerification(ctx context.Context, night string) (v *Verification, held bool, err error) {
	v, free, err := l.takeVerification(ctx, &Verification{ID: id.New(), StartedAt: l.now().UTC().Truncate(time.Microsecond)}, night)
	if err != nil || free {
		return v, false, err
	}
	var unfinished int
	err = l.db.Get(ctx, &unfinished, heldVerification, night)
	return nil, unfinished > 0, err
}

func (l *Ledger) takeVerification(ctx context.Context, v *Verification, night string) (*Verification, bool, error) {
	until := v.StartedAt.Add(VerificationLease)
	done, err := l.db.Exec(ctx, takeVerification, v.ID, v.StartedAt, until, night, v.StartedAt, until.Add(VerificationLease))
	if err != nil {
		return nil, false, err
	}
	taken, err := done.RowsAffected()
	if err != nil || taken == 0 {
		return nil, false, err
	}
	return v, true, nil
}

// HoldVerification keeps others from taking v over for the time of another lease.
func (l *Ledger) HoldVerification(ctx context.Context, v *Verification) error {
	_, err := l.db.Exec(ctx, holdVerification, l.now().UTC().Add(VerificationLease), v.ID)
	return err
}

// ReleaseVerification lets go of v, which could not be finished, so that it can be taken over. Unless it is merely put
// off, an entry says so.
func (l *Ledger) ReleaseVerification(ctx context.Context, v *Verification, putOff bool) error {
	_, err := l.db.Exec(ctx, holdVerification, nil, v.ID)
	if putOff {
		return err
	}
	return errors.Join(err, l.recordVerification(ctx, Failure, map[string]any{"finished": false, "startedAt": v.StartedAt}))
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
	return errors.Join(rowErr, l.recordVerification(ctx, outcome, map[string]any{
		"entries": v.Entries, "root": hex.EncodeToString(v.Root), "findings": v.Findings,
		"startedAt": v.StartedAt, "finishedAt": v.FinishedAt,
	}))
}

func (l *Ledger) recordVerification(ctx context.Context, outcome Outcome, details map[string]any) error {
	return l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := l.Append(ctx, tx, Draft{
			Stream: StreamSystem, System: true, Action: SystemVerified, Outcome: outcome, Details: details,
		})
		return err
	})
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
