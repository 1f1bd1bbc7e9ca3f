package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/request"
)

func (r *consentResolver) RecordedBy(ctx context.Context, obj *privacy.Consent) (*people.Person, error) {
	return r.someone(ctx, obj.RecordedByID), nil
}

func (r *keptDataResolver) Person(ctx context.Context, obj *privacy.Kept) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *keptDataResolver) Consents(ctx context.Context, obj *privacy.Kept) ([]*privacy.Consent, error) {
	return pointers(obj.Consents), nil
}

func (r *mutationResolver) ExportPerson(ctx context.Context, input model.ExportPersonInput) (*model.ExportPersonPayload, error) {
	person, err := r.Privacy.MayTakeOut(ctx, request.Actor(ctx), input.Person)
	return &model.ExportPersonPayload{Zip: "/export/person/" + person.String() + ".zip", PDF: "/print/person/" + person.String() + ".pdf"}, err
}

func (r *mutationResolver) RecordConsent(ctx context.Context, input privacy.ConsentInput) (*model.RecordConsentPayload, error) {
	made, err := r.Privacy.RecordConsent(ctx, request.Actor(ctx), input)
	return &model.RecordConsentPayload{Consent: made}, err
}

func (r *mutationResolver) ErasePerson(ctx context.Context, input privacy.AskInput) (*model.ErasePersonPayload, error) {
	asked, err := r.Privacy.AskErasure(ctx, request.Actor(ctx), input)
	return &model.ErasePersonPayload{Request: asked}, err
}

func (r *mutationResolver) DecidePrivacyRequest(ctx context.Context, input privacy.DecideInput) (*model.DecidePrivacyRequestPayload, error) {
	decided, err := r.Privacy.Decide(ctx, request.Actor(ctx), input)
	return &model.DecidePrivacyRequestPayload{Request: decided}, err
}

func (r *privacyRequestResolver) Person(ctx context.Context, obj *privacy.Request) (*people.Person, error) {
	return r.someone(ctx, obj.PersonID), nil
}

func (r *privacyRequestResolver) RequestedBy(ctx context.Context, obj *privacy.Request) (*people.Person, error) {
	return r.someone(ctx, obj.RequestedByID), nil
}

func (r *privacyRequestResolver) DecidedBy(ctx context.Context, obj *privacy.Request) (*people.Person, error) {
	return r.someone(ctx, obj.DecidedByID), nil
}

func (r *privacyRequestResolver) Obstacles(ctx context.Context, obj *privacy.Request) ([]*privacy.Obstacle, error) {
	found, err := r.Privacy.Obstacles(ctx, obj)
	return pointers(found), err
}

func (r *queryResolver) PrivacyRequests(ctx context.Context, filter *privacy.Filter, first *int, after *string, last *int, before *string) (*model.PrivacyRequestConnection, error) {
	found, err := r.Privacy.List(ctx, request.Actor(ctx), value(filter), pageRequest(first, after, last, before))
	return privacyRequestConnection(found), err
}

func (r *queryResolver) KeptData(ctx context.Context, person *id.ID) (*privacy.Kept, error) {
	return r.Privacy.KeptOf(ctx, request.Actor(ctx), person)
}

func (r *queryResolver) Consents(ctx context.Context, person *id.ID, first *int, after *string, last *int, before *string) (*model.ConsentConnection, error) {
	found, err := r.Privacy.Consents(ctx, request.Actor(ctx), person, pageRequest(first, after, last, before))
	return consentConnection(found), err
}

func (r *Resolver) Consent() generated.ConsentResolver { return &consentResolver{r} }

func (r *Resolver) KeptData() generated.KeptDataResolver { return &keptDataResolver{r} }

func (r *Resolver) PrivacyRequest() generated.PrivacyRequestResolver {
	return &privacyRequestResolver{r}
}

type (
	consentResolver        struct{ *Resolver }
	keptDataResolver       struct{ *Resolver }
	privacyRequestResolver struct{ *Resolver }
)
