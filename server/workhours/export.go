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
	return s.export(ctx, actor, f, by, func() error {
		return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			_, err := s.ledger.Append(ctx, tx, s.ExportDraft(actor, format, f, by))
			return err
		})
	}, send)
}

// ExportRecorded is Export of what is on record already: a file that is made some time after it was asked for. What the
// actor gets is decided by the rights that he has now.
func (s *Service) ExportRecorded(ctx context.Context, actor *access.Actor, f Filter, by Period, send func([]*Hours) error) error {
	return s.export(ctx, actor, f, by, func() error { return nil }, send)
}

// MayExport refuses what Export would refuse.
func (s *Service) MayExport(ctx context.Context, actor *access.Actor, f Filter, by Period) error {
	whose, err := s.exported(ctx, actor, f, by)
	if err != nil {
		return err
	}
	_, err = s.hoursOf(ctx, actor, whose, f, by, nil, "")
	return err
}

// exported gives whose hours an actor may take out.
func (s *Service) exported(ctx context.Context, actor *access.Actor, f Filter, by Period) (among, error) {
	whose, err := s.whose(ctx, actor, by.permission(), f)
	if err != nil {
		return whose, err
	}
	out, err := s.whose(ctx, actor, access.LogsExport, f)
	if err == nil && !out.all {
		whose = whose.and(out.persons)
	}
	return whose, err
}

func (s *Service) export(ctx context.Context, actor *access.Actor, f Filter, by Period, record func() error, send func([]*Hours) error) error {
	whose, err := s.exported(ctx, actor, f, by)
	if err != nil {
		return err
	}
	hours, err := s.hoursOf(ctx, actor, whose, f, by, nil, "") // a filter that makes no sense is not worth an entry
	if err != nil {
		return err
	}
	if err := record(); err != nil {
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

// ExportDraft is the entry that says that an actor takes hours out, for whoever appends it in a transaction of his own.
func (s *Service) ExportDraft(actor *access.Actor, format string, f Filter, by Period) ledger.Draft {
	words := f.Words()
	words["by"] = string(by)
	d := actor.Draft(ledger.StreamSystem, ledger.LogExported, s.now())
	d.Entity = ledger.Entity{Type: EntityList, ID: listOfHours}
	d.Details = map[string]any{"format": format}
	d.Parts = append(d.Parts, ledger.PersonPart(FieldFilter, actor.Person, s.now(), words))
	return d
}
