package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/keytrail/keytrail/frontend"
	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/config"
)

const (
	ownDocument = "query Who { viewer { roles } }"
	ownFeed     = "subscription Feed { keyFeed { seq } }"
)

// seedKnowing is a server that knows two documents, with a rule for others.
func seedKnowing(t *testing.T, rule string) *graphtest.Seeded {
	t.Helper()
	texts := map[string]string{shaOf(ownDocument): ownDocument, shaOf(ownFeed): ownFeed, shaOf(enter): enter}
	return graphtest.SeedWith(t, graphtest.Options{Limits: wire.DefaultLimits(), Documents: graph.Documents{Texts: texts, Rule: rule}})
}

// enter is how tests sign in.
const enter = "mutation($n: String!, $p: String!) { signIn(input: {username: $n, password: $p}) { viewer { roles } } }"

func shaOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestOnlyWhomTheRuleNamesMaySendOtherDocumentsThanTheAppS(t *testing.T) {
	t.Parallel()
	for rule, free := range map[string]map[string]bool{
		"":                          {"": true, "member": true, "admin": true, "wall": true},
		config.AnyDocument:          {"": true, "member": true, "admin": true, "wall": true},
		config.KnownDocuments:       {"wall": true},
		config.KnownDocumentsForAll: {},
	} {
		s := seedKnowing(t, rule)
		for _, who := range []string{"", "member", "admin", "wall"} {
			client := s.As(who)
			for _, other := range []string{
				"{ __typename }", ownDocument + " ", "# \n" + ownDocument, strings.ToLower(ownDocument), "query Who { viewer { roles } } query More { __typename }",
				"{ __schema { queryType { name } } }", "mutation { signOut }x",
			} {
				if refused := client.Do(t, other, nil).Code() == "UNKNOWN_DOCUMENT"; refused == free[who] {
					t.Errorf("%q, %q asks %q: refused is %v", rule, who, other, refused)
				}
			}
			if answer := client.Do(t, ownDocument, nil); answer.Code() == "UNKNOWN_DOCUMENT" {
				t.Errorf("%q, %q asks as the app does: %s", rule, who, answer.Text)
			}
		}
	}
}

func TestUnknownDocumentsAreRefusedOnEveryTransport(t *testing.T) {
	t.Parallel()
	s := seedKnowing(t, config.KnownDocuments)
	client := s.As("custodian")
	response, err := client.Get(s.URL + "/graphql?" + url.Values{"query": {"{ server { version } }"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || !strings.Contains(string(text), "UNKNOWN_DOCUMENT") || strings.Contains(string(text), "version") {
		t.Errorf("GET: %s, %v", text, err)
	}
	if events := client.Events(t, "subscription { keyFeed { id } }", nil, 1); len(events) != 1 || !strings.Contains(string(events[0]), "UNKNOWN_DOCUMENT") {
		t.Errorf("a stream: %s", events)
	}
	socket := client.Socket(t)
	socket.Subscribe("1", "subscription { keyFeed { id } }", nil)
	if m := socket.Next(); m.Type != "error" || !strings.Contains(string(m.Payload), "UNKNOWN_DOCUMENT") {
		t.Errorf("a socket: %s %s", m.Type, m.Payload)
	}
	socket.Subscribe("1", ownDocument, nil)
	expect(t, socket, `{"id":"1","type":"next","payload":{"data":{"viewer":{"roles":["custodian"]}}}}`)
}

func TestADocumentMayBeNamedByItsHash(t *testing.T) {
	t.Parallel()
	for _, rule := range config.DocumentRules() {
		s := seedKnowing(t, rule)
		client := s.As("member")
		for name, c := range map[string]struct{ body, code string }{
			"its hash":            {`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + shaOf(ownDocument) + `"}}}`, ""},
			"hash and text":       {`{"query":"` + ownDocument + `","extensions":{"persistedQuery":{"sha256Hash":"` + shaOf(ownDocument) + `"}}}`, ""},
			"an unknown hash":     {`{"extensions":{"persistedQuery":{"sha256Hash":"` + shaOf("x") + `"}}}`, "UNKNOWN_DOCUMENT"},
			"an empty hash":       {`{"extensions":{"persistedQuery":{"sha256Hash":""}}}`, "UNKNOWN_DOCUMENT"},
			"a hash in capitals":  {`{"extensions":{"persistedQuery":{"sha256Hash":"` + strings.ToUpper(shaOf(ownDocument)) + `"}}}`, "UNKNOWN_DOCUMENT"},
			"a hash of something": {`{"query":"{ __typename }","extensions":{"persistedQuery":{"sha256Hash":"` + shaOf(ownDocument) + `"}}}`, "BAD_USER_INPUT"},
			"a number":            {`{"extensions":{"persistedQuery":{"sha256Hash":1}}}`, "BAD_USER_INPUT"},
			"a word":              {`{"extensions":{"persistedQuery":"` + shaOf(ownDocument) + `"}}`, "BAD_USER_INPUT"},
		} {
			answer := client.Post(t, c.body, asJSON())
			if answer.Code() != c.code || c.code == "" && !strings.Contains(string(answer.Text), `"member"`) || c.code != "" && answer.Status != http.StatusBadRequest {
				t.Errorf("%s, %s: %d %s", rule, name, answer.Status, answer.Text)
			}
		}
	}
}

// TestEveryDocumentOfTheAppIsAnsweredWhereOnlyThoseAre sends what the built app sends, with the smallest variables.
func TestEveryDocumentOfTheAppIsAnsweredWhereOnlyThoseAre(t *testing.T) {
	t.Parallel()
	texts := frontend.Documents()
	texts[shaOf(enter)] = enter
	s := graphtest.SeedWith(t, graphtest.Options{
		Limits: wire.DefaultLimits(), Documents: graph.Documents{Texts: texts, Rule: config.KnownDocumentsForAll},
	})
	admin := s.As("admin")
	if len(texts) < 50 {
		t.Fatalf("the app has %d documents only", len(texts))
	}
	for hash, text := range texts {
		if shaOf(text) != hash {
			t.Errorf("%s is not the hash of %.60s", hash, text)
		}
		document, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err)
		}
		operation := document.Operations[0]
		if operation.Operation == ast.Subscription || strings.Contains(text, "signOut") || strings.Contains(text, "endSessions") {
			continue // sent below, and what would end the test
		}
		answer := admin.Do(t, text, smallestVariables(t, operation))
		for _, e := range answer.Errors {
			if code := e.Extensions["code"]; code == "UNKNOWN_DOCUMENT" || code == "TOO_COMPLEX" || code == "INTERNAL" || strings.Contains(e.Message, "Cannot query") {
				t.Errorf("%s: %v %s", operation.Name, code, e.Message)
			}
		}
	}
	wantFeedsOfTheApp(t, admin, texts)
}

// wantFeedsOfTheApp complains unless each subscription is taken on a socket, and none refused.
func wantFeedsOfTheApp(t *testing.T, client *graphtest.Client, texts map[string]string) {
	t.Helper()
	socket, begun := client.Socket(t), 0
	for hash, text := range texts {
		if !strings.HasPrefix(text, "subscription") {
			continue
		}
		document, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err)
		}
		socket.Subscribe(hash, text, smallestVariables(t, document.Operations[0]))
		begun++
	}
	socket.Send(`{"type":"ping"}`)
	for {
		m := socket.Next()
		if m.Type == "pong" {
			break
		}
		if strings.Contains(string(m.Payload), "UNKNOWN_DOCUMENT") || m.Type == "error" {
			t.Errorf("%.60s: %s", texts[m.ID], m.Payload)
		}
	}
	if begun == 0 {
		t.Error("the app has no subscriptions")
	}
}

// smallestVariables gives the smallest valid variables of an operation.
func smallestVariables(t *testing.T, operation *ast.OperationDefinition) map[string]any {
	t.Helper()
	variables := map[string]any{}
	for _, v := range operation.VariableDefinitions {
		if v.Type.NonNull && v.DefaultValue == nil {
			variables[v.Variable] = jsonOf(t, v.Type)
		}
	}
	return variables
}

// jsonOf gives the smallest value of a type as it travels in variables.
func jsonOf(t *testing.T, kind *ast.Type) any {
	t.Helper()
	definition := schema().Types[kind.Name()]
	switch {
	case kind.Elem != nil:
		return []any{jsonOf(t, kind.Elem)}
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		object := map[string]any{}
		for _, f := range definition.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				object[f.Name] = jsonOf(t, f.Type)
			}
		}
		return object
	}
	var value any
	if err := json.Unmarshal([]byte(smallest(kind)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
