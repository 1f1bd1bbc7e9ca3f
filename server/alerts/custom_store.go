package alerts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	selectRule = "SELECT id, subject, sealed, definition, enabled, version, defined_seq, defined_at, next_seq, created_at, changed_at, changed_by," +
		" muted_until, mute_subject, mute_sealed, muted_count, silent_since, last_alert_at, problem FROM alert_rule"
	selectRules   = selectRule + " WHERE removed_at IS NULL ORDER BY id LIMIT ?"
	selectOneRule = selectRule + " WHERE id = ? AND removed_at IS NULL"
	lockRules     = "SELECT id FROM alert_rule WHERE removed_at IS NULL FOR UPDATE"
	insertRule    = "INSERT INTO alert_rule (id, subject, sealed, definition, enabled, version, defined_seq, defined_at, next_seq, created_at," +
		" changed_at, changed_by, muted_count, problem) VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, 0, '')"
	updateRule   = "UPDATE alert_rule SET subject = ?, sealed = ?, definition = ?, version = ?, changed_at = ?, changed_by = ? WHERE id = ?"
	redefineRule = "UPDATE alert_rule SET subject = ?, sealed = ?, definition = ?, enabled = ?, version = ?, defined_at = ?, changed_at = ?," +
		" changed_by = ?, silent_since = NULL, problem = '' WHERE id = ?"
	placeRule = "UPDATE alert_rule SET defined_seq = ?, next_seq = ? WHERE id = ?"
	// A silence that was told before a mute is so behind it, too: then it counts as one since the mute's end. The sets are
	// made from left to right, so that these see the mute before.
	muteRule   = "UPDATE alert_rule SET silent_since = IF(silent_since >= COALESCE(muted_until, silent_since), ?, silent_since), mute_subject = ?, mute_sealed = ?, muted_until = ?, muted_count = ? WHERE id = ?"
	unmuteRule = "UPDATE alert_rule SET silent_since = IF(silent_since >= COALESCE(muted_until, silent_since), silent_since, NULL)," +
		" mute_subject = NULL, mute_sealed = NULL, muted_until = NULL WHERE id = ?"
	removeRule  = "UPDATE alert_rule SET removed_at = ?, changed_at = ?, changed_by = ? WHERE id = ?"
	judgedRule  = "UPDATE alert_rule SET next_seq = ?, last_alert = ?, last_alert_at = ?, problem = ? WHERE id = ?"
	countMuted  = "UPDATE alert_rule SET next_seq = ?, muted_count = muted_count + ?, problem = ? WHERE id = ?"
	tellProblem = "UPDATE alert_rule SET problem = ? WHERE id = ? AND defined_seq = ?"
	setSilent   = "UPDATE alert_rule SET silent_since = ? WHERE id = ?"

	insertOfRule  = "INSERT INTO alert_of_rule (alert, rule) VALUES (?, ?) ON DUPLICATE KEY UPDATE rule = VALUES(rule)"
	selectOfRules = "SELECT o.alert, r.id, r.subject, r.sealed FROM alert_of_rule o JOIN alert_rule r ON r.id = o.rule WHERE o.alert IN (?)"

	// maxProblem is how much is kept of why a rule doesn't work, in bytes.
	maxProblem = 2000
)

type ruleRow struct {
	ID          id.ID        `db:"id"`
	Subject     seal.Subject `db:"subject"`
	Sealed      []byte       `db:"sealed"`
	Definition  []byte       `db:"definition"`
	Enabled     bool         `db:"enabled"`
	Version     int          `db:"version"`
	DefinedSeq  uint64       `db:"defined_seq"`
	DefinedAt   time.Time    `db:"defined_at"`
	NextSeq     uint64       `db:"next_seq"`
	CreatedAt   time.Time    `db:"created_at"`
	ChangedAt   time.Time    `db:"changed_at"`
	ChangedBy   id.ID        `db:"changed_by"`
	MutedUntil  *time.Time   `db:"muted_until"`
	MuteSubject *string      `db:"mute_subject"`
	MuteSealed  []byte       `db:"mute_sealed"`
	MutedCount  int          `db:"muted_count"`
	SilentSince *time.Time   `db:"silent_since"`
	LastAlertAt *time.Time   `db:"last_alert_at"`
	Problem     string       `db:"problem"`
}

// The texts of a rule that are sealed, each under whoever wrote it.
const (
	textName = "alert_rule"
	textMute = "alert_rule_mute"
)

func boundToRule(text string, rule id.ID) []byte { return []byte(text + "\x00" + rule.String()) }

// ruleSubject is under whose key an author's words are sealed.
func ruleSubject(author id.ID, at time.Time) seal.Subject {
	if author.IsZero() {
		return seal.Source("alert_rules", at)
	}
	return seal.Person(author)
}

func (r *CustomRules) readPage(ctx context.Context, w page.Window) ([]ruleRow, error) {
	where := &mysql.Where{}
	where.And("removed_at IS NULL")
	further, order, field := ">", " ORDER BY id LIMIT ?", "after"
	if w.Backward {
		further, order, field = "<", " ORDER BY id DESC LIMIT ?", "before"
	}
	if w.Cursor != "" {
		last, err := page.Decode(field, w.Cursor)
		if err != nil {
			return nil, err
		}
		if len(last) != len(id.ID{}) {
			return nil, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
		}
		where.And("id "+further+" ?", last)
	}
	var rows []ruleRow
	return rows, r.alerts.db.Select(ctx, &rows, selectRule+where.SQL()+order, where.Args(w.Limit+1)...)
}

// findRule gives a rule and its row. NOT_FOUND when there is none.
func (r *CustomRules) findRule(ctx context.Context, q mysql.Querier, query string, rule id.ID) (*CustomRule, error) {
	var row ruleRow
	err := q.Get(ctx, &row, query, rule)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such alert rule.")
	}
	if err != nil {
		return nil, err
	}
	return r.open(ctx, q, &row)
}

// open makes a rule of its row. One that cannot be read is given with that as its problem: it must not hide the others.
func (r *CustomRules) open(ctx context.Context, q mysql.Querier, row *ruleRow) (*CustomRule, error) {
	c := &CustomRule{
		ID: row.ID, Enabled: row.Enabled, Version: row.Version, CreatedAt: row.CreatedAt, ChangedAt: row.ChangedAt, ChangedByID: row.ChangedBy,
		MutedUntil: row.MutedUntil, MutedCount: row.MutedCount, LastAlertAt: row.LastAlertAt, Problem: fault.Recall(row.Problem),
		definedSeq: row.DefinedSeq, definedAt: row.DefinedAt, subject: row.Subject, sealed: row.Sealed,
	}
	if c.MutedUntil != nil && !r.alerts.now().Before(*c.MutedUntil) {
		c.MutedUntil = nil
	}
	if err := row.rule(&c.Rule); err != nil {
		c.Problem = unreadable()
	}
	var err error
	c.Name, err = r.alerts.openText(ctx, q, textName, row.ID, row.Subject, row.Sealed)
	if err == nil && c.MutedUntil != nil && row.MuteSubject != nil {
		c.MuteReason, err = r.alerts.openText(ctx, q, textMute, row.ID, seal.Subject(*row.MuteSubject), row.MuteSealed)
	}
	if isDamage(ctx, err) {
		c.Problem = fault.Say("What was written about this rule is damaged and cannot be read: write it anew.")
		return c, nil
	}
	return c, err
}

func unreadable() fault.Text {
	return fault.Say("The rule cannot be read by this version of keytrail: save it anew, or run the newer version.")
}

// rule reads what the row's rule looks for, and refuses what would not be let in today.
func (row *ruleRow) rule(r *rules.Rule) error {
	var read rules.Rule
	if err := json.Unmarshal(row.Definition, &read); err != nil {
		return err
	}
	if err := read.Validate(); err != nil {
		return err
	}
	*r = read
	return nil
}

// isDamage reports whether an error of unsealing says that what is stored cannot be read, now or later.
func isDamage(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !fault.Is(err, fault.Unavailable) && !mysql.IsRetryable(err)
}

// openText opens a sealed text of a rule: nil where it went with whoever wrote it.
func (s *Service) openText(ctx context.Context, q mysql.Querier, text string, rule id.ID, subject seal.Subject, sealed []byte) (*string, error) {
	plain, err := s.seal.Unseal(ctx, q, subject, boundToRule(text, rule), sealed)
	if errors.Is(err, seal.ErrDestroyed) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	is := string(plain)
	return &is, nil
}

func (r *CustomRules) sealText(ctx context.Context, q mysql.Querier, text string, rule id.ID, words string, author id.ID, at time.Time) (seal.Subject, []byte, error) {
	subject := ruleSubject(author, at)
	sealed, err := r.alerts.seal.Seal(ctx, q, subject, boundToRule(text, rule), []byte(words))
	return subject, sealed, err
}

// loadRules names the rules that alerts were raised for.
func (s *Service) loadRules(ctx context.Context, q mysql.Querier, ids []id.ID, byID map[id.ID]*Alert) error {
	var custom []id.ID
	for _, one := range ids {
		if byID[one].Rule == Custom {
			custom = append(custom, one)
		}
	}
	if len(custom) == 0 {
		return nil
	}
	rows, err := rulesOfAlerts(ctx, q, custom)
	if err != nil {
		return err
	}
	for _, row := range rows {
		a := byID[row.Alert]
		a.CustomRuleID = row.ID
		a.CustomRuleName, err = s.openText(ctx, q, textName, row.ID, row.Subject, row.Sealed)
		if isDamage(ctx, err) {
			s.damaged(a, err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ruleOfAlert is the rule that an alert was raised for.
type ruleOfAlert struct {
	Alert   id.ID        `db:"alert"`
	ID      id.ID        `db:"id"`
	Subject seal.Subject `db:"subject"`
	Sealed  []byte       `db:"sealed"`
}

func rulesOfAlerts(ctx context.Context, q mysql.Querier, alerts []id.ID) ([]ruleOfAlert, error) {
	query, args, err := mysql.In(selectOfRules, alerts)
	if err != nil {
		return nil, err
	}
	var rows []ruleOfAlert
	return rows, q.Select(ctx, &rows, query, args...)
}

// RuleNames gives what admins called the rules that alerts were raised for, as q sees them. An alert of another rule, or
// of one whose name went with whoever wrote it, has none. The caller has asked for a right.
func (s *Service) RuleNames(ctx context.Context, q mysql.Querier, alerts []id.ID) (map[id.ID]string, error) {
	names := map[id.ID]string{}
	if len(alerts) == 0 {
		return names, nil
	}
	rows, err := rulesOfAlerts(ctx, q, alerts)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name, err := s.openText(ctx, q, textName, row.ID, row.Subject, row.Sealed)
		if err != nil {
			return nil, err
		}
		if name != nil {
			names[row.Alert] = *name
		}
	}
	return names, nil
}
