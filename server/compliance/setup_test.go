package compliance_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/tokens"
)

// The period of the tests is December, which begins ten days after the clock of tests does.
const from, to = "2026-12-01", "2026-12-31"

type bundle struct {
	*custodytest.Fixture
	t       *testing.T
	service *compliance.Service
	tokens  *tokens.Service
	keeping *keeping.Service
	alerts  *alerts.Service
	admin   *access.Actor
	zane    *people.Person
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t}
	quiet, zone := slog.New(slog.DiscardHandler), custodytest.Riga(t)
	var err error
	if b.tokens, err = tokens.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now, quiet); err != nil {
		t.Fatal(err)
	}
	retain := mysqltest.MigrateConfig(t, b.DB)
	open := func(ctx context.Context) (*mysql.DB, error) { return mysql.OpenRetention(ctx, retain) }
	b.keeping = keeping.New(b.DB, b.Seal, b.Ledger, b.Access, b.People, b.Custody, open,
		keeping.Config{Archives: objectstore.Dir(t.TempDir()), Zone: zone, Hour: 2, Every: keeping.Daily, Grace: 7 * 24 * time.Hour}, b.Clock.Now, quiet)
	b.alerts = alerts.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now)
	b.service = compliance.New(b.DB, compliance.Parts{Ledger: b.Ledger, Access: b.Access, People: b.People, Tokens: b.tokens, Keeping: b.keeping, Alerts: b.alerts}, zone, b.Clock.Now)
	b.admin = b.Actor(b.Person("Anna Kalniņa", "Office"), "admin")
	b.zane = b.Person("Zane Ziediņa", "Kitchen")
	return b
}

// on turns the clock to a moment of the display zone.
func (b *bundle) on(local string) time.Time {
	b.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", local, custodytest.Riga(b.t))
	if err != nil {
		b.t.Fatal(err)
	}
	b.Clock.Set(at.UTC())
	return at.UTC()
}

func (b *bundle) report() *compliance.Report {
	b.t.Helper()
	r, done, err := b.service.Make(b.t.Context(), b.admin, compliance.Order{Format: "json", From: from, To: to})
	if err != nil {
		b.t.Fatal(err)
	}
	done()
	return r
}

// setRoles gives somebody roles, by the admin.
func (b *bundle) setRoles(person id.ID, roles ...string) {
	b.t.Helper()
	err := b.DB.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return b.Access.SetRoles(ctx, tx, b.admin, person, roles)
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) append(drafts ...ledger.Draft) []ledger.Entry {
	b.t.Helper()
	return ledgertest.Append(b.t, b.DB, b.Ledger, drafts...)
}

func (b *bundle) exec(query string, args ...any) {
	b.t.Helper()
	if _, err := b.DB.Exec(b.t.Context(), query, args...); err != nil {
		b.t.Fatal(err)
	}
}
