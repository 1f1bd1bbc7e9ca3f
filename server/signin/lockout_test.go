package signin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/signin"
)

const wrong = "wrong password"

// try signs in from an address, in a fresh browser.
func (b *bundle) try(t testing.TB, ip, username, password string) error {
	t.Helper()
	ctx, err := b.signin.Sessions().Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.signin.SignIn(ctx, signin.SignInInput{Username: username, Password: password}, ledger.Origin{IP: ip})
	return err
}

// times adds up for how many failed sign-ins the entries with a reason stand.
func (b *bundle) times(t testing.TB, reason string) int {
	t.Helper()
	total := 0
	for _, e := range b.entries(t, ledger.AuthSignInFailed) {
		if e.Details["reason"] != reason {
			continue
		}
		if times, many := e.Details["times"].(float64); many {
			total += int(times)
		} else {
			total++
		}
	}
	return total
}

// distribute fails once from each of n networks.
func (b *bundle) distribute(t testing.TB, username string, n int) {
	t.Helper()
	for i := range n {
		wantKind(t, b.try(t, fmt.Sprintf("198.51.100.%d", i), username, wrong), fault.Unauthenticated)
	}
}

func TestFailuresElsewhereKeepNobodyOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	for range 40 {
		_ = b.try(t, "203.0.113.5", "anna", wrong)
		b.clock.advance(15 * time.Minute)
	}
	wantKind(t, b.try(t, "203.0.113.5", "anna", wrong), fault.Unauthenticated)
	wantKind(t, b.try(t, "203.0.113.5", "anna", password), fault.RateLimited)
	if err := b.try(t, "192.0.2.7", "anna", password); err != nil {
		t.Errorf("a stranger's failures keep her out: %v", err)
	}
	wantKind(t, b.try(t, "203.0.113.5", "anna", password), fault.RateLimited)
}

func TestGuessesFromManyNetworksWaitButNotWhereSomebodyGotIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	if err := b.try(t, "192.0.2.7", "anna", password); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"anna", "nobody"} {
		b.distribute(t, name, 50)
		refused := wantKind(t, b.try(t, "203.0.113.1", name, wrong), fault.RateLimited)
		if refused.RetryAfter != 72*time.Second {
			t.Errorf("the 51st network waits %v", refused.RetryAfter)
		}
	}
	wantKind(t, b.try(t, "192.0.2.7", "anna", wrong), fault.Unauthenticated)
	b.clock.advance(72 * time.Second)
	wantKind(t, b.try(t, "203.0.113.2", "anna", wrong), fault.Unauthenticated)
	wantKind(t, b.try(t, "203.0.113.3", "anna", wrong), fault.RateLimited)
	if err := b.try(t, "192.0.2.7", "anna", password); err != nil {
		t.Errorf("where she signs in every day she waits: %v", err)
	}
	b.clock.advance(31 * 24 * time.Hour)
	b.distribute(t, "anna", 50)
	wantKind(t, b.try(t, "192.0.2.7", "anna", password), fault.RateLimited)
}

func TestAddressesOfOneIPv6NetworkCountAsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		wantKind(t, b.try(t, fmt.Sprintf("2001:db8:0:1::%d", i), "nobody", wrong), fault.Unauthenticated)
	}
	wantKind(t, b.try(t, "2001:db8:0:1:ffff::", "nobody", wrong), fault.RateLimited)
	wantKind(t, b.try(t, "2001:db8:0:2::1", "nobody", wrong), fault.Unauthenticated)
}

func TestStrangersKeepNobodyFromChangingAPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	_, actor := b.mustSignIn(t, "anna")
	b.distribute(t, "anna", 50)
	moved := *actor
	moved.Origin.IP = "203.0.113.77" // where nobody signed in yet
	for range 5 {
		_, err := b.signin.ChangePassword(t.Context(), &moved, wrong, "a new password")
		wantKind(t, err, fault.BadInput)
	}
	_, err := b.signin.ChangePassword(t.Context(), &moved, password, "a new password")
	wantKind(t, err, fault.RateLimited)
	if _, err := b.signin.ChangePassword(t.Context(), actor, password, "a new password"); err != nil {
		t.Errorf("from her own address: %v", err)
	}
}

func TestRefusalsWithoutALookAreRecordedAsOneAMinute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	for range 60 {
		_ = b.try(t, "203.0.113.5", "anna", wrong)
	}
	if n := len(b.entries(t, ledger.AuthSignInFailed)); n != 6 {
		t.Errorf("5 wrong passwords and 55 refusals made %d entries; want 6", n)
	}
	b.clock.advance(time.Minute)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.times(t, signin.ReasonLocked); n != 55 {
		t.Errorf("%d refusals were told of; want 55", n)
	}
}

func TestSignInsOfOneNetworkAreSlowedDownWhateverTheNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tries := 0
	for ; tries < 150; tries++ {
		if err := b.try(t, "203.0.113.5", fmt.Sprintf("name%d", tries), wrong); fault.Is(err, fault.RateLimited) {
			break
		}
	}
	refused := wantKind(t, b.try(t, "203.0.113.5", "another", wrong), fault.RateLimited)
	if tries != 100 || refused.RetryAfter != time.Second {
		t.Errorf("%d tries at once passed; the next is to wait %v", tries, refused.RetryAfter)
	}
	if n := len(b.entries(t, ledger.AuthSignInFailed)); n != 101 {
		t.Errorf("%d entries were made; want 101", n)
	}
	wantKind(t, b.try(t, "203.0.113.6", "another", wrong), fault.Unauthenticated)
	b.clock.advance(time.Second)
	wantKind(t, b.try(t, "203.0.113.5", "another", wrong), fault.Unauthenticated)
}

func TestNetworksWhereSomebodyGotInAreForgotten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	for i := range 40 {
		b.clock.advance(time.Second)
		if err := b.try(t, fmt.Sprintf("198.51.100.%d", i), "anna", password); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() (rows int) {
		if err := b.DB.Get(t.Context(), &rows, "SELECT COUNT(*) FROM sign_in_address"); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if n := kept(); n != 32 {
		t.Errorf("%d networks are kept; want 32", n)
	}
	b.clock.advance(31 * 24 * time.Hour)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := kept(); n != 0 {
		t.Errorf("%d networks are kept after a month", n)
	}
}
