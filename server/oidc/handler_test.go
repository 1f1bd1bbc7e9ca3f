package oidc_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/oidc"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

// vouched is a user of the provider with the standard claims.
type vouched struct {
	*mockoidc.MockUser
	name string
}

func user(subject, email string, verified bool) *vouched {
	return &vouched{&mockoidc.MockUser{Subject: subject, Email: email, EmailVerified: verified, PreferredUsername: subject + "-at-provider"}, "Vouched " + subject}
}

// Claims implements mockoidc.User.
func (u *vouched) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return &struct {
		*mockoidc.IDTokenClaims
		Email    string `json:"email,omitempty"`
		Verified string `json:"email_verified"` // as some providers write it
		Name     string `json:"name"`
		Username string `json:"preferred_username"`
	}{base, u.Email, fmt.Sprint(u.EmailVerified), u.name, u.PreferredUsername}, nil
}

type bundle struct {
	*graphtest.Seeded
	provider *mockoidc.MockOIDC
	said     *heard
}

// heard keeps what a handler logs.
type heard struct {
	mu   sync.Mutex
	text strings.Builder
}

func (h *heard) Write(line []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(line)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

func setup(t *testing.T, rules signin.ExternalRules) *bundle {
	t.Helper()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	said := &heard{}
	return &bundle{provider: provider, said: said, Seeded: graphtest.SeedWith(t, graphtest.Options{
		Limits: wire.DefaultLimits(), External: rules,
		OIDC: func(s *graphtest.Server, _ *slog.Logger) http.Handler {
			return oidc.New(oidc.Config{
				Issuer: provider.Issuer(), ClientID: provider.ClientID, ClientSecret: provider.ClientSecret,
				RedirectURL: s.URL + "/auth/oidc/callback", Label: "Example Org",
			}, s.Signin, slog.New(slog.NewTextHandler(said, nil)))
		},
	})}
}

// come goes to the provider and back in a browser of its own, and gives where it ends.
func (b *bundle) come(t *testing.T, u *vouched, back string) (*graphtest.Client, *url.URL) {
	t.Helper()
	client := b.Anonymous()
	return client, b.comeAgain(t, client, u, back)
}

func (b *bundle) comeAgain(t *testing.T, client *graphtest.Client, u *vouched, back string) *url.URL {
	t.Helper()
	b.provider.QueueUser(u)
	return get(t, client, b.URL+oidc.StartPath+"?return="+url.QueryEscape(back))
}

func get(t *testing.T, client *graphtest.Client, address string) *url.URL {
	t.Helper()
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Request.URL
}

func viewer(t *testing.T, client *graphtest.Client) map[string]any {
	t.Helper()
	answer := client.Do(t, "{ viewer { account { username } person { name } roles mustChangePassword } }", nil)
	found, _ := answer.Data["viewer"].(map[string]any)
	return found
}

func username(t *testing.T, client *graphtest.Client) string {
	t.Helper()
	if v := viewer(t, client); v != nil {
		return v["account"].(map[string]any)["username"].(string)
	}
	return ""
}

func (b *bundle) wantEntries(t *testing.T, action string, want int, details ...string) {
	t.Helper()
	found := b.Entries(action)
	if len(found) != want {
		t.Errorf("%d entries %s; want %d", len(found), action, want)
	}
	for i, wanted := range details {
		if got := found[i].Details["reason"]; wanted != "" && got != wanted {
			t.Errorf("entry %d of %s has the reason %v; want %s", i, action, got, wanted)
		}
		if got := found[i].Details["provider"]; got != "Example Org" {
			t.Errorf("entry %d of %s has the provider %v", i, action, got)
		}
	}
}

func TestAUserIsLinkedByVerifiedEmailAndThenByIdentity(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	client, at := b.come(t, user("u1", "JANIS@example.org", true), "/keys?q=10")
	if at.Path != "/keys" || at.RawQuery != "q=10" {
		t.Errorf("he comes to %s", at)
	}
	if name := username(t, client); name != "member" {
		t.Fatalf("he is %q", name)
	}
	client, _ = b.come(t, user("u1", "changed@example.org", false), "/")
	if name := username(t, client); name != "member" {
		t.Errorf("with another address he is %q", name)
	}
	b.wantEntries(t, ledger.AuthExternalLinked, 1, "")
	signedIn := b.Entries(ledger.AuthSignedIn)
	if last := signedIn[len(signedIn)-1]; last.Details["provider"] != "Example Org" {
		t.Errorf("the entry says %v", last.Details)
	}
}

func TestWhomTheRulesGiveNoAccountIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	for _, u := range []*vouched{user("u1", "janis@example.org", false), user("u2", "stranger@example.org", true), user("u3", "", false)} {
		client, at := b.come(t, u, "/")
		if at.Path != "/sign-in" || at.Query().Get("failed") != "not_linked" || viewer(t, client) != nil {
			t.Errorf("%s comes to %s", u.Subject, at)
		}
	}
	b.wantEntries(t, ledger.AuthExternalFailed, 3, signin.ReasonNotLinked, signin.ReasonNotLinked, signin.ReasonNotLinked)
}

func TestNothingIsLinkedByEmailUnlessTheRulesSaySo(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{})
	client, at := b.come(t, user("u1", "janis@example.org", true), "/")
	if at.Query().Get("failed") != "not_linked" || viewer(t, client) != nil {
		t.Errorf("he comes to %s", at)
	}
}

func TestAnAccountWithASecondFactorIsNotLinkedByItself(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	member := b.As("member")
	if answer := member.Do(t, "mutation { enrolTotp { secret } }", nil); answer.Code() != "" {
		t.Fatalf("%s", answer.Text)
	}
	if _, err := b.DB.Exec(t.Context(), "UPDATE second_factor SET confirmed_at = created_at"); err != nil {
		t.Fatal(err)
	}
	client, at := b.come(t, user("u1", "janis@example.org", true), "/")
	if at.Query().Get("failed") != "not_linked" || viewer(t, client) != nil {
		t.Errorf("he comes to %s", at)
	}
	b.wantEntries(t, ledger.AuthExternalFailed, 1, signin.ReasonHasSecondFactor)
}

func TestAnAccountIsMadeWhereTheRulesGiveARole(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true, CreateRole: "member"})
	client, _ := b.come(t, user("zane", "zane@example.org", true), "/")
	v := viewer(t, client)
	if v == nil || v["account"].(map[string]any)["username"] != "zane-at-provider" || v["person"].(map[string]any)["name"] != "Vouched zane" ||
		fmt.Sprint(v["roles"]) != "[member]" || v["mustChangePassword"] != false {
		t.Fatalf("a stranger is %v", v)
	}
	again, _ := b.come(t, user("zane", "zane@example.org", true), "/")
	if name := username(t, again); name != "zane-at-provider" {
		t.Errorf("the second time he is %q", name)
	}
	known, _ := b.come(t, user("peteris", "peteris@example.org", true), "/") // a person without an account
	if v := viewer(t, known); v == nil || v["person"].(map[string]any)["name"] != "Pēteris Lācis" {
		t.Errorf("a known person is %v", v)
	}
	taken := user("admin2", "", false)
	taken.PreferredUsername = "admin"
	other, _ := b.come(t, taken, "/")
	if name := username(t, other); !strings.HasPrefix(name, "admin-") {
		t.Errorf("with a name that is taken he is %q", name)
	}
	b.wantEntries(t, ledger.AuthExternalLinked, 3)
}

func TestAnAccountThatMakesItselfLeavesAPersonTheRolesThatHeWasGiven(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true, CreateRole: "member"})
	person := b.Person("Awaited", "")
	email := "awaited@example.org"
	if _, err := b.People.Update(t.Context(), access.System(), people.UpdateInput{ID: person.ID, Email: &email}); err != nil {
		t.Fatal(err)
	}
	if err := b.Signin.SetRoles(t.Context(), access.System(), person.ID, []string{"auditor"}); err != nil {
		t.Fatal(err)
	}
	client, _ := b.come(t, user("u10", email, true), "/")
	if v := viewer(t, client); v == nil || fmt.Sprint(v["roles"]) != "[auditor]" {
		t.Errorf("he is %v", v)
	}
}

func TestAnswersThatThisBrowserDidNotAskForAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	b.provider.QueueUser(user("u1", "janis@example.org", true))
	client := b.Anonymous()
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/oidc/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	response, err := client.Get(b.URL + oidc.StartPath)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	callback := response.Header.Get("Location")
	if !strings.Contains(callback, "/auth/oidc/callback?") {
		t.Fatalf("the provider sends to %q", callback)
	}
	other := b.Anonymous()
	for what, address := range map[string]string{
		"another browser's": callback,
		"without anything":  b.URL + "/auth/oidc/callback",
		"a refusal":         b.URL + "/auth/oidc/callback?error=access_denied&state=guessed",
	} {
		if at := get(t, other, address); at.Query().Get("failed") != "error" || viewer(t, other) != nil {
			t.Errorf("%s answer leads to %s", what, at)
		}
	}
	client.CheckRedirect = nil
	if at := get(t, client, callback); at.Path != "/" || username(t, client) != "member" {
		t.Errorf("his own leads to %s", at)
	}
	if at := get(t, client, callback); at.Query().Get("failed") != "error" {
		t.Errorf("the same again leads to %s", at)
	}
	b.Clock.Advance(2 * time.Minute)
	if err := b.Signin.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, e := range b.Entries(ledger.AuthExternalFailed) {
		times, _ := e.Details["times"].(float64)
		total += int(times)
	}
	if total != 4 {
		t.Errorf("%d failures are on record", total)
	}
}

func TestADisabledAccountStaysOut(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	_, _ = b.come(t, user("u1", "janis@example.org", true), "/")
	if _, err := b.DB.Exec(t.Context(), "UPDATE account SET disabled_at = created_at WHERE person = ?", b.IDs["janis"]); err != nil {
		t.Fatal(err)
	}
	client, at := b.come(t, user("u1", "janis@example.org", true), "/")
	if at.Query().Get("failed") != "disabled" || viewer(t, client) != nil {
		t.Errorf("he comes to %s", at)
	}
}

func TestAFirstPasswordIsWorthNothingAfterASignInWithTheProvider(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	person := b.Person("Made Lately", "")
	email := "lately@example.org"
	if _, err := b.People.Update(t.Context(), access.System(), people.UpdateInput{ID: person.ID, Email: &email}); err != nil {
		t.Fatal(err)
	}
	_, oneTime, err := b.Signin.CreateAccount(t.Context(), access.System(), signin.CreateAccountInput{Person: person.ID, Username: "lately", Roles: []string{"member"}})
	if err != nil {
		t.Fatal(err)
	}
	client, _ := b.come(t, user("u9", email, true), "/")
	if v := viewer(t, client); v == nil || v["mustChangePassword"] != false {
		t.Fatalf("he is %v", v)
	}
	answer := b.Anonymous().Do(t, "mutation($p: String!) { signIn(input: {username: \"lately\", password: $p}) { viewer { roles } } }", map[string]any{"p": oneTime})
	if answer.Code() != "UNAUTHENTICATED" {
		t.Errorf("the first password: %s", answer.Text)
	}
}

func TestALinkIsWorthNothingAfterASignInWithTheProvider(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	person := b.Person("Made Lately", "")
	email := "lately@example.org"
	if _, err := b.People.Update(t.Context(), access.System(), people.UpdateInput{ID: person.ID, Email: &email}); err != nil {
		t.Fatal(err)
	}
	_, link, err := b.Signin.OpenAccount(t.Context(), access.System(), signin.OpenAccountInput{Person: person.ID, Username: "lately", Roles: []string{"member"}})
	if err != nil {
		t.Fatal(err)
	}
	client, _ := b.come(t, user("u9", email, true), "/")
	if v := viewer(t, client); v == nil || v["mustChangePassword"] != false {
		t.Fatalf("he is %v", v)
	}
	_, secret, _ := strings.Cut(link, "#")
	if _, err := b.Signin.SetPassword(t.Context(), secret, "a password of the admin's", ledger.Origin{IP: "192.0.2.1"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("whoever made the account has its link, and: %v", err)
	}
}

func TestNobodyWaitsForOthersWhileTheProviderDoesNotAnswer(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}, 8), make(chan struct{})
	provider := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-release }))
	defer provider.Close()
	defer close(release)
	h := oidc.New(oidc.Config{Issuer: provider.URL, ClientID: "keytrail"}, nil, slog.New(slog.DiscardHandler))
	start := func(ctx context.Context) chan struct{} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", oidc.StartPath, nil))
		}()
		return done
	}
	first, leave := context.WithCancel(t.Context())
	defer leave()
	waits := start(first)
	<-asked
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, done := range []chan struct{}{start(gone), waits} {
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Fatal("somebody who does not wait any more is kept waiting for the provider")
		}
		leave()
	}
	if n := len(asked); n != 0 {
		t.Errorf("the provider was asked %d times more", n)
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	for _, back := range []string{"//evil.example/x", "https://evil.example/", "/\\evil.example", "/%2f/evil.example", "javascript:alert(1)", "/auth/oidc/start", "keys"} {
		_, at := b.come(t, user("u1", "janis@example.org", true), back)
		if "http://"+at.Host != b.URL || at.Path != "/" {
			t.Errorf("%q leads to %s", back, at)
		}
	}
}

func TestWhoeverComesTooOftenIsNoErrorOfKeytrails(t *testing.T) {
	t.Parallel()
	b := setup(t, signin.ExternalRules{LinkByEmail: true})
	stranger := signin.ExternalIdentity{Provider: "Example Org", Issuer: b.provider.Issuer(), Subject: "stranger"}
	for n := 0; ; n++ {
		_, err := b.Signin.SignInExternal(t.Context(), stranger, ledger.Origin{IP: "127.0.0.1"})
		if fault.Is(err, fault.RateLimited) {
			break
		}
		if n > 1000 {
			t.Fatal(err)
		}
	}
	client, at := b.come(t, user("u1", "janis@example.org", true), "/")
	if at.Query().Get("failed") != "busy" || viewer(t, client) != nil {
		t.Errorf("he comes to %s", at)
	}
	if said := b.said.String(); strings.Contains(said, "level=ERROR") || !strings.Contains(said, "level=WARN") {
		t.Errorf("the log says %s", said)
	}
}

func TestFirstSignInsAtOnceGetOneAccount(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"janis@example.org", "zane@example.org"} { // one who has an account, and one who is new
		b := setup(t, signin.ExternalRules{LinkByEmail: true, CreateRole: "member"})
		who := signin.ExternalIdentity{Provider: "Example Org", Issuer: b.provider.Issuer(), Subject: "u1", Email: email, Name: "Vouched"}
		results := make(chan error, 6)
		for range cap(results) {
			go func() {
				ctx, err := b.Signin.Sessions().Load(t.Context(), "")
				if err == nil {
					_, err = b.Signin.SignInExternal(ctx, who, ledger.Origin{IP: "192.0.2.1"})
				}
				results <- err
			}()
		}
		for range cap(results) {
			if err := <-results; err != nil {
				t.Errorf("%s: %v", email, err)
			}
		}
		b.wantEntries(t, ledger.AuthExternalLinked, 1)
	}
}
