package activity

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

// The directions of a request.
const (
	Incoming = "incoming"
	Outgoing = "outgoing"
)

const (
	maxDurationMs = 30 * 24 * 3600 * 1000
	maxMethod     = 20
	maxStatus     = 999
)

// check refuses what cannot be recorded, with the field that is wrong.
func (in *Input) check(now time.Time) error {
	if err := in.Gauge(); err != nil {
		return err
	}
	in.Outcome = ledger.Outcome(strings.ToLower(string(in.Outcome)))
	if r := in.Request; r != nil {
		r.Direction = strings.ToLower(r.Direction)
	}
	for _, check := range []func() error{in.checkTexts, in.checkAction, in.checkValues, in.checkObjects, in.checkHTTP} {
		if err := check(); err != nil {
			return err
		}
	}
	for name, who := range map[string]*Who{"actor": in.Actor, "dataSubject": in.DataSubject} {
		if err := who.check(name); err != nil {
			return err
		}
	}
	if in.IP != "" {
		if _, err := netip.ParseAddr(in.IP); err != nil {
			return fault.Field("ip", "%.60q is not an IPv4 or IPv6 address", in.IP)
		}
	}
	return in.checkTime(now)
}

// Gauge bounds the whole event before anything else is done with it. BAD_USER_INPUT for one that holds more than
// MaxEventBytes, too many values or too deep ones.
func (in *Input) Gauge() error {
	g := &gauge{}
	for _, text := range in.texts() {
		if err := g.add(text.field, text.value); err != nil {
			return err
		}
	}
	for field, who := range map[string]*Who{"actor": in.Actor, "dataSubject": in.DataSubject} {
		if who == nil {
			continue
		}
		for _, text := range []string{who.Source, who.ExternalID, who.Name} {
			if err := g.add(field, text); err != nil {
				return err
			}
		}
	}
	for _, value := range in.values() {
		if err := g.value(value.field, value.value, 1); err != nil {
			return err
		}
	}
	return nil
}

type namedText struct {
	field, value string
	max          int
}

// texts are all single texts of the event and how many characters each may have.
func (in *Input) texts() []namedText {
	texts := []namedText{
		{"eventId", in.EventID, maxEventID}, {"action", in.Action, ledger.MaxAction}, {"entityType", in.EntityType, ledger.MaxEntityType},
		{"entity", in.Entity, ledger.MaxEntityID}, {"entityLabel", in.EntityLabel, ledger.MaxLabel}, {"module", in.Module, ledger.MaxModule},
		{"userAgent", in.UserAgent, maxAgent}, {"ip", in.IP, maxAgent}, {"bulkId", in.BulkID, maxEventID},
	}
	for i, path := range in.Plain {
		texts = append(texts, namedText{"plain." + strconv.Itoa(i), path, maxPath})
	}
	if r := in.Request; r != nil {
		texts = append(texts, namedText{"request.method", r.Method, maxMethod}, namedText{"request.service", r.Service, maxService},
			namedText{"request.url", r.URL, MaxEventBytes}, namedText{"request.path", r.Path, MaxEventBytes})
	}
	if r := in.Response; r != nil {
		texts = append(texts, namedText{"response.error", r.Error, MaxEventBytes})
	}
	return texts
}

type namedValue struct {
	field string
	value any
}

// values are all JSON values of the event.
func (in *Input) values() []namedValue {
	values := []namedValue{{"before", in.Before}, {"after", in.After}, {"metadata", in.Metadata}}
	for i, c := range in.Changes {
		if c != nil {
			at := "changes." + strconv.Itoa(i)
			values = append(values, namedValue{at, c.Path}, namedValue{at, c.Before}, namedValue{at, c.After})
		}
	}
	if r := in.Request; r != nil {
		values = append(values, namedValue{"request.query", r.Query}, namedValue{"request.headers", r.Headers}, namedValue{"request.body", r.Body})
	}
	if r := in.Response; r != nil {
		values = append(values, namedValue{"response.headers", r.Headers}, namedValue{"response.body", r.Body})
	}
	for i, o := range in.Objects {
		if o != nil {
			at := "objects." + strconv.Itoa(i)
			values = append(values, namedValue{at, o.Type}, namedValue{at, o.ID})
		}
	}
	return values
}

func (in *Input) checkTexts() error {
	if in.EventID == "" {
		return fault.Field("eventId", "eventId needs 1 to %d characters", maxEventID)
	}
	for _, text := range in.texts() {
		if n := utf8.RuneCountInString(text.value); n > text.max {
			return fault.Field(text.field, "%s has %d characters; at most %d are kept", text.field, n, text.max)
		}
	}
	if len(in.Plain) > MaxChanges {
		return fault.Field("plain", "%d paths are declared plain; at most %d can be", len(in.Plain), MaxChanges)
	}
	return nil
}

func (in *Input) checkAction() error {
	if !ledger.IsAction(in.Action) {
		return fault.Field("action", "%.60q is not an action: use lower-case letters, digits, dots, hyphens and underscores, a letter first, such as invoice.approved", in.Action)
	}
	if ledger.Reserved(in.Action) {
		return fault.Field("action", "%.60q begins with a word that only keytrail's own services use: choose another", in.Action)
	}
	if in.Outcome != "" && in.Outcome.Code() == 0 {
		return fault.Field("outcome", "%.20q is not an outcome: write success, failure or denied", string(in.Outcome))
	}
	return nil
}

func (in *Input) checkValues() error {
	for field, v := range map[string]any{"before": in.Before, "after": in.After} {
		if _, object := v.(map[string]any); v != nil && !object {
			return fault.Field(field, "%s is the entity's fields: write a JSON object", field)
		}
	}
	if len(in.Changes) > 0 && (in.Before != nil || in.After != nil) {
		return fault.Field("changes", "send changes, or before and after, and not both")
	}
	if in.changed = in.Changes; len(in.Changes) == 0 {
		in.changed = Diff(fieldsOf(in.Before), fieldsOf(in.After))
	}
	if len(in.changed) > MaxChanges {
		return fault.Field("changes", "%d fields changed; at most %d are kept of one event", len(in.changed), MaxChanges)
	}
	for i, c := range in.changed {
		if c == nil || utf8.RuneCountInString(c.Path) > maxPath {
			return fault.Field(fmt.Sprintf("changes.%d", i), "a change needs a path of at most %d characters", maxPath)
		}
	}
	return nil
}

func (in *Input) checkObjects() error {
	if len(in.Objects) > MaxObjects {
		return fault.Field("objects", "%d objects are named; at most %d go into one event: send several with one bulkId", len(in.Objects), MaxObjects)
	}
	for i, o := range in.Objects {
		field := fmt.Sprintf("objects.%d", i)
		if o == nil || o.ID == "" || utf8.RuneCountInString(o.Type) > ledger.MaxEntityType || utf8.RuneCountInString(o.ID) > ledger.MaxEntityID {
			return fault.Field(field, "an object needs an id; at most %d characters of it and %d of its type are kept", ledger.MaxEntityID, ledger.MaxEntityType)
		}
		if o.Type == ledger.RefEntry {
			return fault.Field(field, "%q is keytrail's own word for its entries: name the type otherwise", o.Type)
		}
	}
	return nil
}

func (in *Input) checkHTTP() error {
	if r := in.Request; r != nil && r.Direction != "" && r.Direction != Incoming && r.Direction != Outgoing {
		return fault.Field("request.direction", "%.20q is not a direction: write incoming or outgoing", r.Direction)
	}
	r := in.Response
	if r == nil {
		return nil
	}
	if r.Status != nil && (*r.Status < 0 || *r.Status > maxStatus) {
		return fault.Field("response.status", "%d is not an HTTP status", *r.Status)
	}
	if d := r.DurationMs; d != nil && !(*d >= 0 && *d <= maxDurationMs) {
		return fault.Field("response.durationMs", "a duration lies between 0 and %d ms", maxDurationMs)
	}
	return nil
}

func (in *Input) checkTime(now time.Time) error {
	if in.OccurredAt == nil {
		return nil
	}
	switch at := in.OccurredAt.UTC(); {
	case at.After(now.Add(aheadAtMost)):
		return fault.Field("occurredAt", "the event lies in the future: set the sender's clock right")
	case at.Year() < 1970 || at.Equal(time.Unix(0, 0)):
		return fault.Field("occurredAt", "the time is missing or before 1970: write when it happened, or leave it out")
	}
	return nil
}

// check refuses a person who could not be kept. Nobody is right.
func (w *Who) check(field string) error {
	if w == nil {
		return nil
	}
	if w.Source != "" && !ledger.IsSource(w.Source) {
		return fault.Field(field+".source", "a source has %s", ledger.SourceRule)
	}
	if (w.ExternalID != "" && strings.TrimSpace(w.ExternalID) == "") || (w.Name != "" && strings.TrimSpace(w.Name) == "") {
		return fault.Field(field, "a person's name or id is more than spaces")
	}
	return within(field, w.stranger("").Check())
}

// stranger is the person as his source names him.
func (w *Who) stranger(source string) people.Stranger {
	if w.Source != "" {
		source = w.Source
	}
	name := w.ExternalID
	if name == "" {
		name = w.Name
	}
	return people.Stranger{External: people.ExternalName{Source: source, Name: strings.TrimSpace(name)}, Name: strings.TrimSpace(w.Name)}
}

// isNobody reports whether no person is named.
func (w *Who) isNobody() bool {
	return w == nil || w.Person.IsZero() && w.ExternalID == "" && w.Name == ""
}

// within puts a field in front of the one that an error is about.
func within(field string, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	named := *f
	named.Field = field + "." + f.Field
	return &named
}
