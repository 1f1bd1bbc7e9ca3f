package graph_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

// display gives a browser that stands at the page of the wall.
func display(s *graphtest.Server) *graphtest.Client {
	c := s.Anonymous()
	c.URL += request.WallPath
	return c
}

// pair has a display show a code and an admin approve it.
func pair(t *testing.T, s *graphtest.Server, input map[string]any) (wall *graphtest.Client, token string) {
	t.Helper()
	wall = display(s)
	input["code"] = strings.ToLower(strings.ReplaceAll(codeOf(t, wall), "-", " "))
	if input["name"] == nil {
		input["name"] = "Lodge"
	}
	a := s.As("admin").Do(t, `mutation($input: ApprovePairingInput!) { approvePairing(input: $input) { apiToken { id role } } }`, map[string]any{"input": input})
	if a.Code() != "" {
		t.Fatal(string(a.Text))
	}
	return wall, a.Data["approvePairing"].(map[string]any)["apiToken"].(map[string]any)["id"].(string)
}

func codeOf(t *testing.T, wall *graphtest.Client) string {
	t.Helper()
	a := wall.Do(t, `mutation { requestPairing { code expiresAt } }`, nil)
	if a.Code() != "" {
		t.Fatal(string(a.Text))
	}
	return a.Data["requestPairing"].(map[string]any)["code"].(string)
}

// pairedToken gives the token of a paired display, which otherwise only its browser knows.
func pairedToken(t *testing.T, s *graphtest.Server) string {
	t.Helper()
	wall, _ := pair(t, s, map[string]any{})
	for _, cookie := range wall.Jar.Cookies(addressOf(t, wall)) {
		if cookie.Name == request.WallCookieName {
			return cookie.Value
		}
	}
	t.Fatal("the display has no cookie")
	return ""
}

func TestADisplayShowsTheWallOnceItsCodeIsApproved(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	wall := display(s.Server)
	const show = `{ wall { name out } }`
	if a := wall.Do(t, show, nil); a.Code() != "UNAUTHENTICATED" {
		t.Error(string(a.Text))
	}
	code := codeOf(t, wall)
	if a := wall.Do(t, `{ pairing }`, nil); a.Data["pairing"] != true {
		t.Error(string(a.Text))
	}
	if a := wall.Do(t, show, nil); a.Code() != "UNAUTHENTICATED" {
		t.Error("a code that waits is good already:", string(a.Text))
	}
	asked := s.As("admin").Do(t, `query($code: String!) { pairingRequest(code: $code) { code ip device } }`, map[string]any{"code": code})
	if !strings.Contains(string(asked.Text), `"ip":"127.0.0.1","device":"Go-http-client"`) {
		t.Error(string(asked.Text))
	}
	approve := map[string]any{"input": map[string]any{"code": code, "name": "Lodge"}}
	const approval = `mutation($input: ApprovePairingInput!) { approvePairing(input: $input) { apiToken { name role } } }`
	if a := s.As("custodian").Do(t, approval, approve); a.Code() != "FORBIDDEN" {
		t.Error(string(a.Text))
	}
	if a := s.As("admin").Do(t, approval, approve); string(a.Text) != `{"data":{"approvePairing":{"apiToken":{"name":"Lodge","role":"wall"}}}}` {
		t.Error(string(a.Text))
	}
	if a := wall.Do(t, show, nil); a.Code() != "" || !strings.Contains(string(a.Text), `"name":"Lodge"`) {
		t.Error(string(a.Text))
	}
	if a := s.As("admin").Do(t, approval, approve); a.Code() != "NOT_FOUND" {
		t.Error("a code counts twice:", string(a.Text))
	}
}

func TestADisplaySeesTheWallAndNothingElse(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	wall, _ := pair(t, s.Server, map[string]any{})
	for _, query := range []string{`{ keys { totalCount } }`, `{ keyLog { edges { node { id } } } }`, `{ people { totalCount } }`, `{ calendar { timeZone } }`, `{ apiTokens { edges { node { id } } } }`} {
		if a := wall.Do(t, query, nil); a.Code() != "FORBIDDEN" {
			t.Errorf("%s: %s", query, a.Text)
		}
	}
	wall.URL = s.URL // the cookie is not sent there
	if a := wall.Do(t, `{ wall { name } }`, nil); a.Code() != "UNAUTHENTICATED" {
		t.Error(string(a.Text))
	}
	if a := s.As("admin").Do(t, `{ wall { name } }`, nil); a.Code() != "FORBIDDEN" {
		t.Error(string(a.Text))
	}
	wall.URL = s.URL + request.WallPath
	signIn := `mutation { signIn(input: {username: "admin", password: "` + graphtest.Password + `"}) { viewer { roles } } }`
	if a := wall.Do(t, signIn, nil); a.Code() != "BAD_USER_INPUT" {
		t.Error("somebody signs in as a display:", string(a.Text))
	}
	foreign := http.Header{"Content-Type": {"application/json"}, "Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}
	if a := wall.Post(t, `{"query":"{ wall { name } }"}`, foreign); a.Status != http.StatusForbidden {
		t.Errorf("a foreign page asks: %d %s", a.Status, a.Text)
	}
}

func TestAWallShowsItsGroupsInInitialsWithoutRooms(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	janis := s.Person("Jānis Pētera Ozols", "Office")
	inside := s.KeyOf(custody.CreateKeyInput{Number: "W-1", Label: "Inside", Building: "East", Room: "204"})
	outside := s.KeyOf(custody.CreateKeyInput{Number: "W-2", Label: "Outside", Building: "East", Room: "205"})
	group := s.Group("Walls", inside)
	s.Issue(access.System(), janis, inside, outside)
	const show = `{ wall { out groups { name keys out } loans { number holder place } movements { number action holder } today { issued } } }`
	for name, c := range map[string]struct {
		input map[string]any
		want  string
	}{
		"masked": {map[string]any{"groups": []id.ID{group.ID}}, `{"data":{"wall":{"out":1,"groups":[{"name":"Walls","keys":1,"out":1}],` +
			`"loans":[{"number":"W-1","holder":"J.O.","place":null}],"movements":[{"number":"W-1","action":"key.issued","holder":"J.O."}],"today":{"issued":1}}}}`},
		"in full": {map[string]any{"groups": []id.ID{group.ID}, "showNames": true, "showRooms": true}, `{"data":{"wall":{"out":1,"groups":[{"name":"Walls","keys":1,"out":1}],` +
			`"loans":[{"number":"W-1","holder":"Jānis Pētera Ozols","place":"East · 204"}],"movements":[{"number":"W-1","action":"key.issued","holder":"Jānis Pētera Ozols"}],"today":{"issued":1}}}}`},
	} {
		wall, _ := pair(t, s.Server, c.input)
		if a := wall.Do(t, show, nil); string(a.Text) != c.want {
			t.Errorf("%s:\n%s\nis not\n%s", name, a.Text, c.want)
		}
	}
	wall, _ := pair(t, s.Server, map[string]any{})
	if a := wall.Do(t, show, nil); !strings.Contains(string(a.Text), `"number":"W-2"`) {
		t.Error("a wall without groups does not show all keys:", string(a.Text))
	}
}

func TestAWallFollowsAndEndsWithItsToken(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	janis := s.Person("Jānis Ozols", "Office")
	key := s.Key("W-1")
	wall, token := pair(t, s.Server, map[string]any{"groups": []id.ID{s.Group("Walls", key).ID}})
	socket := wall.Socket(t)
	socket.Subscribe("wall", `subscription { wallFeed { out } }`, nil)
	if m := socket.Next(); !strings.Contains(string(m.Payload), `"out":0`) {
		t.Fatalf("%s %s", m.Type, m.Payload)
	}
	s.Issue(access.System(), janis, key)
	for m := socket.Next(); !strings.Contains(string(m.Payload), `"out":1`); m = socket.Next() {
		if m.Type != "next" {
			t.Fatalf("%s %s", m.Type, m.Payload)
		}
	}
	if a := s.As("admin").Do(t, `mutation($token: ID!) { revokeApiToken(input: {id: $token}) { apiToken { state } } }`, map[string]any{"token": token}); a.Code() != "" {
		t.Fatal(string(a.Text))
	}
	start := time.Now()
	for m := socket.Next(); !strings.Contains(string(m.Payload), "UNAUTHENTICATED"); m = socket.Next() {
		if m.Type == "complete" {
			t.Fatal("the wall ended without a reason")
		}
	}
	t.Logf("the wall ended after %v", time.Since(start))
	if a := wall.Do(t, `{ wall { name } pairing }`, nil); a.Code() != "UNAUTHENTICATED" {
		t.Error(string(a.Text))
	}
	if codeOf(t, wall) == "" {
		t.Error("a display whose token was revoked cannot ask again")
	}
}

func TestACodeIsOfNoUseAfterTenMinutesAndFewMayWait(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	wall := display(s.Server)
	code := codeOf(t, wall)
	s.Clock.Advance(10 * time.Minute)
	find := `query($code: String!) { pairingRequest(code: $code) { code } }`
	if a := s.As("admin").Do(t, find, map[string]any{"code": code}); string(a.Text) != `{"data":{"pairingRequest":null}}` {
		t.Error(string(a.Text))
	}
	if a := wall.Do(t, `{ pairing }`, nil); a.Data["pairing"] != false {
		t.Error(string(a.Text))
	}
	for _, wrong := range []string{"", "K7QM-2XW", "K7QM-2XW0", "K7QM2XWAA", "' OR 1=1"} {
		if a := s.As("admin").Do(t, find, map[string]any{"code": wrong}); a.Code() != "BAD_USER_INPUT" {
			t.Errorf("%q: %s", wrong, a.Text)
		}
	}
	for range 20 {
		codeOf(t, display(s.Server))
	}
	if a := display(s.Server).Do(t, `mutation { requestPairing { code } }`, nil); a.Code() != "RATE_LIMITED" {
		t.Error(string(a.Text))
	}
	s.Clock.Advance(11 * time.Minute)
	codeOf(t, display(s.Server))
}

func addressOf(t *testing.T, c *graphtest.Client) *url.URL {
	t.Helper()
	address, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	return address
}
