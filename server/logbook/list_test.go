package logbook

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// desk is a day at the desk: two holders of two departments each took a key, and one brought it back.
type desk struct {
	*fixture
	custodian     *access.Actor
	janis, anna   *people.Person
	first, second *custody.Key
	issued        *custody.Movement
}

func openDesk(t *testing.T) *desk {
	f := open(t)
	d := &desk{
		fixture: f, custodian: f.Custodian(), first: f.Key("101"),
		janis: f.Person("Jānis Bērziņš", "Facilities"), anna: f.Person("Anna Kalniņa", "Security"),
	}
	f.Clock.Advance(time.Minute)
	due := f.Clock.Now().Add(time.Hour)
	d.issued = must[*custody.Movement](t)(f.Custody.Issue(t.Context(), d.custodian, custody.IssueInput{
		Keys: custodytest.IDs(d.first), Holder: d.janis.ID, DueAt: &due, Comment: "Room 204 usage",
	}))
	d.second = f.Key("B-7")
	f.Issue(d.custodian, d.anna, d.second)
	f.Return(d.custodian, d.second)
	return d
}

func (d *desk) log(actor *access.Actor, f Filter) []*KeyEntry {
	d.t.Helper()
	return must[page.Page[*KeyEntry]](d.t)(d.book.KeyLog(d.t.Context(), actor, f, page.Request{})).Items
}

func actionsOf(entries []*KeyEntry) string {
	var all []string
	for _, e := range entries {
		all = append(all, strings.TrimPrefix(e.Action, "key.")+" "+e.Entity.Label)
	}
	return strings.Join(all, ", ")
}

func TestAScopeShowsItsOwnEntriesAndNoOthers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for name, c := range map[string]struct {
		actor *access.Actor
		want  string
	}{
		"auditor":               {d.Actor(d.Person("Zane", ""), "auditor"), "returned B-7, issued B-7, created B-7, issued 101, created 101"},
		"manager of Facilities": {d.Actor(d.Person("Māra", "Facilities"), "manager"), "issued 101"},
		"manager of nothing":    {d.Actor(d.Person("Nora", ""), "manager"), ""},
		"holder":                {d.Actor(d.anna, "member"), "returned B-7, issued B-7"},
		"somebody else":         {d.Actor(d.Person("Ilze", "Facilities"), "member"), ""},
	} {
		if got := actionsOf(d.log(c.actor, Filter{})); got != c.want {
			t.Errorf("%s sees %q, want %q", name, got, c.want)
		}
	}
	if _, err := d.book.KeyLog(t.Context(), nil, Filter{}, page.Request{}); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
	nobody := d.Actor(d.anna, "nothing")
	if _, err := d.book.KeyLog(t.Context(), nobody, Filter{}, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	if _, err := d.book.AuthLog(t.Context(), d.custodian, Filter{}, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestAnEntryShowsWhatTheActorMaySee(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for name, c := range map[string]struct {
		actor                 *access.Actor
		holder, comment, from bool
	}{
		"auditor":                      {d.Actor(d.anna, "auditor"), true, true, true},
		"custodian, who made it":       {d.custodian, true, true, false},
		"manager of the department":    {d.Actor(d.Person("Māra", "Facilities"), "manager"), true, true, false},
		"holder":                       {d.Actor(d.janis, "member"), true, true, false},
		"who sees movements only":      {d.with("logs.keys.view"), false, false, false},
		"who sees addresses, not keys": {d.with("logs.keys.view", "logs.personal.view"), false, false, true},
	} {
		entries := must[[]*KeyEntry](t)(d.book.KeyEntries(t.Context(), c.actor, d.issued.Entries))
		e := entries[0]
		if (e.HolderID == d.janis.ID) != c.holder || (e.Comment != nil && *e.Comment == "Room 204 usage") != c.comment ||
			(e.IP != nil && *e.IP == "192.0.2.7" && e.UserAgent != nil) != c.from {
			t.Errorf("%s: holder %s, comment %v, from %v", name, e.HolderID, e.Comment, e.IP)
		}
		if e.KeyID != d.first.ID || e.DueAt == nil || e.ActorID != d.custodian.Person || strings.Contains(must[string](t)(e.Body()), "Room 204") {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// with makes an actor of a role that holds the rights everywhere, and that the policy has known from the start.
func (d *desk) with(rights ...string) *access.Actor {
	d.t.Helper()
	role := strings.ReplaceAll(strings.Join(rights, "_"), ".", "")
	for _, right := range rights {
		if _, err := d.DB.Exec(d.t.Context(), "INSERT INTO role_policy (role, permission, scope) VALUES (?, ?, 'all')", role[:min(32, len(role))], right); err != nil {
			d.t.Fatal(err)
		}
	}
	d.reloadPolicy()
	return d.Actor(d.anna, role[:min(32, len(role))])
}

func TestWhatWasErasedIsAbsent(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.InTx(func(ctx context.Context, tx *mysql.Tx) error { return d.Seal.Destroy(ctx, tx, seal.Person(d.janis.ID)) })
	entries := must[[]*KeyEntry](t)(d.book.KeyEntries(t.Context(), d.custodian, d.issued.Entries))
	if e := entries[0]; e.Comment != nil || e.HolderID != d.janis.ID || e.DueAt == nil {
		t.Fatalf("%+v", e)
	}
}

func TestSignInsShowNameReasonAndSession(t *testing.T) {
	t.Parallel()
	f := open(t)
	session, janis := id.New(), f.Person("Jānis Bērziņš", "Facilities")
	made := ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
		Stream: ledger.StreamAuth, Action: ledger.AuthSignInFailed, Outcome: ledger.Failure, Person: janis.ID, Department: janis.Department,
		Refs: []ledger.Ref{{Role: "session", Type: "session", ID: session.String()}}, Details: map[string]any{"reason": "wrong_password"},
		Parts: []ledger.Part{
			ledger.PersonPart(ledger.FieldUsername, janis.ID, f.Clock.Now(), "janis"),
			ledger.OriginPart(id.ID{}, f.Clock.Now(), ledger.Origin{IP: "192.0.2.9"}),
		},
	})[0]
	log := func(actor *access.Actor) *AuthEntry {
		t.Helper()
		p := must[page.Page[*AuthEntry]](t)(f.book.AuthLog(t.Context(), actor, Filter{Outcome: ledger.Failure}, page.Request{}))
		if len(p.Items) != 1 || p.Items[0].Seq != made.Seq {
			t.Fatalf("%d entries", len(p.Items))
		}
		return p.Items[0]
	}
	if e := log(f.Actor(janis, "auditor")); *e.Username != "janis" || *e.Reason != "wrong_password" || e.Session != session || *e.IP != "192.0.2.9" {
		t.Fatalf("%+v", e)
	}
	d := &desk{fixture: f, anna: janis}
	if e := log(d.with("logs.auth.view")); e.Username != nil || e.IP != nil || *e.Reason != "wrong_password" {
		t.Fatalf("%+v", e)
	}
}

func TestPagesStayStableWhileEntriesAreAppended(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 100)
	before := f.seqs(access.System(), Filter{}, 500)
	var walked []uint64
	size := 7
	for after := ""; ; {
		p := must[page.Page[*KeyEntry]](t)(f.book.KeyLog(t.Context(), access.System(), Filter{}, page.Request{First: &size, After: after}))
		for _, e := range p.Items {
			walked = append(walked, e.Seq)
		}
		if after = p.Info.EndCursor; !p.Info.HasNextPage {
			break
		}
		f.Clock.Advance(time.Minute)
		f.Key("new-" + f.Clock.Now().Format(time.TimeOnly)) // the newest entry: in front of every page
	}
	if !slices.Equal(walked, before) {
		t.Fatalf("walked %v, want %v", walked, before)
	}
}

func TestALateEntryStandsWhereItBelongs(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	at := d.Clock.Now().Add(-24 * time.Hour)
	key := d.Key("7")
	must[*custody.Movement](t)(d.Custody.Issue(t.Context(), d.custodian, custody.IssueInput{
		Keys: custodytest.IDs(key), Holder: d.anna.ID, OccurredAt: &at, Reason: "noted on paper",
	}))
	entries := d.log(d.custodian, Filter{})
	if last := entries[len(entries)-1]; last.KeyID != key.ID || !last.OccurredAt.Equal(at) || *last.Reason != "noted on paper" {
		t.Fatalf("%+v", last)
	}
	history := d.history(d.custodian, d.first.ID)
	if got := actionsOf(history.Items); got != "issued 101, created 101" {
		t.Fatal(got)
	}
}

func TestDamagedCursorsAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	good := d.log(d.custodian, Filter{})[0].Cursor
	for _, cursor := range []string{"x", good[1:], strings.Repeat("A", 2000), page.Encode([]byte("short")), page.Encode(make([]byte, 17)), page.Encode(slices.Repeat([]byte{0xff}, 16))} {
		_, err := d.book.KeyLog(t.Context(), d.custodian, Filter{}, page.Request{After: cursor})
		if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != "after" {
			t.Errorf("%.40q: %v", cursor, err)
		}
		err = d.book.FollowKeys(t.Context(), d.custodian, cursor, Filter{}, always(d.custodian), func([]Delivery[*KeyEntry]) (int, bool) { return 0, false })
		if bad, ok := fault.As(err); !ok || bad.Kind != fault.BadInput || bad.Field != "after" {
			t.Errorf("%.40q: %v", cursor, err)
		}
	}
}

func TestAnActionThatTheDatabaseCannotCompareIsRefusedAndBreaksNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor := f.Actor(f.Person("Somebody", "Office"), "auditor")
	for _, action := range []string{"apmaksāts", "ｋｅｙ.issued", "key\u00ad"} {
		if _, err := f.book.Timeline(t.Context(), auditor, Filter{Action: action}, page.Request{}); !fault.Is(err, fault.BadInput) {
			t.Errorf("the list of %q: %v", action, err)
		}
		if _, err := f.book.LogCounts(t.Context(), auditor, Filter{Action: action}, ByAction, ""); !fault.Is(err, fault.BadInput) {
			t.Errorf("the counts of %q: %v", action, err)
		}
	}
	for _, text := range []string{"āčē", "😀", "a\x00", "%", "_", "\\", "'", " "} { // what is compared, and matches nothing
		for _, filter := range []Filter{{Source: text}, {EntityType: text}, {Entity: text}, {KeyNumber: text}, {Module: text}} {
			if p, err := f.book.Timeline(t.Context(), auditor, filter, page.Request{}); err != nil || len(p.Items) != 0 {
				t.Errorf("%+v: %d, %v", filter, len(p.Items), err)
			}
		}
	}
}

func TestAListGoesOnBehindEntriesThatWentAfterTheyWereFound(t *testing.T) {
	t.Parallel()
	f := open(t)
	w := newWorld(f)
	f.seed(w, 60)
	before := f.seqs(access.System(), Filter{}, 500)
	gone := append(slices.Clone(before[4:12]), before[20])
	retention := mysqltest.OpenRetention(t, f.DB)
	for _, seq := range gone { // as pruning leaves it for whoever found their places before
		if _, err := retention.Exec(t.Context(), "DELETE FROM {ledger}.entry WHERE seq = ?", seq); err != nil {
			t.Fatal(err)
		}
	}
	f.Clock.Advance(time.Hour) // for which the ledger recalls what pages have shown
	want := slices.DeleteFunc(slices.Clone(before), func(seq uint64) bool { return slices.Contains(gone, seq) })
	for _, size := range []int{1, 3, 7, 500} {
		if got := f.seqs(access.System(), Filter{}, size); !slices.Equal(got, want) {
			t.Errorf("%d a page: %v, want %v", size, got, want)
		}
	}
	var oldestFirst []uint64
	err := f.book.WholeKeyLog(t.Context(), access.System(), Filter{}, func(entries []*KeyEntry) error {
		for _, e := range entries {
			oldestFirst = append(oldestFirst, e.Seq)
		}
		return nil
	})
	if slices.Reverse(oldestFirst); err != nil || !slices.Equal(oldestFirst, want) {
		t.Errorf("the whole list: %v, %v", oldestFirst, err)
	}
}
