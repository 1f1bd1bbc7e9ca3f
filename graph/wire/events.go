package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// writeTimeout is how long a client may take to accept one message before it is dropped.
	writeTimeout = 10 * time.Second
	// quietInterval is after how much silence something is sent, so that both sides notice a dead connection.
	quietInterval = 12 * time.Second
)

// stream answers with server-sent events, one connection an operation:
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#distinct-connections-mode
func (h *Handler) stream(ctx context.Context, w http.ResponseWriter, operation *graphql.OperationContext, errs gqlerror.List) {
	release, ok := h.Sockets.admitStream(ctx)
	if !ok {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many open feeds.", http.StatusServiceUnavailable)
		return
	}
	defer release()
	events := &eventWriter{w: w, control: http.NewResponseController(w)}
	_ = events.control.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", eventStreams)
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	ctx, cancel := context.WithCancel(graphql.WithOperationContext(ctx, operation))
	defer cancel()
	if errs == nil && operation.Operation.Operation == ast.Mutation {
		errs = gqlerror.List{gqlerror.Wrap(errRequest("Send mutations with POST and without Accept: text/event-stream."))}
	}
	if errs != nil {
		if events.response(dispatchError(ctx, h.Exec, errs)) == nil {
			_ = events.complete()
		}
		return
	}
	h.sendEvents(ctx, events, operation)
}

func (h *Handler) sendEvents(ctx context.Context, events *eventWriter, operation *graphql.OperationContext) {
	results := make(chan []result)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	taken := make(chan struct{}, 1)
	go func() {
		defer close(done)
		defer close(results)
		run(ctx, h.Exec, h.Sockets.shared, operation, func(some []result) bool {
			select {
			case results <- some:
			case <-ctx.Done():
				return false
			}
			select { // what is sent is the feed's again once it was written
			case <-taken:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	defer func() { cancel(); <-done }()
	quiet := time.NewTicker(quietInterval)
	defer quiet.Stop()
	if events.comment() != nil {
		return
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-h.Sockets.stopping:
			return
		case <-quiet.C:
			err = events.comment()
		case some, more := <-results:
			if !more {
				_ = events.complete()
				return
			}
			if err = events.next(some); err == nil {
				taken <- struct{}{}
			}
			quiet.Reset(quietInterval)
		}
		if err != nil {
			return
		}
	}
}

// run executes an operation and hands over its results, until there are no more or send refuses some. Where a feed
// ended with an error, that is the last result. What is sent is good until send returns.
func run(ctx context.Context, exec graphql.GraphExecutor, shared *shared, operation *graphql.OperationContext, send func([]result) bool) {
	if operation.Operation.Operation != ast.Subscription {
		bounded, cancel := context.WithTimeout(ctx, answerTimeout)
		defer cancel()
		ctx = bounded
	}
	ending, offered := &ending{}, &offer{}
	ctx = context.WithValue(context.WithValue(ctx, endingKey{}, ending), offerKey{}, offered)
	last := func(err error) {
		response := dispatchError(graphql.WithOperationContext(ctx, operation), exec, gqlerror.List{gqlerror.Wrap(err)})
		sendResponse(response, send)
	}
	defer func() {
		if panicked := recover(); panicked != nil {
			last(Recovered(panicked))
		}
	}()
	responses, operationCtx := exec.DispatchOperation(ctx, operation)
	if offered.feed != nil {
		f := &feedRun{ctx: ctx, exec: exec, shared: shared, operation: operation, feed: offered.feed, send: send}
		EndFeed(ctx, f.follow())
	} else if !runEach(operationCtx, operation, responses, send) {
		return
	}
	if err := ending.get(); err != nil && ctx.Err() == nil {
		last(err)
	}
}

// runEach hands over each result that the executor gives. It gives false when nobody wants more.
func runEach(ctx context.Context, operation *graphql.OperationContext, responses graphql.ResponseHandler, send func([]result) bool) bool {
	for {
		response := responses(ctx)
		if response == nil {
			return true
		}
		// Encoded here, because the executor writes its next result into the same buffer.
		if !sendResponse(response, send) || operation.Operation.Operation != ast.Subscription {
			return false
		}
	}
}

func sendResponse(response *graphql.Response, send func([]result) bool) bool {
	text, err := encodeResponse(response)
	return err == nil && send([]result{{text: text}})
}

// Recovered makes an error of a panic, with its stack for the log. Clients see neither.
func Recovered(value any) error { return fmt.Errorf("panic: %v\n%s", value, debug.Stack()) }

type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

func (e *eventWriter) response(response *graphql.Response) error {
	text, err := encodeResponse(response)
	if err != nil {
		return err
	}
	return e.next([]result{{text: text}})
}

// next writes some results at once.
func (e *eventWriter) next(some []result) error {
	if e.buffer.Cap() > 2*framesSize {
		e.buffer = bytes.Buffer{}
	}
	e.buffer.Reset()
	for _, r := range some {
		e.buffer.WriteString("event: next\ndata: ")
		e.buffer.Write(r.text)
		e.buffer.WriteString("\n\n")
	}
	return e.write(e.buffer.Bytes())
}

// complete has a data line as well, without which a browser's EventSource would not see the event.
func (e *eventWriter) complete() error { return e.write([]byte("event: complete\ndata: \n\n")) }

func (e *eventWriter) comment() error { return e.write([]byte(":\n\n")) }

func (e *eventWriter) write(text []byte) error {
	if err := e.control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := e.w.Write(text); err != nil {
		return err
	}
	return e.control.Flush()
}
