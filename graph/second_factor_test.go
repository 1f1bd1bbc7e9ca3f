package graph_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/signin"
)

const signInAs = `mutation($n: String!, $p: String!, $c: String) {
	signIn(input: {username: $n, password: $p, code: $c}) { secondFactorRequired viewer { roles } }
}`

func TestASecondFactorThroughGraphQL(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	member := s.As("member")
	begun := member.Do(t, "mutation { enrolTotp { secret uri qrCode } }", nil)
	secret := begun.Data["enrolTotp"].(map[string]any)["secret"].(string)
	code := func() string {
		code, err := totp.GenerateCode(secret, s.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	confirmed := member.Do(t, `mutation($c: String!) { confirmTotp(input: {code: $c}) {
		recoveryCodes viewer { secondFactor { recoveryCodesLeft } account { id } } } }`, map[string]any{"c": code()})
	if len(confirmed.Errors) > 0 {
		t.Fatalf("%s", confirmed.Text)
	}
	account := confirmed.Data["confirmTotp"].(map[string]any)["viewer"].(map[string]any)["account"].(map[string]any)["id"]
	s.Clock.Advance(30 * time.Second)
	fresh := s.Anonymous()
	who := map[string]any{"n": "member", "p": graphtest.Password}
	first := fresh.Do(t, signInAs, who)
	if payload, _ := first.Data["signIn"].(map[string]any); payload == nil || payload["secondFactorRequired"] != true || payload["viewer"] != nil {
		t.Fatalf("without a code: %s", first.Text)
	}
	if answer := fresh.Do(t, "{ viewer { roles } }", nil); answer.Data["viewer"] != nil {
		t.Fatalf("half signed in: %s", answer.Text)
	}
	who["c"] = "000 000"
	if answer := fresh.Do(t, signInAs, who); answer.Code() != "BAD_USER_INPUT" || answer.Errors[0].Extensions["field"] != "code" {
		t.Errorf("a wrong code: %s", answer.Text)
	}
	who["c"] = code()
	if answer := fresh.Do(t, signInAs, who); len(answer.Errors) > 0 {
		t.Errorf("the right code: %s", answer.Text)
	}
	if answer := s.Anonymous().Do(t, signInAs, who); answer.Code() != "BAD_USER_INPUT" {
		t.Errorf("the code again: %s", answer.Text)
	}
	answer := s.As("admin").Do(t, "mutation($a: ID!) { removeSecondFactor(account: $a) unlockAccount(account: $a) }", map[string]any{"a": account})
	if len(answer.Errors) > 0 {
		t.Errorf("an admin: %s", answer.Text)
	}
	if len(s.Entries(ledger.AuthSecondFactorRemoved)) != 1 || len(s.Entries(ledger.AccessAccountUnlocked)) != 1 {
		t.Error("it is not on record")
	}
}

func TestABrowserIsTrustedByACookieOfItsOwn(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("member")
	response, err := client.Get(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for _, cookie := range client.Jar.Cookies(response.Request.URL) {
		if cookie.Name == signin.DeviceCookieName && len(cookie.Value) > 70 {
			return
		}
	}
	t.Error("no cookie was set")
}
