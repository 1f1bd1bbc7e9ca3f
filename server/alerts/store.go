package alerts

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

const (
	selectAlert = "SELECT id, rule, severity, state, urgency, person, department, raised_at, last_at, evidence_count," +
		" changed_at, changed_by, resolved_seq, ending, key_id, key_group FROM alert"
	selectEvidence     = "SELECT seq FROM alert_evidence WHERE alert = ? ORDER BY seq"
	selectAllEvidence  = "SELECT alert, seq FROM alert_evidence WHERE alert IN (?) ORDER BY alert, seq"
	countAlerts        = "SELECT COUNT(*) FROM alert"
	updateAlertState   = "UPDATE alert SET state = ?, urgency = ?, changed_at = ?, changed_by = ? WHERE id = ?"
	updateAlertResolve = "UPDATE alert SET open_case = NULL, resolved_seq = ? WHERE id = ?"
)

type alertRow struct {
	ID            id.ID         `db:"id"`
	Rule          Rule          `db:"rule"`
	Severity      int           `db:"severity"`
	State         int           `db:"state"`
	Urgency       int           `db:"urgency"`
	Person        id.ID         `db:"person"`
	Department    id.ID         `db:"department"`
	RaisedAt      time.Time     `db:"raised_at"`
	LastAt        time.Time     `db:"last_at"`
	EvidenceCount int           `db:"evidence_count"`
	ChangedAt     sql.NullTime  `db:"changed_at"`
	ChangedBy     id.ID         `db:"changed_by"`
	ResolvedSeq   sql.NullInt64 `db:"resolved_seq"`
	Ending        *Ending       `db:"ending"`
	Key           id.ID         `db:"key_id"`
	Group         id.ID         `db:"key_group"`
}

func (r *alertRow) alert() (*Alert, error) {
	if r.Severity >= len(Severities()) || r.State >= len(States()) {
		return nil, fault.New(fault.Internal, "alert %s has a severity or state that this version does not know", r.ID)
	}
	a := &Alert{
		ID: r.ID, Rule: r.Rule, Severity: Severities()[r.Severity], State: States()[r.State], PersonID: r.Person,
		DepartmentID: r.Department, RaisedAt: r.RaisedAt, LastAt: r.LastAt, EvidenceCount: r.EvidenceCount,
		ChangedByID: r.ChangedBy, Evidence: []uint64{}, Ending: r.Ending, KeyID: r.Key, GroupID: r.Group,
	}
	if r.ChangedAt.Valid {
		a.ChangedAt = &r.ChangedAt.Time
	}
	return a, nil
}

// inScope is Alert.reaches in SQL.
func inScope(where *mysql.Where, scopes []access.Scope, actor *access.Actor) {
	if slices.Contains(scopes, access.All) {
		return
	}
	conditions, args := []string{"FALSE"}, []any{}
	for _, scope := range scopes {
		switch scope {
		case access.OfKeys:
			conditions, args = append(conditions, "rule IN (?)"), append(args, keyRules())
		case access.Department:
			conditions, args = append(conditions, "department = ? OR person IN (?)"), append(args, actor.Department, actor.Persons())
		case access.Own:
			conditions, args = append(conditions, "person IN (?)"), append(args, actor.Persons())
		}
	}
	where.And("("+strings.Join(conditions, " OR ")+")", args...)
}

// window adds the condition of the window's cursor, and gives ORDER BY and LIMIT: the most urgent first, and of those
// the newest.
func window(w page.Window, where *mysql.Where) (string, error) {
	further, older, order := ">", "<", " ORDER BY urgency, id DESC LIMIT ?"
	field := "after"
	if w.Backward {
		further, older, order, field = "<", ">", " ORDER BY urgency DESC, id LIMIT ?", "before"
	}
	if w.Cursor == "" {
		return order, nil
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return "", err
	}
	var last id.ID
	if len(payload) != 1+len(last) {
		return "", fault.Field(field, "this is not a cursor of this list: use one that a page gave")
	}
	copy(last[:], payload[1:])
	where.And("(urgency "+further+"= ? AND (urgency "+further+" ? OR id "+older+" ?))", payload[0], payload[0], last)
	return order, nil
}

func cursorOf(urgency int, alert id.ID) string {
	return page.Encode(append([]byte{byte(urgency)}, alert[:]...))
}

// complete makes alerts of rows, with their evidence and notes.
func (s *Service) complete(ctx context.Context, q mysql.Querier, rows []alertRow) ([]*Alert, error) {
	alerts := make([]*Alert, len(rows))
	byID := make(map[id.ID]*Alert, len(rows))
	ids := make([]id.ID, len(rows))
	for i := range rows {
		var err error
		if alerts[i], err = rows[i].alert(); err != nil {
			return nil, err
		}
		ids[i], byID[rows[i].ID] = rows[i].ID, alerts[i]
	}
	if len(rows) == 0 {
		return alerts, nil
	}
	if err := loadEvidence(ctx, q, ids, byID); err != nil {
		return nil, err
	}
	if err := s.loadRules(ctx, q, ids, byID); err != nil {
		return nil, err
	}
	return alerts, s.loadNotes(ctx, q, rows, byID)
}

func loadEvidence(ctx context.Context, q mysql.Querier, ids []id.ID, byID map[id.ID]*Alert) error {
	query, args, err := mysql.In(selectAllEvidence, ids)
	if err != nil {
		return err
	}
	var evidence []struct {
		Alert id.ID  `db:"alert"`
		Seq   uint64 `db:"seq"`
	}
	if err := q.Select(ctx, &evidence, query, args...); err != nil {
		return err
	}
	for _, e := range evidence {
		a := byID[e.Alert]
		a.Evidence = append(a.Evidence, e.Seq)
	}
	return nil
}

// damaged says of an alert that what was written about it cannot be read.
func (s *Service) damaged(a *Alert, err error) {
	a.Unreadable = true
	s.log.Warn("what was written about an alert is damaged and cannot be read", "alert", a.ID, "error", err)
}

// loadNotes opens what was written when alerts were resolved.
func (s *Service) loadNotes(ctx context.Context, q mysql.Querier, rows []alertRow, byID map[id.ID]*Alert) error {
	resolved := map[uint64]*Alert{}
	var seqs []uint64
	for i := range rows {
		if r := &rows[i]; r.ResolvedSeq.Valid {
			seqs = append(seqs, uint64(r.ResolvedSeq.Int64))
			resolved[uint64(r.ResolvedSeq.Int64)] = byID[r.ID]
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, q, seqs)
	if err != nil {
		return err
	}
	for i := range entries {
		note := ""
		err := s.open(ctx, &entries[i], fieldNote, &note)
		if isDamage(ctx, err) {
			s.damaged(resolved[entries[i].Seq], err)
			continue
		}
		if err != nil {
			return err
		}
		if note != "" {
			resolved[entries[i].Seq].Note = &note
		}
	}
	return nil
}
