package logbook

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// BoardDays gives the usual days of the calendar for a display on a wall: of the keys of groups, of all keys when none
// is named. It asks for no right and is not recorded as viewed: a display was approved to show it.
func (s *Service) BoardDays(ctx context.Context, groups []id.ID) (*Calendar, error) {
	d, err := s.layOut(CalendarRequest{Days: DefaultDays})
	if err != nil {
		return nil, err
	}
	c := &Calendar{TimeZone: d.zone.String(), Days: make([]CalendarDay, len(d.dates))}
	due, err := s.custody.DueOnBoard(ctx, groups, d.bounds)
	if err != nil {
		return nil, err
	}
	reserved, err := s.custody.ReservedOnBoard(ctx, groups, d.bounds)
	if err != nil {
		return nil, err
	}
	for i := range c.Days {
		c.Days[i].Date, c.Days[i].Due, c.Days[i].Reserved = d.dates[i], due[i], reserved[i]
	}
	if len(groups) == 0 {
		return c, s.addUpBuckets(ctx, access.System(), access.All, d, c)
	}
	q, err := s.boardQuery(ctx, groups)
	if err != nil {
		return nil, err
	}
	return c, s.countEntries(ctx, q, d, c)
}

// BoardMovements gives the last movements of those keys, at most limit, the newest first, however much concerns nobody between
// them, such as keys that were made or named. It asks for no right either, and gives everything: its caller masks.
func (s *Service) BoardMovements(ctx context.Context, groups []id.ID, limit int) ([]*KeyEntry, error) {
	q, err := s.boardQuery(ctx, groups)
	if err != nil {
		return nil, err
	}
	q.concerning = true
	entries, err := s.read(ctx, q, page.Window{Limit: limit})
	if err != nil {
		return nil, err
	}
	return keyStream().views(ctx, s.maskFor(access.System()), entries[:min(limit, len(entries))])
}

func (s *Service) boardQuery(ctx context.Context, groups []id.ID) (*query, error) {
	q, err := s.newQuery(ctx, access.System(), []span{{ledger.StreamKey, access.All}}, Filter{})
	if err != nil || len(groups) == 0 {
		return q, err
	}
	keys, err := s.custody.KeysOfGroups(ctx, groups)
	if err == nil {
		q.restrict(keys)
	}
	return q, err
}
