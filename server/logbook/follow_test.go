package logbook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
)

const patience = 20 * time.Second

// feed is a feed that runs in the background.
type feed struct {
	t       testing.TB
	entries chan *KeyEntry
	ended   chan error
	stop    context.CancelFunc
}

func (f *fixture) follow(actor *access.Actor, after string, filter Filter, recheck feeds.Recheck) *feed {
	ctx, stop := context.WithCancel(f.t.Context())
	d := &feed{t: f.t, entries: make(chan *KeyEntry), ended: make(chan error, 1), stop: stop}
	go func() {
		d.ended <- f.book.FollowKeys(ctx, actor, after, filter, recheck, takeAll(func(some []Delivery[*KeyEntry]) bool {
			for _, delivery := range some {
				e, err := delivery.Open(ctx)
				if err != nil {
					return false
				}
				select {
				case d.entries <- e:
				case <-ctx.Done():
					return false
				}
			}
			return true
		}))
	}()
	f.t.Cleanup(stop)
	return d
}

func (d *feed) next() *KeyEntry {
	d.t.Helper()
	select {
	case e := <-d.entries:
		return e
	case err := <-d.ended:
		d.t.Fatalf("the feed ended: %v", err)
	case <-time.After(patience):
		d.t.Fatal("no entry came")
	}
	return nil
}

// leave stops the feed as its reader, who takes nothing any more, and gives how it ended.
func (d *feed) leave() error {
	d.t.Helper()
	d.stop()
	for {
		select {
		case <-d.entries: // it was on its way
		case err := <-d.ended:
			return err
		case <-time.After(patience):
			d.t.Fatal("the feed goes on")
		}
	}
}

func (d *feed) end() error {
	d.t.Helper()
	select {
	case e := <-d.entries:
		d.t.Fatalf("entry %d came, but the feed should end", e.Seq)
	case err := <-d.ended:
		return err
	case <-time.After(patience):
		d.t.Fatal("the feed goes on")
	}
	return nil
}

func TestAFeedResumesFromEveryCursorWithExactlyTheRest(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 60)
	all := f.seqs(access.System(), Filter{}, 500)
	slices.Sort(all)
	log := must[page.Page[*KeyEntry]](t)(f.book.KeyLog(t.Context(), access.System(), Filter{}, page.Request{First: ptr(500)}))
	for _, from := range log.Items {
		d := f.follow(access.System(), from.Cursor, Filter{}, always(access.System()))
		for _, want := range all[slices.Index(all, from.Seq)+1:] {
			if e := d.next(); e.Seq != want {
				t.Fatalf("after %d came %d, want %d", from.Seq, e.Seq, want)
			}
		}
		if err := d.leave(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFeedWithoutACursorBeginsNow(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.Key("before")
	checked := make(chan struct{}, 1)
	f.book.recheck = time.Millisecond
	d := f.follow(access.System(), "", Filter{}, func(context.Context, bool) (*access.Actor, error) {
		select {
		case checked <- struct{}{}:
		default:
		}
		return access.System(), nil
	})
	<-checked // it runs
	f.Key("after")
	if e := d.next(); e.Entity.Label != "after" {
		t.Fatalf("%+v", e)
	}
}

func TestManyFeedsEachGetEveryEntryInOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	first := f.Key("first")
	cursor := f.newestCursor(first.ID)
	const feeds, count = 20, 200
	var feeding sync.WaitGroup
	for range feeds {
		d := f.follow(access.System(), cursor, Filter{Action: ledger.KeyCreated}, always(access.System()))
		feeding.Go(func() {
			for i := range count {
				if e := d.next(); e.Entity.Label != fmt.Sprint(i) {
					t.Errorf("%s came, want %d", e.Entity.Label, i)
					return
				}
			}
		})
	}
	for i := range count {
		f.Key(fmt.Sprint(i))
	}
	feeding.Wait()
}

// newestCursor gives the cursor of the newest entry of a key.
func (f *fixture) newestCursor(key id.ID) string {
	f.t.Helper()
	return f.history(access.System(), key).Items[0].Cursor
}

func TestACursorBeyondTheEndIsRefused(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.Key("1")
	beyond := cursorOf(&ledger.Entry{Seq: uint64(f.Count("SELECT size FROM {ledger}.head")), Body: ledger.Body{OccurredAt: f.Clock.Now()}})
	d := f.follow(access.System(), beyond, Filter{}, always(access.System()))
	if bad, ok := fault.As(d.end()); !ok || bad.Kind != fault.BadInput || bad.Field != "after" {
		t.Fatal(bad)
	}
}

func TestAnIdleFeedEndsSoonAfterItsRightIsGone(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.recheck = 5 * time.Millisecond
	var gone atomic.Bool
	var checks atomic.Int32
	refused := errors.New("signed out")
	d := f.follow(access.System(), "", Filter{}, func(context.Context, bool) (*access.Actor, error) {
		checks.Add(1)
		if gone.Load() {
			return nil, refused
		}
		return access.System(), nil
	})
	for deadline := time.Now().Add(patience); checks.Load() < 3; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the right is not asked for")
		}
	}
	gone.Store(true)
	if err := d.end(); !errors.Is(err, refused) {
		t.Fatal(err)
	}
}

func TestNothingIsDeliveredAfterARightWasTakenAway(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.recheck = time.Hour // only the change itself makes the feed ask
	custodian := f.Custodian()
	first := f.Key("1")
	without := *custodian
	without.Roles = nil
	d := f.follow(custodian, f.newestCursor(first.ID), Filter{}, inTurn(custodian, &without))
	f.Key("2")
	if e := d.next(); e.Entity.Label != "2" {
		t.Fatalf("%+v", e)
	}
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.AccessRolesChanged})
	f.Key("3")
	if err := d.end(); !fault.Is(err, fault.Forbidden) {
		t.Fatal(err)
	}
}

func TestAFeedNarrowsWithItsActorsScope(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.book.recheck = time.Hour
	member := d.Actor(d.janis, "member")
	feed := d.follow(d.custodian, d.newestCursor(d.first.ID), Filter{Action: ledger.KeyIssued}, inTurn(d.custodian, member))
	if e := feed.next(); e.Entity.Label != "B-7" || e.HolderID != d.anna.ID {
		t.Fatalf("%+v", e)
	}
	ledgertest.Append(t, d.DB, d.Ledger, ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.AccessRolesChanged})
	d.Issue(d.custodian, d.anna, d.Key("not for him"))
	d.Issue(d.custodian, d.janis, d.Key("his"))
	if e := feed.next(); e.Entity.Label != "his" {
		t.Fatalf("%+v", e)
	}
}

func TestAFeedKnowsWhatChangedWhileItWasSetUp(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.book.recheck = time.Hour
	member := d.Actor(d.janis, "member")
	feed := d.follow(d.custodian, d.newestCursor(d.first.ID), Filter{Action: ledger.KeyIssued}, always(member))
	d.Issue(d.custodian, d.anna, d.Key("not for him"))
	d.Issue(d.custodian, d.janis, d.Key("his"))
	if e := feed.next(); e.Entity.Label != "his" {
		t.Fatalf("%+v", e)
	}
}

func TestAFeedOfAGroupFollowsItsKeys(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian, janis := f.Custodian(), f.Person("Jānis Bērziņš", "")
	a, b := f.Key("a"), f.Key("b")
	group := f.Group("cellar", a)
	d := f.follow(access.System(), f.newestCursor(b.ID), Filter{KeyGroup: group.ID, Action: ledger.KeyIssued}, always(access.System()))
	f.Issue(custodian, janis, a)
	if e := d.next(); e.KeyID != a.ID {
		t.Fatalf("%+v", e)
	}
	must[*custody.KeyGroup](t)(f.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{ID: group.ID, Name: "cellar", Keys: custodytest.IDs(b)}))
	f.Return(custodian, a)
	f.Issue(custodian, janis, a)
	f.Issue(custodian, janis, b)
	if e := d.next(); e.KeyID != b.ID {
		t.Fatalf("%+v", e)
	}
}

func TestAFeedOfSignInsEndsWhenItsReaderStops(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor := f.Actor(f.Person("Zane", ""), "auditor")
	f.book.recheck = time.Millisecond
	running := make(chan struct{}, 1)
	got := make(chan *AuthEntry, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- f.book.FollowAuth(t.Context(), auditor, "", Filter{}, func(context.Context, bool) (*access.Actor, error) {
			select {
			case running <- struct{}{}:
			default:
			}
			return auditor, nil
		}, takeAll(func(some []Delivery[*AuthEntry]) bool {
			e, _ := some[0].Open(t.Context())
			got <- e
			return false
		}))
	}()
	<-running
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamAuth, Action: ledger.AuthSignedIn, Person: auditor.Person, Actor: auditor.Person})
	if e := <-got; e.Action != ledger.AuthSignedIn {
		t.Fatalf("%+v", e)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestAFeedThatIsNotTakenEndsWithTheCursorToResumeAt(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.book.patience = time.Millisecond
	first := f.Key("first")
	d := f.follow(access.System(), f.newestCursor(first.ID), Filter{}, always(access.System()))
	f.Key("second")
	for range 12 {
		drafts := make([]ledger.Draft, 500)
		for i := range drafts {
			drafts[i] = ledger.Draft{Stream: ledger.StreamKey, System: true, Action: ledger.KeyUpdated}
		}
		ledgertest.Append(t, f.DB, f.Ledger, drafts...)
	}
	var last *KeyEntry
	for {
		select {
		case last = <-d.entries:
			continue
		case err := <-d.ended:
			slow, ok := fault.As(err)
			if !ok || slow.Kind != fault.Unavailable || last == nil || slow.Data["cursor"] != last.Cursor {
				t.Fatalf("the last entry is %+v; the feed ended with %v", last, err)
			}
		case <-time.After(patience):
			t.Fatal("the feed goes on")
		}
		break
	}
	again := f.follow(access.System(), last.Cursor, Filter{}, always(access.System()))
	if e := again.next(); e.Seq != last.Seq+1 {
		t.Fatalf("after %d came %d", last.Seq, e.Seq)
	}
}
