package alerts

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	lockCase    = selectAlert + " WHERE open_case = ? FOR UPDATE"
	insertAlert = "INSERT INTO alert (id, rule, open_case, severity, state, urgency, person, department, raised_at, last_at, evidence_count, key_id, key_group)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	insertEvidence = "INSERT INTO alert_evidence (alert, seq) VALUES (?, ?) ON DUPLICATE KEY UPDATE seq = VALUES(seq)"
	joinAlert      = "UPDATE alert SET evidence_count = ?, last_at = GREATEST(last_at, ?) WHERE id = ?"
	reopenAlert    = "UPDATE alert SET state = ?, urgency = ?, changed_at = ?, changed_by = NULL WHERE id = ?"

	// reopensAfter is how long whoever acknowledged an alert is left alone with what happens again. After that it is open
	// again, so that nobody is told more often than somebody says that he takes care of it.
	reopensAfter = time.Hour
)

// EntityAlert is the type of what entries about alerts are about.
const EntityAlert = "alert"

// detailReopened is true in what is recorded of an alert that was opened again (ledger.AlertRepeated).
const detailReopened = "reopened"

// raise makes an alert of a finding, or has it join the one that its case has, which opens one again that was acknowledged
// a while ago. It gives the entries that say so: an alert that names as much evidence as it may goes on counting without an
// entry for each.
func (s *Service) raise(ctx context.Context, tx *mysql.Tx, f *finding, now time.Time) (id.ID, []ledger.Draft, error) {
	open, err := s.seal.BlindIndex(ctx, "alert_case", string(f.rule)+"|"+f.subject)
	if err != nil {
		return id.ID{}, nil, err
	}
	var row alertRow
	switch err := tx.Get(ctx, &row, lockCase, open); {
	case errors.Is(err, sql.ErrNoRows):
		return insert(ctx, tx, f, open, now)
	case err != nil:
		return id.ID{}, nil, err
	}
	drafts, err := join(ctx, tx, &row, f, now)
	return row.ID, drafts, err
}

func insert(ctx context.Context, tx *mysql.Tx, f *finding, open []byte, now time.Time) (id.ID, []ledger.Draft, error) {
	alert, severity := id.New(), f.urgency()
	kept := f.evidence[:min(len(f.evidence), MaxEvidence)]
	_, err := tx.Exec(ctx, insertAlert, alert, f.rule, open, codeOf(Severities(), severity), codeOf(States(), Open),
		urgency(Open, severity), f.person, f.department, now, f.at, len(f.evidence)+f.uncounted, f.key, f.group)
	if err != nil {
		return id.ID{}, nil, err
	}
	draft := f.draft(ledger.AlertRaised, alert, kept)
	draft.Details = map[string]any{"rule": string(f.rule), "severity": string(severity)}
	maps.Copy(draft.Details, f.details)
	return alert, []ledger.Draft{draft}, storeEvidence(ctx, tx, alert, kept)
}

// join adds what the alert does not rest on yet. A finding that rests on no entry, as silence does, is a new one each time.
func join(ctx context.Context, tx *mysql.Tx, row *alertRow, f *finding, now time.Time) ([]ledger.Draft, error) {
	var known []uint64
	if err := tx.Select(ctx, &known, selectEvidence, row.ID); err != nil {
		return nil, err
	}
	var added []uint64
	for _, seq := range f.evidence {
		if len(known) < MaxEvidence && !slices.Contains(known, seq) || len(known) > 0 && seq > known[len(known)-1] {
			added = append(added, seq)
		}
	}
	if len(known) >= MaxEvidence {
		added = added[max(0, len(added)-1):] // of those that were not kept, only the newest is new for certain
	}
	if _, err := tx.Exec(ctx, joinAlert, row.EvidenceCount+len(added), f.at, row.ID); err != nil {
		return nil, err
	}
	bare := len(f.evidence) == 0
	reopened := false
	if bare || len(added) > 0 {
		var err error
		if reopened, err = reopen(ctx, tx, row, f, now); err != nil {
			return nil, err
		}
	}
	kept := added[:min(len(added), MaxEvidence-min(len(known), MaxEvidence))]
	if len(kept) == 0 && !bare && !reopened {
		return nil, nil
	}
	draft := f.draft(ledger.AlertRepeated, row.ID, kept)
	draft.Details = map[string]any{"rule": string(f.rule), "evidence": row.EvidenceCount + len(added)}
	if reopened {
		draft.Details[detailReopened] = true
	}
	return []ledger.Draft{draft}, storeEvidence(ctx, tx, row.ID, kept)
}

// reopen opens an alert again that was acknowledged reopensAfter ago, and reports whether it did. What happened before it was
// acknowledged, and is found only now, opens nothing.
func reopen(ctx context.Context, tx *mysql.Tx, row *alertRow, f *finding, now time.Time) (bool, error) {
	if States()[row.State] != Acknowledged {
		return false, nil
	}
	if changed := row.ChangedAt; changed.Valid {
		known := len(f.evidence) > 0 && !f.lasts && !f.at.After(changed.Time)
		if known || now.Sub(changed.Time) < reopensAfter {
			return false, nil
		}
	}
	_, err := tx.Exec(ctx, reopenAlert, codeOf(States(), Open), urgency(Open, Severities()[row.Severity]), now, row.ID)
	return err == nil, err
}

func storeEvidence(ctx context.Context, tx *mysql.Tx, alert id.ID, seqs []uint64) error {
	for _, seq := range seqs {
		if _, err := tx.Exec(ctx, insertEvidence, alert, seq); err != nil {
			return err
		}
	}
	return nil
}

func (f *finding) draft(action string, alert id.ID, evidence []uint64) ledger.Draft {
	d := ledger.Draft{
		Stream: ledger.StreamSystem, System: true, Action: action, Person: f.person, Department: f.department,
		Entity: entityOf(alert, f.rule),
	}
	for _, seq := range slices.Sorted(slices.Values(evidence)) {
		d.Refs = append(d.Refs, ledger.Ref{Role: "evidence", Type: "entry", ID: strconv.FormatUint(seq, 10)})
	}
	if !f.key.IsZero() {
		d.Refs = append(d.Refs, ledger.Ref{Role: "key", Type: custody.EntityKey, ID: f.key.String()})
	}
	if !f.group.IsZero() {
		d.Refs = append(d.Refs, ledger.Ref{Role: custody.RefGroup, Type: custody.EntityGroup, ID: f.group.String()})
	}
	return d
}

func entityOf(alert id.ID, rule Rule) ledger.Entity {
	return ledger.Entity{Type: EntityAlert, ID: alert.String(), Label: string(rule)}
}

// erasure is the finding of a request to erase a person. It names nobody, so that only whoever sees all alerts is told.
func erasure(e *ledger.Entry) *finding {
	f := found(ErasureAsked, e, e.Entity.ID)
	f.person, f.department = id.ID{}, id.ID{}
	return f
}

// backedUp is the finding of a backup that failed, nil for one that was made. Whatever fails until somebody has resolved
// the alert is one case.
func backedUp(e *ledger.Entry) *finding {
	if e.Outcome != ledger.Failure {
		return nil
	}
	return found(BackupFailed, e, "backup")
}
