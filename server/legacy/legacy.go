// Package legacy answers the older systems' HTTP endpoints, mapped onto keytrail's services, so that their clients
// keep working unchanged.
package legacy

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/workhours"
)

// Handler answers what lies below /api/.
type Handler struct {
	Services
	mux *http.ServeMux
	log *slog.Logger
	// pace is how often it is asked, while a list is sent, whether its reader may still have it.
	pace time.Duration
}

// Services are what the endpoints are mapped onto.
type Services struct {
	Access  *access.Service
	Signin  *signin.Service
	People  *people.Service
	Custody *custody.Service
	Logbook *logbook.Service
	Work    *workhours.Service
	// Still asks anew who somebody is to whom a list is being sent; nil never asks.
	Still feeds.Recheck
}

// New makes the handler. Who asks stands in the request's context (package request).
func New(services Services, log *slog.Logger) *Handler {
	h := &Handler{Services: services, mux: http.NewServeMux(), log: log, pace: feeds.TakingPace}
	for path, get := range map[string]http.HandlerFunc{
		"/api/keyLogs/list":            h.keyLogs,
		"/api/key/list":                h.keys,
		"/api/keyState/list":           h.keyStates,
		"/api/keyGroup/list":           h.keyGroups,
		"/api/user/list":               h.users,
		"/api/reports/real_work_hours": h.realWorkHours,
	} {
		h.mux.HandleFunc("GET "+path, get)
		h.mux.HandleFunc(path, wrongMethod("GET"))
	}
	for path, post := range map[string]http.HandlerFunc{
		"/api/login":        h.login,
		"/api/user/add":     h.addUser,
		"/api/keyGroup/add": h.addKeyGroup,
		"/api/report":       h.report,
	} {
		h.mux.HandleFunc("POST "+path, post)
		h.mux.HandleFunc(path, wrongMethod("POST"))
	}
	h.mux.HandleFunc("/", unknown)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func wrongMethod(right string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", right)
		refuse(w, http.StatusMethodNotAllowed, "Use "+right+".")
	}
}

func unknown(w http.ResponseWriter, _ *http.Request) {
	refuse(w, http.StatusNotFound, "There is nothing at this address.")
}

// fail answers an error in the older systems' form. What is no fault is logged and shown by its request id.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		id := request.From(r.Context()).ID
		h.log.ErrorContext(r.Context(), "request failed", "requestId", id, "error", err)
		refuse(w, http.StatusInternalServerError, "Something went wrong inside keytrail. The server's log has it under "+id+".")
		return
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(f.RetryAfter.Seconds()))))
	}
	refuse(w, statusOf(f.Kind), f.Message)
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

// refuse answers a failure in the older systems' form.
func refuse(w http.ResponseWriter, status int, message string) {
	answer(w, status, struct {
		Success bool   `json:"success"`
		Message string `json:"message"`
	}{false, message})
}

// succeeded is the answer to what needs no other.
type succeeded struct {
	Success bool `json:"success"`
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(content)
}
