package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/tokens"
)

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

func TestTokenAsksInsteadOfTheCookieBesideIt(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, _ := s.NewToken(tokens.CreateInput{Name: "Wall", Role: access.RoleScreen})
	both := *s.As("admin")
	both.Token = secret
	if a := both.Do(t, `{ viewer { roles } }`, nil); a.Data["viewer"] != nil {
		t.Errorf("the cookie's person is shown: %s", a.Text)
	}
	if a := both.Do(t, `{ apiTokens { edges { node { id } } } }`, nil); a.Code() != "FORBIDDEN" {
		t.Errorf("the cookie's rights count: %s", a.Text)
	}
	for _, query := range []string{`mutation { signOut }`, `mutation { signIn(input: {username: "admin", password: "correct horse battery"}) { viewer { roles } } }`} {
		if a := both.Do(t, query, nil); a.Code() != "BAD_USER_INPUT" {
			t.Errorf("a session was changed beside a token: %s", a.Text)
		}
	}
	both.Token = "ktr_wrong"
	if a := both.Do(t, `{ viewer { roles } }`, nil); a.Status != http.StatusUnauthorized || a.Code() != "UNAUTHENTICATED" {
		t.Errorf("a cookie takes the place of a token that is wrong: %d %s", a.Status, a.Text)
	}
	if a := s.As("admin").Do(t, `{ viewer { roles } }`, nil); a.Data["viewer"] == nil {
		t.Errorf("the session has ended: %s", a.Text)
	}
}

func TestForeignPagesMayCallWithATokenAndNotWithACookie(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, _ := s.NewToken(tokens.CreateInput{Name: "till", Role: access.RoleIntegrator})
	const body = `{"query":"mutation { recordAuth(events: [{eventId: \"1\", action: \"signed_in\", outcome: SUCCESS}]) { recorded } }"}`
	for name, c := range map[string]struct {
		client *graphtest.Client
		status int
	}{"a token": {s.Holding(secret), http.StatusOK}, "a cookie": {s.As("admin"), http.StatusForbidden}} {
		header := jsonHeader()
		header.Set("Origin", "https://evil.example")
		header.Set("Sec-Fetch-Site", "cross-site")
		if a := c.client.Post(t, body, header); a.Status != c.status {
			t.Errorf("%s: %d %s", name, a.Status, a.Text)
		}
	}
}

func TestSocketAsksAsTheTokenInConnectionInit(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, token := s.NewToken(tokens.CreateInput{Name: "Wall", Role: access.RoleScreen})
	both := *s.As("admin")
	both.Token = secret
	socket := both.Socket(t)
	ask := func(id, query string) string {
		socket.Subscribe(id, query, nil)
		for {
			if m := socket.Next(); m.ID == id && m.Type != "complete" {
				return string(m.Payload)
			}
		}
	}
	if got := ask("1", `{ keys(first: 1) { edges { node { number } } } }`); !strings.Contains(got, `"9"`) {
		t.Errorf("the screen sees no keys: %s", got)
	}
	if got := ask("2", `{ apiTokens { edges { node { id } } } }`); !strings.Contains(got, "FORBIDDEN") {
		t.Errorf("the cookie that the socket was opened with counts: %s", got)
	}
	if _, err := s.Tokens.Revoke(t.Context(), access.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	if got := ask("3", `{ keys(first: 1) { edges { node { number } } } }`); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("a revoked token goes on: %s", got)
	}
}

func TestSocketWithATokenThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, payload := range []string{`{"Authorization":"Bearer ktr_wrong"}`, `{"authorization":"Basic YTpi"}`} {
		socket, _ := s.As("admin").Dial(t, nil, wire.Protocol)
		socket.Send(`{"type":"connection_init","payload":` + payload + `}`)
		if code := socket.CloseCode(); code != 4403 {
			t.Errorf("%s: closed with %d", payload, code)
		}
	}
}

func TestTokenThatCannotBeUsedIsRefusedAlikeAndRecordedOnce(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	soon := s.Clock.Now().Add(time.Minute)
	elsewhere, _ := s.NewToken(tokens.CreateInput{Name: "Elsewhere", Role: access.RoleScreen, Networks: []string{"10.0.0.0/8"}})
	here, _ := s.NewToken(tokens.CreateInput{Name: "Here", Role: access.RoleScreen, Networks: []string{"127.0.0.0/8", "::1"}})
	expired, _ := s.NewToken(tokens.CreateInput{Name: "Short", Role: access.RoleScreen, ExpiresAt: &soon})
	revoked, token := s.NewToken(tokens.CreateInput{Name: "Revoked", Role: access.RoleScreen})
	if _, err := s.Tokens.Revoke(t.Context(), access.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Minute)
	if a := s.Holding(here).Do(t, `{ keys { totalCount } }`, nil); a.Code() != "" {
		t.Errorf("a token is refused in its own network: %s", a.Text)
	}
	message := ""
	for reason, secret := range map[string]string{
		"other_network": elsewhere, "expired_token": expired, "revoked_token": revoked, "malformed_token": revoked[:len(revoked)-1] + "?",
	} {
		for range 3 {
			a := s.Holding(secret).Do(t, `{ server { version } }`, nil)
			if a.Status != http.StatusUnauthorized || a.Code() != "UNAUTHENTICATED" {
				t.Fatalf("%s: %d %s", reason, a.Status, a.Text)
			}
			if message == "" {
				message = a.Errors[0].Message
			}
			if a.Errors[0].Message != message {
				t.Errorf("%s can be told apart: %s", reason, a.Errors[0].Message)
			}
		}
	}
	reasons := map[string]int{}
	for _, e := range s.Entries(ledger.AuthTokenInvalid) {
		reason, _ := e.Details["reason"].(string)
		reasons[reason]++
	}
	if len(reasons) != 4 || reasons["other_network"] != 1 || reasons["expired_token"] != 1 || reasons["revoked_token"] != 1 || reasons["malformed_token"] != 1 {
		t.Errorf("recorded were %v", reasons)
	}
	for _, secret := range []string{elsewhere, here, expired, revoked} {
		if strings.Contains(s.Log.String(), secret) {
			t.Error("a token stands in the log")
		}
	}
}

func TestExpiryOfATokenIsRecordedOnceByTwoServers(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	other := s.Another(t)
	soon := s.Clock.Now().Add(time.Minute)
	_, token := s.NewToken(tokens.CreateInput{Name: "Short", Role: access.RoleScreen, ExpiresAt: &soon})
	s.Clock.Advance(time.Hour)
	var both sync.WaitGroup
	for _, server := range []*graphtest.Server{s.Server, other} {
		both.Go(func() {
			if err := server.Tokens.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	found := s.Entries(ledger.AuthTokenExpired)
	if len(found) != 1 || found[0].Entity.ID != token.ID.String() || !found[0].OccurredAt.Equal(soon) {
		t.Errorf("recorded were %d expiries: %+v", len(found), found)
	}
}

func TestFirstUseOfATokenIsRecordedOnceAndTheLastOncePerMinute(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, _ := s.NewToken(tokens.CreateInput{Name: "Wall", Role: access.RoleScreen})
	lastUse := func() any {
		a := s.As("admin").Do(t, `{ apiTokens { edges { node { lastUsedAt } } } }`, nil)
		edges := a.Data["apiTokens"].(map[string]any)["edges"].([]any)
		return edges[0].(map[string]any)["node"].(map[string]any)["lastUsedAt"]
	}
	use := func() { s.Holding(secret).Do(t, `{ keys { totalCount } }`, nil) }
	var all sync.WaitGroup
	for range 10 {
		all.Go(use)
	}
	all.Wait()
	if n := len(s.Entries(ledger.AuthTokenFirstUsed)); n != 1 {
		t.Errorf("the first use was recorded %d times", n)
	}
	first := lastUse()
	s.Clock.Advance(59 * time.Second)
	if use(); lastUse() != first {
		t.Error("the last use was written twice in a minute")
	}
	s.Clock.Advance(time.Second)
	if use(); lastUse() == first {
		t.Error("the last use was not written after a minute")
	}
}

func TestFiveHundredEventsAreRecordedInOneCallAndOnlyByWhoeverMay(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	events := make([]any, 501)
	for i := range events {
		events[i] = map[string]any{
			"eventId": fmt.Sprintf("event-%d", i), "action": "signed_in", "outcome": "SUCCESS", "username": "anna", "ip": "192.0.2.7",
			"userAgent": strings.Repeat("Mozilla ", 40),
		}
	}
	const query = `mutation($events: [AuthInput!]!) { recordAuth(events: $events) { recorded entries { seq } } }`
	record := func(client *graphtest.Client, n int) *graphtest.Answer {
		return client.Do(t, query, map[string]any{"events": events[:n]})
	}
	a := record(s.As("till"), 500)
	made, _ := a.Data["recordAuth"].(map[string]any)
	if made == nil || fmt.Sprint(made["recorded"]) != "500" || len(made["entries"].([]any)) != 500 {
		t.Fatalf("%d %.300s", a.Status, a.Text)
	}
	if a := record(s.As("till"), 501); a.Code() != "BAD_USER_INPUT" {
		t.Errorf("501 events: %.200s", a.Text)
	}
	if a := record(s.As("wall"), 500); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a screen may send %d %.200s", a.Status, a.Text)
	}
}

func TestIntegratorSeesAndRecordsUnderItsOwnSourceOnly(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, _ := s.NewToken(tokens.CreateInput{Name: "other program", Role: access.RoleIntegrator})
	other := s.Holding(secret)
	const record = `mutation { recordAuth(events: [{eventId: "1", action: "signed_in", outcome: SUCCESS, username: "anna"}]) { entries { seq source } } }`
	seq := func(a *graphtest.Answer) any {
		return a.Data["recordAuth"].(map[string]any)["entries"].([]any)[0].(map[string]any)["seq"]
	}
	mine, its := seq(s.As("till").Do(t, record, nil)), seq(other.Do(t, record, nil))
	if mine == its {
		t.Fatal("the same event id of two programs is one event")
	}
	const entry = `query($seq: Int64!) { entry(seq: $seq) { source } }`
	if a := other.Do(t, entry, map[string]any{"seq": mine}); a.Data["entry"] != nil {
		t.Errorf("another program's entry is shown: %s", a.Text)
	}
	if a := other.Do(t, entry, map[string]any{"seq": its}); a.Data["entry"] == nil {
		t.Errorf("its own entry is not shown: %s", a.Text)
	}
	if a := other.Do(t, `{ authLog(filter: {source: "till"}) { edges { node { seq } } } }`, nil); strings.Contains(string(a.Text), `"seq"`) {
		t.Errorf("another program's entries are listed: %s", a.Text)
	}
	if a := other.Do(t, `{ authLog(filter: {ip: "127.0.0.1"}) { edges { node { source } } } }`, nil); strings.Contains(string(a.Text), `"keytrail"`) || a.Code() != "" {
		t.Errorf("an address leads to others' entries: %s", a.Text)
	}
}
