package httpd

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// writeFault answers an error that came before any handler, in the form of the address that was asked. What is no
// fault is logged and shown by its request id.
func writeFault(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	if r.Context().Err() != nil {
		return // nobody reads it
	}
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		id := request.From(r.Context()).ID
		log.ErrorContext(r.Context(), "request failed", "requestId", id, "error", err)
		f = internal(id)
	}
	writeRefusal(w, r, f)
}

func writeRefusal(w http.ResponseWriter, r *http.Request, f *fault.Error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeOlder(w, statusOf(f.Kind), f)
		return
	}
	writeError(w, r, statusOf(f.Kind), f)
}

// writeOlder answers in the form that the older systems' clients know.
func writeOlder(w http.ResponseWriter, status int, f *fault.Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"success": false, "message": f.Message})
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.RateLimited:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// writeError answers in GraphQL's form, which is what clients of /graphql can read.
func writeError(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) {
	language := fault.Language(r.Context())
	extensions := f.DataIn(language)
	extensions["code"] = f.Kind
	if f.RetryAfter > 0 {
		seconds := max(1, int(f.RetryAfter.Seconds()))
		extensions["retryAfterSeconds"] = seconds
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": f.In(language), "extensions": extensions}},
	})
}
