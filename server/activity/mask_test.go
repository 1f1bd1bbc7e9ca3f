package activity

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func masks(t testing.TB, more ...string) *Masks {
	t.Helper()
	m, err := NewMasks(more)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSecretsAreMaskedWhereverTheyStand(t *testing.T) {
	t.Parallel()
	m := masks(t, "x-plant-code")
	for name, c := range map[string]struct{ given, want string }{
		"headers":              {`{"Authorization":"Bearer abcdefgh","Set-Cookie":["a=b"],"Accept":"text/html"}`, `{"Accept":"text/html","Authorization":"[masked]","Set-Cookie":"[masked]"}`},
		"names in any shape":   {`{"API-Key":"s3","api_key":"s3","userPassword":"s3","refreshToken":{"a":"s3"},"PIN":"1234"}`, `{"API-Key":"[masked]","PIN":"[masked]","api_key":"[masked]","refreshToken":"[masked]","userPassword":"[masked]"}`},
		"words of a name":      {`{"smtp_pass":"s3","pinCode":"1","SMTPPass":"s3","otp-2":"s3","passenger":"a","shipping":"b","design":"c"}`, `{"SMTPPass":"[masked]","design":"c","otp-2":"[masked]","passenger":"a","pinCode":"[masked]","shipping":"b","smtp_pass":"[masked]"}`},
		"a secret with commas": {`["password=a,b&x=1,2"]`, `["password=[masked]\u0026x=1,2"]`},
		"names of the place":   {`{"X_Plant_Code":"s3","plant":"a"}`, `{"X_Plant_Code":"[masked]","plant":"a"}`},
		"nothing is nothing":   {`{"password":null,"spinner":"x","mapping":"y"}`, `{"mapping":"y","password":null,"spinner":"x"}`},
		"pairs":                {`[["Cookie","a=b"],["Host","x"]]`, `[["Cookie","[masked]"],["Host","x"]]`},
		"pairs as objects":     {`[{"name":"Cookie","value":"a=b"},{"key":"X-Api-Key","value":["s3"]},{"name":"Host","value":"x"},{"name":"pin","value":null}]`, `[{"name":"Cookie","value":"[masked]"},{"key":"X-Api-Key","value":"[masked]"},{"name":"Host","value":"x"},{"name":"pin","value":null}]`},
		"JSON in a text":       {`{"body":"{\"password\":\"s3\",\"a\":1}"}`, `{"body":"{\"a\":1,\"password\":\"[masked]\"}"}`},
		"a form":               {`{"body":"user=anna&pass%77ord=s3&x=1"}`, `{"body":"user=anna\u0026pass%77ord=[masked]\u0026x=1"}`},
		"a token in a text":    {`["sent Bearer abc.def-ghi to it","eyJhbGciOi.eyJzdWIiOi.c2ln"]`, `["sent [masked] to it","[masked]"]`},
		"a header in a text":   {`["sent Cookie: a=b; c=d\nand Proxy-Authorization: Token s3 4\r\nHost: x","the cookie jar","{\"cookie\": \"s3"]`, `["sent Cookie: [masked]\nand Proxy-Authorization: [masked]\r\nHost: x","the cookie jar","{\"cookie\": [masked]"]`},
		"cards":                {`["4111 1111 1111 1111","4111111111111112","card 5500-0000-0000-0004.",4111111111111111]`, `["[masked]","4111111111111112","card [masked].","[masked]"]`},
		"no cards":             {`["0000000000000000","20261126070000123","+371 20000000"]`, `["0000000000000000","20261126070000123","+371 20000000"]`},
	} {
		text, err := json.Marshal(m.value(parsed(t, c.given)))
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != c.want {
			t.Errorf("%s: %s; want %s", name, text, c.want)
		}
	}
}

func TestWhatIsSeenToHoldNoSecretIsWhatTheExpressionsLeave(t *testing.T) {
	t.Parallel()
	m := masks(t)
	pieces := rapid.SampledFrom([]string{
		"Bearer", "BASIC", "ba\u017fic", "dige\u017ft", "Digest", "Cookie", "coo\u212aie", "AUTHORIZATION", ":", " ", "\t", "eyJ", "EYJ", "abcdef", "abcdef.abcdef.a", ".", "4111", "1111", "-", "7", "ā", "dig", "e", "B", "\xff",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
		if (m.text.MatchString(text) || m.head.MatchString(text)) && !mayHoldToken(text) {
			t.Errorf("the token in %q is not looked for", text)
		}
		if m.card.MatchString(text) && !mayHoldCard(text) {
			t.Errorf("the card in %q is not looked for", text)
		}
	})
}

func TestCardNumbersAreMaskedInEveryKindOfNumber(t *testing.T) {
	t.Parallel()
	m := masks(t)
	for _, card := range []any{json.Number("4111111111111111"), 4111111111111111, int64(4111111111111111), uint64(4111111111111111), float64(4111111111111111)} {
		if got := m.value(map[string]any{"n": card}).(map[string]any)["n"]; got != Masked {
			t.Errorf("a card's number as %T is shown", card)
		}
	}
	for _, other := range []any{int64(4111111111111112), float64(4111111111111112), 1.5, 7} {
		if got := m.value(other); got != other {
			t.Errorf("%v became %v", other, got)
		}
	}
}

func TestAddressesLoseTheirSecrets(t *testing.T) {
	t.Parallel()
	m := masks(t)
	for given, want := range map[string]string{
		"https://anna:s3@example.org/a?b=c":              "https://[masked]@example.org/a?b=c",
		"https://example.org?access_token=s3&b=c#id=1":   "https://example.org?access_token=[masked]&b=c#id=1",
		"/a?sig=s3,s4&b=c#id":                            "/a?sig=[masked]&b=c#id",
		"/a/b?token=s3":                                  "/a/b?token=[masked]",
		"https://example.org/a@b":                        "https://example.org/a@b",
		"https://anna:s3@example.org":                    "https://[masked]@example.org",
		"https://example.org/pay/4111111111111111/begin": "https://example.org/pay/[masked]/begin",
	} {
		if got := m.address(given); got != want {
			t.Errorf("%s became %s; want %s", given, got, want)
		}
	}
}

func TestNamesThatCannotBeMaskedAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := NewMasks([]string{"--"}); err == nil || !strings.Contains(err.Error(), "--") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatStandsBesideTellsThatAValueIsSecret(t *testing.T) {
	t.Parallel()
	m := masks(t)
	for path, want := range map[string]bool{
		"/value": true, "/value/a": true, "/key": false, "/headers/0/1": true, "/headers/0/0": false, "/headers/1/1": false,
		"/settings/0/value": true, "/settings/0/other": false, "/settings/1/value": false, "/settings/7/value": false, "/pair/1": false, "": false,
		"/Row/Value": true, "/Row/Key": false,
	} {
		v := parsed(t, `{"key":"smtp_password","value":{"a":1},"headers":[["Cookie","a=1"],["Host","x"]],
			"settings":[{"name":"apiKey","value":"s3","other":1},{"name":"Host","value":"x"}],"pair":["password","x"],
			"Row":{"Key":"api_token","Value":"s3"}}`)
		if got := m.hidesBeside(v, path); got != want {
			t.Errorf("%q leads to a secret: %v; want %v", path, got, want)
		}
	}
}
