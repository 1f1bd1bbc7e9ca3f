package wire

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// framesSize is about how much is written at once, in bytes, and the most that a buffer keeps.
	framesSize = 32 << 10
	// controlBuffer is the websocket library's own buffer, in bytes, which only control messages use.
	controlBuffer = 256
	// sendBuffer bounds what the kernel holds for a client that does not read, in bytes. Last words get more, so
	// that they find room behind everything that was not read.
	sendBuffer      = 128 << 10
	lastWordsBuffer = 192 << 10
	lastWordsTime   = time.Second
)

// frames is messages put together for one write: text frames as a server sends them, in one piece and not masked
// (RFC 6455, section 5.2).
type frames struct {
	bytes []byte
	ends  []int // of each message
}

func (f *frames) reset() {
	if cap(f.bytes) > 2*framesSize {
		f.bytes = nil
	}
	f.bytes, f.ends = f.bytes[:0], f.ends[:0]
}

func (f *frames) add(parts ...[]byte) {
	f.header(websocket.TextMessage, parts)
	for _, part := range parts {
		f.bytes = append(f.bytes, part...)
	}
	f.ends = append(f.ends, len(f.bytes))
}

func (f *frames) header(kind byte, parts [][]byte) {
	const final = 0x80
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	f.bytes = append(f.bytes, final|kind)
	switch {
	case size <= 125:
		f.bytes = append(f.bytes, byte(size))
	case size <= 0xFFFF:
		f.bytes = binary.BigEndian.AppendUint16(append(f.bytes, 126), uint16(size))
	default:
		f.bytes = binary.BigEndian.AppendUint64(append(f.bytes, 127), uint64(size))
	}
}

// reached is how many messages were written when n bytes were, with the one that was begun.
func (f *frames) reached(n int) int {
	if n == 0 {
		return 0
	}
	i, _ := slices.BinarySearch(f.ends, n)
	return i + 1
}

// begun is what is left of the message that was begun when n bytes were written.
func (f *frames) begun(n int) []byte {
	if n == 0 {
		return nil
	}
	return f.bytes[n:f.ends[f.reached(n)-1]]
}

// nextHead is what a next message begins with.
func nextHead(id string) []byte {
	name, _ := json.Marshal(id) // a string can always be written
	return append(append([]byte(`{"id":`), name...), `,"type":"next","payload":`...)
}

// next writes results of an operation, as many at once as go well together, unless the client has ended it.
func (s *socket) next(ctx context.Context, id string, op *operation, some []result) error {
	f := s.sockets.frames.Get().(*frames)
	defer s.sockets.frames.Put(f)
	for len(some) > 0 {
		f.reset()
		n := 0
		for n < len(some) && (n == 0 || len(f.bytes)+len(some[n].text) < framesSize) {
			f.add(op.head, some[n].text, []byte("}"))
			n++
		}
		if err := s.deliver(ctx, id, op, f, some[:n]); err != nil {
			return err
		}
		some = some[n:]
	}
	return nil
}

func (s *socket) deliver(ctx context.Context, id string, op *operation, f *frames, some []result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op.ended {
		return errEnded
	}
	written, err := s.put(f.bytes)
	if err == nil {
		op.delivered = lastCursor(some, op.delivered)
		return nil
	}
	if s.leaving.Load() {
		s.lastWords(f.begun(written), nil, websocket.CloseGoingAway, goingAway)
	} else if s.isStuck(err) {
		op.delivered = lastCursor(some[:f.reached(written)], op.delivered)
		s.giveUp(ctx, id, op, f.begun(written))
	}
	s.cancel()
	return err
}

// put writes to the connection itself, past the websocket library, which writes one message at a time. It is called
// with mu held. Nothing is written behind last words, nor begun once the server stops.
func (s *socket) put(frames []byte) (written int, err error) {
	conn := s.conn.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(s.sockets.limits.Write)); err != nil {
		return 0, err
	}
	if s.spoken.Load() || s.leaving.Load() { // looked at behind the deadline, which leaving shortens
		return 0, errEnded
	}
	return conn.Write(frames)
}

// isStuck reports whether a write failed because the client does not read, and nothing else has ended the socket.
func (s *socket) isStuck(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) && s.ctx.Err() == nil
}

// giveUp closes the socket of a client who does not read what an operation sends, and says behind which cursor to
// resume. It is called with mu held.
func (s *socket) giveUp(ctx context.Context, id string, op *operation, begun []byte) {
	said := fault.New(fault.Unavailable, "What was sent was not read for too long. Resume behind the last cursor.")
	reason := "Too slow"
	if op.delivered != "" {
		said, reason = said.With("cursor", op.delivered), "Too slow: resume behind "+clip(op.delivered, 80)
	}
	payload, err := json.Marshal(dispatchError(ctx, s.exec, gqlerror.List{gqlerror.Wrap(said)}).Errors)
	if err != nil {
		return
	}
	text, err := json.Marshal(message{ID: id, Type: typeError, Payload: payload})
	if err != nil {
		return
	}
	s.lastWords(begun, text, websocket.CloseTryAgainLater, reason)
}

// lastWords ends the message that was begun, sends another, and closes the socket. The client finds all that behind
// what he has not read, when he reads again. Only the first are said. It is called with mu held.
func (s *socket) lastWords(begun, text []byte, code int, reason string) {
	if s.spoken.Load() {
		return
	}
	f := &frames{bytes: slices.Clone(begun)}
	if text != nil {
		f.add(text)
	}
	closing := websocket.FormatCloseMessage(code, reason)
	f.header(websocket.CloseMessage, [][]byte{closing})
	f.bytes = append(f.bytes, closing...)
	limitSendBuffer(s.conn, lastWordsBuffer)
	s.spoken.Store(true)
	conn := s.conn.NetConn()
	if conn.SetWriteDeadline(time.Now().Add(lastWordsTime)) == nil {
		_, _ = conn.Write(f.bytes) // there is nobody to tell
	}
}

// limitSendBuffer bounds what the kernel holds of what was written and not read, where there is a kernel's socket.
func limitSendBuffer(conn *websocket.Conn, size int) {
	if bounded, ok := conn.NetConn().(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = bounded.SetWriteBuffer(size) // it works without, with more memory
	}
}
