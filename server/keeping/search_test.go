package keeping_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// shelf is a ledger whose old entries lie in several archives.
type shelf struct {
	*bundle
	book    *logbook.Service
	search  *keeping.Search
	persons []id.ID
	key     id.ID
	begin   time.Time
}

func (b *bundle) shelve() *shelf {
	b.t.Helper()
	s := &shelf{bundle: b, begin: b.Clock.Now()}
	var err error
	if s.book, err = logbook.New(b.DB, b.Seal, b.Ledger, b.Access, b.Custody, b.People, custodytest.Riga(b.t), b.Clock.Now); err != nil {
		b.t.Fatal(err)
	}
	s.reopen(keeping.Config{ArchiveEntries: 150}, keeping.SearchConfig{})
	for _, name := range []string{"Jānis", "J. Bērziņš", "Marta"} {
		s.persons = append(s.persons, b.Person(name, "Office").ID)
	}
	b.Merge(s.persons[1], s.persons[0])
	key := b.Key("7")
	b.Group("two", key)
	s.key = key.ID
	return s
}

func (s *shelf) reopen(c keeping.Config, search keeping.SearchConfig) {
	s.service = s.another(c)
	s.search = keeping.NewSearch(s.service, s.book, search)
}

// fill records entries of every kind, whose order of time is not that of their places.
func (s *shelf) fill(n int) {
	s.t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	one := func(values ...string) string { return values[r.IntN(len(values))] }
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		at := s.begin.Add(time.Duration(r.IntN(48*60)) * time.Minute)
		person := append(s.persons, id.ID{})[r.IntN(len(s.persons)+1)]
		d := ledger.Draft{
			Stream: ledger.Stream(one("auth", "activity", "activity", "key", "work")), OccurredAt: at, Person: person,
			Actor: append(s.persons, id.ID{})[r.IntN(len(s.persons)+1)], Department: s.admin.Department,
			Action: one("order.read", "order.changed"), Module: one("shop", "stock"), Outcome: ledger.Outcomes()[r.IntN(3)], Source: one("till", "keytrail"),
			Entity:  ledger.Entity{Type: "order", ID: one("1", "2", "3")},
			Details: map[string]any{"door": one("Ārdurvis 7", "pagrabs")},
		}
		switch d.Stream {
		case ledger.StreamWork:
			d.Action = ledger.WorkWorking
		case ledger.StreamAuth:
			d.Action = one(ledger.AuthSignedIn, ledger.AuthSignedOut)
		case ledger.StreamKey:
			d.Action, d.Entity = ledger.KeyUpdated, ledger.Entity{Type: "key", ID: s.key.String()}
		}
		if i%3 == 0 {
			d.Department = id.ID{}
		}
		if d.Stream == ledger.StreamActivity && i%5 == 0 {
			d.Refs = []ledger.Ref{{Role: ledger.RoleObject, Type: "order", ID: one("3", "4")}, {Role: ledger.RoleObject, Type: "parcel", ID: "5"}}
		}
		d.Parts = []ledger.Part{ledger.OriginPart(d.Actor, at, ledger.Origin{IP: one("192.0.2.1", "192.0.2.2", "2001:db8::1")})}
		drafts[i] = d
	}
	for batch := range slices.Chunk(drafts, 500) {
		ledgertest.Append(s.t, s.DB, s.Ledger, batch...)
	}
	if err := s.Ledger.IndexWords(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// prune lets the time of all that was recorded pass, and has a run archive and delete it.
func (s *shelf) prune() {
	s.t.Helper()
	days := 30
	for _, stream := range ledger.Streams() {
		if _, err := s.service.Set(s.t.Context(), s.admin, keeping.SetInput{Stream: stream, KeepDays: &days}); err != nil {
			s.t.Fatal(err)
		}
	}
	s.Clock.Advance(100 * 24 * time.Hour)
	if run := s.asked(); run.State != keeping.Done || run.Archives < 3 {
		s.t.Fatalf("%+v", run)
	}
}

// text is an entry as somebody sees it, but for links between pages.
func text(t *testing.T, e logbook.LogEntry) string {
	t.Helper()
	shown, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%T %s", e, shown)
}

// listed gives what the lists show somebody, by place. nil when they refuse.
func (s *shelf) listed(actor *access.Actor, f logbook.Filter) map[uint64]string {
	s.t.Helper()
	found, size := map[uint64]string{}, page.MaxSize
	for r := (page.Request{First: &size}); ; {
		p, err := s.book.Timeline(s.t.Context(), actor, f, r)
		if fault.Is(err, fault.Forbidden) {
			return nil
		}
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range p.Items {
			found[e.Common().Seq] = text(s.t, e)
		}
		if !p.Info.HasNextPage {
			return found
		}
		r.After = p.Info.EndCursor
	}
}

// searched gives what a search finds, by place, page by page; nil when it is refused.
func (s *shelf) searched(actor *access.Actor, f logbook.Filter, size int) map[uint64]string {
	s.t.Helper()
	found := map[uint64]string{}
	for r := (page.Request{First: &size}); ; {
		p, how, err := s.search.Find(s.t.Context(), actor, f, r)
		if fault.Is(err, fault.Forbidden) {
			return nil
		}
		if err != nil {
			s.t.Fatal(err)
		}
		if len(how.Damaged) > 0 || len(p.Items) > size || p.Info.HasNextPage != (how.Left > 0) || (how.BackTo == nil) != (how.Left == 0) {
			s.t.Fatalf("%+v %+v", p.Info, how)
		}
		for _, hit := range p.Items {
			seq := hit.Entry.Common().Seq
			if _, twice := found[seq]; twice {
				s.t.Fatalf("entry %d was found twice", seq)
			}
			found[seq] = text(s.t, hit.Entry)
		}
		if !p.Info.HasNextPage {
			return found
		}
		if p.Info.EndCursor == r.After {
			s.t.Fatal("the search does not come further")
		}
		r.After = p.Info.EndCursor
	}
}

func (s *shelf) filters() []logbook.Filter {
	at := func(hours int) *time.Time {
		moment := s.begin.Add(time.Duration(hours) * time.Hour)
		return &moment
	}
	streams := []ledger.Stream{ledger.StreamKey, ledger.StreamAuth, ledger.StreamActivity}
	filters := []logbook.Filter{
		{}, {Person: s.persons[0]}, {Person: s.persons[1]}, {Person: s.persons[2], Action: "order.read"}, {From: at(10), To: at(20)}, {From: at(47)}, {To: at(1)},
		{Source: "till"}, {Department: s.admin.Department}, {EntityType: "order", Entity: "2"}, {Entity: "3 "}, {EntityType: "order", Entity: "4"}, {Entity: "5"}, {EntityType: "order", Entity: "5"}, {Key: s.key}, {KeyNumber: "7"}, {KeyNumber: "8"},
		{Action: ledger.AuthSignedIn}, {Module: "stock"}, {Outcome: ledger.Denied}, {IP: "192.0.2.1"}, {IP: "2001:0db8::0:1", Source: "till"}, {Text: "ardurvis 7"}, {Text: "nowhere"},
		{Streams: []ledger.Stream{ledger.StreamAuth}}, {Streams: []ledger.Stream{ledger.StreamWork, ledger.StreamKey}, Purpose: "case 12"},
	}
	for i := range filters {
		if len(filters[i].Streams) == 0 {
			filters[i].Streams = streams
		}
	}
	return filters
}

// keeper may see archives, and of the logs only a part, each as far as another, and nothing personal.
func (s *shelf) keeper() *access.Actor {
	s.t.Helper()
	for permission, scope := range map[access.Permission]access.Scope{
		access.LogsConfigure: access.All, access.LogsKeysView: access.Department, access.LogsAuthView: access.Own, access.LogsActionsView: access.All,
	} {
		if _, err := s.DB.Exec(s.t.Context(), "INSERT INTO role_policy (role, permission, scope) VALUES ('keeper', ?, ?)", permission, scope); err != nil {
			s.t.Fatal(err)
		}
	}
	var err error
	if s.Access, err = access.New(s.t.Context(), s.DB, s.Ledger, s.Clock.Now, slog.New(slog.DiscardHandler)); err != nil {
		s.t.Fatal(err)
	}
	if s.book, err = logbook.New(s.DB, s.Seal, s.Ledger, s.Access, s.Custody, s.People, custodytest.Riga(s.t), s.Clock.Now); err != nil {
		s.t.Fatal(err)
	}
	s.reopen(keeping.Config{ArchiveEntries: 150}, keeping.SearchConfig{})
	return s.Actor(s.Person("Mēs Redzam", "Office"), "keeper")
}

func TestArchivesGiveExactlyWhatTheLogGaveBeforeItWasPruned(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(900)
	masked := s.keeper()
	last := uint64(s.Count("SELECT MAX(seq) FROM entry_index"))
	before := make([]map[uint64]string, 0)
	actors := []*access.Actor{s.admin, masked, access.System()}
	for _, actor := range actors {
		for _, f := range s.filters() {
			before = append(before, s.listed(actor, f))
		}
	}
	s.prune()
	total := 0
	for i, actor := range actors {
		for n, f := range s.filters() {
			want, left := before[i*len(s.filters())+n], s.listed(actor, f)
			found := s.searched(actor, f, 40+100*i)
			total += len(found)
			for seq := range left {
				if _, both := found[seq]; both {
					t.Fatalf("%+v: entry %d is in the log and was found in an archive", f, seq)
				}
			}
			maps.Copy(left, found)
			for _, all := range []map[uint64]string{left, want} {
				maps.DeleteFunc(all, func(seq uint64, _ string) bool { return seq > last }) // what the lists themselves had recorded
			}
			if !maps.Equal(left, want) {
				t.Fatalf("%+v: %d entries were there, and %d are", f, len(want), len(left))
			}
		}
	}
	if total < 2000 {
		t.Fatalf("only %d entries were found", total)
	}
	looks := len(s.filters())
	for _, f := range s.filters() {
		if f.IP == "" { // which is refused to whoever sees no addresses
			looks++
		}
	}
	if n := s.Count("SELECT COUNT(*) FROM entry_index WHERE action = ? AND entity_id = 'archivedEntries'", ledger.LogViewed); n != looks {
		t.Errorf("%d looks were recorded, and not %d", n, looks)
	}
}

func TestASearchIsRefusedToWhoeverMayNotLookAndForWhatNobodyCanAnswer(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	find := func(actor *access.Actor, f logbook.Filter, r page.Request) error {
		_, _, err := s.search.Find(t.Context(), actor, f, r)
		return err
	}
	for _, role := range []string{"auditor", "manager", "member", "custodian", "integrator"} {
		if err := find(s.Actor(s.Person("Kāds", "Office"), role), logbook.Filter{}, page.Request{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	size := 0
	for field, bad := range map[string]struct {
		filter  logbook.Filter
		request page.Request
	}{
		"review":  {filter: logbook.Filter{Review: logbook.Flagged}},
		"purpose": {filter: logbook.Filter{Streams: []ledger.Stream{ledger.StreamWork}}},
		"text":    {filter: logbook.Filter{Text: "!"}},
		"ip":      {filter: logbook.Filter{IP: "x"}},
		"after":   {request: page.Request{After: page.Encode([]byte("x"))}},
		"before":  {request: page.Request{Before: page.Encode([]byte("x"))}},
		"first":   {request: page.Request{First: &size}},
	} {
		err := find(s.admin, bad.filter, bad.request)
		if refused, ok := fault.As(err); !ok || refused.Kind != fault.BadInput || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := s.Count("SELECT COUNT(*) FROM entry_index WHERE action = ? AND entity_id = 'archivedEntries'", ledger.LogViewed); n != 0 {
		t.Errorf("%d looks were recorded of searches that were refused", n)
	}
}

func TestWhatWasErasedIsFoundInNoArchiveAnyMore(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	gone := s.persons[2]
	byHim := func(found map[uint64]string) (acted, shown int) {
		for _, entry := range found {
			if strings.Contains(entry, `"ActorID":"`+gone.String()+`"`) {
				acted++
				if !strings.Contains(entry, `"IP":null`) {
					shown++
				}
			}
		}
		return acted, shown
	}
	streams := []ledger.Stream{ledger.StreamKey, ledger.StreamAuth, ledger.StreamActivity}
	byPerson, byAddress := logbook.Filter{Person: gone, Streams: streams}, logbook.Filter{IP: "192.0.2.1", Streams: streams}
	acted, shown := byHim(s.searched(s.admin, byPerson, 100))
	if found, _ := byHim(s.searched(s.admin, byAddress, 100)); acted == 0 || shown != acted || found == 0 {
		t.Fatalf("before: %d entries by him, %d with an address, %d found by it", acted, shown, found)
	}
	s.InTx(func(ctx context.Context, tx *mysql.Tx) error { return s.Seal.Destroy(ctx, tx, seal.Person(gone)) })
	after, shown := byHim(s.searched(s.admin, byPerson, 100))
	if found, _ := byHim(s.searched(s.admin, byAddress, 100)); after != acted || shown != 0 || found != 0 {
		t.Errorf("after: %d of %d entries by him, %d with an address, %d found by it", after, acted, shown, found)
	}
}
