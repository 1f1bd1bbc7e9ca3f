package people_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

func TestChangesReachAnotherProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	made := b.create(t, janis())
	eventually(t, func() bool {
		_, name := other.people.DepartmentOf(made.ID)
		return len(other.people.Search("berzins")) == 1 && name == "Būvnodaļa"
	})
	if _, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: made.ID, Name: ptr("Jānis Ozols")}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool {
		return len(other.people.Search("ozols")) == 1 && len(other.people.Search("berzins")) == 0
	})
}

func TestLookupDoesNotWaitForTheLedger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	for i := range 20 {
		made := b.create(t, people.CreateInput{Name: fmt.Sprint("Person ", i), Department: fmt.Sprint("Department ", i)})
		if _, err := other.people.Lookup(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		if department, name := other.people.DepartmentOf(made.ID); department != made.Department || name != fmt.Sprint("Department ", i) {
			t.Errorf("person %d belongs to %v %q", i, department, name)
		}
	}
}

func TestErasedPersonIsNobodyAnyMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.insert(t, janis(), people.CreateInput{Name: "Viewer"})
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return b.Seal.Destroy(ctx, tx, seal.Person(made[0].ID))
	})
	if err != nil {
		t.Fatal(err)
	}
	after := b.another(t)
	gone, ok := after.people.Find(made[0].ID)
	if !ok || !gone.Erased || gone.Name != "" {
		t.Errorf("the erased person is %+v", gone)
	}
	admin := acting(made[1], "admin")
	if got := after.list(t, admin, "", 10); len(got) != 1 {
		t.Errorf("%v are listed", names(got))
	}
	if name := after.people.DisplayName(admin, made[0].ID); name == "" {
		t.Error("an erased person has no mask")
	}
	if seen, err := after.people.Get(t.Context(), admin, made[0].ID); seen != nil || err != nil {
		t.Errorf("the erased person is given as %+v, %v", seen, err)
	}
}
