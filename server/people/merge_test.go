package people_test

import (
	"context"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

func nothingElse(context.Context, *mysql.Tx, *people.Merging) error { return nil }

func (b *bundle) tryMerge(t testing.TB, actor *access.Actor, from, into id.ID) (*people.Person, error) {
	t.Helper()
	return b.people.Merge(t.Context(), actor, people.MergeInput{From: from, Into: into, Reason: "the same badge photo"}, nothingElse)
}

func (b *bundle) merge(t testing.TB, from, into id.ID) *people.Person {
	t.Helper()
	p, err := b.tryMerge(t, access.System(), from, into)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func twins() (from, into people.CreateInput) {
	return people.CreateInput{
			Name: "Janis Berzins", Department: "Workshop", EmployeeNumber: "1002", Email: "jb@example.org", Phone: "+371 20000001", Badge: "B-2",
			ExternalNames: []people.ExternalName{{Source: "erp", Name: "jb"}}, Language: "en", ValidUntil: "2026-01-31",
		}, people.CreateInput{
			Name: "Jānis Bērziņš", EmployeeNumber: "1001", Company: "Acme", Language: "lv",
			ExternalNames: []people.ExternalName{{Source: "windows", Name: `F\janis`}},
		}
}

func TestTwoPersonsBecomeOneEverywhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	first, second := twins()
	from, into := b.create(t, first), b.create(t, second)
	eventually(t, func() bool { _, ok := other.people.Find(into.ID); return ok })
	got := b.merge(t, from.ID, into.ID)
	if got.ID != into.ID || got.Name != "Jānis Bērziņš" || got.EmployeeNumber != "1001" || got.Email != "jb@example.org" ||
		got.Badge != "B-2" || got.Company != "Acme" || got.Language != "lv" || got.ValidUntil != "" || got.Department != from.Department {
		t.Errorf("he is %+v", got)
	}
	if want := []people.ExternalName{{Source: "erp", Name: "jb"}, {Source: "windows", Name: `F\janis`}}; !slices.Equal(got.ExternalNames, want) {
		t.Errorf("he is known as %v", got.ExternalNames)
	}
	fresh := b.another(t)
	for name, one := range map[string]*bundle{"here": b, "another process": other, "a new process": fresh} {
		eventually(t, func() bool { return len(one.people.MergedFrom(into.ID)) == 1 })
		p, ok := one.people.Find(from.ID)
		if !ok || p.ID != into.ID || p.Badge != "B-2" {
			t.Errorf("%s: the one who is gone is %+v", name, p)
		}
		if same := one.people.Same(from.ID); !slices.Equal(same, []id.ID{into.ID, from.ID}) {
			t.Errorf("%s: his ids are %v", name, same)
		}
		if known, _ := one.people.Known("erp", "JB"); known != into.ID {
			t.Errorf("%s: erp knows %v", name, known)
		}
		if listed := one.list(t, access.System(), "", 10); len(listed) != 1 || listed[0].ID != into.ID {
			t.Errorf("%s: listed are %v", name, names(listed))
		}
		if found := one.people.Search("janis berzins"); !slices.Equal(found, []id.ID{into.ID}) {
			t.Errorf("%s: found are %v", name, found)
		}
	}
	if p, err := b.people.Get(t.Context(), access.System(), from.ID); err != nil || p.ID != into.ID {
		t.Errorf("asked for by the old id: %v, %v", p, err)
	}
	// The number that he does not need is free again, and the one who is gone is changed as the one who stays.
	b.create(t, people.CreateInput{Name: "Somebody", EmployeeNumber: "1002"})
	changed, err := b.people.Update(t.Context(), access.System(), people.UpdateInput{ID: from.ID, Phone: ptr("112")})
	if err != nil || changed.ID != into.ID || changed.Phone != "112" {
		t.Errorf("changed %+v, %v", changed, err)
	}
}

func TestAMergeIsOnRecordAndSealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := twins()
	from, into := b.create(t, first), b.create(t, second)
	b.merge(t, from.ID, into.ID)
	e := b.entries(t, ledger.AccessPersonMerged)[0]
	if e.Person != into.ID || e.Entity.ID != into.ID.String() || e.Ref(people.RefMergedFrom) != from.ID.String() {
		t.Errorf("the entry concerns %v, refs %v", e.Person, e.Refs)
	}
	for _, part := range e.Sealed {
		want := seal.Person(into.ID)
		if part.Field == people.FieldMergedFrom {
			want = seal.Person(from.ID)
		}
		if part.Subject != want {
			t.Errorf("%s is sealed under %s", part.Field, part.Subject)
		}
	}
	var gone map[string]any
	var reason string
	if _, err := b.Ledger.Unseal(t.Context(), &e, people.FieldMergedFrom, &gone); err != nil || gone["employeeNumber"] != "1002" {
		t.Errorf("of the one who is gone is kept %v, %v", gone, err)
	}
	if _, err := b.Ledger.Unseal(t.Context(), &e, people.FieldReason, &reason); err != nil || reason == "" {
		t.Errorf("the reason is %q, %v", reason, err)
	}
}

func TestMergesMakeNoChainsAndNoCircles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	all := b.insert(t, people.CreateInput{Name: "A"}, people.CreateInput{Name: "B"}, people.CreateInput{Name: "C"})
	one, two, three := all[0].ID, all[1].ID, all[2].ID
	b.merge(t, one, two)
	_, err := b.tryMerge(t, access.System(), two, one)
	wantKind(t, err, fault.Conflict)
	_, err = b.tryMerge(t, access.System(), three, one)
	wantKind(t, err, fault.Conflict)
	_, err = b.tryMerge(t, access.System(), one, three)
	wantKind(t, err, fault.Conflict)
	b.merge(t, two, three)
	for name, at := range map[string]*bundle{"here": b, "another process": other} {
		eventually(t, func() bool { return len(at.people.MergedFrom(three)) == 2 })
		if at.people.True(one) != three || at.people.True(two) != three || len(at.people.MergedFrom(two)) != 0 {
			t.Errorf("%s: %v and %v are %v", name, one, two, three)
		}
	}
	if n := len(b.entries(t, ledger.AccessPersonMerged)); n != 2 {
		t.Errorf("%d merges are on record", n)
	}
}

func TestTwoMergesAtOnceLeaveOneWayOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	all := b.insert(t, people.CreateInput{Name: "A"}, people.CreateInput{Name: "B"})
	one, two := all[0].ID, all[1].ID
	failed := make(chan error, 2)
	go func() { _, err := b.tryMerge(t, access.System(), one, two); failed <- err }()
	go func() { _, err := other.tryMerge(t, access.System(), two, one); failed <- err }()
	errs := []error{<-failed, <-failed}
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("both ended alike: %v", errs)
	}
	eventually(t, func() bool {
		return b.people.True(one) == b.people.True(two) && other.people.True(one) == b.people.True(one)
	})
}

func TestWhoMayNotMerge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := b.insert(t, people.CreateInput{Name: "A"}, people.CreateInput{Name: "B"}, people.CreateInput{Name: "Viewer"})
	one, two := all[0].ID, all[1].ID
	_, err := b.tryMerge(t, acting(all[2], "custodian"), one, two)
	wantKind(t, err, fault.Forbidden)
	_, err = b.tryMerge(t, access.System(), one, one)
	wantKind(t, err, fault.BadInput)
	_, err = b.tryMerge(t, access.System(), one, id.New())
	wantKind(t, err, fault.NotFound)
	_, err = b.people.Merge(t.Context(), access.System(), people.MergeInput{From: one, Into: two, Reason: " "}, nothingElse)
	if wantKind(t, err, fault.BadInput).Field != "reason" {
		t.Error(err)
	}
	if len(b.people.MergedFrom(two)) != 0 || len(b.entries(t, ledger.AccessPersonMerged)) != 0 {
		t.Error("something was merged")
	}
}

func TestARepeatedMergeGivesTheSameAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := b.insert(t, people.CreateInput{Name: "A"}, people.CreateInput{Name: "B"})
	in := people.MergeInput{From: all[0].ID, Into: all[1].ID, Reason: "the same", IdempotencyKey: "once"}
	for range 2 {
		p, err := b.people.Merge(t.Context(), access.System(), in, nothingElse)
		if err != nil || p.ID != all[1].ID {
			t.Errorf("%v, %v", p, err)
		}
	}
	if n := len(b.entries(t, ledger.AccessPersonMerged)); n != 1 {
		t.Errorf("%d merges are on record", n)
	}
}

func TestErasingAPersonDestroysTheKeysOfHisDuplicates(t *testing.T) {
	t.Parallel()
	for name, asked := range map[string]int{"by the one who stays": 1, "by the one who is gone": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			other := b.another(t)
			first, second := twins()
			both := []*people.Person{b.create(t, first), b.create(t, second)}
			created := b.entries(t, ledger.AccessPersonCreated)
			b.merge(t, both[0].ID, both[1].ID)
			err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				entries, err := b.people.DestroyKeys(ctx, tx, both[asked].ID, id.ID{})
				if len(entries) != 2 {
					t.Errorf("%d keys were destroyed", len(entries))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for i := range created {
				var content map[string]any
				if _, err := b.Ledger.Unseal(t.Context(), &created[i], ledger.FieldContent, &content); err == nil {
					t.Errorf("%v can be read still", content)
				}
			}
			for _, at := range []*bundle{b, other} {
				eventually(t, func() bool {
					p, ok := at.people.Find(both[0].ID)
					_, known := at.people.Known("erp", "jb")
					return ok && p.Erased && p.Name == "" && !known
				})
			}
		})
	}
}

func TestAnActorIsWhoHisDuplicatesWere(t *testing.T) {
	t.Parallel()
	me, before, stranger := id.New(), id.New(), id.New()
	actor := &access.Actor{Person: me, Merged: []id.ID{before}}
	for person, want := range map[id.ID]bool{me: true, before: true, stranger: false, {}: false} {
		if access.Own.Reaches(actor, person, id.ID{}) != want {
			t.Errorf("own reaches %v: %v", person, !want)
		}
	}
}
