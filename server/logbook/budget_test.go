package logbook

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/page"
)

func TestAViewerHasOnlySoMuchRecorded(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian, auditor := f.Custodian(), f.Actor(f.Person("Zane", ""), "auditor")
	look := func(actor *access.Actor, module string) error {
		_, err := f.book.KeyLog(t.Context(), actor, Filter{Module: module}, page.Request{})
		return err
	}
	for range viewBudget - 2 {
		if err := f.book.views.budgets.spend(custodian.Caller(), f.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	f.Clock.Advance(time.Minute)
	for _, module := range []string{"a", "a", "b", "b"} { // the same again costs nothing
		if err := look(custodian, module); err != nil {
			t.Fatal(err)
		}
	}
	err := look(custodian, "c")
	if limited, ok := fault.As(err); !ok || limited.Kind != fault.RateLimited || limited.RetryAfter != viewWindow-time.Minute {
		t.Fatalf("%v", err)
	}
	if err := f.follow(custodian, "", Filter{Module: "c"}, always(custodian)).end(); !fault.Is(err, fault.RateLimited) {
		t.Errorf("the feed ended with %v", err)
	}
	if err := look(custodian, "b"); err != nil {
		t.Errorf("what is recorded already: %v", err)
	}
	if err := look(auditor, "c"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	f.Clock.Advance(viewWindow - time.Minute)
	if err := look(custodian, "c"); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
	if got, want := f.looked(), "keyLog 0 map[module:a], keyLog 0 map[module:b], keyLog 0 map[module:c], keyLog 0 map[module:c]"; got != want {
		t.Errorf("recorded %s, want %s", got, want)
	}
}

func TestAViewThatWasNotRecordedIsNotCounted(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	for range viewBudget - 1 {
		if err := d.book.views.budgets.spend(auditor.Caller(), d.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	d.keyLog(d.another(), auditor, Filter{})
	d.keyLog(d.book, auditor, Filter{})
	d.keyLog(d.book, auditor, Filter{Module: "still"})
}
