package logbook

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// The lists that can be taken out, by their names in addresses.
const (
	TakeActivity = "activity"
	TakeAuth     = "auth"
	TakeKeys     = "keylog"
	TakeTimeline = "timeline"
)

// takeParts gives the streams of a list that can be taken out, none for an unknown one.
func takeParts(list string) []part {
	return map[string][]part{
		TakeActivity: activityStream().parts, TakeAuth: authStream().parts, TakeKeys: keyStream().parts, TakeTimeline: timelineStream().parts,
	}[list]
}

// TakeOut gives the entries of a filter to send, newest first and a page at a time, once it is on record that the actor
// takes them out in a format. He gets what both his right to see each stream and that to export reach. Memory does not
// grow with the number of entries.
func (s *Service) TakeOut(ctx context.Context, actor *access.Actor, list, format string, f Filter, send func([]LogEntry) error) error {
	return s.takeOut(ctx, actor, list, f, func() error { return s.recordTakeOut(ctx, actor, list, format, f) }, send)
}

// TakeOutRecorded is TakeOut of what is on record already: a file that is made some time after it was asked for. What the
// actor gets is decided by the rights that he has now.
func (s *Service) TakeOutRecorded(ctx context.Context, actor *access.Actor, list string, f Filter, send func([]LogEntry) error) error {
	return s.takeOut(ctx, actor, list, f, func() error { return nil }, send)
}

// MayTakeOut refuses what TakeOut would refuse.
func (s *Service) MayTakeOut(ctx context.Context, actor *access.Actor, list string, f Filter) error {
	_, err := s.takeQuery(ctx, actor, list, f)
	return err
}

// CountTakeOut counts what TakeOut would give now.
func (s *Service) CountTakeOut(ctx context.Context, actor *access.Actor, list string, f Filter) (int, error) {
	q, err := s.takeQuery(ctx, actor, list, f)
	if err != nil || q.empty() {
		return 0, err
	}
	places, args, err := q.compile(page.Window{Limit: maxTaken}, nil)
	if err != nil {
		return 0, err
	}
	text, args, err := mysql.In("SELECT COUNT(*) FROM ("+places+") p", args...)
	if err != nil {
		return 0, err
	}
	var total int
	return total, s.db.Get(ctx, &total, text, args...)
}

// maxTaken bounds what is counted.
const maxTaken = 100_000_000

func (s *Service) takeOut(ctx context.Context, actor *access.Actor, list string, f Filter, record func() error, send func([]LogEntry) error) error {
	q, err := s.takeQuery(ctx, actor, list, f)
	if err != nil {
		return err
	}
	first, err := s.places(ctx, q, page.Window{Limit: placesAtOnce}, nil) // before it is recorded: a filter that makes no sense is not worth an entry
	if err != nil {
		return err
	}
	if err := record(); err != nil {
		return err
	}
	m := s.maskFor(actor)
	return s.readOn(ctx, q, first, func(entries []ledger.Entry) error {
		shown, err := timelineStream().views(ctx, m, entries)
		if err != nil {
			return err
		}
		return send(shown)
	})
}

func (s *Service) takeQuery(ctx context.Context, actor *access.Actor, list string, f Filter) (*query, error) {
	parts := takeParts(list)
	if len(parts) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such list: take out activity, auth, keylog or timeline.")
	}
	spans, err := s.spans(ctx, actor, parts, f)
	if err != nil {
		return nil, err
	}
	if err := s.narrow(ctx, actor, spans, access.LogsExport); err != nil {
		return nil, err
	}
	return s.newQuery(ctx, actor, spans, f)
}

func (s *Service) recordTakeOut(ctx context.Context, actor *access.Actor, list, format string, f Filter) error {
	if actor.IsSystem() {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, s.TakeOutDraft(actor, list, format, f))
		return err
	})
}

// TakeOutDraft is the entry that says that an actor takes a list out, for whoever appends it in a transaction of his own.
func (s *Service) TakeOutDraft(actor *access.Actor, list, format string, f Filter) ledger.Draft {
	now := s.now().UTC()
	d := actor.Draft(ledger.StreamSystem, ledger.LogExported, now)
	d.Entity = ledger.Entity{Type: custody.EntityList, ID: list, Label: list}
	d.Details = map[string]any{"format": format}
	d.Parts = append(d.Parts, ledger.PersonPart(fieldFilter, actor.Person, now, f.words()))
	if f.Purpose != "" {
		d.Parts = append(d.Parts, ledger.PersonPart(fieldPurpose, actor.Person, now, f.Purpose))
	}
	return d
}
