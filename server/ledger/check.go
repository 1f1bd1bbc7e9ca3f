package ledger

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
)

// The longest texts that an entry's plain fields may have, in characters.
const (
	MaxAction     = 100
	MaxEntityType = 64
	MaxEntityID   = 190
	MaxLabel      = 500
	MaxModule     = 100
	MaxSource     = 64
)

// check refuses a draft that could not be stored or found again.
func (l *Ledger) check(d *Draft) error {
	if d.Stream.Code() == 0 {
		return fault.Field("stream", "%q is not a stream", d.Stream)
	}
	if d.Outcome.Code() == 0 {
		return fault.Field("outcome", "%q is not an outcome", d.Outcome)
	}
	if err := l.checkAction(d.Action); err != nil {
		return err
	}
	if err := checkTexts(d); err != nil {
		return err
	}
	if !d.OccurredAt.IsZero() && (d.OccurredAt.Year() < 1970 || d.OccurredAt.Year() > 9999) {
		return fault.Field("occurredAt", "the year %d is outside 1970 to 9999", d.OccurredAt.Year())
	}
	if d.OccurredAt.Equal(time.Unix(0, 0)) {
		return fault.Field("occurredAt", "the time is missing: 1970-01-01 is what an unset clock says")
	}
	return nil
}

func (l *Ledger) checkAction(action string) error {
	if !IsAction(action) {
		return fault.Field("action", "%.120q is not an action: use up to %d lower-case letters, digits, dots, hyphens and underscores, a letter first", action, MaxAction)
	}
	if Reserved(action) && !l.actions[action] {
		return fault.Field("action", "%q begins with a word that only keytrail's own services use: choose another", action)
	}
	return nil
}

// IsAction reports whether a text has the shape of an action, whoever may write it.
func IsAction(action string) bool {
	if action == "" || len(action) > MaxAction || action[0] < 'a' || action[0] > 'z' {
		return false
	}
	return strings.IndexFunc(action, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '_' && r != '-'
	}) < 0
}

func checkTexts(d *Draft) error {
	for _, f := range []struct {
		name, value string
		max         int
	}{
		{"entityType", d.Entity.Type, MaxEntityType},
		{"entity", d.Entity.ID, MaxEntityID},
		{"entityLabel", d.Entity.Label, MaxLabel},
		{"module", d.Module, MaxModule},
		{"source", d.Source, MaxSource},
	} {
		if n := utf8.RuneCountInString(f.value); n > f.max {
			return fault.Field(f.name, "%s has %d characters; at most %d are kept", f.name, n, f.max)
		}
	}
	return nil
}
