package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/id"
)

// idSlot is a place in a call of a root field where an id may stand.
type idSlot struct {
	field matrixField
	name  string
	// call is the smallest call with the id, for which there is a %s.
	call string
}

// idSlots gives every place for an id in the queries and mutations of the schema.
func idSlots() []idSlot {
	var slots []idSlot
	for _, f := range matrixFields() {
		if f.root.Name == "Subscription" {
			continue // which tells of filters that find nothing by silence
		}
		for _, a := range f.field.Arguments {
			for path, literal := range idLiterals(a.Type, a.Name) {
				slots = append(slots, idSlot{f, f.name() + " " + path, f.callWith(a.Name, literal)})
			}
		}
	}
	return slots
}

// idLiterals gives the literals of a type in which one id is a %s, by its path.
func idLiterals(t *ast.Type, path string) map[string]string {
	found := map[string]string{}
	definition := schema().Types[t.Name()]
	switch {
	case t.Elem != nil:
		for below, literal := range idLiterals(t.Elem, path) {
			found[below] = "[" + literal + "]"
		}
	case t.Name() == "ID":
		found[path] = `"%s"`
	case definition.Kind == ast.InputObject:
		for _, f := range definition.Fields {
			for below, literal := range idLiterals(f.Type, path+"."+f.Name) {
				found[below] = "{" + strings.Join(append(othersRequired(definition.Fields, f.Name), f.Name+": "+literal), ", ") + "}"
			}
		}
	}
	return found
}

func othersRequired(fields ast.FieldList, but string) []string {
	var required []string
	for _, f := range fields {
		if f.Name != but && f.Type.NonNull && f.DefaultValue == nil {
			required = append(required, f.Name+": "+smallest(f.Type))
		}
	}
	return required
}

// callWith is the smallest call with one argument given, and a selection that would show what there is.
func (f matrixField) callWith(argument, literal string) string {
	arguments := []string{argument + ": " + literal}
	for _, a := range f.field.Arguments {
		if a.Name != argument && a.Type.NonNull && a.DefaultValue == nil {
			arguments = append(arguments, a.Name+": "+smallest(a.Type))
		}
	}
	call := strings.ToLower(f.root.Name) + " { " + f.field.Name + "(" + strings.Join(arguments, ", ") + ")"
	return call + leaves(schema().Types[f.field.Type.Name()], 3) + " }"
}

// leaves selects what can be selected without arguments, so many levels deep.
func leaves(d *ast.Definition, levels int) string {
	if !d.IsCompositeType() {
		return ""
	}
	selected := []string{"__typename"}
	for _, f := range d.Fields {
		below := schema().Types[f.Type.Name()]
		if strings.HasPrefix(f.Name, "__") || f.Arguments.ForName("first") != nil || below.IsCompositeType() && (levels == 1 || f.Name == "proof") {
			continue
		}
		selected = append(selected, f.Name+leaves(below, levels-1))
	}
	return " { " + strings.Join(selected, " ") + " }"
}

// TestAForeignIDAndAnAbsentOneAreAnsweredAlike calls every field with every kind of id that its caller may not see.
func TestAForeignIDAndAnAbsentOneAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.PerSecond = 10_000
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	slots := idSlots()
	if len(slots) < 30 {
		t.Fatalf("only %d places for ids were found", len(slots))
	}
	asked, callers := 0, foreigners(t, s)
	wantTold(t, s.As("admin"), slots, callers["custodian"])
	for caller, foreign := range callers {
		client, widest := s.As(caller), reachesEverything(t, s.As(caller))
		for _, slot := range slots {
			if slices.ContainsFunc(permissionsOf(slot.field), func(p string) bool { return widest[p] }) {
				continue // nothing is foreign
			}
			gone := slot.ask(t, client, id.New())
			for kind, hidden := range foreign {
				there := slot.ask(t, client, hidden)
				if asked++; there != gone {
					t.Errorf("%s by %s with the id of %s:\n%.400s\nand when there is none such\n%.400s", slot.name, caller, kind, there, gone)
				}
				if strings.Contains(there, "INTERNAL") || strings.Contains(there, "TOO_COMPLEX") || strings.Contains(there, "Cannot query") {
					t.Fatalf("%s: %s\n%.400s", slot.name, slot.call, there)
				}
			}
		}
	}
	t.Logf("%d places, %d calls", len(slots), asked)
}

// ask calls with an id, and gives the answer without it.
func (slot idSlot) ask(t *testing.T, client *graphtest.Client, with id.ID) string {
	t.Helper()
	answer := strings.ReplaceAll(string(client.Do(t, fmt.Sprintf(slot.call, with), nil).Text), with.String(), "ID")
	if slot.field.field.Name == "startExport" {
		return withoutExports(t, client, answer)
	}
	return answer
}

// withoutExports takes the ids of a caller's exports out of an answer, and removes them, since he may have few.
func withoutExports(t *testing.T, client *graphtest.Client, answer string) string {
	t.Helper()
	jobs, _ := client.Do(t, "{ exportJobs { id } }", nil).Data["exportJobs"].([]any)
	for _, job := range jobs {
		one := job.(map[string]any)["id"].(string)
		answer = strings.ReplaceAll(answer, one, "ID")
		client.Do(t, fmt.Sprintf("mutation { cancelExport(input: {id: %q}) { job { state } } }", one), nil)
	}
	return answer
}

// wantTold complains unless the calls do tell somebody who may see everything whether there is such an id.
func wantTold(t *testing.T, client *graphtest.Client, slots []idSlot, ids map[string]id.ID) {
	t.Helper()
	told := 0
	for _, slot := range slots {
		if slot.field.root.Name != "Query" {
			continue
		}
		gone := slot.ask(t, client, id.New())
		differ := func(hidden id.ID) bool { return slot.ask(t, client, hidden) != gone }
		if slices.ContainsFunc(slices.Collect(maps.Values(ids)), differ) {
			told++
		}
	}
	if told < 10 {
		t.Errorf("only %d places tell anybody anything: the calls do not show what there is", told)
	}
}

// foreigners gives callers of narrow scope, and ids of what exists and does not concern them.
func foreigners(t *testing.T, s *graphtest.Seeded) map[string]map[string]id.ID {
	t.Helper()
	s.Account(s.Person("Egons Elsewhere", "Office"), "elsewhere", "manager")
	for _, who := range []string{"member", "manager", "custodian", "elsewhere", "till", "newcomer"} {
		s.As(who)
	}
	sessions := s.As("admin").Do(t, "{ sessions { edges { node { id } } } }", nil)
	session, err := id.Parse(sessions.Data["sessions"].(map[string]any)["edges"].([]any)[0].(map[string]any)["node"].(map[string]any)["id"].(string))
	if err != nil {
		t.Fatal(err)
	}
	everywhere := map[string]id.ID{
		"an account": s.Accounts["admin"], "a session": session, "a token": s.IDs["till"],
	}
	s.SeedAlerts() // about janis in the laboratory
	office := map[string]id.ID{"a person": s.IDs["anna"], "a key": s.IDs["key10"], "a department": s.IDs["of Office"]}
	laboratory := map[string]id.ID{
		"a person": s.IDs["janis"], "a key": s.IDs["key11"], "a department": s.IDs["of Laboratory"], "an alert": s.IDs["lockout"],
	}
	for _, more := range []map[string]id.ID{office, laboratory} {
		maps.Copy(more, everywhere)
	}
	return map[string]map[string]id.ID{
		"member": office, "manager": office, "elsewhere": laboratory, "custodian": laboratory, "till": laboratory, "newcomer": laboratory, "": laboratory,
	}
}

// reachesEverything gives the permissions that a caller holds for everything.
func reachesEverything(t *testing.T, client *graphtest.Client) map[string]bool {
	t.Helper()
	everything := map[string]bool{}
	viewer, _ := client.Do(t, "{ viewer { permissions { permission scope } } }", nil).Data["viewer"].(map[string]any)
	grants, _ := viewer["permissions"].([]any)
	for _, g := range grants {
		if grant := g.(map[string]any); grant["scope"] == "ALL" {
			everything[grant["permission"].(string)] = true
		}
	}
	return everything
}

// permissionsOf gives the permissions that show what a field has, each a part of it: those of several streams have no
// directive, since none of their rights is needed.
func permissionsOf(f matrixField) []string {
	if can := f.field.Directives.ForName("can"); can != nil {
		return []string{can.Arguments.ForName("do").Value.Raw}
	}
	if f.field.Name == "timeline" || f.field.Name == "logCounts" {
		return []string{"LOGS_KEYS_VIEW", "LOGS_ACTIONS_VIEW", "LOGS_AUTH_VIEW"}
	}
	return nil
}

func TestAForeignEntryAndAnAbsentOneAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const query = "query($seq: Int64!) { entry(seq: $seq) { seq action ... on KeyLogEntry { holder { name } } } }"
	entries := s.As("admin").Do(t, "{ authLog(filter: {person: \""+s.IDs["anna"].String()+"\"}) { edges { node { seq } } } }", nil)
	edges := entries.Data["authLog"].(map[string]any)["edges"].([]any)
	if len(edges) == 0 {
		t.Fatal("there is no foreign entry")
	}
	for _, who := range []string{"member", "custodian", "manager", "till", "wall"} {
		absent := s.As(who).Do(t, query, map[string]any{"seq": "99999999"})
		for _, edge := range edges {
			seq := edge.(map[string]any)["node"].(map[string]any)["seq"]
			if there := s.As(who).Do(t, query, map[string]any{"seq": seq}); string(there.Text) != string(absent.Text) {
				t.Errorf("entry %s by %s:\n%s\n%s", seq, who, there.Text, absent.Text)
			}
		}
	}
}

// cursorLists gives every list and feed that takes a cursor, but for workHours, which is no connection.
func cursorLists() []matrixField {
	return slices.DeleteFunc(matrixFields(), func(f matrixField) bool { return f.field.Arguments.ForName("after") == nil || f.field.Type.Elem != nil })
}

func TestCursorsThatNoPageGaveAreRefused(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.PerSecond = 10_000
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	s.As("custodian")
	s.SeedAlerts()
	s.SeedBookings()
	admin := s.As("admin")
	report(t, s)
	offerAndCount(t, s)
	s.SeedWork()
	keep(t, s)
	listen(t, s)
	for _, f := range cursorLists() {
		if f.root.Name == "Subscription" {
			continue
		}
		of := f
		if slices.Contains([]string{"deadLetters", "archives", "archivedEntries", "webhookDeliveries"}, f.field.Name) { // nothing was given up, deleted or sent here: any list's cursor is made in the same way
			of = matrixField{field: schema().Query.Fields.ForName("alerts")}
		}
		good := pageCursor(t, admin, of)
		for name, bad := range badCursors(good) {
			for _, argument := range []string{"after", "before"} {
				if f.field.Arguments.ForName(argument) == nil {
					continue
				}
				answer := admin.Do(t, f.callWith(argument, fmt.Sprintf("%q", bad)), nil)
				if answer.Code() != "BAD_USER_INPUT" || answer.Errors[0].Extensions["field"] != argument {
					t.Errorf("%s(%s), %s: %s", f.name(), argument, name, answer.Text)
				}
			}
		}
	}
}

// report makes an entry of activity.
func report(t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	if a := s.As("till").Do(t, `mutation { recordActivity(events: [{eventId: "1", action: "order.read"}]) { recorded } }`, nil); a.Code() != "" {
		t.Fatal(string(a.Text))
	}
}

// offerAndCount makes a handover, a count, a request and a consent, of which there are lists.
func offerAndCount(t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	offer := map[string]any{"input": map[string]any{"keys": []id.ID{s.IDs["key11"]}, "to": s.IDs["peteris"]}}
	for _, a := range []*graphtest.Answer{
		s.As("custodian").Do(t, `mutation($input: HandOverKeysInput!) { handOverKeys(input: $input) { handovers { id } } }`, offer),
		s.As("custodian").Do(t, `mutation($group: ID) { countInventory(input: {group: $group, numbers: ["9"]}) { inventory { id } } }`,
			map[string]any{"group": s.IDs["laboratory"]}),
		s.As("admin").Do(t, `mutation($person: ID!) { erasePerson(input: {person: $person, reason: "she left"}) { request { id } } }`, map[string]any{"person": s.IDs["marta"]}),
		s.As("admin").Do(t, `mutation { recordConsent(input: {purpose: "contact_details", version: "1", given: true}) { consent { id } } }`, nil),
	} {
		if a.Code() != "" {
			t.Fatal(string(a.Text))
		}
	}
}

// keep asks for a run and a backup and places a hold, of which there are lists.
func keep(t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	a := s.As("admin").Do(t, `mutation($p: ID!) { runRetention { run { id } } runBackup { backup { id } } placeLegalHold(input: {person: $p, reason: "a case"}) { hold { id } } }`,
		map[string]any{"p": s.IDs["janis"]})
	if a.Code() != "" {
		t.Fatal(string(a.Text))
	}
}

// listen makes an alert rule.
func listen(t *testing.T, s *graphtest.Seeded) {
	t.Helper()
	const query = `mutation { saveAlertRule(input: {name: "Orders vanish", rule: {kind: THRESHOLD, actions: ["order.*"], windowMinutes: 60, count: 5, groupBy: ACTOR}}) { rule { id } } }`
	if a := s.As("admin").Do(t, query, nil); a.Code() != "" {
		t.Fatal(string(a.Text))
	}
}

func TestFeedsRefuseCursorsThatNoPageGave(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	good := pageCursor(t, admin, matrixField{field: schema().Query.Fields.ForName("keyLog")})
	socket := admin.Socket(t)
	for _, f := range cursorLists() {
		if f.root.Name != "Subscription" {
			continue
		}
		for name, bad := range badCursors(good) {
			socket.Subscribe("feed", fmt.Sprintf("subscription { %s(after: %q) { __typename } }", f.field.Name, bad), nil)
			m := socket.Next()
			if !strings.Contains(string(m.Payload), "BAD_USER_INPUT") {
				t.Errorf("%s, %s: %s", f.name(), name, m.Payload)
			}
			if m.Type == "next" {
				expect(t, socket, `{"id":"feed","type":"complete"}`)
			}
		}
	}
}

// pageCursor gives the first cursor of a list, which must hold something.
func pageCursor(t *testing.T, client *graphtest.Client, f matrixField) string {
	t.Helper()
	answer := client.Do(t, "{ "+f.field.Name+"(first: 1) { pageInfo { endCursor } } }", nil)
	list, _ := answer.Data[f.field.Name].(map[string]any)
	info, _ := list["pageInfo"].(map[string]any)
	cursor, _ := info["endCursor"].(string)
	if cursor == "" {
		t.Fatalf("%s has no cursor: %s", f.field.Name, answer.Text)
	}
	return cursor
}

// badCursors gives what somebody might try who has a good cursor: guesses, pieces of it, and each bit flipped.
func badCursors(good string) map[string]string {
	bad := map[string]string{
		"a word": "x", "a number": "1", "an id": id.New().String(), "base64 of nothing": "AAAA", "zeros": strings.Repeat("A", len(good)),
		"padding": good + "=", "twice": good + good, "more behind": good + "A", "a space": " " + good,
		"markup": "<script>", "a path": "../../etc/passwd", "letters of elsewhere": "ābols", "a long one": strings.Repeat(good, 100),
	}
	for i := 1; i < len(good); i += max(1, len(good)/6) {
		bad[fmt.Sprintf("the first %d characters", i)] = good[:i]
	}
	for i := range good {
		flipped := []byte(good)
		flipped[i] = other(flipped[i])
		bad[fmt.Sprintf("character %d changed", i)] = string(flipped)
	}
	return bad
}

// other gives another letter of base64, of which one bit differs.
func other(letter byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, letter)^1]
}
