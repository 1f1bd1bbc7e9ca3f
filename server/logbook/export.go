package logbook

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// ExportKeyLog gives what KeyLog lists to send, newest first and a page at a time, once it is on record that the actor takes
// it out in a format. He gets what both his right to see movements and that to export reach.
func (s *Service) ExportKeyLog(ctx context.Context, actor *access.Actor, format string, f Filter, send func([]*KeyEntry) error) error {
	scope, err := s.access.Require(ctx, actor, access.LogsKeysView)
	if err != nil {
		return err
	}
	out, err := s.access.Require(ctx, actor, access.LogsExport)
	if err != nil {
		return err
	}
	if scope.Covers(out) {
		scope = out
	}
	size := page.MaxSize
	next := page.Request{First: &size}
	list, err := cutWithin(ctx, s, actor, scope, keyStream(), f, next) // a filter that makes no sense is not worth an entry
	if err != nil {
		return err
	}
	if err := s.recordExport(ctx, actor, format, f); err != nil {
		return err
	}
	for {
		if err := send(list.Items); err != nil || !list.Info.HasNextPage {
			return err
		}
		next.After = list.Info.EndCursor
		if list, err = cutWithin(ctx, s, actor, scope, keyStream(), f, next); err != nil {
			return err
		}
	}
}

func (s *Service) recordExport(ctx context.Context, actor *access.Actor, format string, f Filter) error {
	if actor.IsSystem() {
		return nil
	}
	at := s.now().UTC().Truncate(time.Microsecond)
	d := actor.Draft(ledger.StreamSystem, ledger.LogExported, at)
	d.Entity = ledger.Entity{Type: custody.EntityList, ID: viewKeyLog, Label: viewKeyLog}
	d.Details = map[string]any{"format": format}
	d.Parts = append(d.Parts, ledger.PersonPart(custody.FieldFilter, actor.Person, at, f.words()))
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}
