package send_test

import (
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
	"github.com/keytrail/keytrail/agent/queue"
	"github.com/keytrail/keytrail/agent/send"
)

// answered delivers one report to a server that gives each answer once and 201 from then on, and gives what was sent
// and what was told until the queue was empty.
func answered(t *testing.T, answers ...http.HandlerFunc) (bodies []string, told []send.Outcome) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			return
		}
		text, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(text))
		if len(answers) >= len(bodies) {
			answers[len(bodies)-1](w, r)
			return
		}
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	endpoint, err := url.Parse(server.URL + "/api/report")
	if err != nil {
		t.Fatal(err)
	}
	client, err := send.Client(certificate(t, server))
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(t.TempDir(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Add(queue.Record{ID: "a", State: "working", User: `ACME\anna`, Workstation: "desk", Seconds: 60, At: time.Unix(1715336430, 0).UTC(), Run: "before"}); err != nil {
		t.Fatal(err)
	}
	sender := send.Sender{Queue: q, Client: client, Endpoint: endpoint, Token: "secret", Agent: "test", Run: "now",
		Timeline: presence.NewTimeline(time.Now(), 0), Steady: func() presence.Steady { return 0 },
		Wait: send.Wait{First: time.Millisecond, Most: 4 * time.Millisecond}}
	sender.Tell = func(o send.Outcome) {
		told = append(told, o)
		if o.Delivered || o.Dropped {
			stop()
		}
	}
	sender.Follow(ctx, nil)
	if q.Len() != 0 {
		t.Errorf("the report still waits after %+v", told)
	}
	return bodies, told
}

func certificate(t *testing.T, server *httptest.Server) string {
	name := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func status(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, text)
	}
}

func TestAReportIsSentAgainUnchangedUntilItIsAnswered(t *testing.T) {
	bodies, _ := answered(t, status(503, ""), status(429, ""), status(401, ""), status(404, ""), status(302, ""), func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	})
	if len(bodies) != 7 || len(slices.Compact(bodies)) != 1 {
		t.Fatalf("sent were %q", bodies)
	}
	const want = `{"user":"ACME\\anna","state":"working","ts":"2024-05-10T10:20:30.000Z","workstation":"desk","interval_seconds":60,"event_id":"a"}`
	if bodies[0] != want {
		t.Errorf("sent was %s, want %s", bodies[0], want)
	}
}

func TestAReportThatTheServerWillNeverTakeHoldsNothingUp(t *testing.T) {
	bodies, told := answered(t, status(400, `{"success":false,"message":"state must be\nworking or stopped"}`))
	if last := told[len(told)-1]; len(bodies) != 1 || !last.Dropped || !strings.HasSuffix(last.Problem, "state must be working or stopped") {
		t.Errorf("told was %+v", last)
	}
}

// A proxy, a sign-in page of a network, or another server at the address says so to anything.
func TestOnlyKeytrailItselfHasAReportDropped(t *testing.T) {
	bodies, told := answered(t, status(400, "<html>400 The plain HTTP request was sent to HTTPS port</html>"), status(409, "<html>Conflict</html>"), status(413, "too large"),
		status(422, `{"message":"no"}`), status(400, `["success"]`), status(400, `{"success":true}`))
	if len(bodies) != 7 || len(told) != 7 {
		t.Fatalf("sent were %d, told was %+v", len(bodies), told)
	}
	for _, o := range told[:6] {
		if o.Dropped || o.Delivered || !strings.Contains(o.Problem, "API_ENDPOINT") {
			t.Errorf("told was %+v", o)
		}
	}
}

func TestAReportThatTheServerDoesNotTakeYetIsKeptAndItsPersonToldWhy(t *testing.T) {
	bodies, told := answered(t, status(403, `{"success":false,"message":"whoever runs keytrail must first state why"}`))
	if first := told[0]; len(bodies) != 2 || first.Dropped || !strings.Contains(first.Problem, "they are kept") || !strings.HasSuffix(first.Problem, "must first state why") {
		t.Errorf("told was %+v", told)
	}
}

func TestAReportThatCameBeforeIsDelivered(t *testing.T) {
	if bodies, told := answered(t, status(409, `{"success":false,"message":"it came before"}`)); len(bodies) != 1 || !told[len(told)-1].Delivered {
		t.Errorf("told was %+v", told)
	}
}

func TestAServerThatNobodyVouchesForGetsNoToken(t *testing.T) {
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	client, err := send.Client("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Post(server.URL, "application/json", nil); err == nil || asked {
		t.Errorf("a server with an unknown certificate was asked: %v", err)
	}
}
