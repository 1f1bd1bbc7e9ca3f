package wire

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestFramesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	var texts []string
	f := &frames{}
	for _, size := range []int{0, 1, 125, 126, 1000, 65535, 65536, 200_000} {
		text := strings.Repeat("ā", size/2) + strings.Repeat("x", size%2)
		texts = append(texts, text)
		f.add([]byte(text[:size/2]), nil, []byte(text[size/2:]))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		if _, err := conn.NetConn().Write(f.bytes); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, want := range texts {
		kind, got, err := conn.ReadMessage()
		if err != nil || kind != websocket.TextMessage || string(got) != want {
			t.Fatalf("a message of %d bytes was read as %d, %d bytes, %v", len(want), kind, len(got), err)
		}
	}
	if got := f.ends[len(f.ends)-1]; got != len(f.bytes) {
		t.Errorf("the last message ends at %d of %d bytes", got, len(f.bytes))
	}
	if string(nextHead(`"1`+"\u2028")) != `{"id":"\"1\u2028","type":"next","payload":` {
		t.Errorf("%s", nextHead(`"1`+"\u2028"))
	}
}

func TestAMessageThatWasBegunCountsAsDelivered(t *testing.T) {
	t.Parallel()
	f := &frames{}
	for _, text := range []string{"one", "two", "three"} {
		f.add([]byte(text))
	}
	for written, want := range map[int]struct {
		reached int
		begun   string
	}{
		0: {0, ""}, 1: {1, "\x03one"}, 5: {1, ""}, 6: {2, "\x03two"}, 9: {2, "o"}, 10: {2, ""}, 16: {3, "e"}, 17: {3, ""},
	} {
		if n, rest := f.reached(written), f.begun(written); n != want.reached || string(rest) != want.begun {
			t.Errorf("of %d bytes: %d messages and %q, not %d and %q", written, n, rest, want.reached, want.begun)
		}
	}
}
