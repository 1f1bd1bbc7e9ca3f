package workhours

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// What the entry log.exported says: of which list, and sealed under the actor, under which filter.
const (
	EntityList  = "list"
	FieldFilter = "filter"
	listOfHours = "workHours"
)

// Export gives hours as Hours lists them to send, a page at a time, once it is on record that the actor takes them out in a
// format. He gets what both his right to see them and that to export reach.
func (s *Service) Export(ctx context.Context, actor *access.Actor, format string, f Filter, by Period, send func([]*Hours) error) error {
	whose, err := s.whose(ctx, actor, by.permission(), f)
	if err != nil {
		return err
	}
	out, err := s.whose(ctx, actor, access.LogsExport, f)
	if err != nil {
		return err
	}
	if !out.all {
		whose = whose.and(out.persons)
	}
	hours, err := s.hoursOf(ctx, actor, whose, f, by, nil, "") // a filter that makes no sense is not worth an entry
	if err != nil {
		return err
	}
	if err := s.recordExport(ctx, actor, format, f, by); err != nil {
		return err
	}
	for {
		if err := send(hours); err != nil || len(hours) < page.MaxSize {
			return err
		}
		if hours, err = s.hoursOf(ctx, actor, whose, f, by, nil, hours[len(hours)-1].Cursor); err != nil {
			return err
		}
	}
}

func (s *Service) recordExport(ctx context.Context, actor *access.Actor, format string, f Filter, by Period) error {
	words := f.Words()
	words["by"] = string(by)
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		d := actor.Draft(ledger.StreamSystem, ledger.LogExported, s.now())
		d.Entity = ledger.Entity{Type: EntityList, ID: listOfHours}
		d.Details = map[string]any{"format": format}
		d.Parts = append(d.Parts, ledger.PersonPart(FieldFilter, actor.Person, s.now(), words))
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}
