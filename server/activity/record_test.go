package activity_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/seal"
)

func program(source string) *access.Actor {
	return &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: source}
}

func input(t *testing.T, text string) *activity.Input {
	t.Helper()
	in := &activity.Input{}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	check(t, decoder.Decode(in))
	return in
}

func (b *bundle) activities(t *testing.T, actor *access.Actor, events ...*activity.Input) []ledger.Entry {
	t.Helper()
	made, err := b.activity.Record(t.Context(), actor, events, false)
	check(t, err)
	entries, err := b.Ledger.ReadSeqs(t.Context(), b.DB, made.Seqs)
	check(t, err)
	return entries
}

func TestAnActivityStandsInPlainOnlyAsFarAsNothingOfItIsPersonal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.activities(t, program("shop"), input(t, `{
		"eventId": "1", "action": "order.updated", "entityType": "order", "entity": "17", "entityLabel": "Order 17", "module": "orders",
		"actor": {"externalId": "u-1", "name": "Anna Kalniņa"}, "ip": "192.0.2.7", "userAgent": "shop/1",
		"before": {"city": "Rīga", "status": "new", "password": "old"}, "after": {"city": "Liepāja", "status": "paid", "password": "s3cret"},
		"plain": ["status"], "metadata": {"note": "for Jānis"}, "bulkId": "b1", "objects": [{"type": "order", "id": "17"}, {"type": "order", "id": "18"}],
		"request": {"method": "post", "path": "/orders/17", "headers": {"Cookie": "sid=s3cret"}, "body": "token=s3cret&a=b", "service": "web"},
		"response": {"status": 422, "durationMs": 5.25, "error": "no stock of Anna's"}}`))[0]
	raw := string(e.Raw)
	for _, hidden := range []string{"Anna", "Rīga", "Liepāja", "Jānis", "192.0.2.7", "s3cret", "/orders/17", "stock"} {
		if strings.Contains(raw, hidden) {
			t.Errorf("%q stands in the entry in plain", hidden)
		}
	}
	details, err := json.Marshal(e.Details)
	check(t, err)
	const want = `{"bulkId":"b1","http":{"direction":"incoming","durationMs":5.25,"method":"POST","service":"web","status":422},` +
		`"paths":["/city","/password","/status"],"plain":{"/status":{"after":"paid","before":"new"}}}`
	if string(details) != want {
		t.Errorf("the details are %s", details)
	}
	if e.Outcome != ledger.Failure || e.Stream != ledger.StreamActivity || len(e.Refs) != 2 || e.Person.IsZero() || e.Person != e.ActorID() {
		t.Errorf("the entry is %s", raw)
	}
	for field, want := range map[string]string{
		activity.FieldChanges:  `[{"after":"Liepāja","before":"Rīga","path":"/city"},{"after":"[masked]","before":"[masked]","path":"/password"}]`,
		activity.FieldMetadata: `{"note":"for Jānis"}`,
		activity.FieldRequest:  `{"body":"token=[masked]\u0026a=b","headers":{"Cookie":"[masked]"},"path":"/orders/17"}`,
		activity.FieldResponse: `{"error":"no stock of Anna's"}`,
		ledger.FieldActor:      `{"ip":"192.0.2.7","name":"Anna Kalniņa","userAgent":"shop/1"}`,
	} {
		var value any
		found, err := b.Ledger.Unseal(t.Context(), &e, field, &value)
		check(t, err)
		if text, _ := json.Marshal(value); !found || string(text) != want {
			t.Errorf("%s is %s", field, text)
		}
	}
}

func TestContentIsSealedUnderWhomItIsAbout(t *testing.T) {
	t.Parallel()
	b := setup(t)
	month := seal.Source("shop", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	entries := b.activities(t, program("shop"),
		input(t, `{"eventId": "1", "action": "a", "actor": {"externalId": "u-1"}, "metadata": 1, "ip": "192.0.2.7"}`),
		input(t, `{"eventId": "2", "action": "a", "actor": {"externalId": "u-1"}, "dataSubject": {"externalId": "u-2"}, "metadata": 1, "ip": "192.0.2.7"}`),
		input(t, `{"eventId": "3", "action": "a", "metadata": 1, "ip": "192.0.2.7"}`))
	one, _ := b.people.Known("shop", "u-1")
	two, _ := b.people.Known("shop", "u-2")
	for i, want := range []struct {
		person, actor id.ID
		by, about     seal.Subject
	}{
		{one, one, seal.Person(one), month}, {two, one, seal.Person(one), seal.Person(two)}, {id.ID{}, id.ID{}, month, month},
	} {
		e := entries[i]
		if e.Person != want.person || e.ActorID() != want.actor {
			t.Errorf("entry %d concerns %v, by %v", i, e.Person, e.ActorID())
		}
		for _, part := range e.Sealed {
			if subject := map[string]seal.Subject{ledger.FieldActor: want.by, activity.FieldMetadata: want.about}[part.Field]; part.Subject != subject {
				t.Errorf("entry %d: %s is sealed under %s, not %s", i, part.Field, part.Subject, subject)
			}
		}
	}
}

func TestWhoeverIsNotKnownBecomesAPersonOfTheProgram(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", "Office", people.ExternalName{Source: "shop", Name: "anna"})
	entries := b.activities(t, program("shop"),
		input(t, `{"eventId": "1", "action": "a", "actor": {"externalId": "ANNA", "name": "A. K."}}`),
		input(t, `{"eventId": "2", "action": "a", "actor": {"externalId": "u-9", "name": "Jānis Bērziņš"}}`),
		input(t, `{"eventId": "3", "action": "a", "actor": {"externalId": "u-9"}}`),
		input(t, `{"eventId": "4", "action": "a", "actor": {"name": "Zane"}}`))
	if entries[0].ActorID() != anna.ID || entries[0].Department != anna.Department {
		t.Errorf("anna's event is %s", entries[0].Raw)
	}
	janis, known := b.people.Find(entries[1].ActorID())
	if !known || janis.Name != "Jānis Bērziņš" || entries[2].ActorID() != janis.ID {
		t.Errorf("the new person is %v; the second event is by %v", janis, entries[2].ActorID())
	}
	if zane, known := b.people.Known("shop", "zane"); !known || entries[3].ActorID() != zane {
		t.Error("who has a name only did not become a person")
	}
	other := b.activities(t, program("till"), input(t, `{"eventId": "1", "action": "a", "actor": {"externalId": "u-9"}}`))
	if other[0].ActorID() == janis.ID {
		t.Error("the same id of another program is the same person")
	}
}

func TestAProgramNamesPeopleOfItsOwnSourceOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna", "", people.ExternalName{Source: "erp", Name: "anna"})
	for field, text := range map[string]string{
		"0.actor.person":       fmt.Sprintf(`{"eventId": "1", "action": "a", "actor": {"person": %q}}`, anna.ID),
		"0.dataSubject.source": `{"eventId": "1", "action": "a", "dataSubject": {"source": "erp", "externalId": "anna"}}`,
	} {
		_, err := b.activity.Record(t.Context(), program("shop"), []*activity.Input{input(t, text)}, false)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	admin := &access.Actor{Person: b.person(t, "Admin", "").ID, Roles: []string{"admin"}, Source: ledger.SourceKeytrail}
	e := b.activities(t, admin,
		input(t, fmt.Sprintf(`{"eventId": "1", "action": "a", "actor": {"person": %q}}`, anna.ID)),
		input(t, `{"eventId": "2", "action": "a", "actor": {"source": "erp", "externalId": "anna"}}`),
		input(t, `{"eventId": "3", "action": "a"}`))
	if e[0].ActorID() != anna.ID || e[1].ActorID() != anna.ID || e[2].ActorID() != admin.Person {
		t.Errorf("the actors are %v, %v and %v", e[0].ActorID(), e[1].ActorID(), e[2].ActorID())
	}
}

func TestWhatCannotBeRecordedIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	b := setup(t)
	deep := strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40)
	for name, c := range map[string]struct{ text, field string }{
		"no id":               {`{"action": "a"}`, "eventId"},
		"not an action":       {`{"eventId": "1", "action": "Create Order"}`, "action"},
		"keytrail's own word": {`{"eventId": "1", "action": "key.issued"}`, "action"},
		"too much":            {`{"eventId": "1", "action": "a", "metadata": "` + strings.Repeat("x", 70<<10) + `"}`, "metadata"},
		"too deep":            {`{"eventId": "1", "action": "a", "metadata": ` + deep + `}`, "metadata"},
		"too many values":     {`{"eventId": "1", "action": "a", "metadata": [0` + strings.Repeat(",0", 6000) + `]}`, "metadata"},
		"the year 9999":       {`{"eventId": "1", "action": "a", "occurredAt": "9999-12-31T23:59:59Z"}`, "occurredAt"},
		"an unset clock":      {`{"eventId": "1", "action": "a", "occurredAt": "1970-01-01T00:00:00Z"}`, "occurredAt"},
		"no address":          {`{"eventId": "1", "action": "a", "ip": "here"}`, "ip"},
		"a long label":        {`{"eventId": "1", "action": "a", "entityLabel": "` + strings.Repeat("ā", 501) + `"}`, "entityLabel"},
		"no fields":           {`{"eventId": "1", "action": "a", "before": [1]}`, "before"},
		"both":                {`{"eventId": "1", "action": "a", "after": {"a": 1}, "changes": [{"path": "/a"}]}`, "changes"},
		"no outcome":          {`{"eventId": "1", "action": "a", "outcome": "maybe"}`, "outcome"},
		"no direction":        {`{"eventId": "1", "action": "a", "request": {"direction": "up"}}`, "request.direction"},
		"no status":           {`{"eventId": "1", "action": "a", "response": {"status": 100000}}`, "response.status"},
		"keytrail's type":     {`{"eventId": "1", "action": "a", "objects": [{"type": "entry", "id": "1"}]}`, "objects.0"},
		"nobody's source":     {`{"eventId": "1", "action": "a", "actor": {"source": "No Source", "externalId": "1"}}`, "actor.source"},
		"a long name":         {`{"eventId": "1", "action": "a", "actor": {"externalId": "` + strings.Repeat("x", 129) + `"}}`, "actor.externalId"},
	} {
		_, err := b.activity.Record(t.Context(), program("shop"), []*activity.Input{input(t, c.text)}, false)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != "0."+c.field {
			t.Errorf("%s: %v, field %q", name, err, f.Field)
		}
	}
	bad := input(t, `{"eventId": "1", "action": "a"}`)
	bad.Module = "\xff"
	if _, err := b.activity.Record(t.Context(), program("shop"), []*activity.Input{bad}, false); !fault.Is(err, fault.BadInput) {
		t.Errorf("invalid UTF-8: %v", err)
	}
}

func TestAPartialCallKeepsWhatIsRightAndARepeatRecordsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	send := func(partial bool) (*reported.Recorded, error) {
		return b.activity.Record(t.Context(), program("shop"), []*activity.Input{
			input(t, `{"eventId": "1", "action": "A"}`),
			input(t, `{"eventId": "2", "action": "a", "metadata": 90071992547409937}`),
			input(t, `{"eventId": "3", "action": "a", "after": {"n": 1}}`),
		}, partial)
	}
	if _, err := send(false); !fault.Is(err, fault.BadInput) {
		t.Errorf("a call that is all or nothing: %v", err)
	}
	first, err := send(true)
	check(t, err)
	again, err := send(true)
	check(t, err)
	if first.Recorded != 1 || len(first.Refused) != 2 || first.Refused[1].Index != 1 || !slices.Equal(first.Seqs, again.Seqs) {
		t.Errorf("first %+v, again %+v", first, again)
	}
	other, err := b.activity.Record(t.Context(), program("shop"), []*activity.Input{input(t, `{"eventId": "3", "action": "a", "after": {"n": 2}}`)}, true)
	check(t, err)
	if len(other.Refused) != 1 || other.Refused[0].Code != string(fault.Conflict) {
		t.Errorf("another event under the same id: %+v", other)
	}
}

func TestWhatASourceDeclaresToBePlainStandsInPlainOnlyInItsThings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	change := `{"eventId": "%s", "action": "ticket.updated", "entityType": "%s", "entity": "1", "before": {"state": "new", "customer": {"password": "x"}},
		"after": {"state": "solved", "customer": {"password": "y"}}}`
	entries := b.activities(t, program("erp"), input(t, fmt.Sprintf(change, "1", "ticket")), input(t, fmt.Sprintf(change, "2", "order")))
	for i, want := range []string{`{"/state":{"after":"solved","before":"new"}}`, "null"} {
		if got, _ := json.Marshal(entries[i].Details["plain"]); string(got) != want {
			t.Errorf("%d: %s", i, got)
		}
	}
	elsewhere := b.activities(t, program("shop"), input(t, fmt.Sprintf(change, "3", "ticket")))
	if strings.Contains(string(elsewhere[0].Raw), "solved") {
		t.Error("what one source declares counts for another")
	}
}

func TestASecretOfWhichItsNeighbourTellsIsInNoPartOfAChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.activities(t, program("shop"), input(t, `{
		"eventId": "1", "action": "setting.updated", "entityType": "setting", "entity": "17", "plain": ["value", "headers"],
		"before": {"key": "smtp_password", "value": "s3-old", "headers": [["Cookie", "s3-old"]]},
		"after": {"key": "smtp_password", "value": "s3-new", "headers": [["Cookie", "s3-new"]]}}`))[0]
	if strings.Contains(string(e.Raw), "s3-") {
		t.Errorf("it stands in plain: %s", e.Raw)
	}
	var changes []any
	found, err := b.Ledger.Unseal(t.Context(), &e, activity.FieldChanges, &changes)
	check(t, err)
	text, err := json.Marshal(changes)
	check(t, err)
	if want := `[{"after":"[masked]","before":"[masked]","path":"/headers/0/1"},{"after":"[masked]","before":"[masked]","path":"/value"}]`; !found || string(text) != want {
		t.Errorf("the changes are %s", text)
	}
}
