package people_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/people"
)

func janis() people.CreateInput {
	return people.CreateInput{
		Name: "Jānis Bērziņš", Department: "Būvnodaļa", EmployeeNumber: "E-0017", Email: "janis@example.lv",
		Phone: "+371 2000-0000", Company: "SIA Tilts", Badge: "00442", Language: "lv", ValidUntil: "2027-06-30",
	}
}

func TestPersonComesBackAsGiven(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := janis()
	made := b.create(t, in)
	department, name := b.people.DepartmentOf(made.ID)
	if name != in.Department || department != made.Department || department.IsZero() {
		t.Errorf("the department is %v %q", department, name)
	}
	want := &people.Person{
		ID: made.ID, Department: department, Name: in.Name, EmployeeNumber: in.EmployeeNumber, Email: in.Email,
		Phone: in.Phone, Company: in.Company, Badge: in.Badge, Language: "lv", ValidUntil: in.ValidUntil,
		Version: 1, CreatedAt: b.clock.now(), UpdatedAt: b.clock.now(),
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
	reloaded, ok := b.another(t).people.Find(made.ID)
	if !ok {
		t.Fatal("another process does not find the person")
	}
	if diff := cmp.Diff(want, reloaded); diff != "" {
		t.Error(diff)
	}
}

func TestWrongInputNamesTheField(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for field, change := range map[string]func(*people.CreateInput){
		"badge ":         func(in *people.CreateInput) { in.Badge = "00442\u200b" },
		"name":           func(in *people.CreateInput) { in.Name = " \t" },
		"email":          func(in *people.CreateInput) { in.Email = "Jānis <janis@example.lv>" },
		"phone":          func(in *people.CreateInput) { in.Phone = "call me" },
		"language":       func(in *people.CreateInput) { in.Language = "de" },
		"validUntil":     func(in *people.CreateInput) { in.ValidUntil = "2027-02-30" },
		"badge":          func(in *people.CreateInput) { in.Badge = "a\nb" },
		"company":        func(in *people.CreateInput) { in.Company = strings.Repeat("ā", 201) },
		"employeeNumber": func(in *people.CreateInput) { in.EmployeeNumber = "\xff" },
		"department":     func(in *people.CreateInput) { in.Department = strings.Repeat("x", 121) },
	} {
		in := janis()
		change(&in)
		_, err := b.people.Create(t.Context(), access.System(), in)
		if f := wantKind(t, err, fault.BadInput); f.Field != strings.TrimSpace(field) {
			t.Errorf("the field is %q; want %q", f.Field, field)
		}
	}
	if n := len(b.entries(t, ledger.AccessPersonCreated)); n != 0 {
		t.Errorf("%d people were made", n)
	}
}

func TestUnusualNamesAreKeptExactly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	for _, name := range []string{
		"<b>Jānis</b>", "Ольга 😀", "ab\u202ecd", "x\u200by", "e" + strings.Repeat("\u0301", 199), "O'Brien \"Bob\" \\", "a\u2028b",
	} {
		made := b.create(t, people.CreateInput{Name: name})
		got, err := other.people.Lookup(t.Context(), made.ID)
		if err != nil || got.Name != name {
			t.Errorf("%q came back as %q, %v", name, got.Name, err)
		}
	}
}

func TestBadgeAndEmployeeNumberBelongToOnePerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.create(t, people.CreateInput{Name: "Anna Kalniņa", Badge: "b-17", EmployeeNumber: "9"})
	for field, in := range map[string]people.CreateInput{
		"badge":          {Name: "X", Badge: "B-17"},
		"employeeNumber": {Name: "X", EmployeeNumber: "９"}, // full-width
	} {
		_, err := b.people.Create(t.Context(), access.System(), in)
		f := wantKind(t, err, fault.Conflict)
		if f.Data["field"] != field {
			t.Errorf("the conflict names %v; want %s", f.Data["field"], field)
		}
		if text := f.Message; strings.Contains(text, "Anna") || strings.Contains(text, first.ID.String()) {
			t.Errorf("the conflict %q says who", text)
		}
	}
	if _, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: first.ID, Badge: ptr("")}); err != nil {
		t.Fatal(err)
	}
	b.create(t, people.CreateInput{Name: "X", Badge: "B-17"}) // free again
}

func TestOneBadgeGivenToManyAtOnceIsTakenOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	var all sync.WaitGroup
	outcomes := make(chan error, 16)
	for i := range cap(outcomes) {
		at := []*bundle{b, other}[i%2]
		all.Go(func() {
			_, err := at.people.Create(t.Context(), access.System(), people.CreateInput{Name: "X", Badge: "1"})
			outcomes <- err
		})
	}
	all.Wait()
	close(outcomes)
	made := 0
	for err := range outcomes {
		if err == nil {
			made++
		} else {
			wantKind(t, err, fault.Conflict)
		}
	}
	if n := len(b.entries(t, ledger.AccessPersonCreated)); made != 1 || n != 1 {
		t.Errorf("%d people were made and %d recorded; want 1", made, n)
	}
}

func TestDepartmentIsMadeOnceAndFoundInAnySpelling(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.create(t, people.CreateInput{Name: "A", Department: "Grāmatvedība"})
	second := b.create(t, people.CreateInput{Name: "B", Department: " gramatvediba "})
	if first.Department != second.Department {
		t.Error("two departments were made of two spellings")
	}
	made := b.entries(t, ledger.AccessDepartmentCreated)
	if len(made) != 1 || made[0].Entity.Label != "Grāmatvedība" {
		t.Errorf("%d departments were recorded", len(made))
	}
	both := b.insert(t, people.CreateInput{Name: "C", Department: "IT"}, people.CreateInput{Name: "D", Department: "it"})
	if both[0].Department != both[1].Department {
		t.Error("two departments were made of two spellings in one transaction")
	}
	shown, err := b.people.Departments(t.Context(), access.System())
	if err != nil || len(shown) != 2 || shown[0].Name != "Grāmatvedība" || shown[1].Name != "IT" {
		t.Errorf("the departments are %v, %v", shown, err)
	}
}

func TestUpdateChangesWhatIsGivenAndRecordsTheFields(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, janis())
	b.clock.advance(time.Minute)
	changed, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{
		ID: made.ID, Name: ptr("Jānis Ozols"), Phone: ptr(""), Department: ptr("IT"), ValidUntil: ptr(people.Date("")), Version: ptr(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := *made
	want.Name, want.Phone, want.ValidUntil, want.Version, want.UpdatedAt = "Jānis Ozols", "", "", 2, b.clock.now()
	want.Department = changed.Department
	if diff := cmp.Diff(&want, changed); diff != "" {
		t.Error(diff)
	}
	if _, name := b.people.DepartmentOf(made.ID); name != "IT" {
		t.Errorf("the department is %q", name)
	}
	e := b.entries(t, ledger.AccessPersonUpdated)[0]
	if fields := e.Details["fields"].([]any); !slices.Equal(fields, []any{"department", "name", "phone", "validUntil"}) {
		t.Errorf("the fields recorded are %v", fields)
	}
	var content struct{ Before, After map[string]string }
	if found, err := b.Ledger.Unseal(t.Context(), &e, ledger.FieldContent, &content); !found || err != nil {
		t.Fatal(found, err)
	}
	if content.Before["name"] != "Jānis Bērziņš" || content.After["name"] != "Jānis Ozols" || content.Before["phone"] != "+371 2000-0000" {
		t.Errorf("the values recorded are %v", content)
	}
}

func TestUpdateThatChangesNothingRecordsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, janis())
	for range 2 {
		same, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{
			ID: made.ID, Name: ptr(" Jānis Bērziņš "), Department: ptr("BŪVNODAĻA"), IdempotencyKey: "same",
		})
		if err != nil || same.Version != 1 {
			t.Fatalf("%v, %v", same, err)
		}
	}
	if n := len(b.entries(t, ledger.AccessPersonUpdated)); n != 0 {
		t.Errorf("%d changes were recorded", n)
	}
}

func TestStaleVersionIsAConflict(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, janis())
	update := func(name string) error {
		_, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: made.ID, Name: &name, Version: ptr(1)})
		return err
	}
	if err := update("A"); err != nil {
		t.Fatal(err)
	}
	wantKind(t, update("B"), fault.Conflict)
}

func TestUnknownPersonIsNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: id.New(), Name: ptr("A")})
	wantKind(t, err, fault.NotFound)
	_, err = b.people.Lookup(t.Context(), id.New())
	wantKind(t, err, fault.NotFound)
}

func TestRepeatedRequestMakesOnePerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := janis()
	in.IdempotencyKey = "k-1"
	first, second := b.create(t, in), b.create(t, in)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	in.Name = "Somebody else"
	_, err := b.people.Create(t.Context(), access.System(), in)
	wantKind(t, err, fault.Conflict)
	if n := len(b.entries(t, ledger.AccessPersonCreated)); n != 1 {
		t.Errorf("%d people were made", n)
	}
}

func TestRolledBackPeopleDoNotAppear(t *testing.T) {
	t.Parallel()
	b := setup(t)
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := b.people.Insert(ctx, tx, access.System(), time.Time{}, []people.CreateInput{janis()}); err != nil {
			return err
		}
		return fault.New(fault.Conflict, "no")
	})
	wantKind(t, err, fault.Conflict)
	if found := b.people.Search("janis"); len(found) != 0 {
		t.Errorf("%v is found", found)
	}
}

func TestOnlyThosePermittedChangePeople(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.create(t, janis())
	for _, role := range []string{"auditor", "manager", "custodian", "member"} {
		_, err := b.people.Create(t.Context(), acting(made, role), people.CreateInput{Name: "A"})
		wantKind(t, err, fault.Forbidden)
		_, err = b.people.Update(t.Context(), acting(made, role), people.UpdateInput{ID: made.ID, Name: ptr("A")})
		wantKind(t, err, fault.Forbidden)
	}
	_, err := b.people.Create(t.Context(), nil, people.CreateInput{Name: "A"})
	wantKind(t, err, fault.Unauthenticated)
}

func TestNothingPersonalIsStoredInPlain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := janis()
	in.IdempotencyKey = "k-1"
	made := b.create(t, in)
	if _, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: made.ID, Name: ptr("Jānis Zvirbulis")}); err != nil {
		t.Fatal(err)
	}
	words := []string{"Bērziņš", "Zvirbulis", "E-0017", "janis@", "2000-0000", "Tilts", "00442"}
	control := false // the name of a department is not personal and must be found
	mysqltest.EachRow(t, b.DB, func(table string, row []byte) {
		control = control || bytes.Contains(row, []byte("Būvnodaļa"))
		for _, word := range words {
			if bytes.Contains(row, []byte(word)) {
				t.Errorf("%q stands in table %s", word, table)
			}
		}
	})
	if !control {
		t.Error("the rows were not looked at")
	}
}
