package logbook

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
)

// slowly delivers all of a desk's movements to a send that takes one at a time and so long that the right is to be
// asked for again, and gives how many it took.
func slowly(d *desk, actor *access.Actor, recheck feeds.Recheck) (taken int, err error) {
	d.t.Helper()
	entries := must[[]ledger.Entry](d.t)(d.Ledger.Read(d.t.Context(), d.DB, 0, 1000))
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return e.Stream != ledger.StreamKey })
	d.book.recheck = time.Hour
	q := &query{actor: actor, spans: []span{{ledger.StreamKey, d.Access.ScopeOf(actor, access.LogsKeysView)}}}
	b := &basket[*KeyEntry]{guard: d.book.guard(keyStream().parts, q, recheck), view: mask.key}
	b.send = func([]Delivery[*KeyEntry]) (int, bool) {
		taken++
		b.guard.checked = b.guard.checked.Add(-time.Hour)
		return 1, true
	}
	b.guard.pause.Stop()
	_, err = b.deliver(d.t.Context(), entries)
	return taken, err
}

func TestASlowReaderWhoseSessionEndedGetsNoMoreOfWhatWasGathered(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	taken, err := slowly(d, d.custodian, func(context.Context, bool) (*access.Actor, error) {
		return nil, fault.New(fault.Unauthenticated, "Your session has ended.")
	})
	if !fault.Is(err, fault.Unauthenticated) || taken != 1 {
		t.Errorf("he got %d, then %v", taken, err)
	}
}

func TestASlowReaderGetsOfWhatWasGatheredOnlyWhatHeMayStillSee(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	if taken, err := slowly(d, d.custodian, always(d.custodian)); err != nil || taken != 5 {
		t.Errorf("who keeps his right got %d of 5, %v", taken, err)
	}
	custodian := d.Custodian()
	member := d.Actor(d.Person("Zane", ""), "member") // sees only what concerns himself
	if taken, err := slowly(d, custodian, always(member)); err != nil || taken != 1 {
		t.Errorf("who lost it on the way got %d, %v", taken, err)
	}
}
