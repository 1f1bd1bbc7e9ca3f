// Package review is what reviewers say of entries: that one is suspicious, or what came of looking at it. Each is an entry of
// its own, which refers to those that it is about; they stay as they are.
package review

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

const (
	// MaxEntries is how many entries are flagged or reviewed at a time.
	MaxEntries = 500
	// MaxDay is how many entries of a day are reviewed at a time.
	MaxDay = 20_000
	// maxNote is the longest note, in characters.
	maxNote = 2000
	// fieldReview is the sealed part of what was said.
	fieldReview = "review"
)

// Verdict is what a reviewer makes of an entry.
type Verdict string

// The verdicts.
const (
	Expected   Verdict = "expected"
	Suspicious Verdict = "suspicious"
	Incident   Verdict = "incident"
)

// said is what is sealed, under whoever says it.
type said struct {
	Verdict Verdict `json:"verdict,omitempty"`
	Note    string  `json:"note,omitempty"`
}

// Review is what was said of an entry last. Verdict and Note are nil where there is none and where whoever said it was erased.
type Review struct {
	State   logbook.ReviewState
	Verdict *Verdict
	Note    *string
	ByID    id.ID
	At      time.Time
}

// FlagInput names entries that somebody should look at. Note may be empty.
type FlagInput struct {
	Entries []uint64
	Note    string
}

// Input says what came of looking at entries. Note may be empty.
type Input struct {
	Entries []uint64
	Verdict Verdict
	Note    string
}

// DayInput closes a day: its entries that a filter finds, all when it is zero. From and To of the filter do not count.
type DayInput struct {
	Date     people.Date
	TimeZone string
	Filter   logbook.Filter
	Note     string
}

// Day tells how many entries were reviewed. Left says that there are more than MaxDay: whoever repeats the call goes on.
type Day struct {
	Reviewed int
	Left     bool
}

// Service flags and reviews. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	ledger *ledger.Ledger
	access *access.Service
	book   *logbook.Service
	now    func() time.Time
}

// New makes the service on a migrated database.
func New(db *mysql.DB, l *ledger.Ledger, acc *access.Service, book *logbook.Service, now func() time.Time) *Service {
	return &Service{db: db, ledger: l, access: acc, book: book, now: now}
}

// Flag marks entries as suspicious (log.flagged), also those that were reviewed. FORBIDDEN without logs.review, NOT_FOUND
// where the actor may not see or not review one of them, BAD_USER_INPUT for more than MaxEntries or a note that is too long.
func (s *Service) Flag(ctx context.Context, actor *access.Actor, in FlagInput) ([]ledger.Entry, error) {
	return s.mark(ctx, actor, in.Entries, marking{action: ledger.LogFlagged, role: ledger.RefFlags, code: ledger.StateFlagged, said: said{Note: in.Note}})
}

// Review says what came of looking at entries (log.reviewed). Errors are those of Flag, and BAD_USER_INPUT without a verdict.
func (s *Service) Review(ctx context.Context, actor *access.Actor, in Input) ([]ledger.Entry, error) {
	return s.mark(ctx, actor, in.Entries, marking{action: ledger.LogReviewed, role: ledger.RefReviews, code: ledger.StateReviewed, said: said{in.Verdict, in.Note}})
}

// mark marks entries by their places and gives them.
func (s *Service) mark(ctx context.Context, actor *access.Actor, seqs []uint64, m marking) ([]ledger.Entry, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsReview); err != nil {
		return nil, err
	}
	if err := checkNote(&m.said.Note); err != nil {
		return nil, err
	}
	seqs = distinct(seqs)
	if len(seqs) == 0 || len(seqs) > MaxEntries {
		return nil, fault.Field("entries", "name 1 to %d entries", MaxEntries)
	}
	entries, err := s.book.ReviewableAt(ctx, actor, seqs)
	if err != nil {
		return nil, err
	}
	if len(entries) < len(seqs) {
		return nil, fault.New(fault.NotFound, "There is no such entry, or it is not yours to review. Load the list again.")
	}
	_, err = s.store(ctx, actor, entries, &m)
	return entries, err
}

// Day reviews, as expected, the entries of a local day that nobody flagged or reviewed, and records that the day was closed
// (log.day_reviewed) with a note of 1 to 2,000 characters. FORBIDDEN without logs.review.
func (s *Service) Day(ctx context.Context, actor *access.Actor, in DayInput) (*Day, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsReview); err != nil {
		return nil, err
	}
	if err := checkNote(&in.Note); err != nil {
		return nil, err
	}
	if in.Note == "" {
		return nil, fault.Field("note", "write in 1 to %d characters what you saw of the day", maxNote)
	}
	from, to, err := s.book.Day(in.Date, in.TimeZone)
	if err != nil {
		return nil, err
	}
	f := in.Filter
	f.From, f.To, f.Review = &from, &to, ""
	closed := &Day{}
	m := marking{action: ledger.LogReviewed, role: ledger.RefReviews, code: ledger.StateReviewed, said: said{Expected, in.Note}, first: true}
	err = s.book.WalkReviewable(ctx, actor, f, func(entries []ledger.Entry) (bool, error) {
		open, err := s.unmarked(ctx, entries)
		if err != nil || len(open) == 0 {
			return true, err
		}
		if closed.Left = closed.Reviewed+len(open) > MaxDay; closed.Left {
			return false, nil
		}
		n, err := s.store(ctx, actor, open, &m)
		closed.Reviewed += n
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return closed, s.recordDay(ctx, actor, in, closed)
}

func checkNote(note *string) error {
	*note = strings.TrimSpace(*note)
	if !utf8.ValidString(*note) || utf8.RuneCountInString(*note) > maxNote {
		return fault.Field("note", "a note may have at most %d characters", maxNote)
	}
	return nil
}
