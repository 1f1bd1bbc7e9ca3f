package logbook

import (
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
)

// What two conditions let through together is rare here, though one of them lets thousands through.
func TestAFilterGoesAlongTheConditionThatFewEntriesFulfil(t *testing.T) {
	t.Parallel()
	f := open(t)
	const others, few = 6_000, 3
	person := f.Person("Anna", "").ID
	common := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Module: "desk", Actor: person, Outcome: ledger.Success,
		Entity: ledger.Entity{Type: "invoice", ID: "7", Label: "7"}, OccurredAt: f.Clock.Now(),
	}
	denied, vehicle, moved := common, common, common
	denied.Outcome = ledger.Denied
	bulk := common
	bulk.Refs = []ledger.Ref{{Role: ledger.RoleObject, Type: "invoice", ID: "9"}, {Role: ledger.RoleObject, Type: "", ID: "9"}, {Role: ledger.RoleObject, Type: "invoice", ID: "10"}}
	vehicle.Entity = ledger.Entity{Type: "vehicle", ID: "AB-1", Label: "AB-1"}
	moved.Action, moved.Module = "vehicle.moved", "garage"
	ledgertest.Append(t, f.DB, f.Ledger, slices.Concat(slices.Repeat([]ledger.Draft{bulk}, few), slices.Repeat([]ledger.Draft{denied}, few),
		slices.Repeat([]ledger.Draft{vehicle}, few), slices.Repeat([]ledger.Draft{moved}, few))...)
	for range others / 500 {
		ledgertest.Append(t, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{common}, 500)...)
	}
	f.indexWords()
	auditor := &access.Actor{Roles: []string{"auditor"}}
	for name, c := range map[string]struct {
		filter Filter
		found  int
	}{
		"outcome of a source":         {Filter{Source: "till", Outcome: ledger.Denied}, few},
		"outcome of a person":         {Filter{Person: person, Outcome: ledger.Denied}, few},
		"outcome of a module":         {Filter{Module: "desk", Outcome: ledger.Denied}, few},
		"outcome with a common word":  {Filter{Text: "desk", Outcome: ledger.Denied}, few},
		"type alone":                  {Filter{EntityType: "vehicle"}, few},
		"type of an action":           {Filter{EntityType: "vehicle", Action: "invoice.paid"}, few},
		"module of a source":          {Filter{Source: "till", Module: "garage"}, few},
		"action of a module":          {Filter{Action: "vehicle.moved", Module: "desk"}, 0},
		"id alone":                    {Filter{Entity: "AB-1"}, few},
		"touched in bulk":             {Filter{EntityType: "invoice", Entity: "9"}, few},
		"touched, id alone":           {Filter{Entity: "9"}, few},
		"touched, of another type":    {Filter{EntityType: "vehicle", Entity: "9"}, 0},
		"touched, with a common word": {Filter{Text: "desk", Entity: "10"}, few},
		"id that nothing has":         {Filter{Entity: "AB-2"}, 0},
		"failure that never happened": {Filter{Source: "till", Outcome: ledger.Failure}, 0},
	} {
		q := must[*query](t)(f.book.newQuery(t.Context(), auditor, []span{{ledger.StreamActivity, access.All}}, c.filter))
		if q.empty() {
			if c.found > 0 {
				t.Errorf("%s: nothing was looked for", name)
			}
			continue
		}
		if touched, found := f.touched(q, page.Window{Limit: 50}); found != c.found || touched > 100 {
			t.Errorf("%s: %d rows were touched for %d", name, touched, found)
		}
	}
}
