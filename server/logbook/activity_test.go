package logbook

import (
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

func TestWhatAnActivitySaysIsHiddenFromWhoMayNotSeeThePersonItIsAbout(t *testing.T) {
	t.Parallel()
	f := open(t)
	janis, anna := f.Person("Jānis Bērziņš", "Facilities"), f.Person("Anna Kalniņa", "Office")
	about := seal.Person(anna.ID)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
		Stream: ledger.StreamActivity, Action: "order.updated", Source: "shop", Actor: janis.ID, Person: anna.ID, Department: anna.Department,
		Details: map[string]any{
			activity.DetailPaths: []any{"/city", "/status"}, activity.DetailPlain: map[string]any{"/status": map[string]any{"before": "new", "after": "paid"}},
			activity.DetailHTTP: map[string]any{"method": "POST", "status": 200},
		},
		Parts: []ledger.Part{
			{Field: activity.FieldChanges, Subject: about, Value: []any{map[string]any{"path": "/city", "before": "Rīga", "after": "Cēsis"}}},
			{Field: activity.FieldMetadata, Subject: about, Value: "said"},
			{Field: activity.FieldRequest, Subject: about, Value: activity.SealedRequest{Path: "/orders/1"}},
		},
	})
	d := &desk{fixture: f, anna: anna}
	office, facilities := f.Actor(f.Person("Zane", "Office"), "manager"), f.Actor(f.Person("Pēteris", "Facilities"), "manager")
	till := func(source string) *access.Actor {
		return &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: source}
	}
	for name, c := range map[string]struct {
		actor       *access.Actor
		there, open bool
	}{
		"an auditor": {f.Actor(f.Person("Auditor", ""), "auditor"), true, true}, "her manager": {office, true, true},
		"another manager": {facilities, false, false}, "she herself": {f.Actor(anna, "member"), true, true},
		"who did it": {f.Actor(janis, "member"), true, false}, "the program": {till("shop"), true, true}, "another program": {till("erp"), false, false},
		"who sees no personal details": {d.with("logs.actions.view"), true, false},
	} {
		p := must[page.Page[*ActivityEntry]](t)(f.book.ActivityLog(t.Context(), c.actor, Filter{}, page.Request{}))
		if len(p.Items) == 0 && !c.there {
			continue
		}
		if len(p.Items) != 1 || !c.there {
			t.Errorf("%s sees %d entries", name, len(p.Items))
			continue
		}
		e := p.Items[0]
		city, status := e.Changes[0], e.Changes[1]
		if status.Hidden || status.After != "paid" || *e.Request.Method != "POST" || *e.Response.Status != 200 {
			t.Errorf("%s does not see what is plain: %+v", name, e)
		}
		if open := !city.Hidden && city.After == "Cēsis" && e.Metadata == "said" && e.Request.Path != nil; open != c.open {
			t.Errorf("%s sees %+v, metadata %v", name, city, e.Metadata)
		}
	}
}
