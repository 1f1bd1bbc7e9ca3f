package signin_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/signin"
)

func TestSigningInGivesAnActorAndRecordsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.account(t, "anna", "custodian")
	w, actor := b.mustSignIn(t, "anna")
	if actor.Account != account.ID || actor.Person != account.Person || actor.Department.IsZero() || actor.Username != "anna" ||
		!slices.Equal(actor.Roles, []string{"custodian"}) || actor.Source != ledger.SourceKeytrail || actor.MustChangePassword {
		t.Errorf("the actor is %+v", actor)
	}
	if again := w.actor(t); again == nil || again.Session != actor.Session || again.Person != actor.Person {
		t.Errorf("the next request comes from %+v", again)
	}
	e := b.entries(t, ledger.AuthSignedIn)[0]
	if e.ActorID() != actor.Person || e.Person != actor.Person || e.Department != actor.Department || e.Outcome != ledger.Success ||
		e.Ref("session") != actor.Session.String() || e.Entity.ID != account.ID.String() || e.Stream != ledger.StreamAuth {
		t.Errorf("the sign-in was recorded as %s", e.Raw)
	}
	if typed := b.unsealed(t, e, ledger.FieldUsername); typed != "anna" {
		t.Errorf("the name recorded is %q", typed)
	}
	var origin ledger.Origin
	if _, err := b.Ledger.Unseal(t.Context(), &e, ledger.FieldActor, &origin); err != nil || origin.IP != "192.0.2.7" || origin.UserAgent != "Firefox/140" {
		t.Errorf("the origin recorded is %+v, %v", origin, err)
	}
	own, err := b.signin.Account(t.Context(), actor)
	if err != nil || own.Username != "anna" || own.SignedInAt == nil || !own.SignedInAt.Equal(b.clock.now()) {
		t.Errorf("the own account is %+v, %v", own, err)
	}
}

func TestAccountMadeByAnotherProcessWorksAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	for _, name := range []string{"anna", "aina", "ilze"} {
		b.account(t, name, "custodian")
		_, actor := other.mustSignIn(t, name)
		if actor.Department.IsZero() || other.access.ScopeOf(actor, access.KeysIssue) != access.All {
			t.Errorf("%s is %+v", name, actor)
		}
	}
}

func TestUserNamesDoNotDependOnCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "Jānis.B", "member")
	for _, spelled := range []string{"jānis.b", "JĀNIS.B", " Jānis.B ", "Ja\u0304nis.B"} {
		if _, actor, err := b.signIn(t, spelled, password); err != nil || actor.Username != "Jānis.B" {
			t.Errorf("%q: %v, %v", spelled, actor, err)
		}
	}
}

func TestWrongNameAndWrongPasswordAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.account(t, "anna", "member")
	_, _, wrongPassword := b.signIn(t, "Anna", "not the password")
	_, _, wrongName := b.signIn(t, "aina", "not the password")
	first, second := wantKind(t, wrongPassword, fault.Unauthenticated), wantKind(t, wrongName, fault.Unauthenticated)
	if first.Message != second.Message {
		t.Errorf("the answers are %q and %q", first.Message, second.Message)
	}
	failed := b.entries(t, ledger.AuthSignInFailed)
	if len(failed) != 2 {
		t.Fatalf("%d failures were recorded", len(failed))
	}
	for i, want := range []struct {
		reason, typed string
		subject       seal.Subject
	}{
		{signin.ReasonWrongPassword, "Anna", seal.Person(account.Person)},
		{signin.ReasonUnknownName, "aina", seal.Nobody(b.clock.now())},
	} {
		e := failed[i]
		if e.Details["reason"] != want.reason || e.Outcome != ledger.Failure || !e.ActorID().IsZero() {
			t.Errorf("the failure was recorded as %s", e.Raw)
		}
		if typed := b.unsealed(t, e, ledger.FieldUsername); typed != want.typed {
			t.Errorf("the name recorded is %q", typed)
		}
		for _, part := range e.Sealed {
			if part.Field == ledger.FieldUsername && part.Subject != want.subject {
				t.Errorf("the name is sealed under %s; want %s", part.Subject, want.subject)
			}
		}
	}
	if failed[0].Person != account.Person || !failed[1].Person.IsZero() {
		t.Error("the failures concern the wrong persons")
	}
}

func TestDisabledAccountIsRefusedLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.account(t, "anna", "member")
	w, _ := b.mustSignIn(t, "anna")
	if _, err := b.DB.Exec(t.Context(), "UPDATE account SET disabled_at = ? WHERE id = ?", b.clock.now(), account.ID); err != nil {
		t.Fatal(err)
	}
	if w.actor(t) != nil {
		t.Error("the session of a disabled account still works")
	}
	_, _, err := b.signIn(t, "anna", password)
	wantKind(t, err, fault.Unauthenticated)
	if got := b.reasons(t, ledger.AuthSignInFailed); !slices.Equal(got, []string{signin.ReasonDisabled}) {
		t.Errorf("the reasons are %v", got)
	}
}

func TestInputThatNobodyHasIsRefusedUnrecorded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, in := range [][2]string{
		{"", "x"}, {"   ", "x"}, {strings.Repeat("x", 65), "x"}, {"a\x00b", "x"}, {"anna", ""}, {"anna", strings.Repeat("x", 201)},
	} {
		_, _, err := b.signIn(t, in[0], in[1])
		wantKind(t, err, fault.BadInput)
	}
	if n := len(b.entries(t, ledger.AuthSignInFailed)); n != 0 {
		t.Errorf("%d failures were recorded", n)
	}
}

func TestRootIsRecordedEachTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	created, oneTime, err := b.signin.EnsureRoot(t.Context(), "")
	if err != nil || !created || oneTime == "" {
		t.Fatal(created, oneTime, err)
	}
	_, actor, err := b.signIn(t, "root", oneTime)
	if err != nil || !actor.MustChangePassword {
		t.Fatal(actor, err)
	}
	if n := len(b.entries(t, ledger.AuthRootAccessed)); n != 1 {
		t.Errorf("%d accesses of root were recorded", n)
	}
}

func TestDelaysGrowAndEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	for _, name := range []string{"anna", "nobody"} {
		for range 4 {
			_, _, err := b.signIn(t, name, "wrong password")
			wantKind(t, err, fault.Unauthenticated)
		}
		for _, seconds := range []int{2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900} {
			_, _, err := b.signIn(t, name, "wrong password")
			wantKind(t, err, fault.Unauthenticated)
			b.clock.advance(time.Duration(seconds)*time.Second - time.Microsecond)
			_, _, err = b.signIn(t, name, password)
			if f := wantKind(t, err, fault.RateLimited); f.RetryAfter != time.Microsecond {
				t.Fatalf("%s has still to wait %v after %d s", name, f.RetryAfter, seconds)
			}
			b.clock.advance(time.Microsecond)
		}
	}
	b.mustSignIn(t, "anna") // and the right password forgets it all
	for range 4 {
		_, _, err := b.signIn(t, "anna", "wrong password")
		wantKind(t, err, fault.Unauthenticated)
	}
	b.mustSignIn(t, "anna")

	lockedOut := b.entries(t, ledger.AuthLockedOut)
	if len(lockedOut) != 12 || lockedOut[0].Details["seconds"] != 2.0 || lockedOut[11].Details["seconds"] != 900.0 {
		t.Errorf("%d lockouts were recorded", len(lockedOut))
	}
}

func TestFailuresAreForgottenAfterAnHour(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	for range 4 {
		_, _, err := b.signIn(t, "anna", "wrong password")
		wantKind(t, err, fault.Unauthenticated)
	}
	b.clock.advance(61 * time.Minute)
	for range 4 {
		_, _, err := b.signIn(t, "anna", "wrong password")
		wantKind(t, err, fault.Unauthenticated)
	}
	b.mustSignIn(t, "anna")
	_, _, err := b.signIn(t, "nobody", "wrong password")
	wantKind(t, err, fault.Unauthenticated)
	b.clock.advance(61 * time.Minute)
	if err := b.signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := b.DB.Get(t.Context(), &rows, "SELECT COUNT(*) FROM sign_in_failure"); err != nil || rows != 0 {
		t.Errorf("%d names with failures are kept, %v", rows, err)
	}
}

func TestManyGuessesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t, signin.Config{})
	b.account(t, "anna", "member")
	var all sync.WaitGroup
	for i := range 40 {
		at := []*bundle{b, other}[i%2]
		all.Go(func() { _, _, _ = at.signIn(t, "anna", "wrong password") })
	}
	all.Wait()
	b.clock.advance(2 * time.Minute)
	for _, at := range []*bundle{b, other} {
		if err := at.signin.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wrong := b.times(t, signin.ReasonWrongPassword)
	locked := b.times(t, signin.ReasonLocked)
	if wrong != 5 || locked != 35 {
		t.Errorf("%d guesses were looked at and %d refused; want 5 and 35", wrong, locked)
	}
}

func TestUnknownNameTakesAsLongAsAWrongPassword(t *testing.T) {
	t.Parallel()
	params := cheap()
	params.Memory, params.Iterations = 8*1024, 2
	b := setupWith(t, signin.Config{Argon2: params})
	b.account(t, "anna", "member")
	took := map[string][]time.Duration{}
	for range 21 {
		for _, name := range []string{"anna", "aina"} {
			start := time.Now()
			_, _, err := b.signIn(t, name, "wrong password")
			took[name] = append(took[name], time.Since(start))
			wantKind(t, err, fault.Unauthenticated)
		}
		b.clock.advance(2 * time.Hour)
	}
	median := func(name string) time.Duration {
		slices.Sort(took[name])
		return took[name][len(took[name])/2]
	}
	known, unknown := median("anna"), median("aina")
	if unknown < known/2 || unknown > known*2 {
		t.Errorf("a known name takes %v, an unknown one %v", known, unknown)
	}
}

func TestWaitingForATurnToHashEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	params := cheap()
	params.Memory, params.Iterations = 64*1024, 3
	b := setupWith(t, signin.Config{Argon2: params, Hashes: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			loaded, err := b.signin.Sessions().Load(ctx, "")
			if err != nil {
				t.Error(err)
				return
			}
			_, err = b.signin.SignIn(loaded, signin.SignInInput{Username: "nobody", Password: "wrong password"}, fromLaptop())
			if err == nil {
				t.Error("somebody was let in")
			}
		})
	}
	start := time.Now()
	all.Wait()
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the requests ended after %v", took)
	}
	var failures int
	if err := b.DB.Get(t.Context(), &failures, "SELECT COALESCE(MAX(failures), 0) FROM sign_in_failure"); err != nil || failures > 1 {
		t.Errorf("%d failures were counted of tries that never came to their turn, %v", failures, err)
	}
}

func TestSigningInAgainEndsTheEarlierSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	w, first := b.mustSignIn(t, "anna")
	before := *w
	if _, err := w.signIn(t, "anna", password); err != nil {
		t.Fatal(err)
	}
	if w.token == before.token {
		t.Error("the token stayed the same")
	}
	if before.actor(t) != nil {
		t.Error("the earlier session still works")
	}
	out := b.entries(t, ledger.AuthSignedOut)
	if len(out) != 1 || out[0].Ref("session") != first.Session.String() {
		t.Errorf("%d sessions were recorded as ended", len(out))
	}
}

func TestNothingPersonalIsStoredInPlain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "zvirbulis", "admin")
	w, _ := b.mustSignIn(t, "zvirbulis")
	_, _, err := b.signIn(t, "zvirbulis", "wrong password")
	wantKind(t, err, fault.Unauthenticated)
	_, _, err = b.signIn(t, "vanags", "wrong password")
	wantKind(t, err, fault.Unauthenticated)
	mysqltest.EachRow(t, b.DB, func(table string, row []byte) {
		for _, word := range []string{"zvirbulis", "vanags", "192.0.2.7", "Firefox", w.token, "horse", "wrong pass"} {
			if bytes.Contains(row, []byte(word)) {
				t.Errorf("%q stands in table %s", word, table)
			}
		}
	})
}
