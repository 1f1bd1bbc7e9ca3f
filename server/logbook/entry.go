package logbook

import (
	"context"
	"strconv"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Entry gives the entry with a number. nil when there is none that the actor may see: whether it lies beyond the end,
// was pruned, belongs to another stream or is out of his scope cannot be told apart.
func (s *Service) Entry(ctx context.Context, actor *access.Actor, seq uint64) (LogEntry, error) {
	if actor == nil {
		return nil, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	found, err := s.ledger.ReadSeqs(ctx, s.db, []uint64{seq})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	e := &found[0]
	if err := s.ledger.AwaitDurable(ctx, seq+1); err != nil {
		return nil, err
	}
	switch e.Stream {
	case ledger.StreamKey:
		return entryOf(ctx, s, actor, keyStream(), e)
	case ledger.StreamActivity:
		return entryOf(ctx, s, actor, activityStream(), e)
	case ledger.StreamAuth:
		return entryOf(ctx, s, actor, authStream(), e)
	case ledger.StreamSystem:
		return entryOf(ctx, s, actor, systemStream(), e)
	}
	return nil, nil // no stream that can be shown yet
}

func entryOf[V LogEntry](ctx context.Context, s *Service, actor *access.Actor, st stream[V], e *ledger.Entry) (LogEntry, error) {
	scope := s.access.ScopeOf(actor, st.permission)
	if scope == access.None || !reaches(scope, actor, e) {
		return nil, nil
	}
	shown := 1
	look := viewing{view: viewEntry, filter: map[string]any{"seq": strconv.FormatUint(e.Seq, 10)}, shown: &shown}
	if err := s.viewed(ctx, actor, look); err != nil {
		return nil, err
	}
	return st.view(s.maskFor(actor), ctx, e)
}
