package signin

import (
	"context"
	"sync/atomic"

	"github.com/keytrail/keytrail/server/id"
)

// remembered is what was read of a session when it was loaded, until it is asked who has it.
type remembered struct{ row atomic.Pointer[actorRow] }

type rememberedKey struct{}

// Remembering gives a context of one request. When a session is loaded in it, the next ActorOf goes by what was read then, so
// that one statement does for both; each further one reads anew.
func Remembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, rememberedKey{}, &remembered{})
}

func remember(ctx context.Context, row *actorRow) {
	if r, ok := ctx.Value(rememberedKey{}).(*remembered); ok {
		r.row.Store(row)
	}
}

// recall takes what is remembered of a session, nil for nothing.
func recall(ctx context.Context, session id.ID) *actorRow {
	r, ok := ctx.Value(rememberedKey{}).(*remembered)
	if !ok {
		return nil
	}
	if row := r.row.Swap(nil); row != nil && row.Session == session {
		return row
	}
	return nil
}
