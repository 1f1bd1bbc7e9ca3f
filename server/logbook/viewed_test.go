package logbook

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// looked tells which views are recorded, in order, as "view shown filter".
func (f *fixture) looked() string {
	f.t.Helper()
	var all []string
	for _, e := range f.looks() {
		all = append(all, fmt.Sprint(e.Entity.ID, " ", e.Details["shown"], " ", e.Filter))
	}
	return strings.Join(all, ", ")
}

func (f *fixture) looks() []*SystemEntry {
	f.t.Helper()
	entries := f.Entries(ledger.LogViewed)
	return must[[]*SystemEntry](f.t)(systemStream().views(f.t.Context(), f.book.maskFor(access.System()), entries))
}

// another is the logbook of one more process on the same database.
func (f *fixture) another() *Service {
	f.t.Helper()
	sealer, l := f.Another(f.t, f.Clock.Now)
	return must[*Service](f.t)(New(f.DB, sealer, l, f.Access, f.Custody, f.People, time.UTC, f.Clock.Now))
}

func (f *fixture) keyLog(book *Service, actor *access.Actor, filter Filter) {
	f.t.Helper()
	must[page.Page[*KeyEntry]](f.t)(book.KeyLog(f.t.Context(), actor, filter, page.Request{}))
}

func TestAViewIsRecordedOnceInTenMinutes(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian := f.Custodian()
	f.Key("101")
	for range 3 {
		f.keyLog(f.book, custodian, Filter{})
	}
	f.Clock.Advance(viewWindow - time.Microsecond)
	f.keyLog(f.book, custodian, Filter{})
	if got, want := f.looked(), "keyLog 1 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
	f.Clock.Advance(time.Microsecond)
	f.Key("102")
	f.keyLog(f.book, custodian, Filter{})
	f.keyLog(f.book, custodian, Filter{})
	if got, want := f.looked(), "keyLog 1 map[], keyLog 2 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
	looks := f.looks()
	if e := looks[1]; e.ActorID != custodian.Person || !e.OccurredAt.Equal(f.Clock.Now()) || *e.IP != custodian.Origin.IP || e.Stream != ledger.StreamSystem {
		t.Fatalf("%+v", e)
	}
}

func TestAnotherViewerViewFilterOrPurposeIsRecorded(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	from := d.Clock.Now()
	d.log(auditor, Filter{})
	d.log(d.custodian, Filter{})
	d.log(auditor, Filter{Person: d.janis.ID, From: &from})
	d.log(auditor, Filter{Purpose: "a lost key"})
	d.history(auditor, d.first.ID)
	must[page.Page[*AuthEntry]](t)(d.book.AuthLog(t.Context(), auditor, Filter{IP: "::ffff:192.0.2.7"}, page.Request{}))
	must[page.Page[*SystemEntry]](t)(d.book.SystemLog(t.Context(), auditor, Filter{Action: ledger.LogViewed}, page.Request{}))
	must[LogEntry](t)(d.book.Entry(t.Context(), auditor, d.issued.Entries[0].Seq))
	want := []string{
		"keyLog 5 map[]", "keyLog 5 map[]",
		fmt.Sprintf("keyLog 0 map[from:2026-11-22T10:32:02.000000Z person:%s]", d.janis.ID), "keyLog 5 map[]",
		fmt.Sprintf("history 2 map[key:%s]", d.first.ID), "authLog 0 map[ip:192.0.2.7]", "systemLog 6 map[action:log.viewed]",
		fmt.Sprintf("entry 1 map[seq:%d]", d.issued.Entries[0].Seq),
	}
	if diff := cmp.Diff(want, strings.Split(d.looked(), ", ")); diff != "" {
		t.Fatal(diff)
	}
	if e := d.looks()[3]; *e.Purpose != "a lost key" {
		t.Fatalf("%+v", e)
	}
}

func TestHistoriesOfManyKeysAreOneView(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	asked := []HistoryRequest{{Key: d.second.ID, First: 1}, {Key: d.first.ID, First: 1}, {Key: d.first.ID, First: 2}, {Key: d.first.ID, First: 501}}
	found := must[map[HistoryRequest]History](t)(d.book.KeyHistories(t.Context(), d.custodian, asked))
	for i, n := range []int{1, 1, 2} {
		if h := found[asked[i]]; h.Err != nil || len(h.Page.Items) != n || h.Page.Items[0].KeyID != asked[i].Key {
			t.Errorf("%+v: %+v", asked[i], h)
		}
	}
	if err := found[asked[3]].Err; !fault.Is(err, fault.BadInput) {
		t.Errorf("501 entries: %v", err)
	}
	must[map[HistoryRequest]History](t)(d.book.KeyHistories(t.Context(), d.custodian, asked[1:2]))
	both := []string{d.first.ID.String(), d.second.ID.String()}
	slices.Sort(both)
	if got, want := d.looked(), fmt.Sprintf("history 4 map[keys:%s], history 1 map[key:%s]", both, d.first.ID); got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestGoingFromPageToPageIsOneView(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	if got := d.seqs(d.custodian, Filter{}, 2); len(got) != 5 {
		t.Fatalf("%d entries", len(got))
	}
	size := 1
	must[page.Page[*KeyEntry]](t)(d.book.KeyLog(t.Context(), d.custodian, Filter{}, page.Request{Last: &size}))
	if got, want := d.looked(), "keyLog 2 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestAFeedIsRecordedWhereItStartsAndNotWhereItResumes(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	cursor := d.newestCursor(d.first.ID)
	for range 2 {
		feed := d.follow(auditor, cursor, Filter{}, always(auditor))
		cursor = feed.next().Cursor
		if err := feed.leave(); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := d.looked(), "keyFeed <nil> map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestTwoProcessesRecordAViewOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian, other := f.Custodian(), f.another()
	for _, book := range []*Service{f.book, other, f.another()} {
		f.keyLog(book, custodian, Filter{})
		f.Clock.Advance(4 * time.Minute)
	}
	if got, want := f.looked(), "keyLog 0 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
	f.keyLog(other, custodian, Filter{}) // twelve minutes after it was recorded, and eight after this process saw that
	f.keyLog(f.book, custodian, Filter{})
	if got, want := f.looked(), "keyLog 0 map[], keyLog 0 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestManyAtOnceRecordAViewOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	books := []*Service{d.book, d.another()}
	var looking sync.WaitGroup
	for n := range 32 {
		looking.Go(func() {
			p, err := books[n%2].KeyLog(t.Context(), d.custodian, Filter{}, page.Request{})
			if err != nil || len(p.Items) != 5 {
				t.Errorf("%d entries, %v", len(p.Items), err)
			}
		})
	}
	looking.Wait()
	if got, want := d.looked(), "keyLog 5 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestARepeatedViewCostsNoMoreStatements(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.log(d.custodian, Filter{})
	d.InTx(func(ctx context.Context, tx *mysql.Tx) error { // a claim would wait for this lock
		if _, err := tx.Exec(ctx, "UPDATE view_mark SET viewed_at = viewed_at"); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := d.book.KeyLog(ctx, d.custodian, Filter{}, page.Request{})
		return err
	})
}

func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	cursor := d.newestCursor(d.first.ID)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	d.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		return d.Seal.Destroy(ctx, tx, seal.Person(auditor.Person))
	})
	log, err := d.book.KeyLog(t.Context(), auditor, Filter{}, page.Request{})
	if !fault.Is(err, fault.Unavailable) || len(log.Items) > 0 {
		t.Errorf("%d entries, %v", len(log.Items), err)
	}
	entry, err := d.book.Entry(t.Context(), auditor, d.issued.Entries[0].Seq)
	if !fault.Is(err, fault.Unavailable) || entry != nil {
		t.Errorf("%v, %v", entry, err)
	}
	if err := d.follow(auditor, cursor, Filter{}, always(auditor)).end(); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the feed ended with %v", err)
	}
	if n := d.Count("SELECT COUNT(*) FROM view_mark"); n > 0 {
		t.Errorf("%d views count as recorded", n)
	}
}

func TestWhatAViewerLookedForIsSealedAndForgottenWithHim(t *testing.T) {
	t.Parallel()
	f := open(t)
	zane := f.Person("Zane", "")
	auditor := f.Actor(zane, "auditor")
	f.keyLog(f.book, auditor, Filter{IP: "198.51.100.77", Module: "Jānis Bērziņš", Purpose: "suspicion"})
	mysqltest.EachRow(t, f.DB, func(table string, row []byte) {
		for _, plain := range []string{"198.51.100.77", "Jānis", "suspicion"} {
			if bytes.Contains(row, []byte(plain)) {
				t.Errorf("%s holds %q in plain", table, plain)
			}
		}
	})
	log := func(role string) *SystemEntry {
		t.Helper()
		p := must[page.Page[*SystemEntry]](t)(f.book.SystemLog(t.Context(), f.Actor(f.Person("Somebody", ""), role), Filter{Entity: viewKeyLog}, page.Request{}))
		return p.Items[0]
	}
	if e := log("admin"); e.Filter["module"] != "Jānis Bērziņš" || e.Filter["ip"] != "198.51.100.77" || *e.Purpose != "suspicion" {
		t.Fatalf("%+v", e)
	}
	d := &desk{fixture: f, anna: zane}
	unprivileged := must[page.Page[*SystemEntry]](t)(f.book.SystemLog(t.Context(), d.with("logs.system.view"), Filter{Entity: viewKeyLog}, page.Request{}))
	if e := unprivileged.Items[0]; e.Filter != nil || e.Purpose != nil || e.IP != nil || e.Details["shown"] == nil {
		t.Fatalf("%+v", e)
	}
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error { return f.Seal.Destroy(ctx, tx, seal.Person(zane.ID)) })
	if e := log("admin"); e.Filter != nil || e.Purpose != nil || e.ActorID != zane.ID || e.Details["shown"] == nil {
		t.Fatalf("%+v", e)
	}
}

func TestOldMarksAreSwept(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian := f.Custodian()
	for range 5 {
		f.keyLog(f.book, custodian, Filter{Entity: id.New().String()})
	}
	f.Clock.Advance(viewWindow)
	f.keyLog(f.book, custodian, Filter{})
	if n := f.Count("SELECT COUNT(*) FROM view_mark"); n != 1 {
		t.Fatalf("%d marks are kept", n)
	}
}

func TestAViewWaitsForNoOldMark(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian := f.Custodian()
	f.keyLog(f.book, custodian, Filter{Module: "old"})
	f.Clock.Advance(viewWindow)
	f.InTx(func(ctx context.Context, tx *mysql.Tx) error { // a sweep would wait for this lock
		if _, err := tx.Exec(ctx, "UPDATE view_mark SET viewed_at = viewed_at"); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := f.book.KeyLog(ctx, custodian, Filter{Module: "new"}, page.Request{})
		return err
	})
	f.keyLog(f.book, custodian, Filter{Module: "newer"})
	if n := f.Count("SELECT COUNT(*) FROM view_mark"); n != 2 {
		t.Fatalf("%d marks are kept after the lock was released", n)
	}
}

func TestAMarkOfTheFutureHidesNoView(t *testing.T) {
	t.Parallel()
	f := open(t)
	custodian := f.Custodian()
	f.Clock.Advance(time.Hour)
	f.keyLog(f.book, custodian, Filter{})
	f.Clock.Advance(-time.Hour)
	f.keyLog(f.book, custodian, Filter{})
	if got, want := f.looked(), "keyLog 0 map[], keyLog 0 map[]"; got != want {
		t.Fatalf("recorded %s, want %s", got, want)
	}
}

func TestKeytrailItselfAndCountsAreNoViews(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.keyLog(f.book, access.System(), Filter{})
	must[*Calendar](t)(f.book.Calendar(t.Context(), f.Custodian(), CalendarRequest{Days: 3}))
	if got := f.looked(); got != "" {
		t.Fatal(got)
	}
}

func TestAnEntryIsShownToWhomItsStreamIs(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.keyLog(d.book, d.custodian, Filter{})
	auth := must[[]ledger.Entry](t)(d.Ledger.Read(t.Context(), d.DB, 0, 1000))
	issued, viewed := d.issued.Entries[0].Seq, auth[len(auth)-1].Seq
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	for name, c := range map[string]struct {
		actor *access.Actor
		seq   uint64
		kind  string
	}{
		"a movement":                     {auditor, issued, "*logbook.KeyEntry"},
		"his own movement":               {d.Actor(d.janis, "member"), issued, "*logbook.KeyEntry"},
		"somebody else's":                {d.Actor(d.anna, "member"), issued, "<nil>"},
		"of another department":          {d.Actor(d.Person("Māra", "Laboratory"), "manager"), issued, "<nil>"},
		"of the system":                  {auditor, viewed, "*logbook.SystemEntry"},
		"of a stream that is not his":    {d.custodian, viewed, "<nil>"},
		"beyond the end":                 {auditor, 1 << 40, "<nil>"},
		"of whoever may see nothing":     {&access.Actor{Person: d.anna.ID, Source: ledger.SourceKeytrail}, issued, "<nil>"},
		"before a first password is set": {&access.Actor{Person: d.anna.ID, Roles: []string{"admin"}, MustChangePassword: true}, issued, "<nil>"},
	} {
		got, err := d.book.Entry(t.Context(), c.actor, c.seq)
		if err != nil || fmt.Sprintf("%T", got) != c.kind {
			t.Errorf("%s: %T, %v; want %s", name, got, err, c.kind)
		}
	}
	if _, err := d.book.Entry(t.Context(), nil, issued); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
}

func TestAFollowedSystemStreamTellsOfViews(t *testing.T) {
	t.Parallel()
	f := open(t)
	auditor, custodian := f.Actor(f.Person("Zane", ""), "auditor"), f.Custodian()
	first := must[page.Page[*SystemEntry]](t)(f.book.SystemLog(t.Context(), access.System(), Filter{}, page.Request{})).Items[0]
	got, ended := make(chan *SystemEntry), make(chan error, 1)
	go func() {
		ended <- f.book.FollowSystem(t.Context(), auditor, first.Cursor, Filter{Action: ledger.LogViewed}, always(auditor), takeAll(func(some []Delivery[*SystemEntry]) bool {
			more := true
			for _, d := range some {
				e := must[*SystemEntry](t)(d.Open(t.Context()))
				got <- e
				more = e.Entity.ID == viewSystemFeed
			}
			return more
		}))
	}()
	if e := <-got; e.ActorID != auditor.Person || e.Entity.ID != viewSystemFeed {
		t.Fatalf("%+v", e)
	}
	f.keyLog(f.book, custodian, Filter{Key: custodytest.IDs(f.Key("1"))[0]})
	if e := <-got; e.ActorID != custodian.Person || e.Filter["key"] == nil {
		t.Fatalf("%+v", e)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
