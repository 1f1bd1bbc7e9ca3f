package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
)

// bookingLoaders are the loaders of what hangs on keys besides who holds them.
type bookingLoaders struct {
	takers       *loader[id.ID, []custody.Taker]
	copies       *loader[id.ID, []*custody.Key]
	rings        *loader[id.ID, *custody.KeyRing]
	defaultDue   *loader[id.ID, *time.Time]
	loans        *loader[id.ID, *custody.Loan]
	reservations *loader[reservationRequest, []*custody.Reservation]
}

// reservationRequest asks for the reservations of a key in a time, from and to as they were written.
type reservationRequest struct {
	key      id.ID
	from, to string
}

func (r *Resolver) bookingLoaders() *bookingLoaders {
	return &bookingLoaders{
		takers: newLoader(r.Custody.TakersOf),
		copies: newLoader(func(ctx context.Context, keys []id.ID) (map[id.ID][]*custody.Key, error) {
			return r.Custody.CopiesByKey(ctx, request.Actor(ctx), keys)
		}),
		rings:      newLoader(r.Custody.RingsByID),
		defaultDue: newLoader(r.Custody.DefaultDueByKey),
		loans: newLoader(func(ctx context.Context, loans []id.ID) (map[id.ID]*custody.Loan, error) {
			return r.Custody.LoansByID(ctx, request.Actor(ctx), loans)
		}),
		reservations: newLoader(r.reservationsOf),
	}
}

// reservationsOf fetches the reservations of keys, those of one time together.
func (r *Resolver) reservationsOf(ctx context.Context, asked []reservationRequest) (map[reservationRequest][]*custody.Reservation, error) {
	keys := map[reservationRequest][]id.ID{}
	for _, one := range asked {
		when := reservationRequest{from: one.from, to: one.to}
		keys[when] = append(keys[when], one.key)
	}
	found := make(map[reservationRequest][]*custody.Reservation, len(asked))
	for when, some := range keys {
		ahead, err := r.Custody.ReservationsAhead(ctx, request.Actor(ctx), some, instant(when.from), instant(when.to))
		if err != nil {
			return nil, err
		}
		for key, reservations := range ahead {
			found[reservationRequest{key, when.from, when.to}] = reservations
		}
	}
	return found, nil
}

// written gives an instant as a text that can be compared, "" for none; instant reads it.
func written(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func instant(text string) *time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	return &at
}

// keysNamed gives keys in order, without those that are not there any more.
func keysNamed(ctx context.Context, keys []id.ID) ([]*custody.Key, error) {
	return allOf(ctx, loadersOf(ctx).keys, keys)
}

// allOf loads values together and gives them in order, without those that are not there.
func allOf[T any](ctx context.Context, l *loader[id.ID, *T], ids []id.ID) ([]*T, error) {
	for _, one := range ids {
		l.join(ctx, one)
	}
	all := make([]*T, 0, len(ids))
	for _, one := range ids {
		found, err := l.load(ctx, one)
		if err != nil {
			return nil, err
		}
		if found != nil {
			all = append(all, found)
		}
	}
	return all, nil
}

func (r *Resolver) issueKeys(ctx context.Context, input model.IssueKeysInput) (*model.IssueKeysPayload, error) {
	made, err := r.Custody.Issue(ctx, request.Actor(ctx), issue(input))
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.IssueKeysPayload{Loans: none(made.Loans), Entries: entries, Approvals: none(made.Approvals)}, err
}

// issue tells an absent due time, which the groups of the keys decide, from null.
func issue(in model.IssueKeysInput) custody.IssueInput {
	due, given := in.DueAt.ValueOK()
	return custody.IssueInput{
		Keys: in.Keys, Holder: in.Holder, DueAt: due, DefaultDue: !given, Comment: value(in.Comment), OverrideReason: value(in.OverrideReason),
		OccurredAt: in.OccurredAt, Reason: value(in.Reason), IdempotencyKey: value(in.IdempotencyKey),
	}
}

// none gives an empty list for nil, which is not null in GraphQL.
func none[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// keyUpdate tells an absent original, which stays, from null.
func keyUpdate(in model.UpdateKeyInput) custody.UpdateKeyInput {
	return custody.UpdateKeyInput{
		ID: in.ID, Number: in.Number, Label: in.Label, Category: in.Category, Building: in.Building, Floor: in.Floor, Room: in.Room,
		Cabinet: in.Cabinet, Hook: in.Hook, Kind: in.Kind, CopyOf: emptied(in.CopyOf), ApprovalRequired: in.ApprovalRequired,
		Version: in.Version, IdempotencyKey: value(in.IdempotencyKey),
	}
}

// groupUpdate tells absent rules, which stay, from null, which takes them away.
func groupUpdate(in model.SaveKeyGroupInput) custody.SaveGroupInput {
	return custody.SaveGroupInput{
		ID: value(in.ID), Name: in.Name, Keys: in.Keys, Takers: replacedTakers(in.Takers), DefaultLoan: emptied(in.DefaultLoan),
		Curfew: emptied(in.Curfew), Version: in.Version, IdempotencyKey: value(in.IdempotencyKey),
	}
}

// replacedTakers gives the takers that take the place of all, nil where the field is absent.
func replacedTakers(field graphql.Omittable[[]*custody.Taker]) *[]custody.Taker {
	given, set := field.ValueOK()
	if !set {
		return nil
	}
	takers := make([]custody.Taker, len(given))
	for i, t := range given {
		takers[i] = *t
	}
	return &takers
}

func (r *Resolver) reserveKeys(ctx context.Context, input custody.ReserveInput) (*model.ReserveKeysPayload, error) {
	made, err := r.Custody.Reserve(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.ReserveKeysPayload{Reservations: made.Reservations, Entries: entries}, err
}

func (r *Resolver) cancelReservation(ctx context.Context, input custody.CancelReservationInput) (*model.CancelReservationPayload, error) {
	made, err := r.Custody.CancelReservation(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.CancelReservationPayload{Reservation: made.Reservations[0], Reservations: made.Reservations, Entries: entries}, err
}

func (r *Resolver) decideApproval(ctx context.Context, input custody.DecideInput) (*model.DecideApprovalPayload, error) {
	made, err := r.Custody.Decide(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.DecideApprovalPayload{Approval: made.Approvals[0], Loans: none(made.Loans), Entries: entries}, err
}

func (r *Resolver) cancelApproval(ctx context.Context, input model.CancelApprovalInput) (*model.CancelApprovalPayload, error) {
	made, err := r.Custody.CancelApproval(ctx, request.Actor(ctx), input.Approval, value(input.IdempotencyKey))
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.CancelApprovalPayload{Approval: made.Approvals[0], Entries: entries}, err
}

func keyRingConnection(p page.Page[*custody.KeyRing]) *model.KeyRingConnection {
	return &model.KeyRingConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.KeyRing) *model.KeyRingEdge {
		return &model.KeyRingEdge{Cursor: cursor, Node: node}
	})}
}

func reservationConnection(p page.Page[*custody.Reservation]) *model.ReservationConnection {
	return &model.ReservationConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Reservation) *model.ReservationEdge {
		return &model.ReservationEdge{Cursor: cursor, Node: node}
	})}
}

func approvalConnection(p page.Page[*custody.Approval]) *model.ApprovalConnection {
	return &model.ApprovalConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Approval) *model.ApprovalEdge {
		return &model.ApprovalEdge{Cursor: cursor, Node: node}
	})}
}
