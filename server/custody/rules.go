package custody

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// What an input may hold: characters of texts, members of lists.
const (
	MaxNumber        = 64
	MaxLabel         = 200
	MaxPlace         = 100 // category, building, floor, room, cabinet, hook
	MaxGroupName     = 120
	MaxComment       = 2000
	MaxReason        = 500
	MaxKeysAtOnce    = 100
	MaxKeysOfGroup   = 5000
	MaxGroupsOfKey   = 100
	maxYearsFromNow  = 10
	maxSearch        = 200
	maxWordsOfSearch = 8
)

// text trims a single line and checks it: its length in characters, and that nothing in it is invisible.
func text(field, value string, longest int) (string, error) {
	value = strings.TrimSpace(value)
	if n := utf8.RuneCountInString(value); n > longest {
		return "", fault.Field(field, "%s has %d characters; at most %d are kept: shorten it", field, n, longest)
	}
	if strings.IndexFunc(value, unicode.IsControl) >= 0 {
		return "", fault.Field(field, "%s holds a control character, such as a line break: take it out", field)
	}
	return value, nil
}

// required is text that may not be empty.
func required(field, value string, longest int) (string, error) {
	value, err := text(field, value, longest)
	if err == nil && value == "" {
		err = fault.Field(field, "%s is missing: give 1 to %d characters", field, longest)
	}
	return value, err
}

// prose trims a text of several lines and checks its length in characters.
func prose(field, value string, longest int) (string, error) {
	value = strings.TrimSpace(value)
	if n := utf8.RuneCountInString(value); n > longest {
		return "", fault.Field(field, "%s has %d characters; at most %d are kept: shorten it", field, n, longest)
	}
	return value, nil
}

// distinct checks a list of ids: how many there are, and that none is missing or named twice.
func distinct(field string, ids []id.ID, fewest, most int) error {
	if len(ids) < fewest || len(ids) > most {
		return fault.Field(field, "%d %s were sent; send %d to %d", len(ids), field, fewest, most)
	}
	seen := make(map[id.ID]int, len(ids))
	for i, one := range ids {
		if first, again := seen[one]; again {
			return member(field, i, "this is the same as %s.%d: name each once", field, first)
		}
		if one.IsZero() {
			return member(field, i, "the id is empty")
		}
		seen[one] = i
	}
	return nil
}

// moment is when a movement happened, and why it is recorded only now. The zero moment is now.
type moment struct {
	occurredAt *time.Time
	reason     string
}

// check demands that a time is given together with a reason, or neither.
func (m moment) check() error {
	switch {
	case m.occurredAt != nil && m.reason == "":
		return fault.Field("reason", "say why this is recorded afterwards: reason goes with occurredAt")
	case m.occurredAt == nil && m.reason != "":
		return fault.Field("occurredAt", "say when it happened: occurredAt goes with reason")
	}
	return nil
}

// shown is an instant by the clocks by which now was read: of the display zone, so that people find it on theirs.
func shown(at, now time.Time) string { return at.In(now.Location()).Format(time.DateTime) }

// when gives the time of a movement that may not lie before earliest, the key's last movement. A clock that
// went back does not hold up the desk: the movement then takes the time of the last one.
func (m moment) when(now, earliest time.Time, number string) (time.Time, error) {
	if m.occurredAt == nil {
		if now.Before(earliest) {
			return earliest, nil
		}
		return now.UTC(), nil
	}
	occurred := *m.occurredAt
	switch {
	case occurred.After(now):
		return time.Time{}, fault.Field("occurredAt", "occurredAt lies in the future: leave it out for what happens now")
	case occurred.Before(now.AddDate(-maxYearsFromNow, 0, 0)):
		return time.Time{}, fault.Field("occurredAt", "occurredAt lies more than %d years back: check the year", maxYearsFromNow)
	case occurred.Before(earliest):
		return time.Time{}, fault.Field("occurredAt", "key %s moved later than that, at %s: movements of one key follow each other",
			number, shown(earliest, now))
	}
	return occurred, nil
}

// checkDue demands a due time after the issue: after now, or after the time that was noted on paper.
func checkDue(due *time.Time, issuedAt, now time.Time) error {
	switch {
	case due == nil:
		return nil
	case !due.After(issuedAt):
		return fault.Field("dueAt", "dueAt must lie after the issue, at %s: choose a later time or leave it out", shown(issuedAt, now))
	case due.After(now.AddDate(maxYearsFromNow, 0, 0)):
		return fault.Field("dueAt", "dueAt lies more than %d years ahead: leave it out to issue until further notice", maxYearsFromNow)
	}
	return nil
}

// member makes a fault about one member of a list, such as keys.2.
func member(field string, index int, format string, args ...any) *fault.Error {
	return fault.Field(memberOf(field, index), format, args...)
}

func memberOf(field string, index int) string { return field + "." + strconv.Itoa(index) }
