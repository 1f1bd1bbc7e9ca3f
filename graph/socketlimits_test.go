package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/tokens"
)

func TestASocketWhoseInitialisationNamesNoGoodTokenIsClosed(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, token := s.NewToken(tokens.CreateInput{Name: "gone", Role: access.RoleIntegrator})
	if _, err := s.Tokens.Revoke(t.Context(), access.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	flipped := []byte(secret)
	flipped[len(flipped)-1] ^= 1
	for name, authorization := range map[string]string{
		"a revoked one": "Bearer " + secret, "a flipped one": "Bearer " + string(flipped), "a truncated one": "Bearer " + secret[:len(secret)-1],
		"an unknown one": "Bearer kt_unknown", "none": "Bearer ", "no scheme": secret, "another scheme": "Basic " + secret, "10 kB": "Bearer " + strings.Repeat("x", 10_000),
	} {
		socket, _ := s.As("member").Dial(t, nil, wire.Protocol)
		socket.Send(`{"type":"connection_init","payload":{"authorization":"` + authorization + `"}}`)
		if code := socket.CloseCode(); code != 4403 {
			t.Errorf("%s: closed with %d", name, code)
		}
	}
}

func TestAMessageOfTwoMegabytesClosesTheSocketAndIsNotKept(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for name, before := range map[string]string{"before it is initialised": `{"type":"ping"}`, "afterwards": `{"type":"connection_init"}`} {
		socket, _ := s.As("member").Dial(t, nil, wire.Protocol)
		socket.Send(before)
		_ = socket.Next()
		socket.Send(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 2<<20) + `"}}`)
		if code := socket.CloseCode(); code != websocket.CloseMessageTooBig {
			t.Errorf("%s: closed with %d", name, code)
		}
	}
}

func TestASilentClientIsDroppedAndOneThatAnswersPingsIsNot(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.Quiet = 100 * time.Millisecond * slowdown
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	lively, silent := s.As("custodian").Socket(t), s.As("custodian").Socket(t)
	pinged := 0
	silent.SetPingHandler(func(string) error { pinged++; return nil }) // without an answer
	answers := make(chan error, 1)
	go func() { answers <- readPings(lively, 10) }()
	start := time.Now()
	if code := silent.CloseCode(); code != websocket.CloseGoingAway || pinged == 0 {
		t.Errorf("closed with %d after %d pings", code, pinged)
	}
	if took := time.Since(start); took < limits.Quiet || took > 10*time.Second {
		t.Errorf("closed after %v", took)
	}
	if err := <-answers; err != nil {
		t.Errorf("the client that answers pings: %v", err)
	}
}

// readPings reads n messages, which are pings, while the websocket library answers those of its own protocol.
func readPings(socket *graphtest.Socket, n int) error {
	for range n {
		m, err := socket.TryNext(10 * time.Second)
		if err != nil || m.Type != "ping" {
			return fmt.Errorf("%s, %w", m.Type, err)
		}
	}
	return nil
}

func TestOperationsOfOneSessionAreBoundedAcrossItsSockets(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.CallerOperations = 5
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	first, second := s.As("custodian").Socket(t), s.As("custodian").Socket(t)
	for i := range 3 {
		first.Subscribe(fmt.Sprint(i), keyFeed, nil)
	}
	wantPong(t, first) // behind the three
	for i := range 2 {
		second.Subscribe(fmt.Sprint(i), keyFeed, nil)
	}
	second.Subscribe("more", keyFeed, nil)
	if m := second.Next(); m.ID != "more" || m.Type != "error" || !strings.Contains(string(m.Payload), "RATE_LIMITED") {
		t.Fatalf("got %+v %s", m, m.Payload)
	}
	wantPong(t, second)

	other := s.As("auditor").Socket(t)
	other.Subscribe("q", "{ __typename }", nil)
	expect(t, other, `{"id":"q","type":"next","payload":{"data":{"__typename":"Query"}}}`)

	_ = first.Close()
	eventually(t, "the places of a closed socket to become free", func() bool {
		second.Subscribe("q", "{ __typename }", nil)
		if second.Next().Type == "error" {
			return false
		}
		return second.Next().Type == "complete"
	})
}

func wantPong(t *testing.T, socket *graphtest.Socket) {
	t.Helper()
	socket.Send(`{"type":"ping"}`)
	expect(t, socket, `{"type":"pong"}`)
}

func TestSocketsAreBoundedInAll(t *testing.T) {
	t.Parallel()
	limits := wire.DefaultLimits()
	limits.Total = 4
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	for _, who := range []string{"custodian", "auditor", "member", "manager"} {
		s.As(who).Socket(t)
	}
	tooMany, _ := s.As("admin").Dial(t, nil, wire.Protocol)
	if code := tooMany.CloseCode(); code != websocket.CloseTryAgainLater {
		t.Errorf("closed with %d", code)
	}
	header := asJSON()
	header.Set("Accept", "text/event-stream")
	if answer := s.As("admin").Post(t, `{"query":"subscription { keyFeed { id } }"}`, header); answer.Status != http.StatusServiceUnavailable {
		t.Errorf("a stream beyond: %d %s", answer.Status, answer.Text)
	}
	wantAnswerInTime(t, s.As("admin"))
}

func TestTenThousandSubscriptionsOnOneSocketCloseIt(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	socket := s.As("custodian").Socket(t)
	go func() {
		for _, text := range manySubscriptions(10_000) {
			if socket.WriteMessage(websocket.TextMessage, []byte(text)) != nil {
				return
			}
		}
	}()
	if code := socket.CloseCode(); code != 4429 {
		t.Errorf("closed with %d", code)
	}
	wantAnswerInTime(t, s.As("custodian"))
}
