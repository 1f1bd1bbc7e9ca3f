package signin_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/signin"
)

// Names that exist and names that do not are tried in turn, so that whatever else the machine does slows down both,
// and the quicker halves are compared, which a busy machine disturbs least.
func TestUnknownNamesTakeAsLongAsWrongPasswords(t *testing.T) {
	const tries, rounds = 40, 4
	b := setupWith(t, signin.Config{Argon2: &argon2id.Params{Memory: 4096, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	b.account(t, "anna", "member")
	var difference, typical time.Duration
	for range rounds { // a difference that is there is there each time
		took := map[string][]time.Duration{}
		for range tries {
			for _, name := range []string{"anna", "nobody"} {
				b.clock.advance(2 * time.Hour) // no name waits
				start := time.Now()
				err := b.try(t, "192.0.2.7", name, wrong)
				took[name] = append(took[name], time.Since(start))
				wantKind(t, err, fault.Unauthenticated)
			}
		}
		known, unknown := lowerQuartile(took["anna"]), lowerQuartile(took["nobody"])
		difference, typical = (known - unknown).Abs(), known
		if difference < typical/5 {
			return
		}
	}
	t.Errorf("they differ by %v of %v", difference, typical)
}

func lowerQuartile(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/4]
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
