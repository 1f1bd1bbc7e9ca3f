package legacy_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"github.com/keytrail/keytrail/graph/graphtest"
)

func TestAnAccountWithASecondFactorCannotUseTheOlderSignIn(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	member := s.As("member")
	secret := member.Do(t, "mutation { enrolTotp { secret } }", nil).Data["enrolTotp"].(map[string]any)["secret"].(string)
	code, err := totp.GenerateCode(secret, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	confirmed := member.Do(t, "mutation($c: String!) { confirmTotp(input: {code: $c}) { recoveryCodes } }", map[string]any{"c": code})
	if len(confirmed.Errors) > 0 {
		t.Fatalf("%s", confirmed.Text)
	}
	client := s.Anonymous()
	status, text := post(t, client, "/api/login", `{"username":"member","password":"`+graphtest.Password+`"}`)
	if status != http.StatusForbidden || !strings.Contains(text, "second factor") {
		t.Errorf("login: %d %s", status, text)
	}
	if status, text := get(t, client, "/api/key/list"); status != http.StatusUnauthorized {
		t.Errorf("keys: %d %s", status, text)
	}
}
