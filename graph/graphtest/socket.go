package graphtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/keytrail/keytrail/graph/wire"
)

const socketPatience = 30 * time.Second

// Socket is a websocket that speaks graphql-transport-ws.
type Socket struct {
	*websocket.Conn
	t testing.TB
}

// Message is what travels on a socket.
type Message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Dial opens a socket with the client's cookies, and says nothing yet.
func (c *Client) Dial(t testing.TB, header http.Header, protocols ...string) (*Socket, *http.Response) {
	t.Helper()
	address, err := url.Parse(c.URL)
	check(t, err)
	h := header.Clone()
	if h == nil {
		h = http.Header{}
	}
	for _, cookie := range c.Jar.Cookies(address) {
		h.Add("Cookie", cookie.String())
	}
	dialer := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: socketPatience}
	conn, response, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(c.URL, "http")+"/graphql", h)
	if err != nil {
		return nil, response
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &Socket{conn, t}, response
}

// Socket opens a socket and waits until it is acknowledged.
func (c *Client) Socket(t testing.TB) *Socket {
	t.Helper()
	s, _ := c.Dial(t, nil, wire.Protocol)
	if s == nil {
		t.Fatal("the socket was refused")
	}
	s.init(c.Token)
	if m := s.Next(); m.Type != "connection_ack" {
		t.Fatalf("got %+v", m)
	}
	return s
}

// init says who asks: the token's program, or for "" whoever opened the socket.
func (s *Socket) init(token string) {
	s.t.Helper()
	m := Message{Type: "connection_init"}
	if token != "" {
		m.Payload = json.RawMessage(`{"Authorization":"Bearer ` + token + `"}`)
	}
	text, err := json.Marshal(m)
	check(s.t, err)
	s.Send(string(text))
}

// Send sends a text as it is.
func (s *Socket) Send(text string) {
	s.t.Helper()
	check(s.t, s.WriteMessage(websocket.TextMessage, []byte(text)))
}

// Subscribe sends an operation.
func (s *Socket) Subscribe(id, query string, variables map[string]any) {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	check(s.t, err)
	text, err := json.Marshal(Message{ID: id, Type: "subscribe", Payload: payload})
	check(s.t, err)
	s.Send(string(text))
}

// Next reads the next message that is no ping, which the server sends now and then.
func (s *Socket) Next() Message {
	s.t.Helper()
	for until := time.Now().Add(socketPatience); ; {
		m, err := s.TryNext(time.Until(until))
		check(s.t, err)
		if m.Type != "ping" {
			return m
		}
	}
}

// TryNext reads the next message within a time.
func (s *Socket) TryNext(within time.Duration) (Message, error) {
	check(s.t, s.SetReadDeadline(time.Now().Add(within)))
	_, text, err := s.ReadMessage()
	if err != nil {
		return Message{}, err
	}
	var m Message
	return m, json.Unmarshal(text, &m)
}

// CloseCode reads until the socket is closed and gives the code.
func (s *Socket) CloseCode() int {
	s.t.Helper()
	for until := time.Now().Add(socketPatience); ; {
		_, err := s.TryNext(time.Until(until))
		if closed, ok := err.(*websocket.CloseError); ok {
			return closed.Code
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
