package legacy_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func post(t *testing.T, client *graphtest.Client, path, body string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, client.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := client.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// older signs a name in at the register's own address.
func older(t *testing.T, s *graphtest.Seeded, username string) *graphtest.Client {
	t.Helper()
	client := s.Anonymous()
	if status, text := post(t, client, "/api/login", `{"username":"`+username+`","password":"`+graphtest.Password+`"}`); status != http.StatusOK {
		t.Fatalf("%s: %d %s", username, status, text)
	}
	return client
}

func TestEachEndpointAnswersInTheRegistersShape(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.Anonymous()
	status, text := post(t, client, "/api/login", `{"username":"admin","password":"`+graphtest.Password+`"}`)
	if want := `{"success":true,"user_id":"` + s.IDs["anna"].String() + `","role":"admin"}` + "\n"; status != http.StatusOK || text != want {
		t.Fatalf("login: %d %s", status, text)
	}
	for _, c := range []struct{ path, body, want string }{
		{"/api/user/add", `{"username":"desk","password":"a quite unusual phrase"}`, `{"success":true}`},
		{"/api/keyGroup/add", `{"name":"Halls <1>","keys":["k-101","10"],"users":"[]","persons":["` + s.IDs["peteris"].String() + `"]}`, `{"success":true}`},
		{"/api/keyGroup/add", `{"name":"Attic","keys":"[\"k-9\"]"}`, `{"success":true}`},
		{"/api/keyGroup/list", "", `[{"key_group_id":"3","name":"Attic","keys":"[\"k-9\"]","users":"[]"},` +
			`{"key_group_id":"2","name":"Halls <1>","keys":"[\"k-10\",\"k-101\"]","users":"[\"…\"]"},` +
			`{"key_group_id":"1","name":"Laboratory","keys":"[\"k-9\",\"k-10\"]","users":"[]"}]`},
		{"/api/key/list", "", `[{"id":"k-9","keyNumber":9,"label":"Room 9","category":"Room","floor":""},` +
			`{"id":"k-10","keyNumber":10,"label":"Room 10","category":"Room","floor":""},` +
			`{"id":"k-11","keyNumber":11,"label":"Room 11","category":"Room","floor":""},` +
			`{"id":"k-101","keyNumber":101,"label":"Room 101","category":"Room","floor":""}]`},
		{"/api/keyState/list", "", `[{"id":"k-9","keyNumber":9,"state":"available"},{"id":"k-10","keyNumber":10,"state":"issued"},` +
			`{"id":"k-11","keyNumber":11,"state":"issued"},{"id":"k-101","keyNumber":101,"state":"available"}]`},
	} {
		var status int
		var got string
		if c.body != "" {
			status, got = post(t, client, c.path, c.body)
		} else {
			status, got = get(t, client, c.path)
		}
		if got = anyID(strings.ReplaceAll(got, "\n", "")); status != http.StatusOK || got != c.want {
			t.Errorf("%s: %d\ngot  %s\nwant %s", c.path, status, got, c.want)
		}
	}
	_, users := get(t, client, "/api/user/list")
	for _, one := range []string{
		`{"user_id":"…","username":"desk","role":"user","enabled":true}`, `{"user_id":"…","username":"admin","role":"admin","enabled":true}`,
	} {
		if !strings.Contains(anyID(users), one) {
			t.Errorf("%s is not in %s", one, users)
		}
	}
	if status, text := post(t, s.Anonymous(), "/api/login", `{"username":"desk","password":"a quite unusual phrase"}`); status != http.StatusOK || !strings.Contains(text, `"role":"user"`) {
		t.Errorf("the new user: %d %s", status, text)
	}
}

func TestAGroupForAUserWhoIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := older(t, s, "admin")
	for _, user := range []string{"3", `"` + id.New().String() + `"`} {
		if status, text := post(t, client, "/api/keyGroup/add", `{"name":"Halls","keys":[],"users":[`+user+`]}`); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", user, status, text)
		}
	}
	if _, text := get(t, client, "/api/keyGroup/list"); strings.Contains(text, "Halls") {
		t.Error(text)
	}
}

func anyID(text string) string {
	return regexp.MustCompile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").ReplaceAllString(text, "…")
}

func TestNumbersThatAreNotAllDigitsStayTexts(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, n := range []string{"B-7", "007", "99999999999999999999"} {
		s.Key(n)
	}
	_, text := get(t, s.As("custodian"), "/api/key/list")
	for _, want := range []string{`"keyNumber":"B-7"`, `"keyNumber":"007"`, `"keyNumber":"99999999999999999999"`, `"keyNumber":101`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

func TestTheRegistersSessionReachesNothingElse(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := older(t, s, "admin")
	if status, _ := get(t, client, "/api/user/list"); status != http.StatusOK {
		t.Fatalf("its own endpoints: %d", status)
	}
	for _, query := range []string{"{ viewer { roles } }", "{ keys { totalCount } }", "{ people { totalCount } }", "{ accounts { edges { node { username } } } }", `{ keyLog(first: 1) { edges { node { id } } } }`} {
		answer := client.Do(t, query, nil)
		if answer.Code() == "" && answer.Data["viewer"] != nil || answer.Code() != "" && answer.Code() != "UNAUTHENTICATED" {
			t.Errorf("%s: %s", query, answer.Text)
		}
	}
	for _, path := range []string{"/export/", "/export/keys.csv", "/intake/", "/metrics", "/explore", "/tlog-personal/entries"} {
		mine, theirs := answerTo(t, client, path), answerTo(t, s.Anonymous(), path)
		if mine != theirs {
			t.Errorf("%s: %s, and to nobody %s", path, mine, theirs)
		}
	}
	if status, text := get(t, s.As("admin"), "/api/user/list"); status != http.StatusOK {
		t.Errorf("the app's own session reaches them, too: %d %s", status, text)
	}
}

func answerTo(t *testing.T, client *graphtest.Client, path string) string {
	t.Helper()
	response, err := client.Get(client.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Status + " " + string(text)
}

func TestTheRegistersSignInKeepsTheRulesOfTheApps(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	good := `{"username":"member","password":"` + graphtest.Password + `"}`
	if status, text := post(t, s.Anonymous(), "/api/login", good, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("from another site: %d %s", status, text)
	}
	if status, text := post(t, s.Anonymous(), "/api/login", `{"username":"newcomer","password":"`+graphtest.Password+`"}`); status != http.StatusForbidden || !strings.Contains(text, "first password") {
		t.Errorf("who must change his password: %d %s", status, text)
	}
	for range 4 {
		if status, text := post(t, s.Anonymous(), "/api/login", `{"username":"member","password":"no such password"}`); status != http.StatusUnauthorized || !strings.HasPrefix(text, `{"success":false,"message":"`) {
			t.Fatalf("a wrong password: %d %s", status, text)
		}
	}
	_, _ = post(t, s.Anonymous(), "/api/login", `{"username":"member","password":"no such password"}`)
	if status, text := post(t, s.Anonymous(), "/api/login", good); status != http.StatusTooManyRequests {
		t.Errorf("while locked: %d %s", status, text)
	}
	if answer := s.Anonymous().Do(t, `mutation { signIn(input: {username: "member", password: "`+graphtest.Password+`"}) { viewer { roles } } }`, nil); answer.Code() != "RATE_LIMITED" {
		t.Errorf("the app counts the same failures: %s", answer.Text)
	}
	older(t, s, "custodian")
	entries := s.Entries(ledger.AuthSignedIn)
	if last := entries[len(entries)-1]; last.Details["olderEndpoints"] != true {
		t.Errorf("recorded as %v", last.Details)
	}
}

func TestWhoMayNotIsRefusedInTheRegistersForm(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for _, c := range []struct {
		as, path, body string
		status         int
	}{
		{"", "/api/user/add", `{"username":"x","password":"a quite unusual phrase"}`, http.StatusUnauthorized},
		{"member", "/api/user/add", `{"username":"x","password":"a quite unusual phrase"}`, http.StatusForbidden},
		{"admin", "/api/user/add", `{"username":"x","password":"password1"}`, http.StatusBadRequest},
		{"admin", "/api/user/add", `{"username":"x"}`, http.StatusBadRequest},
		{"admin", "/api/user/add", `{"username":"member","password":"a quite unusual phrase"}`, http.StatusConflict},
		{"admin", "/api/user/add", `username=x`, http.StatusBadRequest},
		{"member", "/api/keyGroup/add", `{"name":"Mine"}`, http.StatusForbidden},
		{"admin", "/api/keyGroup/add", `{"name":"Laboratory"}`, http.StatusConflict},
		{"admin", "/api/keyGroup/add", `{"name":"Other","keys":["k-404"]}`, http.StatusBadRequest},
		{"admin", "/api/keyGroup/add", `{"name":"Other","keys":{"a":1}}`, http.StatusBadRequest},
		{"admin", "/api/key/list", `{}`, http.StatusMethodNotAllowed},
		{"", "/api/login", `{"username":"","password":""}`, http.StatusBadRequest},
	} {
		status, text := post(t, s.As(c.as), c.path, c.body)
		if status != c.status || !strings.HasPrefix(text, `{"success":false,"message":"`) {
			t.Errorf("%s %s as %q: %d %s", c.path, c.body, c.as, status, text)
		}
	}
	for _, path := range []string{"/api/user/list", "/api/key/list", "/api/keyState/list", "/api/keyGroup/list"} {
		if status, text := get(t, s.As(""), path); status != http.StatusUnauthorized {
			t.Errorf("%s as nobody: %d %s", path, status, text)
		}
	}
	if status, text := get(t, s.As("member"), "/api/user/list"); status != http.StatusForbidden {
		t.Errorf("a member: %d %s", status, text)
	}
	if n := s.Count("SELECT COUNT(*) FROM account"); n != 6 {
		t.Errorf("%d accounts", n)
	}
}
