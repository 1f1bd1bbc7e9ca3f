package compliance_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/tokens"
)

func TestRolesAreThoseAtTheEndOfThePeriodWhateverCameSince(t *testing.T) {
	t.Parallel()
	b := setup(t)
	persons := map[string]id.ID{}
	for _, name := range []string{"before", "within", "taken within", "taken after", "given after", "gone and back", "by hand", "by hand away"} {
		persons[name] = b.Person(name, "Kitchen").ID
	}
	b.on("2026-11-25 09:00")
	for _, name := range []string{"before", "taken within", "taken after", "gone and back", "by hand away"} {
		b.setRoles(persons[name], "auditor")
	}
	given := b.Entries(ledger.AccessRolesChanged)
	b.on("2026-12-15 09:00")
	b.setRoles(persons["within"], "auditor", "custodian")
	b.setRoles(persons["taken within"])
	b.on("2027-01-05 09:00")
	b.setRoles(persons["taken after"])
	b.setRoles(persons["given after"], "auditor")
	b.setRoles(persons["gone and back"])
	b.on("2027-01-06 09:00")
	b.setRoles(persons["gone and back"], "auditor")
	b.exec("INSERT INTO role_member (person, role) VALUES (?, 'admin')", persons["by hand"])
	b.exec("DELETE FROM role_member WHERE person = ?", persons["by hand away"])

	r := b.report()
	var held []string
	for _, one := range r.Access.Held {
		held = append(held, one.Person.Name+" "+one.Role)
		switch {
		case one.Department != "Kitchen":
			t.Errorf("%+v", one)
		case one.Person.Name == "by hand" && (one.Since != nil || one.Entry != nil):
			t.Errorf("an entry tells of %+v", one)
		case one.Person.Name == "before" && (*one.Entry != given[0].Seq || !one.Since.Equal(given[0].OccurredAt)):
			t.Errorf("entry %d tells of %+v", given[0].Seq, one)
		}
	}
	if want := []string{"before auditor", "by hand admin", "gone and back auditor", "taken after auditor", "within auditor", "within custodian"}; !slices.Equal(held, want) {
		t.Errorf("held: %q", held)
	}
	var differences []string
	for _, one := range r.Access.Differences {
		differences = append(differences, one.Person.Name+" "+one.Role+" "+one.Kind)
	}
	if want := []string{"by hand admin UNRECORDED", "by hand away auditor NOT_IN_FORCE"}; !slices.Equal(differences, want) {
		t.Errorf("differences: %q", differences)
	}
	if changes := r.Access.Changes; len(changes) != 2 || changes[0].By.Name != "Anna Kalniņa" || changes[0].Person.Name != "within" ||
		fmt.Sprint(changes[0].Details["added"]) != "[auditor custodian]" || fmt.Sprint(changes[1].Details["removed"]) != "[auditor]" {
		t.Errorf("changes: %+v", changes)
	}
	if len(r.Access.Roles) < 5 || r.Access.Roles[0].Grants[0].Scope != access.All {
		t.Errorf("roles: %+v", r.Access.Roles)
	}
}

func TestTokensAreThoseThatCouldBeUsedWhenThePeriodEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	create := func(name string, until *time.Time) *tokens.Token {
		_, made, err := b.tokens.Create(t.Context(), b.admin, tokens.CreateInput{Name: name, Role: "integrator", Source: name, ExpiresAt: until, Networks: []string{"192.0.2.0/24"}})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	revoke := func(one *tokens.Token) {
		if _, err := b.tokens.Revoke(t.Context(), b.admin, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	expiry := b.on("2026-12-20 12:00")
	b.on("2026-11-25 09:00")
	create("stays", nil)
	within, after := create("revoked-within", nil), create("revoked-after", nil)
	create("expired", &expiry)
	b.on("2026-12-15 09:00")
	revoke(within)
	create("made-within", nil)
	b.on("2027-01-05 09:00")
	revoke(after)
	create("made-after", nil)
	r := b.report()
	var names []string
	for _, one := range r.Access.Tokens {
		names = append(names, one.Name)
		if one.Role != "integrator" || one.Source != one.Name || len(one.Networks) != 1 || one.CreatedBy.Name != "Anna Kalniņa" {
			t.Errorf("%+v", one)
		}
	}
	if want := []string{"stays", "revoked-after", "made-within"}; !slices.Equal(names, want) {
		t.Errorf("in force: %q", names)
	}
	if c := r.Access.TokenChanges; len(c) != 2 || c[0].Action != ledger.AuthTokenRevoked || c[0].About.Label != "revoked-within" || c[1].About.Label != "made-within" {
		t.Errorf("changes: %+v", c)
	}
}

func TestSignInsAreCountedByTheDaysOfTheDisplayZone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begins, ends := b.on("2026-12-01 00:00"), b.on("2027-01-01 00:00")
	b.on("2027-01-10 12:00")
	for n, action := range []string{
		ledger.AuthSignedIn, ledger.AuthSignInFailed, ledger.AuthExternalFailed, ledger.AuthSecondFactorFailed, ledger.AuthLockedOut, ledger.AuthTokenInvalid, ledger.AccessDenied,
	} {
		for _, at := range slices.Concat([]time.Time{begins.Add(-time.Second), ends}, slices.Repeat([]time.Time{begins, ends.Add(-time.Second)}, n+1)) {
			b.append(ledger.Draft{Stream: ledger.StreamAuth, Action: action, Outcome: ledger.Failure, OccurredAt: at})
		}
	}
	s := b.report().SignIns
	s.Root = nil
	if got := fmt.Sprint(s); got != "{2 4 6 8 10 12 14 []}" {
		t.Errorf("counted: %s", got)
	}
}

func TestRolesAreReplayedAsTheyWereRecordedAlsoWhenTheClockWentBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	b.setRoles(b.zane.ID, "auditor")
	b.on("2026-12-15 08:00")
	b.setRoles(b.zane.ID)
	b.on("2026-12-15 08:30")
	b.setRoles(b.zane.ID, "manager")
	b.on("2027-01-05 09:00")
	r := b.report()
	if len(r.Access.Differences) > 0 {
		t.Errorf("%+v", r.Access.Differences)
	}
	if got := rolesHeld(r, b.zane.ID); !slices.Equal(got, []string{"manager"}) {
		t.Errorf("%q", got)
	}
}

// rolesHeld are the rows of a report that say which roles somebody had.
func rolesHeld(r *compliance.Report, person id.ID) (roles []string) {
	for _, one := range r.Access.Held {
		if one.Person.ID == person.String() {
			roles = append(roles, one.Role)
		}
	}
	return roles
}

func TestWhereNotEveryChangeOfRolesIsReadNoDifferenceIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	b.setRoles(b.zane.ID, "auditor")
	b.on("2026-12-16 09:00")
	b.setRoles(b.Person("Laima Liepa", "Kitchen").ID, "manager")
	b.on("2026-12-17 09:00")
	b.setRoles(b.zane.ID, "custodian")
	b.on("2027-01-05 09:00")
	b.service.BoundEver(1)
	r := b.report()
	if len(r.Access.Differences) > 0 || !slices.Equal(r.Cut, []string{"access.held"}) {
		t.Errorf("%+v, cut: %q", r.Access.Differences, r.Cut)
	}
	if got := rolesHeld(r, b.zane.ID); !slices.Equal(got, []string{"custodian"}) {
		t.Errorf("%q", got)
	}
}
