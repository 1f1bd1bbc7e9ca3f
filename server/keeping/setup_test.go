package keeping_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/objectstore/s3test"
	"github.com/keytrail/keytrail/server/page"
)

type bundle struct {
	*custodytest.Fixture
	t   *testing.T
	dir string
	// bucket is where archives lie, nil for dir.
	bucket  *objectstore.Bucket
	service *keeping.Service
	admin   *access.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t, dir: t.TempDir()}
	b.service = b.another(keeping.Config{})
	b.admin = b.Actor(b.Person("Anna Kalniņa", "Office"), "admin")
	return b
}

func storeOf(t *testing.T, dir string, bucket *objectstore.Bucket) objectstore.Store {
	t.Helper()
	if bucket == nil {
		return objectstore.Dir(dir)
	}
	return s3test.Store(t, *bucket)
}

// another makes the service with settings beyond the usual ones, as another process would.
func (b *bundle) another(c keeping.Config) *keeping.Service {
	if c.Archives == nil {
		c.Archives = storeOf(b.t, b.dir, b.bucket)
	}
	c.Zone, c.Hour, c.Grace = custodytest.Riga(b.t), 2, 7*24*time.Hour
	if c.Every == "" {
		c.Every = keeping.Daily
	}
	retain := mysqltest.MigrateConfig(b.t, b.DB)
	open := func(ctx context.Context) (*mysql.DB, error) { return mysql.OpenRetention(ctx, retain) }
	return keeping.New(b.DB, b.Seal, b.Ledger, b.Access, b.People, b.Custody, open, c, b.Clock.Now, slog.New(slog.DiscardHandler))
}

// day records what happens on one day: each stream a few entries, spread over it.
func (b *bundle) day(n int) {
	b.t.Helper()
	var drafts []ledger.Draft
	for i, stream := range []ledger.Stream{
		ledger.StreamAuth, ledger.StreamAuth, ledger.StreamAuth, ledger.StreamActivity, ledger.StreamActivity, ledger.StreamKey, ledger.StreamWork,
	} {
		drafts = append(drafts, b.entry(stream, b.Clock.Now().Add(-time.Duration(i)*time.Hour), id.ID{}, fmt.Sprint(n, " ", i)))
	}
	ledgertest.Append(b.t, b.DB, b.Ledger, drafts...)
}

func (b *bundle) entry(stream ledger.Stream, at time.Time, person id.ID, text string) ledger.Draft {
	action := map[ledger.Stream]string{
		ledger.StreamAuth: ledger.AuthSignedIn, ledger.StreamActivity: "changed", ledger.StreamKey: ledger.KeyUpdated, ledger.StreamWork: ledger.WorkWorking,
	}[stream]
	return ledger.Draft{
		Stream: stream, OccurredAt: at, Action: action, Outcome: ledger.Success, Person: person, Entity: ledger.Entity{Type: "thing", ID: text},
		Parts: []ledger.Part{ledger.OriginPart(person, at, ledger.Origin{IP: "192.0.2.9"})},
	}
}

func (b *bundle) tick() {
	b.t.Helper()
	if err := b.service.Tick(b.t.Context(), b.Clock.Now()); err != nil {
		b.t.Fatal(err)
	}
}

// counts gives how many entries there are by stream.
func (b *bundle) counts() map[ledger.Stream]int {
	b.t.Helper()
	var rows []struct {
		Stream uint8 `db:"stream"`
		N      int   `db:"n"`
	}
	if err := b.DB.Select(b.t.Context(), &rows, "SELECT stream, COUNT(*) AS n FROM entry_index GROUP BY stream"); err != nil {
		b.t.Fatal(err)
	}
	counts := map[ledger.Stream]int{}
	for _, r := range rows {
		counts[ledger.Streams()[r.Stream-1]] = r.N
	}
	return counts
}

func (b *bundle) verifier() note.Verifier {
	b.t.Helper()
	v, err := note.NewVerifier(b.Ledger.VerifierKey())
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// requireVerified asserts that the whole ledger is as it must be.
func (b *bundle) requireVerified() {
	b.t.Helper()
	report, err := verify.Run(b.t.Context(), verify.NewStore(b.DB), verify.Options{Verifier: b.verifier()})
	if err != nil || !report.OK() {
		b.t.Fatalf("%v: %+v", err, report)
	}
}

func (b *bundle) archives() []*keeping.Archive {
	b.t.Helper()
	var all []*keeping.Archive
	size := page.MaxSize
	for r := (page.Request{First: &size}); ; {
		p, err := b.service.Archives(b.t.Context(), b.admin, nil, r)
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, p.Items...)
		if !p.Info.HasNextPage {
			return all
		}
		r.After = p.Info.EndCursor
	}
}

func (b *bundle) runs() []*keeping.RunRecord {
	b.t.Helper()
	p, err := b.service.Runs(b.t.Context(), b.admin, page.Request{})
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Items
}

// asked has a run carried out now.
func (b *bundle) asked() *keeping.RunRecord {
	b.t.Helper()
	if _, err := b.service.Ask(b.t.Context(), b.admin); err != nil {
		b.t.Fatal(err)
	}
	b.tick()
	return b.runs()[0]
}
