package logbook

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/ledger"
)

// Correction is what is held to be true of a movement since it was corrected.
type Correction struct {
	// OccurredAt is when it happened, PreviousOccurredAt when it was said to have happened before.
	OccurredAt         time.Time
	PreviousOccurredAt time.Time
	// Void says that it did not happen at all.
	Void bool
}

// correctionOf reads what a correction says, nil for another entry.
func correctionOf(e *ledger.Entry) *Correction {
	said, ok := e.Details[custody.DetailCorrection].(map[string]any)
	if !ok || e.Action != ledger.KeyCorrected {
		return nil
	}
	c := &Correction{Void: said["void"] == true}
	if at := timeOf(said["occurredAt"]); at != nil {
		c.OccurredAt = *at
	}
	if at := timeOf(said["previousOccurredAt"]); at != nil {
		c.PreviousOccurredAt = *at
	}
	return c
}

// timeOf reads a time as details hold it, nil for anything else.
func timeOf(detail any) *time.Time {
	text, _ := detail.(string)
	at, err := time.Parse(ledger.TimeFormat, text)
	if err != nil {
		return nil
	}
	return &at
}

// CorrectionsOf gives the entries that correct movements, oldest first, as far as the actor's scope reaches, for joins:
// he has seen the movements. At most custody.MaxCorrections correct one.
func (s *Service) CorrectionsOf(ctx context.Context, actor *access.Actor, seqs []uint64) (map[uint64][]*KeyEntry, error) {
	referring, err := s.ledger.Referring(ctx, s.db, custody.RefCorrects, seqs)
	if err != nil || len(referring) == 0 {
		return nil, err
	}
	var all []uint64
	for _, some := range referring {
		all = append(all, some...)
	}
	seen, err := s.KeyEntriesAt(ctx, actor, all)
	if err != nil {
		return nil, err
	}
	corrections := make(map[uint64][]*KeyEntry, len(referring))
	for seq, some := range referring {
		for _, one := range some {
			if e := seen[one]; e != nil {
				corrections[seq] = append(corrections[seq], e)
			}
		}
	}
	return corrections, nil
}

// KeyEntriesAt gives entries of the key stream by their places, as far as the actor's scope reaches, for joins.
func (s *Service) KeyEntriesAt(ctx context.Context, actor *access.Actor, seqs []uint64) (map[uint64]*KeyEntry, error) {
	scope := s.access.ScopeOf(actor, access.LogsKeysView)
	if scope == access.None || len(seqs) == 0 {
		return nil, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	found := make(map[uint64]*KeyEntry, len(entries))
	m := s.maskFor(actor)
	var end uint64
	for i := range entries {
		e := &entries[i]
		if e.Stream != ledger.StreamKey || !reaches(scope, actor, e) {
			continue
		}
		if found[e.Seq], err = m.key(ctx, e); err != nil {
			return nil, err
		}
		end = max(end, e.Seq+1)
	}
	return found, s.ledger.AwaitDurable(ctx, end)
}
