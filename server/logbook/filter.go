package logbook

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Filter says which entries. Conditions that are zero do not count; all others must hold.
type Filter struct {
	// From and To bound when it occurred: from the one on, before the other.
	From *time.Time
	To   *time.Time
	// Person acted or is concerned, Actor acted.
	Person id.ID
	Actor  id.ID
	// Source is the program that sent the entry.
	Source     string
	Department id.ID
	EntityType string
	// Entity is the id of what the entry is about, or of one of the things that a bulk change touched; with EntityType, of
	// that type.
	Entity string
	Key    id.ID
	// KeyNumber finds the entries of the key in use and of earlier keys with that number.
	KeyNumber string
	// KeyGroup finds the entries of the keys that belong to the group today.
	KeyGroup id.ID
	// Building finds the entries of the keys that are kept there today; the schema has no such condition.
	Building string
	Action   string
	Module   string
	Outcome  ledger.Outcome
	// Streams are those of which entries are wanted; none stands for all that a list has.
	Streams []ledger.Stream
	// IP is where the entry came from, in any notation of IPv4 or IPv6. Whoever may not see addresses may not ask for
	// one, and of those whose reach is limited, it finds what they see the address of.
	IP string
	// Text is words that must all lie in plain in the entry: in its action, module, entity or details.
	Text string
	// Review is what reviewers said of it, "" for anything. Feeds know nothing of it.
	Review ReviewState
	// Purpose is why somebody looks. It is recorded and no condition.
	Purpose string
}

// maxFilterText is the longest text in a filter, in characters: no entry holds a longer one.
const maxFilterText = 500

// texts lists the conditions on texts, by their names in the schema.
func (f *Filter) texts() []struct{ name, value string } {
	return []struct{ name, value string }{
		{"source", f.Source}, {"entityType", f.EntityType}, {"entity", f.Entity}, {"keyNumber", f.KeyNumber}, {"building", f.Building},
		{"action", f.Action}, {"module", f.Module}, {"outcome", string(f.Outcome)}, {"ip", f.IP}, {"text", f.Text}, {"review", string(f.Review)},
	}
}

// check refuses texts that nothing recorded can hold, and what is recorded of a view could not, either.
func (f *Filter) check() error {
	for _, text := range append(f.texts(), struct{ name, value string }{"purpose", f.Purpose}) {
		if !utf8.ValidString(text.value) || utf8.RuneCountInString(text.value) > maxFilterText {
			return fault.Field(text.name, "%s may have at most %d characters", text.name, maxFilterText)
		}
	}
	// The column holds ASCII alone, and the database refuses to compare it with anything else.
	if strings.ContainsFunc(f.Action, func(r rune) bool { return r > unicode.MaxASCII }) {
		return fault.Field("action", "%.120q is not an action: use up to %d lower-case letters, digits, dots, hyphens and underscores, a letter first", f.Action, ledger.MaxAction)
	}
	if len(f.Streams) > len(ledger.Streams()) {
		return fault.Field("streams", "name each stream once")
	}
	for name, at := range map[string]*time.Time{"from": f.From, "to": f.To} {
		if at != nil && (at.UTC().Year() < 1 || at.UTC().Year() > 9999) {
			return fault.Field(name, "the year must lie between 1 and 9999")
		}
	}
	return nil
}

// Words is words for those who record what they did with a filter.
func (f *Filter) Words() map[string]any { return f.words() }

// words gives the conditions by their names in the schema, for the record of who looked for what.
func (f *Filter) words() map[string]any {
	words := map[string]any{}
	for name, at := range map[string]*time.Time{"from": f.From, "to": f.To} {
		if at != nil {
			words[name] = at.UTC().Format(ledger.TimeFormat)
		}
	}
	for name, one := range map[string]id.ID{"person": f.Person, "actor": f.Actor, "department": f.Department, "key": f.Key, "keyGroup": f.KeyGroup} {
		if !one.IsZero() {
			words[name] = one.String()
		}
	}
	if len(f.Streams) > 0 {
		words["streams"] = f.Streams
	}
	for _, text := range f.texts() {
		if text.value != "" {
			words[text.name] = text.value
		}
	}
	if ip, err := netip.ParseAddr(f.IP); err == nil {
		words["ip"] = canonicalIP(ip).String()
	}
	return words
}

// query is a filter on streams for one actor, with its keys looked up.
type query struct {
	Filter
	actor *access.Actor
	// spans are the streams that he may see and asks for, and how far he sees each.
	spans []span
	// persons and actors are the ids under which those asked for are on record; none when nobody was asked for.
	persons, actors []id.ID
	// keys are the ids of the keys asked for, as entries name them; nil when no key was asked for.
	keys map[string]bool
	// ip is the address asked for; not valid when none was. index is its name in entry_ip, and personal how far the
	// actor sees addresses.
	ip       netip.Addr
	index    []byte
	personal access.Scope
	// words are those asked for, the rarest first; rare says that few entries have the first one.
	words []string
	rare  bool
	// types are those that have an entity with the id asked for, and touchedTypes those that have a thing with it which a
	// bulk change touched; both nil when that is not known.
	types, touchedTypes []string
	// sparse is a condition that few entries fulfil, nil when none is known.
	sparse *steer
	// concerning lets through only entries that concern a person.
	concerning bool
}

// newQuery looks up what the filter means. FORBIDDEN when it asks for an address or a
// review and the actor may see none.
func (s *Service) newQuery(ctx context.Context, actor *access.Actor, spans []span, f Filter) (*query, error) {
	q := &query{Filter: f, actor: actor, spans: spans}
	s.lookUpPersons(q)
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.Review != "" { // whoever may not review does not learn what was flagged
		if err := s.narrow(ctx, actor, spans, access.LogsReview); err != nil {
			return nil, err
		}
	}
	if err := s.checkReview(&f); err != nil {
		return nil, err
	}
	if err := s.lookUpIP(ctx, q); err != nil {
		return nil, err
	}
	if err := s.lookUpWords(ctx, q); err != nil {
		return nil, err
	}
	if err := s.lookUpKeys(ctx, q); err != nil {
		return nil, err
	}
	if err := s.lookUpTypes(ctx, q); err != nil {
		return nil, err
	}
	return q, s.lookUpSparse(ctx, q)
}

// lookUpPersons finds the ids of those whom the filter names, also of those who were merged into them.
func (s *Service) lookUpPersons(q *query) {
	q.persons, q.actors = s.people.Same(q.Person), s.people.Same(q.Actor)
}

// lookUpKeys finds the keys that fulfil every condition on keys at this moment.
func (s *Service) lookUpKeys(ctx context.Context, q *query) error {
	q.keys = nil
	if !q.Key.IsZero() {
		q.restrict([]id.ID{q.Key})
	}
	if q.KeyNumber != "" {
		keys, err := s.custody.KeysWithNumber(ctx, q.KeyNumber)
		if err != nil {
			return err
		}
		q.restrict(keys)
	}
	if !q.KeyGroup.IsZero() {
		keys, err := s.custody.KeysOfGroup(ctx, q.KeyGroup)
		if err != nil {
			return err
		}
		q.restrict(keys)
	}
	if q.Building != "" {
		keys, err := s.custody.KeysInBuilding(ctx, q.Building)
		if err != nil {
			return err
		}
		q.restrict(keys)
	}
	return nil
}

// restrict keeps the keys that are among others, too.
func (q *query) restrict(others []id.ID) {
	kept := make(map[string]bool, len(others))
	for _, key := range others {
		if name := key.String(); q.keys == nil || q.keys[name] {
			kept[name] = true
		}
	}
	q.keys = kept
}

// keyIDs gives the keys asked for in a fixed order.
func (q *query) keyIDs() []string {
	ids := make([]string, 0, len(q.keys))
	for key := range q.keys {
		ids = append(ids, key)
	}
	slices.Sort(ids)
	return ids
}

// dependsOn reports whether an entry may change which keys the filter means.
func (q *query) dependsOn(e *ledger.Entry) bool {
	if q.KeyNumber == "" && q.KeyGroup.IsZero() && q.Building == "" {
		return false
	}
	switch e.Action {
	case ledger.KeyCreated, ledger.KeyUpdated, ledger.KeyGroupCreated, ledger.KeyGroupUpdated:
		return true
	}
	return false
}

// asksFor reports whether the filter names one of those whom a merge made one person.
func (q *query) asksFor(merge *ledger.Entry) bool {
	return isOneOf(q.Person, q.persons, merge) || isOneOf(q.Actor, q.actors, merge)
}

// isOneOf reports whether somebody, known under some ids, is one of those whom a merge made one person.
func isOneOf(person id.ID, known []id.ID, merge *ledger.Entry) bool {
	return !person.IsZero() && (slices.Contains(known, merge.Person) ||
		slices.ContainsFunc(merge.Refs, func(r ledger.Ref) bool { return r.ID == person.String() }))
}

// matches is the filter in memory but for streams and scopes (takesIn) and for the address, which is sealed (admitsIP).
// All together let through exactly what conditions in compile.go does.
func (q *query) matches(e *ledger.Entry) bool {
	return (q.From == nil || !e.OccurredAt.Before(*q.From)) &&
		(q.To == nil || e.OccurredAt.Before(*q.To)) &&
		(q.Person.IsZero() || slices.Contains(q.persons, e.Person) || slices.Contains(q.persons, e.ActorID())) &&
		(q.Actor.IsZero() || slices.Contains(q.actors, e.ActorID())) &&
		(q.Department.IsZero() || e.Department == q.Department) &&
		(q.Source == "" || same(e.Source, q.Source)) &&
		q.hasEntity(e) &&
		(q.keys == nil || e.Entity.Type == custody.EntityKey && q.keys[e.Entity.ID]) &&
		(q.Action == "" || same(e.Action, q.Action)) &&
		(q.Module == "" || same(e.Module, q.Module)) &&
		(q.Outcome == "" || e.Outcome == q.Outcome) &&
		q.hasWords(e)
}

// same compares texts as the database does, which does not look at spaces at the end.
func same(a, b string) bool { return strings.TrimRight(a, " ") == strings.TrimRight(b, " ") }
