package oidc_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/oidc"
	"github.com/keytrail/keytrail/server/signin"
)

// begin goes to the provider and gives the address by which it sends the browser back.
func (b *bundle) begin(t *testing.T, client *graphtest.Client, u *vouched, back string) (callback string) {
	t.Helper()
	b.provider.QueueUser(u)
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/oidc/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	defer func() { client.CheckRedirect = nil }()
	response, err := client.Get(b.URL + oidc.StartPath + "?return=" + url.QueryEscape(back))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Header.Get("Location")
}

// kept gives the cookies by which a browser finishes what it began.
func (b *bundle) kept(t *testing.T, client *graphtest.Client) []*http.Cookie {
	t.Helper()
	at, err := url.Parse(b.URL + "/auth/oidc/callback")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(client.Jar.Cookies(at), func(c *http.Cookie) bool { return !strings.HasPrefix(c.Name, "keytrail_oidc") })
}

func TestEachTabFinishesItsOwnSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	client := b.Anonymous()
	one := b.begin(t, client, user("u1", "janis@example.org", true), "/keys")
	other := b.begin(t, client, user("u1", "janis@example.org", true), "/people")
	if at := get(t, client, one); at.Path != "/keys" || username(t, client) != "member" {
		t.Errorf("the first tab comes to %s", at)
	}
	if at := get(t, client, one); at.Query().Get("failed") != "error" {
		t.Errorf("the first tab once more comes to %s", at)
	}
	if at := get(t, client, other); at.Path != "/people" {
		t.Errorf("the second tab comes to %s", at)
	}
	if left := b.kept(t, client); len(left) != 0 {
		t.Errorf("%d cookies are left", len(left))
	}
}

func TestABrowserKeepsSoManySignInsAndNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	for what, back := range map[string]string{"short": "/keys", "long": "/keys?q=" + strings.Repeat("x", 2000)} {
		client := b.Anonymous()
		var callbacks []string
		for range 8 {
			callbacks = append(callbacks, b.begin(t, client, user("u1", "janis@example.org", true), back))
		}
		size := 0
		left := b.kept(t, client)
		for _, c := range left {
			size += len(c.Name) + len(c.Value)
		}
		if len(left) == 0 || len(left) > 5 || size > 7000 {
			t.Errorf("%s: %d cookies of %d bytes are kept", what, len(left), size)
		}
		if at := get(t, client, callbacks[0]); at.Query().Get("failed") != "error" {
			t.Errorf("%s: the oldest leads to %s", what, at)
		}
		if at := get(t, client, callbacks[7]); at.Path != "/keys" {
			t.Errorf("%s: the newest leads to %s", what, at)
		}
	}
}

func TestASignInThatTakesTooLongBeginsAnew(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	client := b.Anonymous()
	callback := b.begin(t, client, user("u1", "janis@example.org", true), "/keys")
	cookie := b.kept(t, client)[0]
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	var begun map[string]any
	if err := json.Unmarshal(text, &begun); err != nil {
		t.Fatal(err)
	}
	begun["b"] = time.Now().Add(-11 * time.Minute).UnixMilli()
	if text, err = json.Marshal(begun); err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(callback)
	client.Jar.SetCookies(at, []*http.Cookie{{Name: cookie.Name, Path: "/auth/oidc/", Value: base64.RawURLEncoding.EncodeToString(text)}})
	if at := get(t, client, callback); at.Query().Get("failed") != "error" || viewer(t, client) != nil {
		t.Errorf("it leads to %s", at)
	}
}
