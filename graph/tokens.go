package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/tokens"
)

// maxRecordingBody is the largest request of a program that may record events, which travel in variables, in bytes.
const maxRecordingBody = 4 << 20

// maxImportBody is the largest request of whoever may import keys or people, whose files travel in variables, in bytes.
const maxImportBody = 2 << 20

// maxBody is how large a request may be for who asks. People, who call from a browser, need no batches, but may have files.
func (r *Resolver) maxBody(ctx context.Context) int64 {
	actor := request.Actor(ctx)
	switch {
	case actor == nil:
		return wire.MaxBody
	case actor.Token.IsZero():
		if r.Access.ScopeOf(actor, access.KeysManage) != access.None || r.Access.ScopeOf(actor, access.PeopleManage) != access.None {
			return maxImportBody
		}
		return wire.MaxBody
	}
	for _, p := range []access.Permission{access.ActivityRecord, access.AuthRecord, access.WorkReport} {
		if r.Access.ScopeOf(actor, p) != access.None {
			return maxRecordingBody
		}
	}
	return wire.MaxBody
}

// authorise lets the program ask on a socket that a token stands for. A session that the socket was opened with
// does not count from then on.
func (r *Resolver) authorise(ctx context.Context, token string) (context.Context, error) {
	info := request.From(ctx)
	actor, err := r.Tokens.Authenticate(ctx, token, info.Origin)
	info.Actor = actor
	return request.With(ctx, info), err
}

// viewer gives who is signed in; a token is nobody who could be shown.
func viewer(ctx context.Context) *access.Actor {
	if actor := request.Actor(ctx); actor != nil && actor.Token.IsZero() {
		return actor
	}
	return nil
}

func apiTokenConnection(p page.Page[*tokens.Token]) *model.APITokenConnection {
	return &model.APITokenConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *tokens.Token) *model.APITokenEdge {
		return &model.APITokenEdge{Cursor: cursor, Node: node}
	})}
}
