package custody_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
)

func TestGroupsShowAndCountOnlyKeysThatTheScopeReaches(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	c.Group("Attic", c.Key("20"))
	c.Group("Empty")
	for name, want := range map[string]struct {
		actor *access.Actor
		found []string
	}{
		"custodian":              {c.desk, []string{"Attic 1", "Cellar 2", "Empty 0"}},
		"manager of Facilities":  {c.Actor(c.Person("Māra Liepa", "Facilities"), "manager"), []string{"Cellar 1"}},
		"manager of the kitchen": {c.Actor(c.Person("Nora Liepa", "Kitchen"), "manager"), nil},
		"holder":                 {c.Actor(c.janis, "member"), []string{"Cellar 1"}},
		"somebody without keys":  {c.Actor(c.Person("Zane Liepa", "Facilities"), "member"), nil},
	} {
		groups := must[page.Page[*custody.KeyGroup]](t)(c.Custody.Groups(t.Context(), want.actor, page.Request{}))
		if diff := cmp.Diff(want.found, counted(groups.Items)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		ofKey := must[map[id.ID][]*custody.KeyGroup](t)(c.Custody.GroupsByKey(t.Context(), want.actor, custodytest.IDs(c.issued)))
		if len(want.found) == 0 && len(ofKey) != 0 || len(want.found) == 1 && !cmp.Equal(want.found, counted(ofKey[c.issued.ID])) {
			t.Errorf("%s: the key is in %q", name, counted(ofKey[c.issued.ID]))
		}
	}
	if of := must[map[id.ID][]*custody.KeyGroup](t)(c.Custody.GroupsByKey(t.Context(), nil, custodytest.IDs(c.issued))); len(of) != 0 {
		t.Error("nobody sees a group")
	}
}

func counted(groups []*custody.KeyGroup) []string {
	var all []string
	for _, g := range groups {
		all = append(all, fmt.Sprint(g.Name, " ", g.KeyCount))
	}
	return all
}

func TestAKeyOfThePastDoesNotTellWhoHasItNow(t *testing.T) {
	t.Parallel()
	c := openCabinet(t)
	late := must[*custody.Key](t)(c.Custody.Key(t.Context(), c.desk, id.ID{}, "B-7")) // held by anna, overdue
	stateFor := func(actor *access.Actor, key *custody.Key) custody.KeyState {
		t.Helper()
		return must[map[id.ID]*custody.Key](t)(c.Custody.KeysByID(t.Context(), actor, custodytest.IDs(key)))[key.ID].State
	}
	for name, want := range map[string]struct {
		actor        *access.Actor
		issued, late custody.KeyState
	}{
		"custodian":             {c.desk, custody.Issued, custody.Overdue},
		"manager of Facilities": {c.Actor(c.Person("Māra Liepa", "Facilities"), "manager"), custody.Issued, custody.Available},
		"holder":                {c.Actor(c.janis, "member"), custody.Issued, custody.Available},
		"somebody else":         {c.Actor(c.Person("Zane Liepa", "Facilities"), "member"), custody.Available, custody.Available},
		"nobody":                {nil, custody.Available, custody.Available},
	} {
		if issued, late := stateFor(want.actor, c.issued), stateFor(want.actor, late); issued != want.issued || late != want.late {
			t.Errorf("%s sees %s and %s", name, issued, late)
		}
	}
	c.Return(c.desk, c.issued)
	c.Issue(c.desk, c.anna, c.issued)
	if state := stateFor(c.Actor(c.janis, "member"), c.issued); state != custody.Available {
		t.Errorf("who had the key before sees that it is %s", state)
	}
}
