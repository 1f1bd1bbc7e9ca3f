package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/mysql"
)

const keyFeed = `subscription($after: Cursor) { keyFeed(after: $after) { seq cursor action } }`

func TestSocketKeepsToTheProtocol(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := s.As("admin")
	subscribe := `{"id":"1","type":"subscribe","payload":{"query":"subscription { keyFeed { seq } }"}}`
	for name, c := range map[string]struct {
		send []string
		code int
	}{
		"subscribing before the acknowledgement":    {[]string{subscribe}, 4401},
		"initialising twice":                        {[]string{`{"type":"connection_init"}`, `{"type":"connection_init"}`}, 4429},
		"an id that is in use":                      {[]string{`{"type":"connection_init"}`, subscribe, subscribe}, 4409},
		"no JSON":                                   {[]string{`{"type":`}, 4400},
		"an empty message":                          {[]string{``}, 4400},
		"two messages in one":                       {[]string{`{"type":"ping"}{"type":"ping"}`}, 4400},
		"an unknown type":                           {[]string{`{"type":"start"}`}, 4400},
		"a list":                                    {[]string{`[{"type":"ping"}]`}, 4400},
		"no id":                                     {[]string{`{"type":"connection_init"}`, `{"type":"subscribe","payload":{"query":"{ viewer { roles } }"}}`}, 4400},
		"an id that is no string":                   {[]string{`{"type":"connection_init"}`, `{"id":1,"type":"complete"}`}, 4400},
		"no query":                                  {[]string{`{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":{}}`}, 4400},
		"a payload that is no object":               {[]string{`{"type":"connection_init","payload":"x"}`}, 4400},
		"a message that is too large":               {[]string{`{"type":"connection_init","payload":{"x":"` + strings.Repeat("x", wire.MaxBody) + `"}}`}, websocket.CloseMessageTooBig},
		"more operations than one socket may carry": {append([]string{`{"type":"connection_init"}`}, manySubscriptions(65)...), 4429},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			socket, _ := admin.Dial(t, nil, wire.Protocol)
			for _, text := range c.send {
				socket.Send(text)
			}
			if got := socket.CloseCode(); got != c.code {
				t.Errorf("closed with %d, not %d", got, c.code)
			}
		})
	}
}

func manySubscriptions(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf(`{"id":"%d","type":"subscribe","payload":{"query":"subscription { keyFeed { seq } }"}}`, i)
	}
	return texts
}

func TestSocketThatNeverInitialisesIsClosed(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.Init = 100 * time.Millisecond
	s := graphtest.StartWith(t, graphtest.Options{Limits: limits})
	socket, _ := s.Anonymous().Dial(t, nil, wire.Protocol)
	if code := socket.CloseCode(); code != 4408 {
		t.Errorf("closed with %d", code)
	}
}

func TestSocketNeedsItsProtocolAndOrigin(t *testing.T) {
	t.Parallel()
	s := graphtest.StartWith(t, graphtest.Options{Limits: wire.DefaultLimits(), Origins: []string{"https://desk.example.org"}})
	for _, protocols := range [][]string{nil, {"graphql-ws"}} {
		if socket, _ := s.Anonymous().Dial(t, nil, protocols...); socket == nil || socket.CloseCode() != 4406 {
			t.Errorf("%v: not closed with 4406", protocols)
		}
	}
	for origin, allowed := range map[string]bool{
		"https://evil.example": false, "null": false, "http://localhost.evil.example": false,
		s.URL: true, "https://desk.example.org": true,
	} {
		socket, response := s.Anonymous().Dial(t, http.Header{"Origin": {origin}}, wire.Protocol)
		if (socket != nil) != allowed {
			t.Errorf("origin %s: allowed is %v", origin, socket != nil)
		}
		if !allowed && response.StatusCode != http.StatusForbidden {
			t.Errorf("origin %s: status %d", origin, response.StatusCode)
		}
	}
}

func TestSocketsOfOneCallerAreBounded(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.Caller = 3
	s := graphtest.StartWith(t, graphtest.Options{Limits: limits})
	client := s.Anonymous()
	open := make([]*graphtest.Socket, 3)
	for i := range open {
		open[i] = client.Socket(t)
	}
	tooMany, _ := client.Dial(t, nil, wire.Protocol)
	if code := tooMany.CloseCode(); code != websocket.CloseTryAgainLater {
		t.Errorf("closed with %d", code)
	}
	_ = open[0].Close()
	eventually(t, "a place to become free", func() bool {
		socket, _ := client.Dial(t, nil, wire.Protocol)
		socket.Send(`{"type":"connection_init"}`)
		m, err := socket.TryNext(time.Second)
		return err == nil && m.Type == "connection_ack"
	})
}

func TestSocketAnswersQueriesMutationsPingsAndErrors(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	socket := s.As("custodian").Socket(t)
	socket.Send(`{"type":"pong"}`)
	socket.Send(`{"type":"ping","payload":{"n":1}}`)
	expect(t, socket, `{"type":"pong","payload":{"n":1}}`)
	socket.Subscribe("q", `{ keys(first: 1) { edges { node { number } } } }`, nil)
	expect(t, socket, `{"id":"q","type":"next","payload":{"data":{"keys":{"edges":[{"node":{"number":"9"}}]}}}}`)
	expect(t, socket, `{"id":"q","type":"complete"}`)
	socket.Subscribe("q", `mutation($k: ID!, $h: ID!) { issueKeys(input: {keys: [$k], holder: $h}) { loans { overdue } } }`,
		map[string]any{"k": s.IDs["key9"], "h": s.IDs["janis"]})
	expect(t, socket, `{"id":"q","type":"next","payload":{"data":{"issueKeys":{"loans":[{"overdue":false}]}}}}`)
	expect(t, socket, `{"id":"q","type":"complete"}`)
	socket.Subscribe("x", `{ keys { nothing } }`, nil)
	if m := socket.Next(); m.Type != "error" || m.ID != "x" || !strings.HasPrefix(string(m.Payload), "[{") {
		t.Errorf("got %s %s", m.Type, m.Payload)
	}
	socket.Subscribe("y", `subscription { authFeed { seq } }`, nil)
	if m := socket.Next(); m.Type != "next" || !strings.Contains(string(m.Payload), "FORBIDDEN") {
		t.Errorf("got %s %s", m.Type, m.Payload)
	}
	expect(t, socket, `{"id":"y","type":"complete"}`)
	socket.Subscribe("z", `mutation { signOut }`, nil)
	if m := socket.Next(); !strings.Contains(string(m.Payload), "BAD_USER_INPUT") {
		t.Errorf("a session cannot be ended where no cookie travels: %s", m.Payload)
	}
}

func TestNothingComesForAnOperationThatTheClientCompleted(t *testing.T) {
	t.Parallel()
	s := seeded{graphtest.Seed(t)}
	socket := s.As("custodian").Socket(t)
	socket.Subscribe("feed", keyFeed, map[string]any{"after": s.cursorBefore(t, 3)})
	for range 3 {
		if m := socket.Next(); m.Type != "next" {
			t.Fatalf("got %+v", m)
		}
	}
	socket.Send(`{"id":"feed","type":"complete"}`)
	socket.Send(`{"id":"unknown","type":"complete"}`)
	socket.Send(`{"type":"ping"}`)
	expect(t, socket, `{"type":"pong"}`)
	s.move(t, 1)
	socket.Subscribe("feed", `{ __typename }`, nil) // the id is free again
	expect(t, socket, `{"id":"feed","type":"next","payload":{"data":{"__typename":"Query"}}}`)
	expect(t, socket, `{"id":"feed","type":"complete"}`)
}

func TestFeedThroughCutsGivesEveryEntryOnceAndInOrder(t *testing.T) {
	t.Parallel()
	const moves, readAtOnce = 120, 7
	s := seeded{graphtest.Seed(t)}
	client := s.As("custodian")
	cursor := s.newest(t)
	moved := make(chan struct{})
	go func() { defer close(moved); s.move(t, moves) }()
	var seqs []uint64
	for len(seqs) < moves {
		socket := client.Socket(t)
		socket.Subscribe("feed", keyFeed, map[string]any{"after": cursor})
		for range min(readAtOnce, moves-len(seqs)) {
			var result struct {
				Data struct {
					KeyFeed struct{ Seq, Cursor, Action string }
				}
			}
			m := socket.Next()
			if err := json.Unmarshal(m.Payload, &result); err != nil || m.Type != "next" {
				t.Fatal(m.Type, string(m.Payload), err)
			}
			seq, err := strconv.ParseUint(result.Data.KeyFeed.Seq, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			seqs, cursor = append(seqs, seq), result.Data.KeyFeed.Cursor
		}
		_ = socket.Close() // cut, with more on its way
	}
	<-moved
	for i := 1; i < len(seqs); i++ {
		if seqs[i] <= seqs[i-1] {
			t.Fatalf("entry %d after entry %d", seqs[i], seqs[i-1])
		}
	}
	if extra := s.newest(t); extra != cursor {
		t.Error("the last entry of the feed is not the last of the ledger: one was skipped or repeated")
	}
}

func TestFeedEndsWithinASecondOfTheSession(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	client := s.As("custodian")
	socket := client.Socket(t)
	socket.Subscribe("feed", keyFeed, nil)
	socket.Subscribe("calendar", `subscription { calendarFeed(days: 1) { timeZone } }`, nil)
	if m := socket.Next(); m.ID != "calendar" {
		t.Fatalf("got %+v", m)
	}
	client.Do(t, `mutation { signOut }`, nil)
	s.Clock.Advance(time.Second)
	ended := time.Now()
	for completed := 0; completed < 2; {
		m := socket.Next()
		if m.Type == "complete" {
			completed++
		} else if !strings.Contains(string(m.Payload), "UNAUTHENTICATED") {
			t.Fatalf("got %s %s", m.Type, m.Payload)
		}
	}
	if took := time.Since(ended); took > 3*time.Second {
		t.Errorf("the feeds ended after %s", took)
	}
	socket.Subscribe("again", keyFeed, nil)
	for {
		m := socket.Next()
		if m.ID != "again" {
			continue
		}
		if !strings.Contains(string(m.Payload), "UNAUTHENTICATED") {
			t.Errorf("a socket that was opened with a session goes on without: %s", m.Payload)
		}
		return
	}
}

func TestFeedEndsWhenTheRightIsTakenAway(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	socket := s.As("auditor").Socket(t)
	socket.Subscribe("feed", `subscription { authFeed { seq } }`, nil)
	socket.Send(`{"type":"ping"}`)
	expect(t, socket, `{"type":"pong"}`)
	err := s.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return s.Access.SetRoles(ctx, tx, access.System(), s.IDs["aivars"], []string{"custodian"})
	})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for {
		m, err := socket.TryNext(5 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(m.Payload), "FORBIDDEN") {
			break
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the feed ended after %s", took)
	}
}

func TestFeedsEndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	socket := s.As("custodian").Socket(t)
	socket.Subscribe("feed", keyFeed, nil)
	s.Handler.Stop()
	if code := socket.CloseCode(); code != websocket.CloseGoingAway {
		t.Errorf("closed with %d", code)
	}
}

// seeded moves keys about on a seeded server.
type seeded struct{ *graphtest.Seeded }

// move issues and returns key 101, n movements in all.
func (s seeded) move(t *testing.T, n int) {
	custodian := s.As("custodian")
	variables := map[string]any{"k": s.IDs["key101"], "h": s.IDs["janis"]}
	for i := range n {
		mutation := `mutation($k: ID!, $h: ID!) { issueKeys(input: {keys: [$k], holder: $h}) { entries { seq } } }`
		if i%2 == 1 {
			mutation = `mutation($k: ID!) { returnKeys(input: {keys: [$k]}) { entries { seq } } }`
		}
		if answer := custodian.Do(t, mutation, variables); answer.Code() != "" {
			t.Errorf("movement %d: %s", i, answer.Text)
			return
		}
	}
}

// newest gives the cursor of the key stream's newest entry.
func (s seeded) newest(t *testing.T) string { return s.cursorBefore(t, 0) }

// cursorBefore gives the cursor behind which n entries of the key stream lie.
func (s seeded) cursorBefore(t *testing.T, n int) string {
	t.Helper()
	answer := s.As("custodian").Do(t, `query($n: Int!) { keyLog(first: $n) { pageInfo { endCursor } } }`, map[string]any{"n": n + 1})
	if answer.Code() != "" {
		t.Fatal(string(answer.Text))
	}
	return answer.Data["keyLog"].(map[string]any)["pageInfo"].(map[string]any)["endCursor"].(string)
}

func expect(t *testing.T, socket *graphtest.Socket, want string) {
	t.Helper()
	got, err := json.Marshal(socket.Next())
	if err != nil || string(got) != want {
		t.Fatalf("got %s %v, want %s", got, err, want)
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}
