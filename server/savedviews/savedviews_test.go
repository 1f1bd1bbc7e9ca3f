package savedviews_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/seal"
)

func open(t *testing.T) (*custodytest.Fixture, *savedviews.Service, *access.Actor) {
	t.Helper()
	f := custodytest.Open(t)
	return f, savedviews.New(f.DB, f.Seal, f.Clock.Now), f.Actor(f.Person("Anna Eglīte", "Billing"), "auditor")
}

func save(t *testing.T, s *savedviews.Service, actor *access.Actor, in savedviews.Input) *savedviews.View {
	t.Helper()
	v, err := s.Save(t.Context(), actor, in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNeitherNameNorFilterStandsInPlain(t *testing.T) {
	t.Parallel()
	f, s, anna := open(t)
	save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "What Peter does", Search: "person=Peter"})
	if n := f.Count("SELECT COUNT(*) FROM saved_view WHERE sealed LIKE '%Peter%' OR name LIKE '%Peter%'"); n != 0 {
		t.Error("the database knows whom she looks at")
	}
}

func TestSomebodyKeepsSoManyViewsAndNoMore(t *testing.T) {
	t.Parallel()
	_, s, anna := open(t)
	for i := range savedviews.MaxViews {
		list := []savedviews.List{savedviews.Timeline, savedviews.SignIns}[i%2]
		save(t, s, anna, savedviews.Input{List: list, Name: fmt.Sprint("view ", i)})
	}
	_, err := s.Save(t.Context(), anna, savedviews.Input{List: savedviews.Timeline, Name: "one more"})
	if !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "VIEW 0", Search: "outcome=FAILURE"})
	views, err := s.List(t.Context(), anna, savedviews.Timeline)
	if err != nil || len(views) != savedviews.MaxViews/2 || views[0].Search != "outcome=FAILURE" {
		t.Error("a view of the same name was not replaced", len(views), err)
	}
}

func TestANameThatLooksTheSameIsTheSame(t *testing.T) {
	t.Parallel()
	_, s, anna := open(t)
	first := save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "J\u0101nis"})
	if again := save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "Ja\u0304nis"}); again.ID != first.ID {
		t.Error("a view of the same name was not replaced")
	}
}

func TestViewsAreNobodyElses(t *testing.T) {
	t.Parallel()
	f, s, anna := open(t)
	mine := save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "mine"})
	other := f.Actor(f.Person("Edgars Siliņš", "Billing"), "admin")
	if views, err := s.List(t.Context(), other, savedviews.Timeline); err != nil || len(views) != 0 {
		t.Error(views, err)
	}
	if err := s.Delete(t.Context(), other, mine.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := s.Save(t.Context(), other, savedviews.Input{ID: mine.ID, List: savedviews.Timeline, Name: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := s.List(t.Context(), &access.Actor{Source: "erp"}, savedviews.Timeline); !fault.Is(err, fault.Forbidden) {
		t.Error("a program has views:", err)
	}
}

func TestViewsGoWithTheKeyOfThePerson(t *testing.T) {
	t.Parallel()
	f, s, anna := open(t)
	save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: "mine"})
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		return f.Seal.Destroy(ctx, tx, seal.Person(anna.Person))
	})
	if views, err := s.List(t.Context(), anna, savedviews.Timeline); err != nil || len(views) != 0 {
		t.Error(views, err)
	}
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error { return savedviews.ForgetAll(ctx, tx, anna.Person) })
	if n := f.Count("SELECT COUNT(*) FROM saved_view"); n != 0 {
		t.Error("rows are left:", n)
	}
}

func TestTheLongestFilterIsKeptWhateverItsSigns(t *testing.T) {
	t.Parallel()
	_, s, anna := open(t)
	for _, sign := range []string{"&", "<", "ā", `"`, `\`} {
		search := strings.Repeat(sign, 2000/len(sign))
		if got := save(t, s, anna, savedviews.Input{List: savedviews.Timeline, Name: strings.Repeat(sign, 60), Search: search}); got.Search != search {
			t.Errorf("%q came back as %.60q", sign, got.Search)
		}
	}
}

func TestWhoTurnsOutToBeTwoPersonsSeesTheViewsOfBoth(t *testing.T) {
	t.Parallel()
	f, s, anna := open(t)
	other := f.Actor(f.Person("A. Eglīte", "Billing"), "auditor")
	for i := range savedviews.MaxViews - 10 {
		for _, one := range []*access.Actor{anna, other} {
			save(t, s, one, savedviews.Input{List: savedviews.Timeline, Name: fmt.Sprint("view ", i, " of ", one.Person)})
		}
	}
	anna.Merged = append(anna.Merged, other.Person)
	if views, err := s.List(t.Context(), anna, savedviews.Timeline); err != nil || len(views) != 2*(savedviews.MaxViews-10) {
		t.Error(len(views), err)
	}
}
