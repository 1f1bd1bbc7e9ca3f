package activity_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestWhatAProgramSentIsCountedForItAndForWhoSeesAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop := program("shop")
	for range 2 {
		_, err := b.activity.Record(t.Context(), shop, []*activity.Input{input(t, `{"eventId": "1", "action": "a"}`), input(t, `{"eventId": "2", "action": "A"}`)}, true)
		check(t, err)
		b.activity.StoreCounts(t.Context())
	}
	if _, err := b.activity.Record(t.Context(), shop, []*activity.Input{input(t, `{"action": "a"}`)}, false); !fault.Is(err, fault.BadInput) {
		t.Fatal(err)
	}
	b.activity.CountRefused(shop, 3)
	b.activity.StoreCounts(t.Context())
	auditor := &access.Actor{Person: b.person(t, "Auditor", "").ID, Roles: []string{"auditor"}, Source: ledger.SourceKeytrail}
	for name, c := range map[string]struct {
		actor  *access.Actor
		source string
		there  bool
	}{"itself": {shop, "", true}, "an auditor": {auditor, "shop", true}, "another program": {program("erp"), "shop", false}} {
		status, err := b.activity.Status(t.Context(), c.actor, c.source, 30)
		check(t, err)
		if (status != nil) != c.there {
			t.Errorf("%s is told %+v", name, status)
			continue
		}
		if status != nil && (status.Recorded != 2 || status.Refused != 6 || len(status.Days) != 1 || status.Days[0].Date() != "2026-11-22" || status.LastAt == nil) {
			t.Errorf("%s is told %+v", name, status)
		}
	}
}
