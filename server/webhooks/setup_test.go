package webhooks_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/webhooks"
)

// patience is how long something may take that comes by itself.
const patience = 30 * time.Second

type bundle struct {
	*custodytest.Fixture
	t       *testing.T
	service *webhooks.Service
	admin   *access.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t}
	b.service = b.another(webhooks.Config{})
	b.admin = b.Actor(b.Person("Anna Kalniņa", "Office"), "admin")
	return b
}

// another makes the service with short pauses, as another process would; this machine may be called.
func (b *bundle) another(c webhooks.Config) *webhooks.Service {
	c.AllowHTTP = true
	if c.Networks == nil {
		c.Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}
	if c.FirstPause == 0 {
		c.FirstPause, c.LongestPause = time.Millisecond, 2*time.Millisecond
	}
	return webhooks.New(b.DB, b.Seal, b.Ledger, b.Access, c, b.Clock.Now, slog.New(slog.DiscardHandler))
}

// run has a service deliver until stop is called or the test ends.
func (b *bundle) run(s *webhooks.Service) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Error(err)
		}
	})
	b.t.Cleanup(stop)
	return stop
}

func (b *bundle) save(in webhooks.SaveInput) *webhooks.Saved {
	b.t.Helper()
	if in.Events == nil {
		in.Events = []webhooks.Event{webhooks.ActionLogged}
	}
	saved, err := b.service.Save(b.t.Context(), b.admin, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return saved
}

func (b *bundle) get(hook id.ID) *webhooks.Webhook {
	b.t.Helper()
	h, err := b.service.Get(b.t.Context(), b.admin, hook)
	if err != nil {
		b.t.Fatal(err)
	}
	return h
}

func (b *bundle) deliveries(hook id.ID, states ...webhooks.DeliveryState) []*webhooks.Delivery {
	b.t.Helper()
	size := page.MaxSize
	p, err := b.service.Deliveries(b.t.Context(), b.admin, hook, states, page.Request{First: &size})
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Items
}

// activity records activities and gives their numbers.
func (b *bundle) activity(actions ...string) []uint64 {
	b.t.Helper()
	var seqs []uint64
	for _, action := range actions {
		person := b.admin.Person
		e := ledgertest.Append(b.t, b.DB, b.Ledger, ledger.Draft{
			Stream: ledger.StreamActivity, Action: action, Source: "erp", Person: person, Entity: ledger.Entity{Type: "invoice", ID: "7"},
			Parts: []ledger.Part{ledger.PersonPart(ledger.FieldComment, person, b.Clock.Now(), "for Anna Kalniņa")},
		})
		seqs = append(seqs, e[0].Seq)
		b.Clock.Advance(time.Second)
	}
	return seqs
}

func (b *bundle) count(action string) (n int) {
	b.t.Helper()
	all, err := b.Ledger.Read(b.t.Context(), b.DB, 0, 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range all {
		if e.Action == action {
			n++
		}
	}
	return n
}

// call is what a receiver was sent.
type call struct {
	header http.Header
	text   []byte
	told   struct {
		Type string
		Data struct {
			ID, Action, Person string
			Sequence           uint64
		}
	}
}

// receiver is a server that events are sent to.
type receiver struct {
	t      *testing.T
	URL    string
	calls  chan call
	mu     sync.Mutex
	answer http.HandlerFunc
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, calls: make(chan call, 1000)}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL + "/events?key=hidden"
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var c call
	c.header = request.Header.Clone()
	c.text, _ = io.ReadAll(request.Body)
	if err := json.Unmarshal(c.text, &c.told); err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		answer(w, request)
	}
	r.calls <- c
}

// answers has the receiver answer in another way from now on, nil for 200.
func (r *receiver) answers(with http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = with
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not today", code) }
}

func (r *receiver) next() call {
	r.t.Helper()
	select {
	case c := <-r.calls:
		return c
	case <-time.After(patience):
		r.t.Fatal("nothing came")
		return call{}
	}
}

// actions gives the actions of the next calls.
func (r *receiver) actions(n int) []string {
	r.t.Helper()
	all := make([]string, n)
	for i := range all {
		all[i] = r.next().told.Data.Action
	}
	return all
}

func eventually(t *testing.T, happened func() bool) {
	t.Helper()
	for start := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatal("it did not happen in time")
		}
	}
}
