package audit_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
)

func TestNamesOfSecretsAreKnownByTheirWords(t *testing.T) {
	t.Parallel()
	masks := audit.NewMasks()
	for _, name := range []string{"sig", "X-Sig", "smtp_pass", "smtpPass", "SMTPPass", "DB_PASS", "pass2", "otp_code", "otpCode", "pinCode", "PIN_CODE", "user.pin", "idJWT", "pass/word"} {
		if !masks.Hides(name) {
			t.Errorf("%s is shown", name)
		}
	}
	for _, name := range []string{"key", "keyId", "sort_key", "passenger", "passed", "pinned", "shipping_cost", "signal", "design", "author", "panel", "auth_method", "", "\xff"} {
		if masks.Hides(name) {
			t.Errorf("%s is hidden", name)
		}
	}
}

func TestSecretsInTextsAreMaskedToTheirEnd(t *testing.T) {
	t.Parallel()
	masks := audit.NewMasks()
	for given, want := range map[string]string{
		`https://h/x?password=hidden,hidden&q=a,b`:              `https://h/x?password=[masked]&q=a,b`,
		`a=1,password=hidden`:                                   `a=1,password=[masked]`,
		`password = hidden`:                                     `password = [masked]`,
		`password: hidden`:                                      `password: [masked]`,
		`{"password":"hid den","user":"bob"} {"pin":"hidden"}`:  `{"password":[masked],"user":"bob"} {"pin":[masked]}`,
		`said "{\"password\": \"hid\\\"den\", \"user\": 1}"`:    `said "{\"password\": [masked], \"user\": 1}"`,
		`mutation { login(password: "hid den", user: "bob") }`:  `mutation { login(password: [masked], user: "bob") }`,
		`login(password: """hidden "hidden" """, user: "bob")`:  `login(password: [masked], user: "bob")`,
		`tokens: ["hidden", ["hidden"]] user: bob`:              `tokens: [masked] user: bob`,
		`secret='hidden hidden' user=bob`:                       `secret=[masked] user=bob`,
		`secret="hidden hidden`:                                 `secret=[masked]`,
		`dial postgres://bob:hidden@db:5432/x?sslmode=off`:      `dial postgres://[masked]@db:5432/x?sslmode=off`,
		`Authorization: Bearer hidden-hidden and so on`:         `Authorization: [masked] and so on`,
		"Authorization: Token hidden hidden\r\nHost: h":         "Authorization: [masked]\r\nHost: h",
		"Cookie: a=hidden; b=hidden, c=hidden\nHost: h":         "Cookie: [masked]\nHost: h",
		`sent -H 'Cookie: a=hidden; b=hidden' https://h/x`:      `sent -H 'Cookie: [masked]' https://h/x`,
		`map[Set-Cookie:[a=hidden; Path=/] Host:[h]]`:           `map[Set-Cookie:[masked] Host:[h]]`,
		`curl -H "X-Authorization: ApiKey hidden" x`:            `curl -H "X-Authorization: [masked]" x`,
		`at 10:30:00 in https://h/x: no key=1 found, user: bob`: `at 10:30:00 in https://h/x: no key=1 found, user: bob`,
		`[["password","hidden"],["user","bob"]]`:                `[["password","[masked]"],["user","bob"]]`,
	} {
		if got := masks.Text(given); got != want {
			t.Errorf("%s becomes\n%s, want\n%s", given, got, want)
		}
	}
	for text, want := range map[string]bool{
		"<Password>hidden</Password>": true, "user,password\nbob,hidden": true, "new%50assword hidden": true, "a key and a signal": false, "": false,
	} {
		if got := masks.Mentions(text); got != want {
			t.Errorf("a secret's name in %q: %v", text, got)
		}
	}
}

func TestSecretsAreMaskedInValuesOfAnyKind(t *testing.T) {
	t.Parallel()
	type account struct{ User, Password string }
	masks := audit.NewMasks()
	for want, v := range map[string]any{
		`{"Accept":["x"],"Authorization":"[masked]"}`:  http.Header{"Authorization": {"hidden"}, "Accept": {"x"}},
		`{"n":"1","password":"[masked]"}`:              map[string]string{"password": "hidden", "n": "1"},
		`{"Password":"[masked]","User":"bob"}`:         &account{"bob", "hidden"},
		`{"a":[{"Password":"[masked]","User":"bob"}]}`: map[string]any{"a": []any{account{"bob", "hidden"}}},
		`{"n":12345678901234567890,"pin":"[masked]"}`:  json.RawMessage(`{"pin":"hidden","n":12345678901234567890}`),
		`"[too large]"`:         make([]int, 100_000),
		`"[cannot be written]"`: make(chan int),
		`[null,true,1,2,1.5,"1970-01-01T00:00:00Z","10.0.0.1",[]]`: []any{nil, true, 1, int32(2), 1.5, time.Unix(0, 0).UTC(), netip.MustParseAddr("10.0.0.1"), []string{}},
	} {
		got, err := json.Marshal(masks.Value(v))
		if err != nil || string(got) != want {
			t.Errorf("%T becomes %s, want %s (%v)", v, got, want, err)
		}
	}
}

// FuzzText: whatever stands behind it, a secret is masked.
func FuzzText(f *testing.F) {
	for _, text := range []string{`password="a\"b`, `pin:[{]`, `pass='''`, `\\"token\\":\\"a\\"`, `a=b&sig=c`, "\xff=:"} {
		f.Add(text)
	}
	masks := audit.NewMasks()
	f.Fuzz(func(t *testing.T, text string) {
		masks.Mentions(text)
		if got := masks.Text("password=hidden " + text); !strings.HasPrefix(got, "password="+audit.Masked+" ") {
			t.Fatalf("%q", got)
		}
	})
}
