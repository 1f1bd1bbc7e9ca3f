package custody

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// bounds is between what a movement of a key may have happened, so that movements still follow each other. To is nil
// for up to now.
type bounds struct {
	from time.Time
	to   *time.Time
}

// check refuses a time outside of the bounds. Both ends belong to them: a key may move twice at one instant.
func (b bounds) check(at, now time.Time, number string) error {
	switch {
	case at.After(now):
		return fault.Field("occurredAt", "occurredAt lies in the future: say when it happened")
	case at.Before(now.AddDate(-maxYearsFromNow, 0, 0)):
		return fault.Field("occurredAt", "occurredAt lies more than %d years back: check the year", maxYearsFromNow)
	case at.Before(b.from):
		return fault.New(fault.Conflict, "Key %s moved before that, at %s: movements of one key follow each other, so correct that one first.",
			number, shown(b.from, now))
	case b.to != nil && at.After(*b.to):
		return fault.New(fault.Conflict, "Key %s moved again at %s: movements of one key follow each other, so correct that one first.",
			number, shown(*b.to, now))
	}
	return nil
}

// after narrows the bounds to what lies at or after a time.
func (b bounds) after(at *time.Time) bounds {
	if at != nil && at.After(b.from) {
		b.from = *at
	}
	return b
}

// before narrows the bounds to what lies at or before a time.
func (b bounds) before(at *time.Time) bounds {
	if at != nil && (b.to == nil || at.Before(*b.to)) {
		b.to = at
	}
	return b
}

// issueBounds is when a loan may have begun: behind what its key did before, and not behind its end.
func issueBounds(l *Loan, before neighbours) bounds {
	return bounds{}.after(before.loan).after(before.report).before(l.ReturnedAt)
}

// returnBounds is when a loan may have ended: not before it began, and before what its key did next.
func returnBounds(l *Loan, after neighbours) bounds {
	return bounds{}.after(&l.IssuedAt).before(after.loan).before(after.report)
}

// neighbours is when a key moved next to one of its movements, on the one side of it: when a loan ended before it or
// began after it, and when the key was reported lost or found. nil where it did not.
type neighbours struct{ loan, report *time.Time }

// handoverBounds is when a key may have gone from one holder to the next: while the one had it, and before the next gave
// it away.
func handoverBounds(before, next *Loan) bounds {
	return bounds{}.after(&before.IssuedAt).before(next.ReturnedAt)
}

// checkVoidIssue demands that the loan is open: only then nothing rests on it.
func checkVoidIssue(l *Loan, number string) error {
	if l.Open() {
		return nil
	}
	return fault.New(fault.Conflict, "Key %s has moved since it was issued: correct what came after it first.", number)
}

// checkVoidReturn demands that the key has not moved since it came back.
func checkVoidReturn(k *Key, after neighbours) error {
	switch {
	case k.RetiredAt != nil:
		return fault.New(fault.Conflict, "Key %s was retired since it came back, so it cannot be out again.", k.Number)
	case after != neighbours{}:
		return fault.New(fault.Conflict, "Key %s has moved since it came back: correct what came after it first.", k.Number)
	}
	return nil
}
