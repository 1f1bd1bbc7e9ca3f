package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
)

func TestCostlyDocumentsAreRefusedOnSocketsAndStreams(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	socket := admin.Socket(t)
	for name, query := range costlyDocuments() {
		start := time.Now()
		socket.Subscribe(name, query, nil)
		m := socket.Next()
		if m.ID != name || m.Type != "error" || len(m.Payload) > 10_000 || !wantedRefusal(string(m.Payload)) {
			t.Errorf("%s on a socket: %s %s %.300s", name, m.ID, m.Type, m.Payload)
		}
		if took := time.Since(start); took > answeredWithin {
			t.Errorf("%s on a socket: took %v", name, took)
		}
		if events := admin.Events(t, query, nil, 1); len(events) != 1 || len(events[0]) > 10_000 || !wantedRefusal(string(events[0])) {
			t.Errorf("%s on a stream: %.300s", name, events)
		}
	}
	socket.Subscribe("q", "{ __typename }", nil)
	expect(t, socket, `{"id":"q","type":"next","payload":{"data":{"__typename":"Query"}}}`)
}

func wantedRefusal(text string) bool {
	return strings.Contains(text, "BAD_USER_INPUT") || strings.Contains(text, "TOO_COMPLEX")
}

func TestStrangersLearnNothingOfTheSchema(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	stranger, deep := s.Anonymous(), "{ name fields { name type { name fields { name type { name } } } } }"
	socket := stranger.Socket(t)
	for name, query := range map[string]string{
		"a type":             `{ __type(name: "Query") ` + deep + ` }`,
		"the schema":         "{ __schema { queryType " + deep + " } }",
		"under many names":   `{ a: __schema { queryType { name } } b: __schema { types { name } } c: __type(name: "Key") { name } }`,
		"in a fragment":      "{ ...F } fragment F on Query { __schema { types { name } } }",
		"beside what may be": "{ server { version } __schema { types { name } } }",
	} {
		if answer := stranger.Do(t, query, nil); answer.Code() == "" || tellsOfTheSchema(string(answer.Text)) {
			t.Errorf("%s: %.300s", name, answer.Text)
		}
		socket.Subscribe("q", query, nil)
		m := socket.Next()
		if !strings.Contains(string(m.Payload), `"errors"`) && m.Type != "error" || tellsOfTheSchema(string(m.Payload)) {
			t.Errorf("%s on a socket: %.300s", name, m.Payload)
		}
		if m.Type == "next" {
			expect(t, socket, `{"id":"q","type":"complete"}`)
		}
	}
}

func tellsOfTheSchema(text string) bool {
	return strings.Contains(text, `"KeyLogEntry"`) || strings.Contains(text, `"fields":[`) || strings.Contains(text, `"name":"Key"`)
}

func TestASocketIsOpenedWithTheProtocolThatItSpeaks(t *testing.T) {
	t.Parallel()
	s := graphtest.Start(t)
	socket, response := s.Anonymous().Dial(t, nil, "graphql-ws", wire.Protocol)
	if socket == nil || socket.Subprotocol() != wire.Protocol || response.Header.Get("Sec-Websocket-Protocol") != wire.Protocol {
		t.Errorf("%v", response)
	}
}
