package graph

import (
	"context"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
)

// reviewLoader fetches what reviewers said of entries.
func (r *Resolver) reviewLoader() *loader[uint64, *review.Review] {
	return newLoader(func(ctx context.Context, seqs []uint64) (map[uint64]*review.Review, error) {
		return r.Review.Of(ctx, request.Actor(ctx), seqs)
	})
}

// marked shows entries that the caller has just flagged or reviewed.
func (r *Resolver) marked(ctx context.Context, entries []ledger.Entry, err error) ([]logbook.LogEntry, error) {
	if err != nil {
		return nil, err
	}
	return r.Logbook.Shown(ctx, request.Actor(ctx), entries)
}
