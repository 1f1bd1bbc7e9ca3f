package compliance

import (
	"context"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// keeping reads how entries were kept and deleted.
func (r *reading) keeping(ctx context.Context) (err error) {
	k := &r.report.Keeping
	if k.Runs, err = r.runs(ctx); err != nil {
		return err
	}
	if k.Erasures, err = r.erasures(ctx); err != nil {
		return err
	}
	for _, one := range []struct {
		to      *[]Event
		list    string
		actions []string
	}{
		{&k.Policies, "keeping.policies", []string{ledger.LogRetentionSet}},
		{&k.Pruned, "keeping.pruned", []string{ledger.LogPruned}},
		{&k.Holds, "keeping.holds", []string{ledger.PrivacyHoldPlaced, ledger.PrivacyHoldReleased}},
		{&k.Restores, "keeping.restores", []string{ledger.SystemRestored, ledger.LogRestored}},
		{&k.Backups, "keeping.backups", []string{ledger.SystemBackedUp}},
	} {
		if *one.to, err = r.events(ctx, one.list, one.actions...); err != nil {
			return err
		}
	}
	return nil
}

// runs reads deletions, and what is known of them besides their entries.
func (r *reading) runs(ctx context.Context) ([]Run, error) {
	runs, ids := []Run{}, []id.ID{}
	err := r.each(ctx, "keeping.runs", func(e *ledger.Entry) error {
		one := Run{
			Entry: e.Seq, At: e.OccurredAt, Outcome: string(e.Outcome), By: r.by(e), Run: e.Ref("run"), CutOff: timeOf(e.Details["asOf"]),
			Entries: numberOf(e.Details["entries"]), Archives: []string{},
		}
		if one.Streams, _ = e.Details["streams"].(map[string]any); one.Streams == nil {
			one.Streams = map[string]any{}
		}
		if run, err := id.Parse(one.Run); err == nil {
			ids = append(ids, run)
		}
		runs = append(runs, one)
		return nil
	}, ledger.LogRetentionRun)
	if err != nil {
		return nil, err
	}
	known, cut, err := r.Keeping.ParticularsOf(ctx, r.q, ids, maxArchives)
	if err != nil {
		return nil, err
	}
	if cut {
		r.cut("keeping.runs.archives")
	}
	for i := range runs {
		run, _ := id.Parse(runs[i].Run)
		if more := known[run]; more != nil {
			runs[i].Problem, runs[i].Why = more.Problem.String(), more.Problem
			for _, archive := range more.Archives {
				runs[i].Archives = append(runs[i].Archives, archive.String())
			}
		}
	}
	return runs, nil
}

func (r *reading) erasures(ctx context.Context) ([]Erasure, error) {
	found := []Erasure{}
	err := r.each(ctx, "keeping.erasures", func(e *ledger.Entry) error {
		found = append(found, Erasure{Entry: e.Seq, At: e.OccurredAt, Action: e.Action, Request: e.Entity.ID, Person: e.Person.String()})
		return nil
	}, ledger.PrivacyErasureAsked, ledger.PrivacyErasureRefused, ledger.PrivacyErasureApproved, ledger.PrivacyErasureCompleted)
	return found, err
}

// timeOf reads a time from an entry's details, nil where there is none.
func timeOf(value any) *time.Time {
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	at = at.UTC()
	return &at
}

// numberOf reads a count from an entry's details, 0 where there is none.
func numberOf(value any) uint64 {
	switch n := value.(type) {
	case json.Number:
		count, err := n.Int64()
		if err == nil && count > 0 {
			return uint64(count)
		}
	case float64:
		if n > 0 {
			return uint64(n)
		}
	case int64:
		if n > 0 {
			return uint64(n)
		}
	}
	return 0
}
