package access_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

func TestRoleChangeCountsAtOnceAndIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	b.setRoles(t, person, "member", "custodian")
	b.setRoles(t, person, "member", "auditor")

	if got := b.access.ScopeOf(signedIn(person), access.KeysIssue); got != access.None {
		t.Errorf("the role that was taken away still allows %q", got)
	}
	if got := b.access.Roles(person); !slices.Equal(got, []string{"auditor", "member"}) {
		t.Errorf("the roles in memory are %v", got)
	}
	stored, err := b.access.RolesOf(t.Context(), b.DB, person)
	if err != nil || !slices.Equal(stored, []string{"auditor", "member"}) {
		t.Errorf("the roles stored are %v, %v", stored, err)
	}
	changes := b.entries(t, ledger.AccessRolesChanged)
	if len(changes) != 2 {
		t.Fatalf("%d changes were recorded; want 2", len(changes))
	}
	added, removed := changes[1].Details["added"].([]any), changes[1].Details["removed"].([]any)
	if changes[1].Person != person || !slices.Equal(added, []any{"auditor"}) || !slices.Equal(removed, []any{"custodian"}) {
		t.Errorf("the change was recorded as %s", changes[1].Raw)
	}
}

func TestSettingTheSameRolesRecordsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	b.setRoles(t, person, "member")
	b.setRoles(t, person, "member", "member")
	if n := len(b.entries(t, ledger.AccessRolesChanged)); n != 1 {
		t.Errorf("%d changes were recorded; want 1", n)
	}
}

func TestUnknownRoleIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	err := b.trySetRoles(t, b.person(t), "member", "janitor")
	if f := wantKind(t, err, fault.BadInput); f.Field != "roles" {
		t.Errorf("the field is %q", f.Field)
	}
}

func TestRolledBackRoleChangeDoesNotCount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	sentinel := fault.New(fault.Conflict, "no")
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if err := b.access.SetRoles(ctx, tx, access.System(), person, []string{"admin"}); err != nil {
			return err
		}
		return sentinel
	})
	wantKind(t, err, fault.Conflict)
	if got := b.access.Roles(person); len(got) != 0 {
		t.Errorf("the person has %v", got)
	}
	if n := len(b.entries(t, ledger.AccessRolesChanged)); n != 0 {
		t.Errorf("%d changes were recorded", n)
	}
}

func TestRoleChangesAtOnceLeaveThePersonWithOneOfThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.person(t)
	var all sync.WaitGroup
	for _, role := range []string{"admin", "auditor", "manager", "custodian", "member"} {
		all.Go(func() {
			if err := b.trySetRoles(t, person, role); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stored, err := b.access.RolesOf(t.Context(), b.DB, person)
	if err != nil || len(stored) != 1 {
		t.Fatalf("the person has %v, %v; want one role", stored, err)
	}
	if got := b.access.Roles(person); !slices.Equal(got, stored) {
		t.Errorf("memory says %v, the database %v", got, stored)
	}
}

func TestRoleChangeReachesAnotherProcessWithinASecond(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, otherLedger := b.Another(t, b.clock.now)
	other := start(t, b.Fixture, otherLedger, b.clock)
	person := b.person(t)
	actor := signedIn(person)

	fastest := time.Hour
	for range 3 { // a busy machine may be slow now and then
		b.setRoles(t, person, "custodian")
		given := eventually(t, func() bool { return other.ScopeOf(actor, access.KeysIssue) == access.All })
		b.setRoles(t, person)
		taken := eventually(t, func() bool { return other.ScopeOf(actor, access.KeysIssue) == access.None })
		fastest = min(fastest, max(given, taken))
	}
	if fastest > time.Second {
		t.Errorf("role changes took %v to reach another process", fastest)
	}
}

func TestPolicyChangeReachesAnotherProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, otherLedger := b.Another(t, b.clock.now)
	other := start(t, b.Fixture, otherLedger, b.clock)
	actor := &access.Actor{Person: b.person(t), Roles: []string{"member"}}

	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE role_policy SET scope = 'all' WHERE role = 'member' AND permission = 'keys.view'"); err != nil {
			return err
		}
		_, err := b.Ledger.Append(ctx, tx, ledger.Draft{
			Stream: ledger.StreamSystem, System: true, Action: ledger.AccessRolesChanged,
			Entity: ledger.Entity{Type: "role", ID: "member", Label: "member"},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return other.ScopeOf(actor, access.KeysView) == access.All })
}

// eventually waits for something that another process is to notice, and gives how long that took.
func eventually(t testing.TB, happened func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	for !happened() {
		if time.Since(start) > 30*time.Second {
			t.Fatal("it did not happen within 30 s")
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(start)
}
