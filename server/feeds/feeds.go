// Package feeds holds what every live feed has in common: who its reader is by now, and how it ends.
package feeds

import (
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

// Recheck asks anew who the actor of a feed is, and whether he still may follow. changed says that an entry told
// of a change to him: the answer must not be older than that entry. Its error ends the feed.
type Recheck func(ctx context.Context, changed bool) (*access.Actor, error)

// Begin gives a follower that begins now, and who the feed's actor is once it stands: what changed about him earlier
// has changed him, and what changes later the follower tells.
func Begin(ctx context.Context, l *ledger.Ledger, recheck Recheck) (*ledger.Follower, *access.Actor, error) {
	follower, err := l.FollowFromNow(ctx)
	if err != nil {
		return nil, nil, err
	}
	actor, err := recheck(ctx, true)
	if err != nil {
		return nil, nil, err
	}
	return follower, actor, nil
}

// ChangesAccess reports whether an entry may have changed what somebody is allowed.
func ChangesAccess(e *ledger.Entry) bool {
	return strings.HasPrefix(e.Action, "access.") && e.Action != ledger.AccessDenied
}

// ChangeAccess reports whether one of the entries may have changed what a signed-in actor is allowed, or have ended
// his session.
func ChangeAccess(entries []ledger.Entry) bool {
	return slices.ContainsFunc(entries, func(e ledger.Entry) bool {
		return ChangesAccess(&e) || e.Action == ledger.AuthSessionRevoked
	})
}

// UnlessLeft gives no error for a feed that ends because its reader has left.
func UnlessLeft(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
