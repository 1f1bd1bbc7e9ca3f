// Package legacy answers the older systems' HTTP endpoints, mapped onto keytrail's services, so that their clients
// keep working unchanged.
package legacy

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

// Handler answers what lies below /api/.
type Handler struct {
	mux     *http.ServeMux
	logbook *logbook.Service
	people  *people.Service
	log     *slog.Logger
}

// New makes the handler. Who asks stands in the request's context (package request).
func New(book *logbook.Service, persons *people.Service, log *slog.Logger) *Handler {
	h := &Handler{mux: http.NewServeMux(), logbook: book, people: persons, log: log}
	h.mux.HandleFunc("GET /api/keyLogs/list", h.keyLogs)
	h.mux.HandleFunc("/api/keyLogs/list", wrongMethod)
	h.mux.HandleFunc("/", unknown)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func wrongMethod(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET")
	answer(w, http.StatusMethodNotAllowed, "Use GET.")
}

func unknown(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusNotFound, "There is nothing at this address.")
}

// fail answers an error in the older systems' form. What is no fault is logged and shown by its request id.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		id := request.From(r.Context()).ID
		h.log.ErrorContext(r.Context(), "request failed", "requestId", id, "error", err)
		answer(w, http.StatusInternalServerError, "Something went wrong inside keytrail. The server's log has it under "+id+".")
		return
	}
	answer(w, statusOf(f.Kind), f.Message)
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

func answer(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Success bool   `json:"success"`
		Message string `json:"message"`
	}{false, message})
}
