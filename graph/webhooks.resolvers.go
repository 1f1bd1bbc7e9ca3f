package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/webhooks"
)

func (r *mutationResolver) SaveWebhook(ctx context.Context, input webhooks.SaveInput) (*webhooks.Saved, error) {
	return r.Webhooks.Save(ctx, request.Actor(ctx), input)
}

func (r *mutationResolver) RemoveWebhook(ctx context.Context, input model.RemoveWebhookInput) (*model.RemoveWebhookPayload, error) {
	return &model.RemoveWebhookPayload{ID: input.Webhook}, r.Webhooks.Remove(ctx, request.Actor(ctx), input.Webhook)
}

func (r *mutationResolver) RotateWebhookSecret(ctx context.Context, input model.RotateWebhookSecretInput) (*webhooks.Saved, error) {
	return r.Webhooks.Rotate(ctx, request.Actor(ctx), input.Webhook)
}

func (r *mutationResolver) ReplayWebhook(ctx context.Context, input webhooks.ReplayInput) (*model.ReplayWebhookPayload, error) {
	hook, err := r.Webhooks.Replay(ctx, request.Actor(ctx), input)
	return &model.ReplayWebhookPayload{Webhook: hook}, err
}

func (r *mutationResolver) ResendDelivery(ctx context.Context, input model.ResendDeliveryInput) (*model.ResendDeliveryPayload, error) {
	hook, err := r.Webhooks.Resend(ctx, request.Actor(ctx), input.Webhook, input.Sequence)
	return &model.ResendDeliveryPayload{Webhook: hook}, err
}

func (r *mutationResolver) TestWebhook(ctx context.Context, input model.TestWebhookInput) (*model.TestWebhookPayload, error) {
	answer, err := r.Webhooks.Test(ctx, request.Actor(ctx), input.Webhook)
	return testWebhookPayload(answer), err
}

func (r *queryResolver) Webhooks(ctx context.Context) ([]*webhooks.Webhook, error) {
	return r.Resolver.Webhooks.List(ctx, request.Actor(ctx))
}

func (r *queryResolver) WebhookDeliveries(ctx context.Context, webhook id.ID, states []webhooks.DeliveryState, first *int, after *string, last *int, before *string) (*model.WebhookDeliveryConnection, error) {
	found, err := r.Resolver.Webhooks.Deliveries(ctx, request.Actor(ctx), webhook, states, pageRequest(first, after, last, before))
	return webhookDeliveryConnection(found), err
}

func (r *webhookResolver) ChangedBy(ctx context.Context, obj *webhooks.Webhook) (*people.Person, error) {
	return r.someone(ctx, obj.ChangedByID), nil
}

func (r *Resolver) Webhook() generated.WebhookResolver { return &webhookResolver{r} }

type webhookResolver struct{ *Resolver }
