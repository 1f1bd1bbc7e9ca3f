package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

func accountConnection(p page.Page[*signin.Account]) *model.AccountConnection {
	return &model.AccountConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *signin.Account) *model.AccountEdge {
		return &model.AccountEdge{Cursor: cursor, Node: node}
	})}
}

func sessionConnection(p page.Page[*signin.Session]) *model.SessionConnection {
	return &model.SessionConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *signin.Session) *model.SessionEdge {
		return &model.SessionEdge{Cursor: cursor, Node: node}
	})}
}

func (r *Resolver) resetPassword(ctx context.Context, account id.ID) (*model.ResetPasswordPayload, error) {
	changed, link, err := r.Signin.ResetByLink(ctx, request.Actor(ctx), account)
	if err != nil {
		return nil, err
	}
	return &model.ResetPasswordPayload{Account: changed, SetupLink: link}, nil
}

func (r *Resolver) setRoles(ctx context.Context, input model.SetRolesInput) (*model.SetRolesPayload, error) {
	actor := request.Actor(ctx)
	if err := r.Signin.SetRoles(ctx, actor, input.Person, input.Roles); err != nil {
		return nil, err
	}
	now, err := r.Signin.AccessOf(ctx, actor, input.Person)
	return &model.SetRolesPayload{Access: now}, err
}

// accountRoles gives the roles of an account's person to its owner and to whoever manages access.
func (r *Resolver) accountRoles(ctx context.Context, account *signin.Account) []string {
	actor := request.Actor(ctx)
	if actor != nil && actor.Account == account.ID || r.Access.ScopeOf(actor, access.AccessManage) != access.None {
		return r.Access.Roles(account.Person)
	}
	return []string{}
}
