package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
)

// loaders are made anew for each answer, and for each event of a feed.
type loaders struct {
	keys      *loader[id.ID, *custody.Key]
	openLoans *loader[id.ID, *custody.Loan]
	groups    *loader[id.ID, []*custody.KeyGroup]
	bookings  *bookingLoaders
	held      *loader[id.ID, []*custody.Loan]
	groupName *loader[id.ID, string]
	reviews   *loader[uint64, *review.Review]
	proofs    *loader[uint64, *ledger.InclusionProof]
	histories *loader[logbook.HistoryRequest, logbook.History]
	*movementLoaders
}

type loadersKey struct{}

func (r *Resolver) loadFresh(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	return next(context.WithValue(ctx, loadersKey{}, &loaders{
		keys: newLoader(func(ctx context.Context, keys []id.ID) (map[id.ID]*custody.Key, error) {
			return r.Custody.KeysByID(ctx, request.Actor(ctx), keys)
		}),
		openLoans: newLoader(func(ctx context.Context, keys []id.ID) (map[id.ID]*custody.Loan, error) {
			return r.Custody.LoansOpenByKey(ctx, request.Actor(ctx), keys)
		}),
		groups: newLoader(func(ctx context.Context, keys []id.ID) (map[id.ID][]*custody.KeyGroup, error) {
			return r.Custody.GroupsByKey(ctx, request.Actor(ctx), keys)
		}),
		bookings: r.bookingLoaders(),
		held: newLoader(func(ctx context.Context, persons []id.ID) (map[id.ID][]*custody.Loan, error) {
			return r.Custody.OpenLoansOf(ctx, request.Actor(ctx), persons)
		}),
		groupName: newLoader(func(ctx context.Context, groups []id.ID) (map[id.ID]string, error) {
			return r.Custody.GroupNames(ctx, request.Actor(ctx), groups)
		}),
		reviews: r.reviewLoader(),
		proofs:  newLoader(r.proveAll),
		histories: newLoader(func(ctx context.Context, asked []logbook.HistoryRequest) (map[logbook.HistoryRequest]logbook.History, error) {
			return r.Logbook.KeyHistories(ctx, request.Actor(ctx), asked)
		}),
		movementLoaders: r.movementLoaders(),
	}))
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

func recovered(value any) error { return wire.Recovered(value) }

// proveAll proves entries under one checkpoint, which covers all of them.
func (r *Resolver) proveAll(ctx context.Context, seqs []uint64) (map[uint64]*ledger.InclusionProof, error) {
	checkpoint, err := r.Ledger.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	proofs := make(map[uint64]*ledger.InclusionProof, len(seqs))
	for _, seq := range seqs {
		if proofs[seq], err = r.Ledger.ProveInclusion(ctx, seq, checkpoint.Size); err != nil {
			return nil, err
		}
	}
	return proofs, nil
}

// keyOf gives the key that an entry is about; nil for an entry about something else.
func (r *Resolver) keyOf(ctx context.Context, key id.ID) (*custody.Key, error) {
	if key.IsZero() {
		return nil, nil
	}
	return loadersOf(ctx).keys.load(ctx, key)
}

// groupNameOf gives a group's name; nil for none, and for one that the caller may not see.
func (r *Resolver) groupNameOf(ctx context.Context, group id.ID) (*string, error) {
	if group.IsZero() {
		return nil, nil
	}
	name, err := loadersOf(ctx).groupName.load(ctx, group)
	if err != nil || name == "" {
		return nil, err
	}
	return &name, nil
}

// historyOf gives entries of a key. Those of a list's keys are read, and recorded as viewed, together.
func historyOf(ctx context.Context, key id.ID, first *int, after *string) (page.Page[*logbook.KeyEntry], error) {
	asked := logbook.HistoryRequest{Key: key, First: page.DefaultSize, After: value(after)}
	if first != nil {
		asked.First = *first
	}
	found, err := loadersOf(ctx).histories.load(ctx, asked)
	if err == nil {
		err = found.Err
	}
	return found.Page, err
}
