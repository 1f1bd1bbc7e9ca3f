// Package export answers with files: lists of keys and of entries, and what is printed.
package export

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/workhours"
)

// Handler answers what lies below /export/ and /print/.
type Handler struct {
	mux     *http.ServeMux
	custody *custody.Service
	logbook *logbook.Service
	work    *workhours.Service
	people  *people.Service
	privacy *privacy.Service
	ledger  *ledger.Ledger
	exports *exports.Service
	reports *compliance.Service
	temp    string
	access  *access.Service
	still   feeds.Recheck
	// pace is how often it is asked, while a file is sent, whether its reader may still have it.
	pace time.Duration
	// bundles are the places of case bundles that are being made, each for bundleTime at most.
	bundles    places
	bundleTime time.Duration
	now        func() time.Time
	zone       *time.Location
	logger     *slog.Logger
}

// Services are what files are made from.
type Services struct {
	Custody *custody.Service
	Logbook *logbook.Service
	Work    *workhours.Service
	People  *people.Service
	Ledger  *ledger.Ledger
	Exports *exports.Service
	Privacy *privacy.Service
	Reports *compliance.Service
	Access  *access.Service
	// Still asks anew who somebody is to whom a file is being sent; nil never asks.
	Still feeds.Recheck
	// Temp is the directory where large workbooks lie while they are written; "" is the system's.
	Temp string
}

// New makes the handler of what keys, logs, hours and persons tell. Times are shown in the zone. Who asks stands in the
// request's context (package request).
func New(s Services, zone *time.Location, now func() time.Time, log *slog.Logger) *Handler {
	h := &Handler{
		mux: http.NewServeMux(), custody: s.Custody, logbook: s.Logbook, work: s.Work, people: s.People, privacy: s.Privacy,
		ledger: s.Ledger, exports: s.Exports, reports: s.Reports, temp: s.Temp, access: s.Access, still: s.Still, pace: feeds.TakingPace, bundleTime: bundleTime, now: now, zone: zone, logger: log,
	}
	h.mux.HandleFunc("GET /export/keys.csv", h.keysCSV)
	h.mux.HandleFunc("GET /export/keys.xlsx", h.keysXLSX)
	h.mux.HandleFunc("GET /export/movements.csv", h.keyLogCSV)
	h.mux.HandleFunc("GET /export/movements.xlsx", h.keyLogXLSX)
	for _, list := range []string{exports.ListHours, logbook.TakeActivity, logbook.TakeAuth, logbook.TakeKeys, logbook.TakeTimeline} {
		for _, format := range exports.FormatsOf(list) {
			h.mux.HandleFunc("GET /export/"+list+"."+format, h.ordered(list, format))
		}
	}
	h.mux.HandleFunc("GET /export/bundle.zip", h.caseBundle)
	h.mux.HandleFunc("GET /export/jobs/{id}", h.made)
	h.mux.HandleFunc("GET /export/compliance.pdf", h.compliancePDF)
	h.mux.HandleFunc("GET /export/compliance.json", h.complianceJSON)
	h.mux.HandleFunc("GET /export/person/{file}", h.personZIP)
	h.mux.HandleFunc("GET /print/person/{file}", h.personPDF)
	h.mux.HandleFunc("GET /print/erasure/{file}", h.certificate)
	h.mux.HandleFunc("GET /print/receipt/{file}", h.receipt)
	h.mux.HandleFunc("GET /print/labels.pdf", h.labels)
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, fault.New(fault.NotFound, "There is nothing at this address."))
	})
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// fail answers an error as JSON. What is no fault is logged and shown by its request id.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Internal {
		id := request.From(r.Context()).ID
		h.logger.ErrorContext(r.Context(), "request failed", "requestId", id, "error", err)
		f = fault.New(fault.Internal, "Something went wrong inside keytrail. The server's log has it under %s.", id)
	}
	w.Header().Del("Content-Disposition")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(statusOf(f.Kind))
	_ = json.NewEncoder(w).Encode(map[string]string{"code": string(f.Kind), "message": f.In(fault.Language(r.Context())), "field": f.Field})
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
	case fault.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// offer says that a file comes. disposition is attachment to be saved or inline to be shown.
func offer(w http.ResponseWriter, kind, disposition, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", disposition+`; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
}
