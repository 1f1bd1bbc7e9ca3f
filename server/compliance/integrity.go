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

const selectEndings = "SELECT seq, occurred_at FROM entry_index FORCE INDEX (entity_time)" +
	" WHERE entity_type = ? AND entity_id IN (?) AND action IN (?) LIMIT ?"

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
		if err := r.endings(ctx, entityType, some, byID); err != nil {
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

// endings says of alerts how they ended. Each is taken care of once and resolved once.
func (r *reading) endings(ctx context.Context, entityType string, ids []string, byID map[string]*Alert) error {
	query, args, err := mysql.In(selectEndings, entityType, ids, []string{ledger.AlertAcknowledged, ledger.AlertResolved}, 4*pageSize)
	if err != nil {
		return err
	}
	var places []place
	if err := r.q.Select(ctx, &places, query, args...); err != nil {
		return err
	}
	slices.SortFunc(places, place.compare)
	return r.visit(ctx, places, func(e *ledger.Entry) error {
		alert := byID[e.Entity.ID]
		if alert == nil {
			return nil
		}
		if e.Action == ledger.AlertAcknowledged {
			alert.State = Acknowledged
			return nil
		}
		note, err := r.reason(ctx, e)
		cause, _ := e.Details["ending"].(string)
		alert.State, alert.Ended = Resolved, &Ended{Entry: e.Seq, At: e.OccurredAt, By: r.by(e), Cause: cause, Note: note}
		return err
	})
}
