package logbook

import (
	"context"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/workhours"
)

// work gives an entry of the work stream as the actor sees it.
func (m mask) work(ctx context.Context, e *ledger.Entry) (*WorkEntry, error) {
	v := &WorkEntry{PersonID: e.Person, Working: e.Action == ledger.WorkWorking, Unverified: e.Details[workhours.DetailAssurance] == workhours.Unverified}
	var err error
	if v.Entry, err = m.entry(ctx, e); err != nil {
		return nil, err
	}
	if seconds, ok := e.Details[workhours.DetailInterval].(float64); ok {
		every := int(seconds)
		v.IntervalSeconds = &every
	}
	if e.Action == ledger.WorkCorrected {
		v.Working, _ = e.Details[workhours.DetailWorking].(bool)
		v.CorrectedFrom, v.CorrectedTo = timeOf(e.Details[workhours.DetailFrom]), timeOf(e.Details[workhours.DetailTo])
	}
	if !reaches(m.personal, m.actor, e) {
		return v, nil
	}
	for _, part := range []struct {
		field string
		into  **string
	}{{ledger.FieldUsername, &v.User}, {workhours.FieldWorkstation, &v.Workstation}, {workhours.FieldReason, &v.Reason}} {
		if *part.into, err = unseal[string](ctx, m.ledger, e, part.field); err != nil {
			return nil, err
		}
	}
	return v, nil
}
