package workhours

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const maxReason = 500

// CorrectInput says whether somebody worked at a time, instead of what was reported.
type CorrectInput struct {
	Person   id.ID
	From, To time.Time
	Working  bool
	// Reason has 1 to 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

func (in CorrectInput) checked(now time.Time) (CorrectInput, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	in.From, in.To = in.From.UTC().Truncate(time.Microsecond), in.To.UTC().Truncate(time.Microsecond)
	switch n := utf8.RuneCountInString(in.Reason); {
	case n == 0 || n > maxReason || !utf8.ValidString(in.Reason):
		return in, fault.Field("reason", "say why in 1 to %d characters", maxReason)
	case !in.From.Before(in.To):
		return in, fault.Field("to", "the end must lie after the beginning")
	case in.To.Sub(in.From) > MaxCorrection:
		return in, fault.Field("to", "at most %d days can be corrected at once", int(MaxCorrection.Hours()/24))
	case in.To.After(now):
		return in, fault.Field("to", "what lies in the future cannot be corrected")
	case in.From.Year() < 1972:
		return in, fault.Field("from", "the year must lie between 1972 and now")
	}
	return in, nil
}

func (in CorrectInput) payload() map[string]any {
	return map[string]any{"correctWorkHours": map[string]any{
		"person": in.Person.String(), "from": in.From.Format(ledger.TimeFormat), "to": in.To.Format(ledger.TimeFormat),
		"working": in.Working, "reason": in.Reason,
	}}
}

// Correct adds an entry that says whether somebody worked at a time, and computes his hours. What was reported stays on
// record; a later correction counts more than an earlier one. Nobody corrects his own hours. NOT_FOUND for a person whose
// hours the actor may not correct.
func (s *Service) Correct(ctx context.Context, actor *access.Actor, in CorrectInput) (ledger.Entry, error) {
	var none ledger.Entry
	scope, err := s.access.Require(ctx, actor, access.WorkCorrect)
	if err != nil {
		return none, err
	}
	if in, err = in.checked(s.moment()); err != nil {
		return none, err
	}
	if actor.Is(in.Person) {
		return none, s.access.Refuse(ctx, actor, access.WorkCorrect, "own hours", fault.Say("Nobody corrects his own hours: ask another manager."))
	}
	p, known := s.people.Find(in.Person)
	if !known || p.Erased || !scope.Reaches(actor, p.ID, p.Department) {
		return none, fault.New(fault.NotFound, "There is no such person whose hours you may correct.")
	}
	in.Person = p.ID
	var made ledger.Entry
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		made, err = s.appendCorrection(ctx, tx, actor, in)
		return err
	})
	if err != nil {
		return none, err
	}
	return made, s.bringUp(ctx, in)
}

func (s *Service) appendCorrection(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in CorrectInput) (ledger.Entry, error) {
	var none ledger.Entry
	claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, in.payload())
	if err != nil {
		return none, err
	}
	if claim.Replayed {
		entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
		if err != nil || len(entries) == 0 {
			return none, err
		}
		return entries[0], nil
	}
	d := actor.Draft(ledger.StreamWork, ledger.WorkCorrected, s.now())
	d.OccurredAt, d.Person = in.From, in.Person
	d.Department, _ = s.people.DepartmentOf(in.Person)
	d.Details = map[string]any{DetailFrom: in.From.Format(ledger.TimeFormat), DetailTo: in.To.Format(ledger.TimeFormat), DetailWorking: in.Working}
	d.Parts = append(d.Parts, ledger.PersonPart(FieldReason, in.Person, s.now(), in.Reason))
	entries, err := s.ledger.Append(ctx, tx, d)
	if err != nil {
		return none, err
	}
	return entries[0], claim.Settle(ctx, tx, entries)
}

const selectMarks = "SELECT person, day, from_at, to_at FROM work_dirty WHERE person = ? AND from_at <= ? AND to_at >= ? ORDER BY day LIMIT ?"

// bringUp computes now the hours that a correction touches, unless they are counted by the dates of another zone: then
// they are left to a process that counts by those.
func (s *Service) bringUp(ctx context.Context, in CorrectInput) error {
	if err := s.CatchUp(ctx, nil); err != nil {
		return err
	}
	err := s.heedZone(ctx)
	if err == nil {
		err = s.computeMarked(ctx, in)
	}
	if fault.Is(err, fault.Conflict) {
		s.log.WarnContext(ctx, "corrected hours are not computed here", "error", err)
		return nil
	}
	return err
}

func (s *Service) computeMarked(ctx context.Context, in CorrectInput) error {
	var marks []dirtyRow
	if err := s.db.Select(ctx, &marks, selectMarks, in.Person, in.To, in.From, MaxOwnDays); err != nil || len(marks) == 0 {
		return err
	}
	_, err := s.computeWindows(ctx, windowsOf(marks))
	return err
}

// Recompute is Process for whoever may change settings; CONFLICT as there.
func (s *Service) Recompute(ctx context.Context, actor *access.Actor) (days int, err error) {
	if _, err := s.access.Require(ctx, actor, access.SystemConfigure); err != nil {
		return 0, err
	}
	return s.Process(ctx, nil, nil)
}
