package access_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestRolesAllowWhatTheMatrixSays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	roles, matrix := readMatrix(t)
	for _, p := range access.Permissions() {
		row, ok := matrix[p]
		if !ok {
			t.Errorf("%s has no line in the matrix", p)
			continue
		}
		for i, role := range roles {
			if got := b.access.ScopeOf(&access.Actor{Person: id.New(), Roles: []string{role}}, p); got != row[i] {
				t.Errorf("%s as %s reaches %q; the matrix says %q", p, role, got, row[i])
			}
		}
	}
	if len(matrix) != len(access.Permissions()) {
		t.Errorf("the matrix has %d lines for %d permissions", len(matrix), len(access.Permissions()))
	}
	var stored []string
	if err := b.DB.Select(t.Context(), &stored, "SELECT DISTINCT role FROM role_policy ORDER BY role"); err != nil {
		t.Fatal(err)
	}
	if slices.Sort(roles); !slices.Equal(stored, roles) {
		t.Errorf("the roles are %v; the matrix has %v", stored, roles)
	}
}

func readMatrix(t *testing.T) (roles []string, matrix map[access.Permission][]access.Scope) {
	t.Helper()
	text, err := os.ReadFile("testdata/permissions.txt")
	if err != nil {
		t.Fatal(err)
	}
	matrix = map[access.Permission][]access.Scope{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) > 2 && words[1] == "permission":
			roles = words[2:]
		case len(words) == 0 || words[0] == "#":
		case len(words) != len(roles)+1:
			t.Fatalf("the line of %s has %d scopes for %d roles", words[0], len(words)-1, len(roles))
		default:
			for _, word := range words[1:] {
				matrix[access.Permission(words[0])] = append(matrix[access.Permission(words[0])], access.Scope(strings.Trim(word, "-")))
			}
		}
	}
	return roles, matrix
}

func TestWidestOfSeveralRolesCounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	b.setRoles(t, person, "member", "manager", "custodian")
	for p, want := range map[access.Permission]access.Scope{
		access.KeysView:     access.All,        // custodian
		access.LogsAuthView: access.Department, // manager
		access.PeopleManage: access.None,       // nobody
	} {
		if got := b.access.ScopeOf(signedIn(person), p); got != want {
			t.Errorf("%s reaches %q; want %q", p, got, want)
		}
	}
}

func TestNobodyIsAskedToSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.access.Require(t.Context(), nil, access.KeysView)
	wantKind(t, err, fault.Unauthenticated)
	if n := len(b.entries(t, ledger.AccessDenied)); n != 0 {
		t.Errorf("%d refusals were recorded for nobody known", n)
	}
}

func TestSystemMayDoEverything(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, p := range access.Permissions() {
		if scope, err := b.access.Require(t.Context(), access.System(), p); err != nil || scope != access.All {
			t.Errorf("%s reaches %q, %v", p, scope, err)
		}
	}
}

func TestRefusalSaysWhatIsMissingAndIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	b.setRoles(t, person, "member")
	actor := signedIn(person)
	actor.Origin = ledger.Origin{IP: "192.0.2.7"}

	_, err := b.access.Require(t.Context(), actor, access.KeysIssue)
	f := wantKind(t, err, fault.Forbidden)
	for _, part := range []string{"issue keys", "keys.issue", "access.manage"} {
		if !strings.Contains(f.Message, part) {
			t.Errorf("the message %q does not name %q", f.Message, part)
		}
	}
	denied := b.entries(t, ledger.AccessDenied)
	if len(denied) != 1 {
		t.Fatalf("%d refusals were recorded; want 1", len(denied))
	}
	e := denied[0]
	if e.Stream != ledger.StreamAuth || e.Outcome != ledger.Denied || e.ActorID() != person ||
		e.Details["permission"] != "keys.issue" || e.Ref("session") != actor.Session.String() {
		t.Errorf("the refusal was recorded as %s", e.Raw)
	}
	if strings.Contains(string(e.Raw), "192.0.2.7") {
		t.Error("the address stands in the entry in plain")
	}
}

func TestRefusalsInALoopAreCountedAndNotRepeated(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor := signedIn(b.person(t))
	refuse := func(times int) {
		for range times {
			_, err := b.access.Require(t.Context(), actor, access.KeysIssue)
			wantKind(t, err, fault.Forbidden)
		}
	}
	refuse(50)
	_, err := b.access.Require(t.Context(), actor, access.KeysManage)
	wantKind(t, err, fault.Forbidden)
	b.clock.advance(11 * time.Second)
	refuse(3)

	var times []float64
	for _, e := range b.entries(t, ledger.AccessDenied) {
		if e.Details["permission"] == "keys.issue" {
			times = append(times, e.Details["times"].(float64))
		}
	}
	if !slices.Equal(times, []float64{1, 50}) {
		t.Errorf("the entries stand for %v refusals; want 1, then the 49 held back and the next", times)
	}
}

func TestRefusalsHeldBackAreRecordedWhenTheServerStops(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, err := access.New(t.Context(), b.DB, b.Ledger, b.clock.now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	actor := signedIn(b.person(t))
	for range 5 {
		_, err := s.Require(t.Context(), actor, access.KeysIssue)
		wantKind(t, err, fault.Forbidden)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	denied := b.entries(t, ledger.AccessDenied)
	if len(denied) != 2 || denied[1].Details["times"] != 4.0 {
		t.Errorf("%d entries were recorded; want one for the first refusal and one for the other four", len(denied))
	}
}

func TestRefusalOutlivesTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.access.Require(ctx, signedIn(b.person(t)), access.KeysIssue)
	wantKind(t, err, fault.Forbidden)
	if n := len(b.entries(t, ledger.AccessDenied)); n != 1 {
		t.Errorf("%d refusals were recorded", n)
	}
}

func TestGrantsListWhatIsHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.access.Grants(&access.Actor{Person: id.New(), Roles: []string{"custodian"}})
	want := []access.Grant{
		{Permission: access.LogsKeysView, Scope: access.All}, {Permission: access.KeysView, Scope: access.All},
		{Permission: access.LogsWorkView, Scope: access.Own}, {Permission: access.WorkView, Scope: access.Own},
		{Permission: access.KeysIssue, Scope: access.All}, {Permission: access.KeysReserve, Scope: access.All},
		{Permission: access.KeysApprove, Scope: access.All}, {Permission: access.PeopleView, Scope: access.All},
		{Permission: access.AlertsView, Scope: access.OfKeys}, {Permission: access.AlertsManage, Scope: access.OfKeys},
	}
	if !slices.Equal(got, want) {
		t.Errorf("a custodian holds %v", got)
	}
}

func TestScopesOfSeveralRolesCountTogetherWhereNoneTakesInTheOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		roles []string
		want  []access.Scope
	}{
		{[]string{"custodian", "manager"}, []access.Scope{access.Department, access.OfKeys}},
		{[]string{"custodian", "admin", "manager"}, []access.Scope{access.All}},
		{[]string{"member"}, nil},
	} {
		got := b.access.ScopesOf(&access.Actor{Person: id.New(), Roles: c.roles}, access.AlertsView)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v reach %v; want %v", c.roles, got, c.want)
		}
	}
}

func TestFirstPasswordMustBeChangedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	b.setRoles(t, person, "admin")
	actor := signedIn(person)
	actor.MustChangePassword = true
	for _, p := range access.Permissions() {
		_, err := b.access.Require(t.Context(), actor, p)
		if f := wantKind(t, err, fault.Forbidden); !strings.Contains(f.Message, "first password") {
			t.Errorf("%s is refused with %q", p, f.Message)
		}
	}
	if grants := b.access.Grants(actor); len(grants) != 0 {
		t.Errorf("the actor holds %v", grants)
	}
}

func TestScopesReachTheirOwnPeopleOnly(t *testing.T) {
	t.Parallel()
	me, mine := id.New(), id.New()
	actor := &access.Actor{Person: me, Department: mine}
	loner := &access.Actor{Person: me}
	for _, c := range []struct {
		scope              access.Scope
		actor              *access.Actor
		person, department id.ID
		want               bool
	}{
		{access.All, actor, id.New(), id.New(), true},
		{access.All, actor, id.ID{}, id.ID{}, true},
		{access.Department, actor, id.New(), mine, true},
		{access.Department, actor, id.New(), id.New(), false},
		{access.Department, actor, me, id.New(), true},
		{access.Department, loner, id.New(), id.ID{}, false}, // those without a department are not one
		{access.Own, actor, me, mine, true},
		{access.Own, actor, id.New(), mine, false},
		{access.Own, &access.Actor{}, id.ID{}, id.ID{}, false}, // nobody is not himself
		{access.None, actor, me, mine, false},
	} {
		if got := c.scope.Reaches(c.actor, c.person, c.department); got != c.want {
			t.Errorf("%q reaches person %v of %v: %v", c.scope, c.person, c.department, got)
		}
	}
}

func TestPermissionsReadAsTheSchemaWritesThem(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile("../../schema/access.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range access.Permissions() {
		var text strings.Builder
		p.MarshalGQL(&text)
		word := strings.Trim(text.String(), `"`)
		if !strings.Contains(string(schema), "\n  "+word+"\n") {
			t.Errorf("the schema has no %s", word)
		}
		var read access.Permission
		if err := read.UnmarshalGQL(word); err != nil || read != p {
			t.Errorf("%s reads as %q, %v", word, read, err)
		}
	}
	var p access.Permission
	if err := p.UnmarshalGQL("KEYS_EAT"); err == nil {
		t.Error("a permission that is none was read")
	}
	for _, s := range []access.Scope{access.Own, access.Department, access.All} {
		var text strings.Builder
		s.MarshalGQL(&text)
		var read access.Scope
		if err := read.UnmarshalGQL(strings.Trim(text.String(), `"`)); err != nil || read != s {
			t.Errorf("%s reads as %q, %v", text.String(), read, err)
		}
	}
}

func BenchmarkScopeOf(b *testing.B) {
	s := setup(b)
	actor := signedIn(s.person(b))
	s.setRoles(b, actor.Person, "member", "manager", "custodian")
	for b.Loop() {
		if s.access.ScopeOf(actor, access.KeysView) != access.All {
			b.Fatal("a custodian sees all keys")
		}
	}
}
