package httpd

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// contain answers a request whose handler panics with INTERNAL and its id, which the log has with the rest. Where an
// answer was begun already, it is cut off, so that nobody takes it for a whole one.
func contain(log *slog.Logger, next http.Handler, w *statusWriter, r *http.Request) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if value == http.ErrAbortHandler { // how a handler says that the answer is to be cut off
			panic(value)
		}
		id := request.From(r.Context()).ID
		log.ErrorContext(r.Context(), "request failed", "requestId", id, "error", fmt.Sprintf("panic: %v\n%s", value, debug.Stack()))
		if w.begun {
			panic(http.ErrAbortHandler)
		}
		writeRefusal(w, r, internal(id))
	}()
	next.ServeHTTP(w, r)
}

// internal is all that a client learns of what went wrong inside.
func internal(requestID string) *fault.Error {
	return fault.New(fault.Internal, "Something went wrong inside keytrail. The log has it under %s.", requestID).With("requestId", requestID)
}
