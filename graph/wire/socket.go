package wire

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// Close codes of graphql-transport-ws.
const (
	closeInvalidMessage  = 4400
	closeUnauthorised    = 4401
	closeForbidden       = 4403
	closeBadProtocol     = 4406
	closeInitTimeout     = 4408
	closeDuplicateID     = 4409
	closeTooManyRequests = 4429
)

const (
	goingAway = "Going away"
	// quietTimes is how many quiet times a client may be silent before it counts as gone.
	quietTimes = 3
	// drained is how much of what a client sent is read after it was told that the socket is closed, in bytes.
	drained = 4 << 20
)

// socket is one websocket. One goroutine reads; operations write under mu.
type socket struct {
	ctx     context.Context
	cancel  context.CancelFunc
	conn    *websocket.Conn
	exec    graphql.GraphExecutor
	sockets *Sockets
	running sync.WaitGroup
	opened  time.Time
	// initiated is the reader's alone, and so is caller: in it operations run, as whoever connection_init named.
	initiated bool
	caller    context.Context
	// spoken is set once the socket was closed with last words.
	spoken atomic.Bool
	// leaving is set when the server stops or the socket has ended: no further message is begun.
	leaving atomic.Bool

	mu         sync.Mutex
	operations map[string]*operation
}

// operation is one subscribe message until its complete. ended is set, under the socket's mu, once nothing
// more may be sent for its id.
type operation struct {
	cancel context.CancelFunc
	ended  bool
	// head is what each result begins with, up to its payload.
	head []byte
	// delivered is the cursor behind the last event that was written, "" while there is none.
	delivered string
}

// closeError ends a socket with a code and a reason.
type closeError struct {
	code   int
	reason string
}

// Error implements error.
func (c *closeError) Error() string { return c.reason }

func newSocket(ctx context.Context, conn *websocket.Conn, exec graphql.GraphExecutor, sockets *Sockets) *socket {
	ctx, cancel := context.WithCancel(ctx)
	return &socket{
		ctx: ctx, caller: ctx, cancel: cancel, conn: conn, exec: exec, sockets: sockets,
		opened: time.Now(), operations: map[string]*operation{},
	}
}

// run serves the socket until it is closed, and returns when all its operations have ended.
func (s *socket) run() {
	s.running.Go(s.keepAlive)
	s.running.Go(s.closeWhenDone)
	err := s.readAll()
	var closing *closeError
	if errors.As(err, &closing) {
		s.sayLast(closing.code, closing.reason)
		s.drain()
	}
	s.cancel()
	s.running.Wait()
}

// drain reads what was on its way when the socket was closed: closing a connection with unread data resets it,
// and the client would not learn the code.
func (s *socket) drain() {
	if s.conn.SetReadDeadline(time.Now().Add(time.Second)) != nil {
		return
	}
	for {
		_, _, err := s.conn.NextReader()
		if errors.Is(err, websocket.ErrReadLimit) { // then nothing is read as messages any more
			_, _ = io.CopyN(io.Discard, s.conn.NetConn(), drained)
		}
		if err != nil {
			return
		}
	}
}

func (s *socket) readAll() error {
	s.conn.SetReadLimit(MaxBody)
	s.conn.SetPongHandler(func(string) error { return s.heard() })
	s.conn.SetPingHandler(func(payload string) error { return s.control(websocket.PongMessage, []byte(payload)) })
	for {
		if err := s.heard(); err != nil {
			return err
		}
		kind, text, err := s.conn.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			return &closeError{websocket.CloseMessageTooBig, "Message too big"}
		}
		var late net.Error
		if !s.initiated && errors.As(err, &late) && late.Timeout() {
			return &closeError{closeInitTimeout, "Connection initialisation timeout"}
		}
		if err != nil {
			return err
		}
		if kind != websocket.TextMessage {
			return &closeError{closeInvalidMessage, "Invalid message received"}
		}
		if err := s.handle(text); err != nil {
			return err
		}
	}
}

// heard pushes the moment back at which the client counts as gone. Before connection_init only that counts.
func (s *socket) heard() error {
	if !s.initiated {
		return s.conn.SetReadDeadline(s.opened.Add(s.sockets.limits.Init))
	}
	return s.conn.SetReadDeadline(time.Now().Add(quietTimes * s.sockets.limits.Quiet))
}

func (s *socket) keepAlive() {
	ticks := time.NewTicker(s.sockets.limits.Quiet)
	defer ticks.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticks.C:
			if s.control(websocket.PingMessage, nil) != nil || s.write(message{Type: typePing}) != nil {
				s.cancel()
			}
		}
	}
}

// closeWhenDone closes the connection when the server stops or a write failed, which also ends the reader.
func (s *socket) closeWhenDone() {
	select {
	case <-s.ctx.Done():
	case <-s.sockets.stopping:
	}
	s.sayLast(websocket.CloseGoingAway, goingAway)
	_ = s.conn.Close()
}

// sayLast ends the socket with a code, behind what is being written, which gets little time.
func (s *socket) sayLast(code int, reason string) {
	s.leaving.Store(true)
	_ = s.conn.NetConn().SetWriteDeadline(time.Now().Add(lastWordsTime)) // without it, last words come later
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastWords(nil, nil, code, reason)
}

func (s *socket) handle(text []byte) error {
	m, ok := decodeMessage(text)
	if !ok {
		return &closeError{closeInvalidMessage, "Invalid message received"}
	}
	switch m.Type {
	case typeInit:
		return s.init(m.Payload)
	case typePing:
		return s.write(message{Type: typePong, Payload: m.Payload})
	case typePong:
		return nil
	case typeSubscribe:
		return s.subscribe(m)
	case typeComplete:
		s.complete(m.ID)
		return nil
	}
	return &closeError{closeInvalidMessage, "Invalid message received"}
}

func (s *socket) init(payload json.RawMessage) error {
	if s.initiated {
		return &closeError{closeTooManyRequests, "Too many initialisation requests"}
	}
	if err := s.authorise(payload); err != nil {
		return err
	}
	s.speak(payload)
	s.initiated = true
	return s.write(message{Type: typeAck})
}

// authorise lets the program ask that a token in connection_init stands for, instead of whoever opened the socket. The
// payload's name is the header's, in any case, since a browser cannot send the header itself.
func (s *socket) authorise(payload json.RawMessage) error {
	fields, err := objectFields(payload)
	if err != nil {
		return nil // no object, no token
	}
	for name, value := range fields {
		var text string
		if !strings.EqualFold(name, "Authorization") || !decodeField(value, &text) {
			continue
		}
		token, given := request.BearerOf(text)
		if !given {
			return &closeError{closeForbidden, "Forbidden"}
		}
		ctx, err := s.sockets.authorise(s.ctx, token)
		if fault.Is(err, fault.Unauthenticated) {
			return &closeError{closeForbidden, "Forbidden"}
		}
		if err != nil {
			return &closeError{websocket.CloseTryAgainLater, "Try again later"}
		}
		s.caller = ctx
	}
	return nil
}

// speak has the caller answered in the language that connection_init asks for, instead of the one in which the browser
// asked for the socket. A browser cannot send another header itself.
func (s *socket) speak(payload json.RawMessage) {
	fields, err := objectFields(payload)
	if err != nil {
		return
	}
	for name, value := range fields {
		var accept string
		if strings.EqualFold(name, "Accept-Language") && decodeField(value, &accept) {
			s.caller = fault.WithLanguage(s.caller, fault.LanguageOf(accept))
		}
	}
}

func (s *socket) subscribe(m message) error {
	if !s.initiated {
		return &closeError{closeUnauthorised, "Unauthorized"}
	}
	params, err := decodeParams(m.Payload)
	if err != nil || m.ID == "" {
		return &closeError{closeInvalidMessage, "Invalid message received"}
	}
	ctx, cancel := context.WithCancel(s.caller)
	op := &operation{cancel: cancel, head: nextHead(m.ID)}
	if err := s.register(m.ID, op); err != nil {
		cancel()
		return err
	}
	end, err := s.sockets.begin(callerOf(ctx))
	if err != nil { // the socket goes on, and so do the operations that there are
		s.fail(ctx, m.ID, op, gqlerror.List{gqlerror.Wrap(err)})
		cancel()
		return nil
	}
	s.running.Go(func() {
		defer end()
		defer s.forget(m.ID, op)
		s.execute(ctx, m.ID, op, params)
	})
	return nil
}

func (s *socket) register(id string, op *operation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[id] != nil {
		return &closeError{closeDuplicateID, "Subscriber for " + clip(id, 64) + " already exists"}
	}
	if len(s.operations) >= s.sockets.limits.Operations {
		return &closeError{closeTooManyRequests, "Too many operations on one connection"}
	}
	s.operations[id] = op
	return nil
}

// execute runs one operation. What cannot be executed is answered with error, everything else with next
// messages and complete.
func (s *socket) execute(ctx context.Context, id string, op *operation, params *graphql.RawParams) {
	defer func() {
		if panicked := recover(); panicked != nil {
			s.fail(ctx, id, op, gqlerror.List{gqlerror.Wrap(Recovered(panicked))})
		}
	}()
	ctx, err := s.sockets.refresh(ctx)
	if err != nil {
		s.fail(ctx, id, op, gqlerror.List{gqlerror.Wrap(err)})
		return
	}
	params.ReadTime.Start, params.ReadTime.End = graphql.Now(), graphql.Now()
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := createOperation(ctx, s.exec, params)
	if errs != nil {
		s.fail(graphql.WithOperationContext(ctx, operation), id, op, errs)
		return
	}
	run(ctx, s.exec, s.sockets.shared, operation, func(some []result) bool {
		return s.next(ctx, id, op, some) == nil
	})
	_ = s.send(id, op, typeComplete, nil)
}

func (s *socket) fail(ctx context.Context, id string, op *operation, errs gqlerror.List) {
	_ = s.send(id, op, typeError, dispatchError(ctx, s.exec, errs).Errors)
}

// complete ends an operation at the client's wish: nothing more is sent for its id.
func (s *socket) complete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op := s.operations[id]; op != nil {
		s.end(id, op)
	}
}

// forget frees what an operation held, however it ended.
func (s *socket) forget(id string, op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(id, op)
}

// end is called with mu held. The id may be used again at once.
func (s *socket) end(id string, op *operation) {
	op.ended = true
	op.cancel()
	if s.operations[id] == op {
		delete(s.operations, id)
	}
}
