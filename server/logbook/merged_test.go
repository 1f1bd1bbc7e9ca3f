package logbook

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestOnesEntriesAreFoundUnderTheIdsOfHisDuplicates(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.Clock.Advance(time.Minute)
	d.Issue(d.custodian, d.anna, d.second)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	d.Merge(d.janis.ID, d.anna.ID)
	const want = "issued B-7, returned B-7, issued B-7, issued 101"
	for name, person := range map[string]Filter{"who stays": {Person: d.anna.ID}, "who is gone": {Person: d.janis.ID}} {
		if got := actionsOf(d.log(auditor, person)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, actor := range map[string]Filter{"who stays": {Actor: d.anna.ID}, "who is gone": {Actor: d.janis.ID}} {
		if got := actionsOf(d.log(auditor, actor)); got != "" {
			t.Errorf("%s did nothing, and yet %q", name, got)
		}
	}
	himself := d.Actor(d.anna, "member")
	himself.Merged = d.People.MergedFrom(d.anna.ID)
	if got := actionsOf(d.log(himself, Filter{})); got != want {
		t.Errorf("he sees of himself %q", got)
	}
}

func TestWhatOneDidIsFoundUnderTheIdsOfHisDuplicates(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	auditor, double := d.Actor(d.Person("Zane", ""), "auditor"), d.Custodian()
	d.Clock.Advance(time.Minute)
	d.Return(double, d.first)
	if got := actionsOf(d.log(auditor, Filter{Actor: double.Person})); got != "returned 101" {
		t.Errorf("before the merge the double did %q", got)
	}
	d.Merge(double.Person, d.custodian.Person)
	const want = "returned 101, returned B-7, issued B-7, issued 101"
	for name, actor := range map[string]id.ID{"who stays": d.custodian.Person, "who is gone": double.Person} {
		if got := actionsOf(d.log(auditor, Filter{Actor: actor})); got != want {
			t.Errorf("%s did %q, want %q", name, got, want)
		}
	}
	if got := actionsOf(d.log(auditor, Filter{Actor: d.custodian.Person, Person: d.anna.ID})); got != "returned B-7, issued B-7" {
		t.Errorf("he did to her %q", got)
	}
}

func TestAFeedAboutAPersonFollowsAMerge(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	stay := func(actor *access.Actor) feeds.Recheck {
		return func(context.Context, bool) (*access.Actor, error) { return actor, nil }
	}
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	feed := d.follow(auditor, d.log(auditor, Filter{})[0].Cursor, Filter{Person: d.anna.ID}, stay(auditor))
	d.Issue(d.custodian, d.anna, d.second)
	if got := feed.next(); got.Entity.Label != "B-7" {
		t.Errorf("first %q", got.Entity.Label)
	}
	d.Merge(d.janis.ID, d.anna.ID)
	d.Return(d.custodian, d.first) // which was issued to the one who is gone
	if got := feed.next(); got.Entity.Label != "101" || got.HolderID != d.anna.ID {
		t.Errorf("then %q of %v", got.Entity.Label, got.HolderID)
	}
}

func TestWhoTurnedOutToBeOneIsCountedOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, actor := range []id.ID{d.janis.ID, d.anna.ID, d.anna.ID} {
		d.append(ledger.Draft{
			Stream: ledger.StreamActivity, Actor: actor, OccurredAt: d.Clock.Now(), Action: "invoice.paid", Source: "till", Outcome: ledger.Success,
		})
	}
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	d.Merge(d.janis.ID, d.anna.ID)
	c := must[*LogCounts](t)(d.book.LogCounts(t.Context(), auditor, Filter{Streams: []ledger.Stream{ledger.StreamActivity}}, ByPerson, ""))
	if len(c.Counts) != 1 || c.Counts[0].PersonID != d.anna.ID || c.Counts[0].Key != d.anna.ID.String() || c.Counts[0].Total != 3 {
		t.Errorf("%+v", c.Counts)
	}
}
