package activity_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

type bundle struct {
	*ledgertest.Fixture
	people   *people.Service
	activity *activity.Service
	sent     int
}

// declares is what the programs of these tests declare to be plain.
func declares(source, entityType string) []string {
	if source == "erp" && entityType == "ticket" {
		return []string{"/state", "/customer/password"}
	}
	return nil
}

func setup(t *testing.T) *bundle {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	b := &bundle{Fixture: ledgertest.OpenAt(t, now)}
	quiet := slog.New(slog.DiscardHandler)
	acc, err := access.New(t.Context(), b.DB, b.Ledger, now, quiet)
	check(t, err)
	b.people, err = people.New(t.Context(), b.DB, b.Seal, b.Ledger, acc, now, quiet)
	check(t, err)
	masks, err := activity.NewMasks(nil)
	check(t, err)
	b.activity = activity.New(b.DB, b.Ledger, acc, b.people, activity.Rules{Describe: asGiven, Masks: masks, Plain: declares}, now)
	return b
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) person(t *testing.T, name, department string, names ...people.ExternalName) *people.Person {
	t.Helper()
	p, err := b.people.Create(t.Context(), access.System(), people.CreateInput{Name: name, Department: department, ExternalNames: names})
	check(t, err)
	return p
}

// erase destroys what a person's details are sealed under, and has the directory forget whom a source calls by a name.
func (b *bundle) erase(t *testing.T, p *people.Person, source, name string) {
	t.Helper()
	check(t, b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(p.ID), id.ID{})
		return err
	}))
	check(t, b.people.Reread(t.Context(), p.ID))
	if _, known := b.people.Known(source, name); known {
		t.Fatal("the directory did not forget him")
	}
}

// record sends one event as a program and gives the entry that it made.
func (b *bundle) record(t *testing.T, source string, event activity.AuthInput) ledger.Entry {
	t.Helper()
	b.sent++
	event.EventID, event.Action = strconv.Itoa(b.sent), "signed_in"
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: source}
	made, err := b.activity.RecordAuth(t.Context(), program, []*activity.AuthInput{&event}, false)
	check(t, err)
	entries, err := b.Ledger.Read(t.Context(), b.DB, made.Seqs[0], 1)
	check(t, err)
	return entries[0]
}

func TestAReportedSignInConcernsThePersonWhomTheProgramKnows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", "Office",
		people.ExternalName{Source: "erp", Name: `FACTORY\anna`}, people.ExternalName{Source: "erp", Name: "u-17"})
	program := seal.Source("erp", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	janis := b.person(t, "Jānis Bērziņš", "", people.ExternalName{Source: "till", Name: `FACTORY\anna`})
	for name, c := range map[string]struct {
		source        string
		event         activity.AuthInput
		person, actor id.ID
		names, origin seal.Subject
	}{
		"by user name, in any case": {
			"erp", activity.AuthInput{Username: `factory\ANNA`, Outcome: ledger.Success}, anna.ID, anna.ID, seal.Person(anna.ID), seal.Person(anna.ID),
		},
		"by id": {
			"erp", activity.AuthInput{Username: "somebody", ExternalID: "U-17", Outcome: ledger.Success}, anna.ID, anna.ID, seal.Person(anna.ID), seal.Person(anna.ID),
		},
		"a failure may have been anybody's": {
			"erp", activity.AuthInput{Username: `FACTORY\anna`, Outcome: ledger.Failure, Reason: "wrong password"},
			anna.ID, id.ID{}, seal.Person(anna.ID), program,
		},
		"names belong to a source": {
			"till", activity.AuthInput{Username: `FACTORY\anna`, Outcome: ledger.Success}, janis.ID, janis.ID, seal.Person(janis.ID), seal.Person(janis.ID),
		},
		"nobody known": {
			"erp", activity.AuthInput{Username: "Anna Kalniņa", Outcome: ledger.Success}, id.ID{}, id.ID{}, program, program,
		},
	} {
		c.event.IP = "192.0.2.7"
		e := b.record(t, c.source, c.event)
		if e.Person != c.person || e.ActorID() != c.actor || (c.person == anna.ID) != (e.Department == anna.Department) {
			t.Errorf("%s: person %v, actor %v, department %v", name, e.Person, e.ActorID(), e.Department)
		}
		for _, part := range e.Sealed {
			want := c.names
			if part.Field == ledger.FieldActor {
				want = c.origin
			}
			if part.Subject != want {
				t.Errorf("%s: %s is sealed under %s, not %s", name, part.Field, part.Subject, want)
			}
		}
		var username string
		if found, err := b.Ledger.Unseal(t.Context(), &e, ledger.FieldUsername, &username); err != nil || !found || username != c.event.Username {
			t.Errorf("%s: user name %q, %v", name, username, err)
		}
	}
}

func TestAnErasedPersonIsNotRecognised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", "", people.ExternalName{Source: "erp", Name: "anna"})
	b.erase(t, anna, "erp", "anna")
	if e := b.record(t, "erp", activity.AuthInput{Username: "anna", Outcome: ledger.Success}); !e.Person.IsZero() {
		t.Errorf("the entry concerns %v", e.Person)
	}
}

// asGiven is for tests that want no words for devices and places.
func asGiven(origin ledger.Origin) ledger.Origin { return origin }
