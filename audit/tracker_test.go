package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/audit"
)

func TestIDsAreUUIDv7InTheOrderOfTime(t *testing.T) {
	t.Parallel()
	last := ""
	for range 3 {
		id := audit.NewID()
		if len(id) != 36 || id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || id[:13] < last {
			t.Errorf("%s after %s", id, last)
		}
		last = id[:13]
	}
}

func TestScopesBelongToOneRequest(t *testing.T) {
	t.Parallel()
	outer := audit.WithScope(t.Context(), audit.Scope{IP: "192.0.2.1"})
	inner := audit.WithActor(outer, audit.Person{ExternalID: "7"})
	if got := audit.ScopeOf(inner); got.IP != "192.0.2.1" || got.Actor.ExternalID != "7" {
		t.Errorf("%+v", got)
	}
	if audit.ScopeOf(outer).Actor.ExternalID != "" {
		t.Error("the outer scope was changed")
	}
	if !audit.SetActor(outer, audit.Person{ExternalID: "8"}) || audit.ScopeOf(outer).Actor.ExternalID != "8" || audit.ScopeOf(inner).Actor.ExternalID != "7" {
		t.Error("the actor was not set where he should be")
	}
	if audit.SetActor(t.Context(), audit.Person{}) {
		t.Error("a context without a scope took an actor")
	}
}

func ExampleTracker() {
	recorder := audit.RecorderFunc(func(_ context.Context, e audit.Event) error { // an *audit.Client in your program
		for _, c := range e.Changes {
			fmt.Println(e.Action, e.EntityType, e.Entity, c.Path, c.Before, "→", c.After)
		}
		return nil
	})
	type Invoice struct {
		ID     int
		Status string `audit:"plain"`
		Payer  string `audit:"personal"`
		IBAN   string `audit:"mask"`
	}
	tracker := audit.Tracker{Recorder: recorder, Module: "billing"}
	before := Invoice{ID: 17, Status: "open", Payer: "Anna", IBAN: "LV80BANK0000435195001"}
	after := before
	after.Status, after.IBAN = "paid", "LV80BANK0000435195002"
	if err := tracker.Update(context.Background(), before, after); err != nil {
		fmt.Println(err)
	}
	// Output:
	// update Invoice 17 /IBAN [masked] → [masked]
	// update Invoice 17 /Status open → paid
}

func TestTrackerRecordsEveryObjectOfABulkChange(t *testing.T) {
	t.Parallel()
	var events []audit.Event
	tracker := audit.Tracker{Recorder: audit.RecorderFunc(func(_ context.Context, e audit.Event) error {
		events = append(events, e)
		return nil
	})}
	one, two := customer{ID: 1}, customer{ID: 2}
	err := tracker.Bulk(t.Context(), audit.Deleted, []audit.Pair{{Before: one}, {Before: &two}})
	if err != nil || len(events) != 2 || events[0].Entity != "1" || events[1].Entity != "2" || events[0].BulkID == "" || events[0].BulkID != events[1].BulkID {
		t.Errorf("%v %+v", err, events)
	}
	if err := tracker.Read(t.Context(), &one); err != nil || events[2].Action != audit.Viewed || len(events[2].Changes) > 0 {
		t.Errorf("%v %+v", err, events[2])
	}
	if err := tracker.Create(t.Context(), 5); err == nil {
		t.Error("a number is an entity")
	}
}

func TestAnIDThatIsMaskedOrOmittedIsAHash(t *testing.T) {
	t.Parallel()
	const hash = "sha256:e564b4081d7a9ea4b00dada53bdae70c"
	type session struct {
		Token string `audit:"id,label"`
	}
	type omitted struct {
		ID string `json:"-"`
	}
	type chosen struct {
		Token string `audit:"plain,id,label"`
	}
	for _, one := range []struct {
		entity    any
		id, label string
	}{
		{session{"hidden"}, hash, ""}, {omitted{"hidden"}, hash, ""}, {session{}, "", ""}, {chosen{"shown"}, "shown", "shown"},
	} {
		var e audit.Event
		if err := e.Describe(one.entity, audit.NewMasks()); err != nil || e.Entity != one.id || e.EntityLabel != one.label {
			t.Errorf("%T is %q %q %v", one.entity, e.Entity, e.EntityLabel, err)
		}
	}
}

func ExampleOpen() {
	client, err := audit.Open(audit.Options{URL: "https://keys.example.org", Token: "", Dir: "/var/lib/shop/audit"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := audit.WithActor(context.Background(), audit.Person{ExternalID: "7", Name: "Anna"})
	_ = client.Record(ctx, audit.Event{Action: "invoice.approved", EntityType: "Invoice", Entity: "17"})
	_ = client.Close(ctx)
	// Output: audit: URL, Token and Dir are needed
}
