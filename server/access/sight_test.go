package access_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestOnlyThoseWhoSeeEverythingShareASight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	office, laboratory := id.New(), id.New()
	sight := func(person, department id.ID, roles ...string) access.Sight {
		return b.access.Sight(&access.Actor{Person: person, Department: department, Roles: roles, Source: ledger.SourceKeytrail})
	}
	for role, common := range map[string]bool{
		"root": true, "admin": true, "auditor": true, "manager": false, "custodian": false, "member": false,
	} {
		one, other := id.New(), id.New()
		mine := sight(one, office, role)
		if mine.Name() == "" || mine.Common() != common {
			t.Errorf("%s: %q, common is %v", role, mine.Name(), mine.Common())
		}
		if sight(one, office, role) != mine {
			t.Errorf("%s: two sessions of one person differ", role)
		}
		if same := sight(other, office, role) == mine; same != common {
			t.Errorf("%s: two people have the same sight: %v", role, same)
		}
		if same := sight(one, laboratory, role) == mine; same != common {
			t.Errorf("%s: the department does not matter: %v", role, same)
		}
	}
	person := id.New()
	if sight(person, office, "admin") == sight(person, office, "auditor") {
		t.Error("admin and auditor hold different rights")
	}
	if sight(person, office, "custodian") == sight(person, office, "custodian", "member") {
		t.Error("one more role is one more right")
	}
}

func TestWhoMaySeeNothingHasNoSight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	newcomer := &access.Actor{Person: id.New(), Roles: []string{"admin"}, MustChangePassword: true}
	for _, actor := range []*access.Actor{nil, newcomer, {Person: id.New()}} {
		if sight := b.access.Sight(actor); sight != (access.Sight{}) || sight.Common() {
			t.Errorf("%+v has %+v", actor, sight)
		}
	}
}
