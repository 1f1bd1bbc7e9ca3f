package activity_test

import (
	"encoding/json"
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
