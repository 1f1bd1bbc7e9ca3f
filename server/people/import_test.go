package people_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/people"
)

func (b *bundle) importCSV(t *testing.T, text string, preview bool) *people.Import {
	t.Helper()
	done, err := b.people.ImportCSV(t.Context(), access.System(), people.ImportInput{CSV: text, Preview: preview})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestAnImportFindsPeopleAgainByNumberBadgeAndAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := janis()
	made := b.create(t, in)
	for name, text := range map[string]string{
		"number":  "name,employee number,phone\nJānis,e-0017,+371 111\n",
		"badge":   "name,badge,phone\nJānis,00442,+371 222\n",
		"address": "name,email,phone\nJānis,JANIS@example.lv,+371 333\n",
	} {
		if plan := b.importCSV(t, text, true); plan.Done || plan.Updated() != 1 || plan.Rows[0].Person != made.ID {
			t.Errorf("%s: %+v", name, plan)
		}
	}
	b.importCSV(t, "name,badge,phone,company\nJānis Bērziņš,00442,+371 222,\n", false)
	after, _ := b.people.Find(made.ID)
	if after.Phone != "+371 222" || after.Company != "" || after.Email != in.Email || after.Department != made.Department || after.Version != 2 {
		t.Errorf("%+v: an absent column leaves a field, an empty one empties it", after)
	}
}

func TestAnImportIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.create(t, janis())
	_, before, err := b.Ledger.LastRecorded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a bad address":            "name,email\nAnna,anna@example.lv\nIlze,nowhere\n",
		"the badge of another":     "name,employee number,badge\nAnna,E-1,77\nIlze,E-2,00442\n",
		"one badge in two lines":   "name,badge\nAnna,77\nIlze,77\n",
		"one name of a source":     "name,external:erp\nAnna,9\nIlze,9\n",
		"a badge with more in it":  "name,badge\nAnna,77\nIlze,78\u200d\n",
		"a line with more columns": "name\nAnna\nIlze,5\n",
	} {
		if done := b.importCSV(t, text, false); done.Done || done.Wrong() == 0 {
			t.Errorf("%s: %+v", name, done)
		}
	}
	if _, size, err := b.Ledger.LastRecorded(t.Context()); err != nil || size != before {
		t.Errorf("%d entries were made of what was refused, %v", size-before, err)
	}
	if _, ok := b.people.Known("erp", "9"); ok {
		t.Error("a name of a refused row is known")
	}
}

func TestAThousandPeopleAreImportedOnceAndFollowedByOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var text strings.Builder
	text.WriteString("name,department,badge,external:windows\n")
	for i := range people.MaxImport {
		fmt.Fprintf(&text, "Person %d,Dept %d,%d,OFFICE\\p%d\n", i, i%7, i, i)
	}
	if done := b.importCSV(t, text.String(), false); !done.Done || done.Created() != people.MaxImport {
		t.Fatalf("%d were made", done.Created())
	}
	if again := b.importCSV(t, text.String(), false); again.Unchanged() != people.MaxImport {
		t.Errorf("the same again changes %d and makes %d", again.Updated(), again.Created())
	}
	other := b.another(t)
	if person, ok := other.people.Known("Windows", "office\\P999"); !ok || other.people.DisplayName(access.System(), person) != "Person 999" {
		t.Errorf("another process does not know the person: %v", ok)
	}
}

func TestAnExternalNameBelongsToOnePerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := janis()
	in.ExternalNames = []people.ExternalName{{Source: "ERP", Name: "J1"}}
	first := b.create(t, in)
	second := b.create(t, people.CreateInput{Name: "Marta"})
	names := []people.ExternalName{{Source: "erp", Name: "j1"}}
	_, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: second.ID, ExternalNames: &names})
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("taken from another: %v", err)
	}
	if _, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: first.ID, ExternalNames: &[]people.ExternalName{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: second.ID, ExternalNames: &names}); err != nil {
		t.Fatalf("a freed name: %v", err)
	}
	if person, ok := b.people.Known("erp", "J1"); !ok || person != second.ID {
		t.Errorf("the name is known as %v, %v", person, ok)
	}
}

func TestAFileThatHasOnePersonTwiceIsRefusedByLine(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.create(t, people.CreateInput{Name: "Anna", Email: "anna@example.lv"})
	b.create(t, janis())
	for name, text := range map[string]string{
		"one address in two lines":           "name,email,phone\nAnna,anna@example.lv,111\nAnna K.,ANNA@example.lv,222\n",
		"one new address in two lines":       "name,email\nIlze,ilze@example.lv\nIlze B.,Ilze@example.lv\n",
		"by badge and by address":            "name,badge,email\nJānis,00442,\nJānis B.,,janis@example.lv\n",
		"what changes nothing and a new one": "name,email\nAnna,anna@example.lv\nAnna K.,anna@example.lv\n",
	} {
		plan := b.importCSV(t, text, true)
		if plan.Wrong() != 1 || plan.Rows[1].Action != people.ImportWrong || !strings.Contains(plan.Rows[1].Problem.String(), "line 2") {
			t.Errorf("%s: %+v", name, plan.Rows)
		}
	}
	if plan := b.importCSV(t, "name,employee number,email\nAna,1,office@example.lv\nEva,2,office@example.lv\n", true); plan.Wrong() != 0 {
		t.Errorf("a shared address: %+v", plan.Rows)
	}
}
