package signin_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/signin"
)

// Names that exist and names that do not are tried in turn, so that whatever else the machine does slows down both, and
// only ranks are compared, so that it does not matter how long the slowest ones take. How often one of the one kind
// takes longer than one of the other is 1/2 when both take as long. With so many pairs the standard deviation of that is
// 0.046 then, so that it lies beyond farthest in fewer than one run in a million (5.4 deviations, normal approximation).
const (
	timedPairs = 80
	farthest   = 0.25
)

func TestUnknownNamesTakeAsLongAsWrongPasswords(t *testing.T) {
	dear := &argon2id.Params{Memory: 4096, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	b := setupWith(t, signin.Config{Argon2: dear})
	b.account(t, "anna", "member")
	known, unknown := b.timeInTurn(t, b, b)
	t.Logf("wrong password: %s", quartiles(known))
	t.Logf("unknown name:   %s", quartiles(unknown))
	if s := superiority(known, unknown); math.Abs(s-0.5) > farthest {
		t.Errorf("a wrong password takes longer than an unknown name in %.0f%% of all pairs", 100*s)
	}

	// The same comparison tells what hashes from what does not, on this machine and under its load.
	hasty := b.another(t, signin.Config{Argon2: cheap()})
	known, unknown = b.timeInTurn(t, b, hasty)
	t.Logf("unknown name without a dear hash: %s", quartiles(unknown))
	if s := superiority(known, unknown); s-0.5 <= farthest {
		t.Errorf("a name that is not hashed for is not found: a wrong password takes longer in %.0f%% of all pairs only", 100*s)
	}
}

// timeInTurn times wrong passwords at one server and unknown names at another. Who goes first changes with each pair.
func (b *bundle) timeInTurn(t *testing.T, atKnown, atUnknown *bundle) (known, unknown []time.Duration) {
	t.Helper()
	timed := func(at *bundle, name string) time.Duration {
		b.clock.advance(2 * time.Hour) // no name waits
		start := time.Now()
		err := at.try(t, "192.0.2.7", name, wrong)
		took := time.Since(start)
		wantKind(t, err, fault.Unauthenticated)
		return took
	}
	for i := range timedPairs {
		if i%2 == 0 {
			known = append(known, timed(atKnown, "anna"))
		}
		unknown = append(unknown, timed(atUnknown, "nobody"))
		if i%2 == 1 {
			known = append(known, timed(atKnown, "anna"))
		}
	}
	return known, unknown
}

// superiority gives in which share of all pairs the one takes longer than the other, ties for half (Mann-Whitney's U
// divided by the number of pairs).
func superiority(these, those []time.Duration) float64 {
	longer := 0.0
	for _, a := range these {
		for _, b := range those {
			switch {
			case a > b:
				longer++
			case a == b:
				longer += 0.5
			}
		}
	}
	return longer / float64(len(these)*len(those))
}

func quartiles(all []time.Duration) string {
	sorted := slices.Sorted(slices.Values(all))
	at := func(share float64) time.Duration {
		return sorted[int(share*float64(len(sorted)-1))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("least %v, quartiles %v, %v, %v, most %v", at(0), at(0.25), at(0.5), at(0.75), at(1))
}

func TestSuperiorityComparesRanks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		these, those []time.Duration
		want         float64
	}{
		{[]time.Duration{1, 2, 3}, []time.Duration{1, 2, 3}, 0.5},
		{[]time.Duration{4, 5}, []time.Duration{1, 2, 3}, 1},
		{[]time.Duration{0}, []time.Duration{1, 2}, 0},
		{[]time.Duration{1, 2, time.Hour}, []time.Duration{1, 2, 3}, 5.0 / 9},
	} {
		if got := superiority(c.these, c.those); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v and %v: %v, want %v", c.these, c.those, got, c.want)
		}
	}
}

func TestAPasswordIsHashedAnewWhenTheCostChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	dearer := &argon2id.Params{Memory: 128, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	later := b.another(t, signin.Config{Argon2: dearer})
	hash := func() (text string) {
		if err := b.DB.Get(t.Context(), &text, "SELECT password_hash FROM account"); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := hash()
	wantKind(t, errOf(later.enter(t, newJar(), "192.0.2.7", signin.SignInInput{Username: "anna", Password: wrong})), fault.Unauthenticated)
	if hash() != before {
		t.Fatal("a wrong password changed the hash")
	}
	if _, err := later.enter(t, newJar(), "192.0.2.7", anna("")); err != nil {
		t.Fatal(err)
	}
	if after := hash(); after == before || !strings.Contains(after, "m=128,t=2") {
		t.Errorf("the hash is %s", after)
	}
	if signedIn := b.entries(t, ledger.AuthSignedIn); signedIn[len(signedIn)-1].Details["passwordRehashed"] != true {
		t.Error("it is not on record")
	}
	kept := hash()
	if _, err := later.enter(t, newJar(), "192.0.2.7", anna("")); err != nil {
		t.Fatal(err)
	}
	if hash() != kept {
		t.Error("it is hashed each time")
	}
}
