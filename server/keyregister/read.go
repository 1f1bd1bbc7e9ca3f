package keyregister

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
)

// maxName is the longest name of a person that people keep, in characters.
const maxName = 200

type keyRow struct{ number, label, category, building, floor, room string }

type groupRow struct {
	place, name string
	keys        []string // numbers
	takers      []string // sameName of those who alone may take its keys; none for everybody
}

// register is what a register's database holds, understood.
type register struct {
	zone   *time.Location
	now    time.Time
	say    func(format string, args ...any)
	keys   []keyRow
	groups []groupRow
	// names are how people are called, by sameName; order is in which they were found.
	names map[string]string
	order []string
	moves []move

	numbers map[string]string // numbers of keys by what refers to them
	groupOf map[string]*groupRow
	persons map[string]string // sameName by the register's id of a person
	users   map[string]string // sameName by the register's id or name of a user
	skipped int
}

func (g *register) skip(place, why string) {
	g.skipped++
	g.say("skipped %s: %s", place, why)
}

// readRegister reads everything. BAD_USER_INPUT when there are neither keys nor movements.
func readRegister(ctx context.Context, s *source, zone *time.Location, now time.Time, say func(string, ...any)) (*register, error) {
	g := &register{
		zone: zone, now: now, say: say, names: map[string]string{}, numbers: map[string]string{},
		persons: map[string]string{}, users: map[string]string{},
	}
	var found []string
	for _, part := range []struct {
		what   string
		tables []string
		ids    []string
		take   func([]row) error
	}{
		{"people", []string{"persons", "person", "people", "employees"}, []string{"id", "personid"}, g.takePersons},
		{"users", []string{"users", "user"}, []string{"id", "userid"}, g.takeUsers},
		{"keys", []string{"keys", "key", "physicalkeys"}, []string{"id", "keyid"}, g.takeKeys},
		{"groups", []string{"keygroups", "keygroup", "groups"}, []string{"id", "keygroupid", "groupid"}, g.takeGroups},
		{"members of groups", []string{"keygroupkeys", "keygroupkey", "groupkeys", "keysofgroups"}, []string{"id"}, g.takeMembers},
		{"movements", []string{"keylogs", "keylog", "logs", "log", "movements"}, []string{"id", "logid", "keylogid"}, g.takeMoves},
	} {
		table := s.table(part.tables...)
		if table == "" {
			say("not found: a table of %s", part.what)
			continue
		}
		found = append(found, part.what)
		rows, err := s.read(ctx, table, part.ids...)
		if err != nil {
			return nil, err
		}
		if err := part.take(rows); err != nil {
			return nil, err
		}
	}
	if all := strings.Join(found, " "); !strings.Contains(all, "keys") && !strings.Contains(all, "movements") {
		return nil, fault.New(fault.BadInput, "The file holds neither keys nor movements of a key register: is it the right one?")
	}
	return g, nil
}

func (g *register) takePersons(rows []row) error {
	for _, r := range rows {
		name := r.first("fullname", "displayname", "name", "username")
		if whole := strings.TrimSpace(r.first("firstname") + " " + r.first("lastname", "surname")); name == "" || r.first("lastname", "surname") != "" {
			name = whole
		}
		if same := g.person(r.place, name); same != "" {
			refer(g.persons, r.first("id", "personid"), same)
		}
	}
	return nil
}

func (g *register) takeUsers(rows []row) error {
	for _, r := range rows {
		if same := g.person(r.place, r.first("fullname", "displayname", "name", "username", "login")); same != "" {
			refer(g.users, r.first("id", "userid"), same)
			refer(g.users, sameName(r.first("username", "login", "name")), same)
		}
	}
	return nil
}

// refer notes what somebody is referred to by, unless that is missing: what names nobody would mean him otherwise.
func refer(by map[string]string, id, same string) {
	if id != "" {
		by[id] = same
	}
}

// person notes somebody and gives his sameName, "" when he has no name.
func (g *register) person(place, name string) string {
	name, cut := tidy(name, maxName)
	if name == "" {
		g.skip(place, "it has no name")
		return ""
	}
	if cut {
		g.say("shortened %s: its name has more than %d characters", place, maxName)
	}
	return g.noted(name)
}

func (g *register) noted(name string) string {
	same := sameName(name)
	if _, known := g.names[same]; !known {
		g.names[same] = name
		g.order = append(g.order, same)
	}
	return same
}

func (g *register) takeKeys(rows []row) error {
	taken := map[string]bool{}
	for _, r := range rows {
		number, cut := tidy(r.first("keynumber", "number", "keynum", "no"), custody.MaxNumber)
		id := r.first("id", "keyid")
		if number == "" {
			number, cut = tidy(strings.TrimPrefix(id, "k-"), custody.MaxNumber)
		}
		if number == "" || cut {
			g.skip(r.place, fmt.Sprintf("its number is missing or has more than %d characters", custody.MaxNumber))
			continue
		}
		g.numbers["id "+id] = number
		g.numbers[number], g.numbers["k-"+number] = number, number
		if taken[number] {
			g.skip(r.place, "another key has its number; its movements count as the other's")
			continue
		}
		taken[number] = true
		g.keys = append(g.keys, g.keyOf(r, number))
	}
	return nil
}

func (g *register) keyOf(r row, number string) keyRow {
	text := func(most int, columns ...string) string {
		value, cut := tidy(r.first(columns...), most)
		if cut {
			g.say("shortened %s: its %s has more than %d characters", r.place, columns[0], most)
		}
		return value
	}
	return keyRow{
		number, text(custody.MaxLabel, "label", "name", "title", "description"), text(custody.MaxPlace, "category", "type"),
		text(custody.MaxPlace, "building"), text(custody.MaxPlace, "floor", "level"), text(custody.MaxPlace, "room"),
	}
}

// numberOf gives the number of a key that is referred to by id, number or "k-" and number; "" when it is unknown.
func (g *register) numberOf(byID, byNumber string) string {
	if byID != "" {
		if n, ok := g.numbers["id "+byID]; ok {
			return n
		}
		if n, ok := g.numbers[byID]; ok {
			return n
		}
	}
	return g.numbers[byNumber]
}

func (g *register) takeGroups(rows []row) error {
	g.groupOf = map[string]*groupRow{}
	g.groups = make([]groupRow, 0, len(rows))
	for _, r := range rows {
		name, cut := tidy(r.first("name", "groupname", "label", "title"), custody.MaxGroupName)
		if name == "" {
			g.skip(r.place, "it has no name")
			continue
		}
		if cut {
			g.say("shortened %s: its name has more than %d characters", r.place, custody.MaxGroupName)
		}
		takers, ok := g.takersOf(r)
		if !ok {
			g.skip(r.place, "nobody of those who may take its keys is in the register, and without them everybody might: make this group by hand")
			continue
		}
		g.groups = append(g.groups, groupRow{place: r.place, name: name, takers: takers})
		one := &g.groups[len(g.groups)-1]
		if id := r.first("id", "keygroupid", "groupid"); id != "" {
			g.groupOf[id] = one
		}
		for _, key := range listOf(r.first("keys", "keyids")) {
			g.join(r.place, one, key)
		}
	}
	return nil
}

// takersOf gives who alone may take the keys of a group, by id or name; false when it names somebody and nobody is known.
func (g *register) takersOf(r row) (takers []string, ok bool) {
	named := 0
	for _, list := range []struct {
		members string
		byID    map[string]string
	}{{r.first("users", "userids"), g.users}, {r.first("persons", "personids", "people"), g.persons}} {
		for _, member := range listOf(list.members) {
			named++
			same, known := list.byID[member]
			if !known {
				same = sameName(member)
				_, known = g.names[same]
			}
			switch {
			case !known:
				g.skip(r.place, "somebody who may take its keys is not in the register")
			case !slices.Contains(takers, same):
				takers = append(takers, same)
			}
		}
	}
	return takers, named == 0 || len(takers) > 0
}

// listOf reads a list of ids from JSON, or from a text with commas.
func listOf(text string) []string {
	var members []any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&members) != nil {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	}
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = fmt.Sprint(m)
	}
	return list
}

func (g *register) join(place string, group *groupRow, key string) {
	number := g.numberOf(key, key)
	if number == "" {
		g.skip(place, "a key of the group is not in the register")
		return
	}
	for _, have := range group.keys {
		if have == number {
			return
		}
	}
	group.keys = append(group.keys, number)
}

func (g *register) takeMembers(rows []row) error {
	for _, r := range rows {
		group := g.groupOf[r.first("keygroupid", "groupid", "keygroup")]
		if group == nil {
			g.skip(r.place, "its group is not in the register")
			continue
		}
		g.join(r.place, group, r.first("keyid", "key", "keynumber"))
	}
	return nil
}

// takeMoves understands movements. Rows stand in the order in which they were written.
func (g *register) takeMoves(rows []row) error {
	last := map[string]time.Time{}
	for _, r := range rows {
		m := move{place: r.place, id: r.first("id", "logid", "keylogid"), kind: kindOf(r.first("action", "type", "event", "state"))}
		if m.kind == unknownMove {
			g.skip(r.place, "its action is none that is known")
			continue
		}
		if m.key = g.numberOf(r.first("keyid", "key"), r.first("keynumber", "number")); m.key == "" {
			g.skip(r.place, "its key is not in the register")
			continue
		}
		at, ok := moment(r.first("at", "time", "timestamp", "datetime", "createdat", "date"), g.zone, last[m.key])
		if !ok || at.Year() < 1970 {
			g.skip(r.place, "its time cannot be read")
			continue
		}
		if at.After(g.now) {
			g.skip(r.place, "it lies in the future")
			continue
		}
		m.at, last[m.key] = at, at
		m.holder = g.holderOf(r)
		m.comment = g.commentOf(r)
		g.moves = append(g.moves, m)
	}
	return nil
}

// holderOf gives who a movement names, by id or by name; "" when it names nobody.
func (g *register) holderOf(r row) string {
	if same, ok := g.persons[r.first("personid", "holderid", "employeeid")]; ok {
		return same
	}
	if name, _ := tidy(r.first("username", "personname", "holder", "holdername", "person", "name"), maxName); name != "" {
		if same, ok := g.users[sameName(name)]; ok {
			return same
		}
		return g.noted(name)
	}
	return g.users[r.first("userid", "user")]
}

func (g *register) commentOf(r row) string {
	text := []rune(strings.ToValidUTF8(r.first("comment", "comments", "note", "notes", "remarks"), ""))
	if len(text) > custody.MaxComment {
		g.say("shortened %s: its comment has more than %d characters", r.place, custody.MaxComment)
		text = text[:custody.MaxComment]
	}
	return strings.TrimSpace(string(text))
}
