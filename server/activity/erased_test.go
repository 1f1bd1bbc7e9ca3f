package activity_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

func TestOfSomebodyWhoWasErasedOnlyPathsAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", "", people.ExternalName{Source: "shop", Name: "anna"})
	b.erase(t, anna, "shop", "anna")
	e := b.activities(t, program("shop"), input(t, `{
		"eventId": "1", "action": "customer.updated", "entityType": "customer", "entity": "17",
		"actor": {"externalId": "clerk", "name": "Jānis"}, "dataSubject": {"externalId": "anna", "name": "Anna Kalniņa"},
		"before": {"city": "Rīga", "level": 1}, "after": {"city": "Liepāja", "level": 2}, "plain": ["level"], "metadata": {"note": "moved"},
		"request": {"method": "post", "path": "/customers/17"}, "response": {"status": 200, "error": "none"}}`))[0]
	for field, kept := range map[string]bool{
		activity.FieldChanges: false, activity.FieldMetadata: false, activity.FieldRequest: false, activity.FieldResponse: false, ledger.FieldActor: true,
	} {
		var value any
		if found, err := b.Ledger.Unseal(t.Context(), &e, field, &value); err != nil || found != kept {
			t.Errorf("%s is kept: %v, %v", field, found, err)
		}
	}
	details, err := json.Marshal(map[string]any{"paths": e.Details["paths"], "plain": e.Details["plain"]})
	check(t, err)
	if string(details) != `{"paths":["/city","/level"],"plain":null}` {
		t.Errorf("the details are %s", details)
	}
}

func TestSomebodyErasedWhoIsReportedAgainIsNotNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.erase(t, b.person(t, "Anna Kalniņa", "", people.ExternalName{Source: "shop", Name: "anna"}), "shop", "anna")
	acted := b.activities(t, program("shop"), input(t, `{
		"eventId": "1", "action": "customer.updated", "entityType": "customer", "entity": "17", "ip": "192.0.2.7",
		"actor": {"externalId": "anna", "name": "Anna Kalniņa"}, "metadata": {"note": "moved"}}`))[0]
	if fields := sealedFields(acted); !slices.Equal(fields, []string{activity.FieldMetadata}) {
		t.Errorf("of what she did %v are kept", fields)
	}
	for _, event := range []activity.AuthInput{
		{Username: "anna"}, {Username: " Anna "}, {ExternalID: "anna", Username: "a.kalnina"}, {Username: "anna", Outcome: ledger.Failure},
	} {
		event.IP, event.UserAgent, event.Reason = "192.0.2.7", "Firefox", "as Anna Kalniņa"
		event.Outcome = cmp.Or(event.Outcome, ledger.Success)
		if fields := sealedFields(b.record(t, "shop", event)); len(fields) > 0 {
			t.Errorf("of her sign-in as %q %v are kept", event.Username, fields)
		}
	}
	if fields := sealedFields(b.record(t, "shop", activity.AuthInput{Username: "nobody", Outcome: ledger.Failure})); !slices.Equal(fields, []string{ledger.FieldUsername}) {
		t.Errorf("of somebody not known %v are kept", fields)
	}
}

func sealedFields(e ledger.Entry) []string {
	var fields []string
	for _, part := range e.Sealed {
		fields = append(fields, part.Field)
	}
	return fields
}
