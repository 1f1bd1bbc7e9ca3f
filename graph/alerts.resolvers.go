package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

func (r *alertResolver) Person(ctx context.Context, obj *alerts.Alert) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *alertResolver) ChangedBy(ctx context.Context, obj *alerts.Alert) (*people.Person, error) {
	return r.someone(ctx, obj.ChangedByID), nil
}

func (r *alertResolver) Key(ctx context.Context, obj *alerts.Alert) (*custody.Key, error) {
	return r.keyOf(ctx, obj.KeyID)
}

func (r *alertResolver) GroupName(ctx context.Context, obj *alerts.Alert) (*string, error) {
	return r.groupNameOf(ctx, obj.GroupID)
}

func (r *builtInAlertRuleResolver) KeptOn(ctx context.Context, obj *alerts.BuiltIn) (*string, error) {
	return optional(obj.KeptOn.In(fault.Language(ctx))), nil
}

func (r *builtInAlertRuleResolver) MutedBy(ctx context.Context, obj *alerts.BuiltIn) (*people.Person, error) {
	return r.someone(ctx, obj.MutedByID), nil
}

func (r *customAlertRuleResolver) Problem(ctx context.Context, obj *alerts.CustomRule) (*string, error) {
	return optional(obj.Problem.In(fault.Language(ctx))), nil
}

func (r *customAlertRuleResolver) ChangedBy(ctx context.Context, obj *alerts.CustomRule) (*people.Person, error) {
	return r.someone(ctx, obj.ChangedByID), nil
}

func (r *mutationResolver) AcknowledgeAlert(ctx context.Context, input model.AcknowledgeAlertInput) (*model.AcknowledgeAlertPayload, error) {
	alert, err := r.Alerts.Acknowledge(ctx, request.Actor(ctx), input.Alert)
	return &model.AcknowledgeAlertPayload{Alert: alert}, err
}

func (r *mutationResolver) ResolveAlert(ctx context.Context, input model.ResolveAlertInput) (*model.ResolveAlertPayload, error) {
	alert, err := r.Alerts.Resolve(ctx, request.Actor(ctx), input.Alert, input.Note)
	return &model.ResolveAlertPayload{Alert: alert}, err
}

func (r *mutationResolver) SaveAlertRule(ctx context.Context, input alerts.SaveRuleInput) (*model.SaveAlertRulePayload, error) {
	rule, err := r.AlertRules.Save(ctx, request.Actor(ctx), input)
	return &model.SaveAlertRulePayload{Rule: rule}, err
}

func (r *mutationResolver) MuteAlertRule(ctx context.Context, input alerts.MuteRuleInput) (*model.MuteAlertRulePayload, error) {
	rule, err := r.AlertRules.Mute(ctx, request.Actor(ctx), input)
	return &model.MuteAlertRulePayload{Rule: rule}, err
}

func (r *mutationResolver) MuteBuiltInAlertRule(ctx context.Context, input alerts.MuteBuiltInInput) (*model.MuteBuiltInAlertRulePayload, error) {
	rule, err := r.Alerts.MuteBuiltIn(ctx, request.Actor(ctx), input)
	return &model.MuteBuiltInAlertRulePayload{Rule: rule}, err
}

func (r *mutationResolver) DeleteAlertRule(ctx context.Context, input model.DeleteAlertRuleInput) (*model.DeleteAlertRulePayload, error) {
	_, err := r.AlertRules.Remove(ctx, request.Actor(ctx), input.Rule)
	return &model.DeleteAlertRulePayload{ID: input.Rule}, err
}

func (r *queryResolver) Alerts(ctx context.Context, filter *alerts.Filter, first *int, after *string, last *int, before *string) (*model.AlertConnection, error) {
	found, total, err := r.Resolver.Alerts.List(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return alertConnection(found, total), err
}

func (r *queryResolver) AlertRules(ctx context.Context, first *int, after *string, last *int, before *string) (*model.CustomAlertRuleConnection, error) {
	found, err := r.Resolver.AlertRules.List(ctx, request.Actor(ctx), pageRequest(first, after, last, before))
	return alertRuleConnection(found), err
}

func (r *queryResolver) BuiltInAlertRules(ctx context.Context) ([]*alerts.BuiltIn, error) {
	return r.Resolver.Alerts.BuiltIn(ctx, request.Actor(ctx))
}

func (r *queryResolver) PreviewAlertRule(ctx context.Context, rule alerts.RuleInput, purpose *string) (*alerts.Preview, error) {
	return r.Resolver.AlertRules.Preview(ctx, request.Actor(ctx), rule, value(purpose))
}

func (r *queryResolver) Alert(ctx context.Context, id id.ID) (*alerts.Alert, error) {
	return r.Resolver.Alerts.Get(ctx, request.Actor(ctx), id)
}

func (r *subscriptionResolver) AlertFeed(ctx context.Context) (<-chan *alerts.Alert, error) {
	return feed(ctx, func(recheck feeds.Recheck, send func(*alerts.Alert) bool) error {
		return r.Alerts.Follow(ctx, request.Actor(ctx), recheck, send)
	}, r.stillValid), nil
}

func (r *Resolver) Alert() generated.AlertResolver { return &alertResolver{r} }

func (r *Resolver) BuiltInAlertRule() generated.BuiltInAlertRuleResolver {
	return &builtInAlertRuleResolver{r}
}

func (r *Resolver) CustomAlertRule() generated.CustomAlertRuleResolver {
	return &customAlertRuleResolver{r}
}

type (
	alertResolver            struct{ *Resolver }
	builtInAlertRuleResolver struct{ *Resolver }
	customAlertRuleResolver  struct{ *Resolver }
)
