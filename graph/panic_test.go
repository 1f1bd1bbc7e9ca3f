package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

const innerText = "inner text of a panic"

func TestAPanicInAResolverIsShownByARequestIDOnlyAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	s := graphtest.SeedWith(t, graphtest.Options{Limits: wire.DefaultLimits(), Resolver: func(r *graph.Resolver) {
		r.Now = func() time.Time { panic(innerText) }
	}})
	const query = "{ server { time } viewer { roles } }"
	client := s.As("custodian")
	wantInternal(t, s, client.Do(t, query, nil).Text, innerText)

	socket := client.Socket(t)
	socket.Subscribe("1", query, nil)
	wantInternal(t, s, socket.Next().Payload, innerText)
	expect(t, socket, `{"id":"1","type":"complete"}`)
	socket.Subscribe("1", "{ __typename }", nil)
	expect(t, socket, `{"id":"1","type":"next","payload":{"data":{"__typename":"Query"}}}`)

	if answer := client.Do(t, "{ viewer { roles } }", nil); answer.Code() != "" {
		t.Errorf("afterwards: %s", answer.Text)
	}
}

func TestAnErrorOfTheDatabaseIsShownByARequestIDOnlyAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("admin")
	group := map[string]any{"keys": []any{s.IDs["key9"]}}
	if _, err := mysqltest.OpenOwner(t, s.DB).Exec(t.Context(), "ALTER TABLE key_group CHANGE name lost VARCHAR(200)"); err != nil {
		t.Fatal(err)
	}
	for query, variables := range map[string]map[string]any{
		"{ keyGroups { edges { node { name } } } }":                                                            nil,
		`mutation($keys: [ID!]!) { saveKeyGroup(input: {name: "Workshop", keys: $keys}) { keyGroup { id } } }`: group,
	} {
		wantInternal(t, s, client.Do(t, query, variables).Text, "Unknown column", "key_group", "SELECT", "INSERT")
	}
	if answer := client.Do(t, "{ keys(first: 1) { totalCount } }", nil); answer.Code() != "" || answer.Status != http.StatusOK {
		t.Errorf("afterwards: %s", answer.Text)
	}
}

// wantInternal complains unless an answer is INTERNAL with an id under which the log has the rest, and keeps it secret.
func wantInternal(t *testing.T, s *graphtest.Seeded, text []byte, secrets ...string) {
	t.Helper()
	_, after, found := strings.Cut(string(text), `"requestId":"`)
	id, _, _ := strings.Cut(after, `"`)
	if !found || id == "" || !strings.Contains(string(text), `"code":"INTERNAL"`) {
		t.Errorf("not INTERNAL with a request id: %s", text)
		return
	}
	_, logged, known := strings.Cut(s.Log.String(), id)
	if !known {
		t.Errorf("the log does not know %s:\n%s", id, s.Log)
	}
	for _, secret := range secrets {
		if strings.Contains(string(text), secret) {
			t.Errorf("%q is shown: %s", secret, text)
		}
	}
	if !strings.Contains(logged, secrets[0]) {
		t.Errorf("the log does not tell of %q: %s", secrets[0], logged)
	}
}
