package custody_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func TestAHolderIsFoundAmongAnyNumberOfNamesakes(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	namesakes := make([]people.CreateInput, people.MaxFound)
	for i := range namesakes {
		namesakes[i] = people.CreateInput{Name: fmt.Sprintf("Anna %04d", i)}
	}
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.People.Insert(ctx, tx, access.System(), time.Time{}, namesakes)
		return err
	})
	last, key := f.Person("Anna Zvirbule", ""), f.Key("1")
	f.Issue(f.Custodian(), last, key)
	list := must[*custody.KeyList](t)(f.Custody.Keys(t.Context(), access.System(), custody.KeyFilter{Search: "anna"}, page.Request{}))
	if got := numbers(list); got != "1" {
		t.Errorf("the search finds %q", got)
	}
}
