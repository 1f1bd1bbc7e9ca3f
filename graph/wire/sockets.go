package wire

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

// Protocol is the websocket subprotocol that keytrail speaks:
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const Protocol = "graphql-transport-ws"

// Limits bound what open connections may take.
type Limits struct {
	// Total is the most sockets and streams at once, and Caller the most of one session, one token or, for callers
	// that are neither, one network.
	Total, Caller int
	// Operations are the most at once on one socket, and CallerOperations the most on all sockets of a caller.
	Operations, CallerOperations int
	// PerSecond is how many operations of one caller may begin in a second, and PerSecondAll how many in all.
	PerSecond, PerSecondAll int
	// Init is how long a new socket may wait before it says connection_init.
	Init time.Duration
	// Write is how long a socket's client may take to accept some tens of KiB before it is closed.
	Write time.Duration
	// Quiet is after how much silence a socket is pinged; a client that is silent for three times as long is gone.
	Quiet time.Duration
}

// DefaultLimits leave room for some thousand browsers.
func DefaultLimits() Limits {
	return Limits{
		Total: 4096, Caller: 64, Operations: 64, CallerOperations: 512, PerSecond: 500, PerSecondAll: 20_000,
		Init: 5 * time.Second, Write: writeTimeout, Quiet: quietInterval,
	}
}

// Sockets serves websockets and counts them together with event streams.
type Sockets struct {
	limits Limits
	// refresh gives a context with what is known now of the caller, before each operation on a socket: a socket
	// outlives sign-outs and changes of roles.
	refresh func(context.Context) (context.Context, error)
	// authorise gives a context in which the program asks that a token stands for.
	authorise func(ctx context.Context, token string) (context.Context, error)
	// shared holds what several feeds are shown, frames the buffers in which messages are put together.
	shared *shared
	frames sync.Pool

	// stopping is closed when everything that stays open shall end.
	stopping chan struct{}
	stop     sync.Once

	mu         sync.Mutex
	total      int
	callers    map[string]int
	operations map[string]int
	open       sync.WaitGroup
}

// NewSockets makes the counter and server of sockets.
func NewSockets(limits Limits, refresh func(context.Context) (context.Context, error),
	authorise func(ctx context.Context, token string) (context.Context, error),
) *Sockets {
	return &Sockets{
		limits: limits, refresh: refresh, authorise: authorise, shared: newShared(time.Now),
		frames:  sync.Pool{New: func() any { return new(frames) }},
		callers: map[string]int{}, operations: map[string]int{}, stopping: make(chan struct{}),
	}
}

// Stop ends every socket and stream, and admits no more.
func (s *Sockets) Stop() {
	s.mu.Lock() // so that whoever was admitted was counted before
	defer s.mu.Unlock()
	s.stop.Do(func() { close(s.stopping) })
}

// Wait returns when every socket and stream has ended, or ctx does. Call it after Stop.
func (s *Sockets) Wait(ctx context.Context) {
	closed := make(chan struct{})
	go func() { s.open.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-ctx.Done():
	}
}

// admit counts one more connection of a caller, unless there are too many.
func (s *Sockets) admit(caller string) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stopping:
		return nil, false
	default:
	}
	if s.total >= s.limits.Total || s.callers[caller] >= s.limits.Caller {
		return nil, false
	}
	s.total++
	s.callers[caller]++
	s.open.Add(1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.total--
		if s.callers[caller]--; s.callers[caller] == 0 {
			delete(s.callers, caller)
		}
		s.open.Done()
	}, true
}

// begin counts one more operation of a caller on a socket, unless he has too many on all of his sockets.
func (s *Sockets) begin(caller string) (end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if most := s.limits.CallerOperations; s.operations[caller] >= most {
		return nil, fault.New(fault.RateLimited, "There are %d operations on your open connections, which is the most: end some first.", most)
	}
	s.operations[caller]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.operations[caller]--; s.operations[caller] == 0 {
			delete(s.operations, caller)
		}
	}, nil
}

func (s *Sockets) admitStream(ctx context.Context) (release func(), ok bool) {
	return s.admit(callerOf(ctx))
}

func callerOf(ctx context.Context) string {
	info := request.From(ctx)
	if info.Actor != nil && info.Actor.Session != (id.ID{}) {
		return "session " + info.Actor.Session.String()
	}
	if info.Actor != nil && !info.Actor.Token.IsZero() {
		return "token " + info.Actor.Token.String()
	}
	return "address " + info.Origin.Network()
}

func (s *Sockets) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	upgrader := websocket.Upgrader{
		Subprotocols:     []string{Protocol},
		HandshakeTimeout: writeTimeout,
		CheckOrigin:      func(*http.Request) bool { return true }, // checked before, with the trusted origins
		WriteBufferSize:  controlBuffer,                            // messages are written past it, see frames
		Error: func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
			http.Error(w, "This is no websocket handshake.", status)
		},
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	if !slices.Contains(websocket.Subprotocols(r), Protocol) {
		closeConn(conn, closeBadProtocol, "Subprotocol not acceptable")
		return
	}
	release, ok := s.admit(callerOf(r.Context()))
	if !ok {
		closeConn(conn, websocket.CloseTryAgainLater, "Too many open connections")
		return
	}
	defer release()
	limitSendBuffer(conn, sendBuffer)
	newSocket(r.Context(), conn, exec, s).run()
}

func closeConn(conn *websocket.Conn, code int, reason string) {
	deadline := time.Now().Add(time.Second)
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), deadline)
}
