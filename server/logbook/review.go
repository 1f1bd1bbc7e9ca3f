package logbook

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// ReviewState is what reviewers said of an entry.
type ReviewState string

// The states. What is flagged is unreviewed until somebody reviews it.
const (
	Unreviewed ReviewState = "unreviewed"
	Flagged    ReviewState = "flagged"
	Reviewed   ReviewState = "reviewed"
)

// maxReviewWindow is the longest time in which entries are looked for by whether they were reviewed: each is looked at.
const maxReviewWindow = 32 * 24 * time.Hour

// byReview is the branch along the index of entry_review, r.
const byReview = "r"

// checkReview refuses a review state without a window of time, unless it leads to few entries by itself.
func (s *Service) checkReview(f *Filter) error {
	if f.Review != Unreviewed && f.Review != Reviewed {
		return nil
	}
	if f.From == nil {
		return fault.Field("from", "say from when on you look for entries by their review, at most 32 days back from to")
	}
	to := s.now()
	if f.To != nil && f.To.Before(to) {
		to = *f.To
	}
	if to.Sub(*f.From) > maxReviewWindow {
		return fault.Field("from", "entries are looked for by their review within 32 days: choose a later from or an earlier to")
	}
	return nil
}

// reviewed is the filter's review state in SQL, over i (entry_index). Its subquery reads one row by its primary key.
func (q *query) reviewed(where *mysql.Where) {
	const state = "COALESCE((SELECT v.state FROM entry_review v WHERE v.seq = i.seq), 0)"
	switch q.Review {
	case Flagged:
		where.And(state+" = ?", ledger.StateFlagged)
	case Reviewed:
		where.And(state+" = ?", ledger.StateReviewed)
	case Unreviewed:
		where.And(state+" <> ?", ledger.StateReviewed)
	}
}

// reviewParts are the streams whose entries can be reviewed.
func reviewParts() []part { return slices.Concat(timelineStream().parts, systemStream().parts) }

// WalkReviewable gives the entries of a timeline's filter to walk, newest first and a page at a time, until there are no
// more or walk says so: those that both his right to see them and that to review reach.
func (s *Service) WalkReviewable(ctx context.Context, actor *access.Actor, f Filter, walk func([]ledger.Entry) (more bool, err error)) error {
	spans, err := s.spans(ctx, actor, timelineStream().parts, f)
	if err != nil {
		return err
	}
	if err := s.narrow(ctx, actor, spans, access.LogsReview); err != nil {
		return err
	}
	q, err := s.newQuery(ctx, actor, spans, f)
	if err != nil {
		return err
	}
	for w := (page.Window{Limit: page.MaxSize}); ; {
		entries, err := s.read(ctx, q, w)
		if err != nil || len(entries) == 0 {
			return err
		}
		left := len(entries) > w.Limit
		entries = entries[:min(len(entries), w.Limit)]
		if more, err := walk(entries); err != nil || !more || !left {
			return err
		}
		w.Cursor = cursorOf(&entries[len(entries)-1])
	}
}

// narrow keeps of each span what another right reaches, too.
func (s *Service) narrow(ctx context.Context, actor *access.Actor, spans []span, also access.Permission) error {
	reach, err := s.access.Require(ctx, actor, also)
	if err != nil {
		return err
	}
	for i := range spans {
		if spans[i].scope.Covers(reach) {
			spans[i].scope = reach
		}
	}
	return nil
}

// ReviewableAt gives entries by their places, as far as both the actor's right to see them and that to review reach.
func (s *Service) ReviewableAt(ctx context.Context, actor *access.Actor, seqs []uint64) ([]ledger.Entry, error) {
	reach := s.access.ScopeOf(actor, access.LogsReview)
	if reach == access.None || len(seqs) == 0 {
		return nil, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(entries, func(e ledger.Entry) bool {
		return !reaches(reach, actor, &e) || !slices.ContainsFunc(reviewParts(), func(p part) bool {
			return p.name == e.Stream && reaches(s.access.ScopeOf(actor, p.permission), actor, &e)
		})
	}), nil
}

// Shown gives entries as the actor sees them, in the order given.
func (s *Service) Shown(ctx context.Context, actor *access.Actor, entries []ledger.Entry) ([]LogEntry, error) {
	return timelineStream().views(ctx, s.maskFor(actor), entries)
}

// Day gives the bounds of a date in a zone, "" for the display zone.
func (s *Service) Day(date people.Date, timeZone string) (from, to time.Time, err error) {
	zone, err := s.location(timeZone)
	if err != nil {
		return from, to, err
	}
	day, err := time.Parse(time.DateOnly, string(date))
	if err != nil {
		return from, to, fault.Field("date", "%.40q is no date: write one like 2026-11-26", date)
	}
	bounds := daysFrom(day.Year(), day.Month(), day.Day(), 1, zone).bounds
	return bounds[0], bounds[1], nil
}
