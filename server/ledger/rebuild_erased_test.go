package ledger_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// cameFrom are drafts of what somebody did from an address.
func cameFrom(person id.ID, n int) []ledger.Draft {
	list := make([]ledger.Draft, n)
	for i := range list {
		list[i] = draft(i)
		list[i].Actor, list[i].System = person, false
		list[i].Parts = []ledger.Part{ledger.OriginPart(person, time.Now(), ledger.Origin{IP: "192.0.2.7"})}
	}
	return list
}

// addressesOf counts the address rows of what somebody did, from entry from on.
func addressesOf(t testing.TB, f *ledgertest.Fixture, person id.ID, from uint64) (n int) {
	t.Helper()
	err := f.DB.Get(t.Context(), &n, "SELECT COUNT(*) FROM entry_ip a JOIN entry_index i ON i.seq = a.seq WHERE i.actor = ? AND i.seq >= ?", person, from)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestARebuildHeedsAKeyThatIsDestroyedMeanwhile(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	person, _ := personWith(t, f, "Jānis")
	for range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, cameFrom(person, 500)...)
	}
	_, l := f.AnotherAtRest(t, time.Now) // as the command is: nothing tells it of destroyed keys
	var done []uint64
	_, err := l.Rebuild(t.Context(), func(at, _ uint64) {
		if done = append(done, at); len(done) == 1 {
			destroyKey(t, f, f.Ledger, person)
		}
	})
	if err != nil || len(done) < 2 || done[0] >= 1500 {
		t.Fatal(done, err)
	}
	if n := addressesOf(t, f, person, done[0]); n != 0 {
		t.Errorf("the rebuild left %d addresses of somebody whose key was destroyed", n)
	}
	requireVerified(t, f)
}
