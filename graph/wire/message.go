package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// The types of messages.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// message is what travels on a socket, one JSON object each.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// decodeMessage reads a message. Its type must be a string, and id and payload must fit the type.
func decodeMessage(text []byte) (m message, ok bool) {
	if !utf8.Valid(text) {
		return m, false
	}
	fields, err := objectFields(text)
	if err != nil || !decodeField(fields["type"], &m.Type) {
		return m, false
	}
	if idField, given := fields["id"]; given && (!bytes.HasPrefix(idField, []byte(`"`)) || !decodeField(idField, &m.ID)) {
		return m, false
	}
	m.Payload = fields["payload"]
	if m.Type == typeSubscribe || m.Type == typeComplete {
		return m, m.ID != ""
	}
	isObject := m.Payload == nil || bytes.Equal(m.Payload, []byte("null")) || bytes.HasPrefix(m.Payload, []byte("{"))
	return m, isObject
}

var errEnded = errors.New("wire: the operation has ended")

// send writes a message of an operation, unless the client has ended it.
func (s *socket) send(id string, op *operation, kind string, payload any) error {
	m := message{ID: id, Type: kind}
	if payload != nil {
		var err error
		if m.Payload, err = json.Marshal(payload); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if op.ended {
		return errEnded
	}
	if kind == typeComplete || kind == typeError {
		s.end(id, op) // before the client hears of it, since it may use the id again at once
	}
	return s.writeLocked(m)
}

func (s *socket) write(m message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writeLocked(m)
}

// writeLocked is called with mu held. A client that does not take the message in time is dropped.
func (s *socket) writeLocked(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f := s.sockets.frames.Get().(*frames)
	defer s.sockets.frames.Put(f)
	f.reset()
	f.add(text)
	written, err := s.put(f.bytes)
	if err != nil {
		if s.leaving.Load() {
			s.lastWords(f.begun(written), nil, websocket.CloseGoingAway, goingAway)
		} else if s.isStuck(err) {
			s.lastWords(f.begun(written), nil, websocket.CloseTryAgainLater, "Too slow")
		}
		s.cancel()
	}
	return err
}

// control answers and sends pings, between messages.
func (s *socket) control(kind int, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn.WriteControl(kind, payload, time.Now().Add(s.sockets.limits.Write))
}

// clip shortens text from outside to at most n bytes, at a character's boundary.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
