package compliance

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const selectStates = "SELECT seq, entity_id, action FROM entry_index FORCE INDEX (entity_time)" +
	" WHERE entity_type = ? AND entity_id IN (?) AND action IN (?) AND seq > ? ORDER BY seq LIMIT ?"

// integrity reads how it was checked that the record is whole, and what alerts came to.
func (r *reading) integrity(ctx context.Context) (err error) {
	i := &r.report.Integrity
	i.Verifications = []Verification{}
	err = r.each(ctx, "integrity.verifications", func(e *ledger.Entry) error {
		i.Verifications = append(i.Verifications, verificationOf(e))
		return nil
	}, ledger.SystemVerified)
	if err != nil {
		return err
	}
	if i.Places, err = r.places(ctx); err != nil {
		return err
	}
	if i.Outages, err = r.events(ctx, "integrity.outages", ledger.SystemCheckpointNotKept); err != nil {
		return err
	}
	i.RuleChanges, err = r.events(ctx, "integrity.ruleChanges", ledger.AlertRuleCreated, ledger.AlertRuleChanged, ledger.AlertRuleMuted,
		ledger.AlertRuleUnmuted, ledger.AlertRuleRemoved)
	if err != nil {
		return err
	}
	return r.alerts(ctx)
}

func verificationOf(e *ledger.Entry) Verification {
	root, _ := e.Details["root"].(string)
	finished, said := e.Details["finished"].(bool)
	return Verification{
		Entry: e.Seq, At: e.OccurredAt, Outcome: string(e.Outcome), Finished: finished || !said, TreeSize: numberOf(e.Details["entries"]),
		Root: root, Findings: numberOf(e.Details["findings"]),
	}
}

func (r *reading) places(ctx context.Context) ([]Place, error) {
	sinks, err := r.Ledger.Sinks(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]Place, len(sinks))
	for i, s := range sinks {
		found[i] = Place{Place: s.Place, Size: s.Size, KeptAt: timeOrNil(s.KeptAt), FailingSince: timeOrNil(s.FailingSince), Error: s.Error}
	}
	return found, nil
}

func timeOrNil(at sql.NullTime) *time.Time {
	if !at.Valid {
		return nil
	}
	return &at.Time
}

// alerts reads the alerts that were raised, and what the entries say of them since.
func (r *reading) alerts(ctx context.Context) error {
	found := []Alert{}
	var entityType string
	err := r.each(ctx, "integrity.alerts", func(e *ledger.Entry) error {
		severity, _ := e.Details["severity"].(string)
		found = append(found, Alert{
			Entry: e.Seq, At: e.OccurredAt, ID: e.Entity.ID, Rule: e.Entity.Label, Severity: severity, Person: r.person(e.Person), State: Open,
		})
		entityType = e.Entity.Type
		return nil
	}, ledger.AlertRaised)
	if err != nil {
		return err
	}
	byID := make(map[string]*Alert, len(found))
	ids := make([]string, len(found))
	for i := range found {
		ids[i] = found[i].ID
		byID[ids[i]] = &found[i]
	}
	for some := range slices.Chunk(ids, pageSize) {
		if err := r.states(ctx, entityType, some, byID); err != nil {
			return err
		}
		if err := r.ruleNames(ctx, some, byID); err != nil {
			return err
		}
	}
	r.report.Integrity.Alerts = found
	return nil
}

// ruleNames says of alerts what admins called the rules that they were raised for.
func (r *reading) ruleNames(ctx context.Context, ids []string, byID map[string]*Alert) error {
	var known []id.ID
	for _, text := range ids {
		if one, err := id.Parse(text); err == nil && byID[text].Rule == string(alerts.Custom) {
			known = append(known, one)
		}
	}
	names, err := r.Alerts.RuleNames(ctx, r.q, known)
	if err != nil {
		return err
	}
	for one, name := range names {
		byID[one.String()].RuleName = name
	}
	return nil
}

// told is the entries that say how an alert stands: the one that resolved it, or else the last that acknowledged it and
// those since then that may say that it is open again.
type told struct {
	resolved, acknowledged uint64
	repeated               []uint64
}

// states says of alerts how they stand, by the entries in the order in which they were recorded: clocks may go back.
func (r *reading) states(ctx context.Context, entityType string, ids []string, byID map[string]*Alert) error {
	byAlert, err := r.toldOf(ctx, entityType, ids)
	if err != nil {
		return err
	}
	var places []place
	for _, alert := range ids {
		t := byAlert[alert]
		switch {
		case t == nil:
		case t.resolved > 0:
			places = append(places, place{Seq: t.resolved})
		case t.acknowledged > 0:
			byID[alert].State = Acknowledged
			for _, seq := range t.repeated {
				places = append(places, place{Seq: seq})
			}
		}
	}
	slices.SortFunc(places, place.compare)
	return r.visit(ctx, places, func(e *ledger.Entry) error {
		alert := byID[e.Entity.ID]
		if e.Action == ledger.AlertRepeated {
			if e.Details["reopened"] == true {
				alert.State = Open
			}
			return nil
		}
		note, err := r.reason(ctx, e)
		cause, _ := e.Details["ending"].(string)
		alert.State, alert.Ended = Resolved, &Ended{Entry: e.Seq, At: e.OccurredAt, By: r.by(e), Cause: cause, Note: note}
		return err
	})
}

// toldOf finds, page by page, the entries that say how alerts stand.
func (r *reading) toldOf(ctx context.Context, entityType string, ids []string) (map[string]*told, error) {
	byAlert := make(map[string]*told, len(ids))
	actions := []string{ledger.AlertAcknowledged, ledger.AlertRepeated, ledger.AlertResolved}
	for last := uint64(0); ; {
		query, args, err := mysql.In(selectStates, entityType, ids, actions, last, pageSize)
		if err != nil {
			return nil, err
		}
		var rows []struct {
			Seq    uint64 `db:"seq"`
			Alert  string `db:"entity_id"`
			Action string `db:"action"`
		}
		if err := r.q.Select(ctx, &rows, query, args...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			if byAlert[row.Alert] == nil {
				byAlert[row.Alert] = &told{}
			}
			byAlert[row.Alert].add(row.Action, row.Seq)
			last = row.Seq
		}
		if len(rows) < pageSize {
			return byAlert, nil
		}
	}
}

func (t *told) add(action string, seq uint64) {
	switch action {
	case ledger.AlertResolved:
		t.resolved = seq
	case ledger.AlertAcknowledged:
		t.acknowledged, t.repeated = seq, nil
	case ledger.AlertRepeated:
		if t.acknowledged > 0 { // an alert that nobody has acknowledged is open anyway
			t.repeated = append(t.repeated, seq)
		}
	}
}
