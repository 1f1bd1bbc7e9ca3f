package export

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
)

// logFilter reads a filter whose conditions have the names of the schema's LogFilter. Whatever else stands in the query is
// refused, so that no misspelt condition gives more than was asked for.
func logFilter(query url.Values) (logbook.Filter, error) {
	f := logbook.Filter{Purpose: query.Get("purpose"), IP: query.Get("ip")}
	texts := map[string]*string{
		"source": &f.Source, "entityType": &f.EntityType, "entity": &f.Entity, "keyNumber": &f.KeyNumber, "action": &f.Action,
		"module": &f.Module, "ip": &f.IP, "purpose": &f.Purpose, "text": &f.Text,
	}
	ids := map[string]*id.ID{"person": &f.Person, "actor": &f.Actor, "department": &f.Department, "key": &f.Key, "keyGroup": &f.KeyGroup}
	times := map[string]**time.Time{"from": &f.From, "to": &f.To}
	for name, values := range query {
		if err := readCondition(&f, name, values, texts, ids, times); err != nil {
			return f, err
		}
	}
	return f, nil
}

func readCondition(f *logbook.Filter, name string, values []string, texts map[string]*string, ids map[string]*id.ID, times map[string]**time.Time) (err error) {
	value := values[0]
	switch {
	case len(values) > 1:
		return fault.Field(name, "%s stands there twice", name)
	case texts[name] != nil:
		*texts[name] = value
	case ids[name] != nil && value != "":
		if *ids[name], err = id.Parse(value); err != nil {
			return fault.Field(name, "%s is not an id", name)
		}
	case times[name] != nil && value != "":
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return fault.Field(name, "%s must be a time such as 2026-11-22T08:00:00Z", name)
		}
		*times[name] = &at
	case name == "outcome":
		if f.Outcome = ledger.Outcome(strings.ToLower(value)); value != "" && !slices.Contains(ledger.Outcomes(), f.Outcome) {
			return fault.Field(name, "outcome must be SUCCESS, FAILURE or DENIED")
		}
	case name == "review":
		f.Review = logbook.ReviewState(strings.ToLower(value))
		if states := []logbook.ReviewState{"", logbook.Unreviewed, logbook.Flagged, logbook.Reviewed}; !slices.Contains(states, f.Review) {
			return fault.Field(name, "review must be UNREVIEWED, FLAGGED or REVIEWED")
		}
	case name == "streams":
		return readStreams(f, value)
	case ids[name] == nil && times[name] == nil:
		return fault.Field(name, "%.40q is no condition: use those of LogFilter, such as from, to, person, action", name)
	}
	return nil
}

func readStreams(f *logbook.Filter, value string) error {
	for name := range strings.SplitSeq(value, ",") {
		stream := ledger.Stream(strings.ToLower(name))
		if !slices.Contains(ledger.Streams(), stream) {
			return fault.Field("streams", "%.20q is no stream: name KEY, ACTIVITY or AUTH, divided by commas", name)
		}
		f.Streams = append(f.Streams, stream)
	}
	return nil
}
