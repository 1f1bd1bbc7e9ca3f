package wire

import (
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
	results := make(chan []byte)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(results)
		run(ctx, h.Exec, operation, func(response *graphql.Response) bool {
			// Encoded here, because the executor writes its next result into the same buffer.
			text, err := encodeResponse(response)
			if err != nil {
				return false
			}
			select {
			case results <- text:
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
		case text, more := <-results:
			if !more {
				_ = events.complete()
				return
			}
			err = events.next(text)
			quiet.Reset(quietInterval)
		}
		if err != nil {
			return
		}
	}
}

// run executes an operation and hands over each of its results, until there are no more or send refuses one.
// Where a feed ended with an error, that is the last result.
func run(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, send func(*graphql.Response) bool) {
	if operation.Operation.Operation != ast.Subscription {
		bounded, cancel := context.WithTimeout(ctx, answerTimeout)
		defer cancel()
		ctx = bounded
	}
	ending := &ending{}
	ctx = context.WithValue(ctx, endingKey{}, ending)
	defer func() {
		if panicked := recover(); panicked != nil {
			send(dispatchError(graphql.WithOperationContext(ctx, operation), exec, gqlerror.List{gqlerror.Wrap(Recovered(panicked))}))
		}
	}()
	responses, operationCtx := exec.DispatchOperation(ctx, operation)
	for {
		response := responses(operationCtx)
		if response == nil {
			break
		}
		if !send(response) {
			return
		}
		if operation.Operation.Operation != ast.Subscription {
			return
		}
	}
	if err := ending.get(); err != nil && ctx.Err() == nil {
		send(dispatchError(graphql.WithOperationContext(ctx, operation), exec, gqlerror.List{gqlerror.Wrap(err)}))
	}
}

// Recovered makes an error of a panic, with its stack for the log. Clients see neither.
func Recovered(value any) error { return fmt.Errorf("panic: %v\n%s", value, debug.Stack()) }

type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (e *eventWriter) response(response *graphql.Response) error {
	text, err := encodeResponse(response)
	if err != nil {
		return err
	}
	return e.next(text)
}

func (e *eventWriter) next(text []byte) error {
	return e.write("event: next\ndata: " + string(text) + "\n\n")
}

// complete has a data line as well, without which a browser's EventSource would not see the event.
func (e *eventWriter) complete() error { return e.write("event: complete\ndata: \n\n") }

func (e *eventWriter) comment() error { return e.write(":\n\n") }

func (e *eventWriter) write(text string) error {
	if err := e.control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := e.w.Write([]byte(text)); err != nil {
		return err
	}
	return e.control.Flush()
}
