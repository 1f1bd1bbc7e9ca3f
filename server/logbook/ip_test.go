package logbook

import (
	"context"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// cameFrom appends a movement by somebody who came from an address.
func (d *desk) cameFrom(ip string, actor id.ID) ledger.Entry {
	d.t.Helper()
	return ledgertest.Append(d.t, d.DB, d.Ledger, ledger.Draft{
		Stream: ledger.StreamKey, Action: ledger.KeyIssued, Actor: actor, Person: d.janis.ID, Department: d.janis.Department,
		Parts: []ledger.Part{ledger.OriginPart(actor, d.Clock.Now(), ledger.Origin{IP: ip})},
	})[0]
}

func TestAnAddressIsFoundInAnyNotation(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	v6, v4 := d.cameFrom("2001:db8::7", d.anna.ID), d.cameFrom("::ffff:203.0.113.9", d.anna.ID)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	for ip, want := range map[string]uint64{
		"2001:db8::7": v6.Seq, "2001:0DB8:0:0::0007": v6.Seq, "203.0.113.9": v4.Seq, "::ffff:203.0.113.9": v4.Seq, "::FFFF:cb00:7109": v4.Seq,
	} {
		found := d.log(auditor, Filter{IP: ip})
		if len(found) != 1 || found[0].Seq != want {
			t.Errorf("%s: %d entries", ip, len(found))
		}
	}
	for _, ip := range []string{"203.0.113", "203.0.113.09", "fe80::1%eth0", "here", " 203.0.113.9", "203.0.113.0/24"} {
		_, err := d.book.KeyLog(t.Context(), auditor, Filter{IP: ip}, page.Request{})
		if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != "ip" {
			t.Errorf("%s: %v", ip, err)
		}
	}
}

func TestAnAddressIsFoundOnlyByWhoSeesIt(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	const ip = "203.0.113.9"
	byAnna, byJanis := d.cameFrom(ip, d.anna.ID), d.cameFrom(ip, d.janis.ID)
	for name, c := range map[string]struct {
		actor *access.Actor
		want  []uint64
	}{
		"auditor":                   {d.Actor(d.Person("Zane", ""), "auditor"), []uint64{byJanis.Seq, byAnna.Seq}},
		"manager of Facilities":     {d.Actor(d.Person("Māra", "Facilities"), "manager"), []uint64{byJanis.Seq}},
		"whom it concerns, his own": {d.Actor(d.janis, "member"), []uint64{byJanis.Seq}},
		"who acted":                 {d.Actor(d.anna, "member"), []uint64{byAnna.Seq}},
		"manager of another":        {d.Actor(d.Person("Nora", "Laboratory"), "manager"), nil},
	} {
		found := d.log(c.actor, Filter{IP: ip})
		if len(found) != len(c.want) {
			t.Errorf("%s finds %d, want %d", name, len(found), len(c.want))
			continue
		}
		for i, e := range found {
			if e.Seq != c.want[i] || *e.IP != ip {
				t.Errorf("%s finds %+v", name, e)
			}
		}
	}
	if _, err := d.book.KeyLog(t.Context(), d.custodian, Filter{IP: ip}, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a custodian, who sees no addresses: %v", err)
	}
	if err := d.follow(d.custodian, "", Filter{IP: ip}, always(d.custodian)).end(); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a custodian's feed: %v", err)
	}
}

func TestAFeedOfAnAddressOpensWhatIsSealed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	const ip = "203.0.113.9"
	manager := d.Actor(d.Person("Māra", "Facilities"), "manager")
	cursor := d.newestCursor(d.first.ID)
	d.cameFrom("203.0.113.10", d.janis.ID)
	d.cameFrom(ip, d.anna.ID) // whose address is not the manager's to see
	want := d.cameFrom("::ffff:"+ip, d.janis.ID)
	feed := d.follow(manager, cursor, Filter{IP: ip}, always(manager))
	if e := feed.next(); e.Seq != want.Seq {
		t.Fatalf("%d came, want %d", e.Seq, want.Seq)
	}
}

func TestAFeedOfAnAddressEndsWithTheRightToSeeIt(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.book.recheck = time.Millisecond
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	custodian := *auditor
	custodian.Roles = []string{"custodian"}
	if err := d.follow(auditor, "", Filter{IP: "203.0.113.9"}, always(&custodian)).end(); !fault.Is(err, fault.Forbidden) {
		t.Fatal(err)
	}
}

func TestAnErasedAddressIsNotFoundInAFeed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	const ip = "203.0.113.9"
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	cursor := d.newestCursor(d.first.ID)
	d.cameFrom(ip, d.anna.ID)
	d.InTx(func(ctx context.Context, tx *mysql.Tx) error { return d.Seal.Destroy(ctx, tx, seal.Person(d.anna.ID)) })
	want := d.cameFrom(ip, d.janis.ID)
	if e := d.follow(auditor, cursor, Filter{IP: ip}, always(auditor)).next(); e.Seq != want.Seq {
		t.Fatalf("%d came, want %d", e.Seq, want.Seq)
	}
}
