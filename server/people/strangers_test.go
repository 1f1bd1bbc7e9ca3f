package people_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
)

func TestAProgramMakesOnlySoManyPeopleInADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people.LimitNew(3)
	meet := func(source string, from, to int) error {
		var all []people.Stranger
		for n := from; n < to; n++ {
			all = append(all, people.Stranger{External: people.ExternalName{Source: source, Name: fmt.Sprintf("session-%d", n)}})
		}
		_, err := b.people.Meet(t.Context(), &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: source}, all)
		return err
	}
	mustMeet := func(source string, from, to int) {
		t.Helper()
		if err := meet(source, from, to); err != nil {
			t.Fatal(err)
		}
	}
	mustMeet("shop", 0, 3)
	if f := wantKind(t, meet("shop", 3, 4), fault.RateLimited); f.RetryAfter <= 0 || f.RetryAfter > 24*time.Hour {
		t.Errorf("try again after %v", f.RetryAfter)
	}
	mustMeet("shop", 0, 3) // those who are known stay so
	mustMeet("till", 0, 3)
	b.clock.advance(24 * time.Hour)
	mustMeet("shop", 3, 4)
}
