package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *deadLetterResolver) Person(ctx context.Context, obj *mail.Dead) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *queryResolver) Outbox(ctx context.Context) (*mail.Status, error) {
	return r.Mail.Status(ctx, request.Actor(ctx))
}

func (r *queryResolver) DeadLetters(ctx context.Context, first *int, after *string, last *int, before *string) (*model.DeadLetterConnection, error) {
	found, err := r.Mail.DeadLetters(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return deadLetterConnection(found), err
}

func (r *Resolver) DeadLetter() generated.DeadLetterResolver { return &deadLetterResolver{r} }

type deadLetterResolver struct{ *Resolver }
