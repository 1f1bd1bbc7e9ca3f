package main

import (
	"context"
	"fmt"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// keytrail is keytrail's ledger as a target: everything on, as programs will use it. Address and name of who acted
// are sealed under his key, content under the source's key of the month, and each event has a key of its own under
// which it may be sent again.
type keytrail struct {
	*store
	actors []id.ID
}

func newKeytrail(ctx context.Context, s *store) (*keytrail, error) {
	k := &keytrail{store: s, actors: ids(actors)}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		for _, actor := range k.actors {
			if err := s.sealer.CreateKey(ctx, tx, seal.Person(actor)); err != nil {
				return err
			}
		}
		return nil
	})
	return k, err
}

func (k *keytrail) record(ctx context.Context, events []event) error {
	items := make([]ledger.Item, len(events))
	for i := range events {
		items[i] = k.item(&events[i])
	}
	_, err := k.ledger.Record(ctx, items, false)
	return err
}

func (k *keytrail) item(e *event) ledger.Item {
	actor := k.actors[e.Actor]
	return ledger.Item{
		Caller: "bench", Key: e.ID, Payload: e.Details,
		Draft: ledger.Draft{
			Stream: ledger.StreamActivity, OccurredAt: e.Time, Actor: actor, Source: "bench", Action: e.Action,
			Entity: ledger.Entity{Type: e.EntityType, ID: e.Entity, Label: e.Entity}, Module: e.Module,
			Details: map[string]any{"changed": []any{"/total", "/status", "/note", "/lines"}},
			Parts: []ledger.Part{
				ledger.OriginPart(actor, e.Time, ledger.Origin{Name: fmt.Sprint("Actor ", e.Actor), IP: e.IP}),
				{Field: ledger.FieldContent, Subject: seal.Source("bench", e.Time), Value: e.Details},
			},
		},
	}
}
