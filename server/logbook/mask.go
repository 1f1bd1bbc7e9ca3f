package logbook

import (
	"context"
	"errors"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/seal"
)

// mask decides what of an entry an actor sees. Names, addresses and content need logs.personal.view; who holds
// a key, and what was noted about it, comes with keys.view.
type mask struct {
	ledger   *ledger.Ledger
	actor    *access.Actor
	personal access.Scope
	keys     access.Scope
}

func (s *Service) maskFor(actor *access.Actor) mask {
	return mask{
		ledger: s.ledger, actor: actor,
		personal: s.access.ScopeOf(actor, access.LogsPersonalView),
		keys:     s.access.ScopeOf(actor, access.KeysView),
	}
}

// entry fills in what every entry has.
func (m mask) entry(ctx context.Context, e *ledger.Entry) (Entry, error) {
	v := Entry{
		ID: e.ID, Seq: e.Seq, Cursor: cursorOf(e), Stream: e.Stream, OccurredAt: e.OccurredAt, RecordedAt: e.RecordedAt,
		ActorID: e.ActorID(), Source: e.Source, Action: e.Action, Module: present(e.Module), Outcome: e.Outcome,
		stored: e,
	}
	if e.Entity != (ledger.Entity{}) {
		v.Entity = &e.Entity
	}
	if !m.showsOrigin(e) {
		return v, nil
	}
	origin, err := unseal[ledger.Origin](ctx, m.ledger, e, ledger.FieldActor)
	if err != nil || origin == nil {
		return v, err
	}
	v.IP, v.UserAgent = present(origin.IP), present(origin.UserAgent)
	v.Device, v.Location = present(origin.Device), present(origin.Place)
	return v, nil
}

// showsOrigin reports whether the actor may see where an entry came from: that is about whoever acted, and the
// entry's department is that of the person concerned.
func (m mask) showsOrigin(e *ledger.Entry) bool {
	acted := e.ActorID()
	if m.personal == access.All || m.personal == access.OwnSource || acted.IsZero() || acted == e.Person {
		return reaches(m.personal, m.actor, e)
	}
	return m.personal != access.None && m.actor != nil && m.actor.Is(acted)
}

// key gives an entry of the key stream as the actor sees it.
func (m mask) key(ctx context.Context, e *ledger.Entry) (*KeyEntry, error) {
	v := &KeyEntry{
		DueAt: timeOf(e.Details["dueAt"]), PreviousDueAt: timeOf(e.Details[custody.DetailPreviousDue]),
		ReservedFrom: timeOf(e.Details["from"]), ReservedTo: timeOf(e.Details["to"]), Correction: correctionOf(e),
	}
	v.ApproverID = e.RefID(custody.RefApprover)
	if seq, ok := e.RefSeq(custody.RefCorrects); ok {
		v.Corrects = &seq
	}
	var err error
	if v.Entry, err = m.entry(ctx, e); err != nil {
		return nil, err
	}
	if e.Entity.Type == custody.EntityKey {
		v.KeyID, _ = id.Parse(e.Entity.ID) // an id that cannot be read names no key
	}
	if !m.keys.Reaches(m.actor, e.Person, e.Department) {
		return v, nil
	}
	v.HolderID = e.Person
	v.PreviousHolderID = e.RefID(custody.RefPreviousHolder)
	if m.actor.ShowsInitials() {
		return v, nil // a comment may name anybody
	}
	if v.Comment, err = unseal[string](ctx, m.ledger, e, ledger.FieldComment); err != nil {
		return nil, err
	}
	if v.Reason, err = unseal[string](ctx, m.ledger, e, custody.FieldReason); err != nil {
		return nil, err
	}
	v.OverrideReason, err = unseal[string](ctx, m.ledger, e, custody.FieldOverride)
	return v, err
}

// auth gives an entry of the auth stream as the actor sees it.
func (m mask) auth(ctx context.Context, e *ledger.Entry) (*AuthEntry, error) {
	v := &AuthEntry{}
	var err error
	if v.Entry, err = m.entry(ctx, e); err != nil {
		return nil, err
	}
	if reason, ok := e.Details["reason"].(string); ok {
		v.Reason = present(reason)
	}
	v.Session = e.RefID("session")
	if !reaches(m.personal, m.actor, e) {
		return v, nil
	}
	if v.Username, err = unseal[string](ctx, m.ledger, e, ledger.FieldUsername); err != nil {
		return nil, err
	}
	if strings.HasPrefix(e.Action, activity.AuthPrefix) {
		v.Reason, err = unseal[string](ctx, m.ledger, e, activity.FieldReason)
	}
	return v, err
}

// system gives an entry of the system stream as the actor sees it. What a viewer looked for is about him, as is
// where he looked from.
func (m mask) system(ctx context.Context, e *ledger.Entry) (*SystemEntry, error) {
	v := &SystemEntry{Details: e.Details}
	var err error
	if v.Entry, err = m.entry(ctx, e); err != nil || !m.showsOrigin(e) {
		return v, err
	}
	filter, err := unseal[map[string]any](ctx, m.ledger, e, fieldFilter)
	if err != nil {
		return nil, err
	}
	if filter != nil {
		v.Filter = *filter
	}
	v.Purpose, err = unseal[string](ctx, m.ledger, e, fieldPurpose)
	return v, err
}

// unseal opens a part. nil when there is none, or when the key was destroyed: what was erased is absent.
func unseal[T any](ctx context.Context, l *ledger.Ledger, e *ledger.Entry, field string) (*T, error) {
	var value T
	found, err := l.Unseal(ctx, e, field, &value)
	if errors.Is(err, seal.ErrDestroyed) {
		return nil, nil
	}
	if err != nil || !found {
		return nil, err
	}
	return &value, nil
}

// present gives nil for a text that is not there.
func present(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
