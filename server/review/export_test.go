package review

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

// CloseOver has entries reviewed as closing a day does, which read them before and found them unmarked.
func (s *Service) CloseOver(ctx context.Context, actor *access.Actor, entries []ledger.Entry) (int, error) {
	m := marking{action: ledger.LogReviewed, role: ledger.RefReviews, code: ledger.StateReviewed, said: said{Verdict: Expected}, first: true}
	return s.store(ctx, actor, entries, &m)
}
