package logbook

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Sieve is a filter for entries that retention took out of the log, for one actor. It lets through what a list would have
// given him, and shows it as the list would. It is good for one search: who may see what is not asked again.
type Sieve struct {
	query *query
	mask  mask
}

// SieveArchived makes a sieve for entries of all streams, and records that the actor looks. What he may not see at all is
// left out. FORBIDDEN when nothing is left of what he asks for, BAD_USER_INPUT for a filter that makes no sense or asks for
// what reviewers said, which is not archived, and what viewed says when it cannot be recorded.
func (s *Service) SieveArchived(ctx context.Context, actor *access.Actor, f Filter) (*Sieve, error) {
	spans, err := s.spans(ctx, actor, slices.Concat(timelineStream().parts, systemStream().parts), f)
	if err != nil {
		return nil, err
	}
	if f.Review != "" {
		return nil, fault.Field("review", "what reviewers said is not archived: leave review out")
	}
	q, err := s.newQuery(ctx, actor, spans, f)
	if err != nil {
		return nil, err
	}
	if err := s.viewed(ctx, actor, viewing{view: viewArchived, filter: f.words(), purpose: f.Purpose}); err != nil {
		return nil, err
	}
	return &Sieve{query: q, mask: s.maskFor(actor)}, nil
}

// Streams are those of which anything can be let through.
func (v *Sieve) Streams() []ledger.Stream {
	streams := make([]ledger.Stream, len(v.query.spans))
	for i, one := range v.query.spans {
		streams[i] = one.stream
	}
	return streams
}

// Admits reports whether an entry is let through.
func (v *Sieve) Admits(ctx context.Context, e *ledger.Entry) (bool, error) {
	if !v.query.takesIn(e) || !v.query.matches(e) {
		return false, nil
	}
	return v.query.admitsIP(ctx, v.mask, e)
}

// Show gives an entry that was let through as the actor sees it.
func (v *Sieve) Show(ctx context.Context, e *ledger.Entry) (LogEntry, error) {
	return v.mask.any(ctx, e)
}
