package alerts

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	selectMutes = "SELECT rule, version, muted_since, muted_until, muted_by, mute_subject, mute_sealed, muted_count FROM alert_mute"
	makeMute    = "INSERT INTO alert_mute (rule, version, muted_count) VALUES (?, 0, 0) ON DUPLICATE KEY UPDATE version = version"
	lockOneMute = selectMutes + " WHERE rule = ? FOR UPDATE"
	updateMute  = "UPDATE alert_mute SET version = ?, muted_since = ?, muted_until = ?, muted_by = ?, mute_subject = ?, mute_sealed = ?," +
		" muted_count = ? WHERE rule = ?"

	// What occurred during a mute stays silent also when it is found behind its end, as after a server was away; what occurred
	// before it is raised also when it is found during it.
	countSilenced = "UPDATE alert_mute SET muted_count = muted_count + 1 WHERE rule = ? AND muted_since <= ? AND muted_until > ?"
	// What goes on is raised behind the end, whenever it began.
	countHeldBack = "UPDATE alert_mute SET muted_count = muted_count + 1 WHERE rule = ? AND muted_until > ?"
	selectIsMuted = "SELECT 1 FROM alert_mute WHERE rule = ? AND muted_until > ?"

	// countAnew has what an earlier mute held back, and goes on, count for the one that begins.
	countAnew = "DELETE FROM alert_watch WHERE rule = ? AND alert IS NULL"

	heldBack       = " FROM alert_watch w LEFT JOIN alert_mute m ON m.rule = w.rule AND m.muted_until > ? WHERE w.alert IS NULL AND m.rule IS NULL"
	selectHeldBack = "SELECT 1" + heldBack + " LIMIT 1"
	deleteHeldBack = "DELETE w" + heldBack
)

type muteRow struct {
	Rule        Rule       `db:"rule"`
	Version     int        `db:"version"`
	MutedSince  *time.Time `db:"muted_since"`
	MutedUntil  *time.Time `db:"muted_until"`
	MutedBy     id.ID      `db:"muted_by"`
	MuteSubject *string    `db:"mute_subject"`
	MuteSealed  []byte     `db:"mute_sealed"`
	MutedCount  int        `db:"muted_count"`
}

func (row *muteRow) isMuted(now time.Time) bool {
	return row.MutedUntil != nil && now.Before(*row.MutedUntil)
}

// boundToBuiltIn is what the reason of a rule's mute is sealed to.
func boundToBuiltIn(rule Rule) []byte { return []byte(textMute + "\x00" + string(rule)) }

// lockMute locks a rule's row, and makes it where there is none.
func lockMute(ctx context.Context, tx *mysql.Tx, rule Rule) (*muteRow, error) {
	if _, err := tx.Exec(ctx, makeMute, rule); err != nil {
		return nil, err
	}
	var row muteRow
	return &row, tx.Get(ctx, &row, lockOneMute, rule)
}

func (row *muteRow) store(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, updateMute, row.Version, row.MutedSince, row.MutedUntil, row.MutedBy, row.MuteSubject, row.MuteSealed, row.MutedCount, row.Rule)
	return err
}

// builtIn makes a rule of its row. A reason that went with whoever wrote it, or is damaged, is none.
func (s *Service) builtIn(ctx context.Context, q mysql.Querier, row *muteRow) (*BuiltIn, error) {
	one := &BuiltIn{Rule: row.Rule, KeptOn: row.Rule.keptOn(), Version: row.Version, MutedCount: row.MutedCount}
	if !row.isMuted(s.moment()) {
		return one, nil
	}
	one.MutedUntil, one.MutedByID = row.MutedUntil, row.MutedBy
	if row.MuteSubject == nil {
		return one, nil
	}
	plain, err := s.seal.Unseal(ctx, q, seal.Subject(*row.MuteSubject), boundToBuiltIn(row.Rule), row.MuteSealed)
	switch {
	case errors.Is(err, seal.ErrDestroyed):
		return one, nil
	case isDamage(ctx, err):
		s.log.Warn("why an alert rule is muted is damaged and cannot be read", "rule", row.Rule, "error", err)
		return one, nil
	case err != nil:
		return nil, err
	}
	reason := string(plain)
	one.MuteReason = &reason
	return one, nil
}

// silenced reports whether something is not raised, since its rule was muted when it occurred, and counts it.
func silenced(ctx context.Context, tx *mysql.Tx, f *finding) (bool, error) {
	return counted(tx.Exec(ctx, countSilenced, f.rule, f.at, f.at))
}

// heldBackAt reports whether something that goes on is not raised at now, since its rule is muted, and counts it.
func heldBackAt(ctx context.Context, tx *mysql.Tx, rule Rule, now time.Time) (bool, error) {
	return counted(tx.Exec(ctx, countHeldBack, rule, now))
}

func counted(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// isMuted reports whether a rule is muted at now.
func isMuted(ctx context.Context, q mysql.Querier, rule Rule, now time.Time) (bool, error) {
	var one int
	err := q.Get(ctx, &one, selectIsMuted, rule, now)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// letGo forgets what was found while a rule was muted that is not any more, so that what of it still holds is raised.
func (c *Clock) letGo(ctx context.Context, now time.Time) error {
	var one int
	err := c.alerts.db.Get(ctx, &one, selectHeldBack, now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.inTurn(ctx, now, func(ctx context.Context, tx *mysql.Tx, _ *outcome) error {
		_, err := tx.Exec(ctx, deleteHeldBack, now)
		return err
	})
}
