// Package intake takes in what other programs report over HTTP and from files, a line at a time.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/request"
)

// Limits bound what clients may take up. Zero ones mean the defaults.
type Limits struct {
	// Streams are open in all and of one caller at a time.
	Streams, StreamsOfOne int
	// PerSecond is how many lines of one caller are recorded in a second; four times as many at once after a rest.
	PerSecond int
	// Patience is how long a client may take to send the next 64 KiB or line, and to take the answers to a batch.
	Patience time.Duration
	// Longest is how long one call may last.
	Longest time.Duration
}

func (l Limits) orDefault() Limits {
	for _, one := range []struct{ limit, otherwise *int }{
		{&l.Streams, ptr(32)}, {&l.StreamsOfOne, ptr(8)}, {&l.PerSecond, ptr(20_000)},
	} {
		if *one.limit == 0 {
			*one.limit = *one.otherwise
		}
	}
	if l.Patience == 0 {
		l.Patience = 30 * time.Second
	}
	if l.Longest == 0 {
		l.Longest = time.Hour
	}
	return l
}

func ptr[T any](v T) *T { return &v }

// Handler answers POST /intake/activity.
type Handler struct {
	activity *activity.Service
	access   *access.Service
	recheck  feeds.Recheck
	limits   Limits
	gate     *gate
	log      *slog.Logger
	// stopping ends when calls shall, by stop.
	stopping context.Context
	stop     context.CancelFunc
}

// New makes the handler. Who asks stands in the request's context (package request); recheck asks anew, in the course of a call, who he
// is by then.
func New(service *activity.Service, acc *access.Service, recheck feeds.Recheck, limits Limits, log *slog.Logger) (*Handler, error) {
	limits = limits.orDefault()
	doors, err := newGate(limits)
	if err != nil {
		return nil, err
	}
	stopping, stop := context.WithCancel(context.Background())
	return &Handler{activity: service, access: acc, recheck: recheck, limits: limits, gate: doors, log: log, stopping: stopping, stop: stop}, nil
}

// Stop ends the calls that stay open: what came is recorded and answered, and their clients are told to send the rest in another.
func (h *Handler) Stop() { h.stop() }

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/intake/activity" {
		h.fail(w, r, fault.New(fault.NotFound, "There is nothing at this address: events go to POST /intake/activity."))
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		say(w, r, http.StatusMethodNotAllowed, fault.New(fault.BadInput, "Events are posted: send them with POST."))
		return
	}
	if err := h.take(w, r); err != nil {
		h.fail(w, r, err)
	}
}

// take answers a call; its error is one that nothing was answered before.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r.Context())
	if _, err := h.access.Require(r.Context(), actor, access.ActivityRecord); err != nil {
		return err
	}
	parse, err := parserOf(r)
	if err != nil {
		return err
	}
	partial, err := isAsked(r.URL.Query(), "partial")
	if err != nil {
		return err
	}
	leave, err := h.gate.enter(actor)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(r.Context(), h.limits.Longest)
	defer cancel()
	link := newLink(w, r, h.limits.Patience)
	in, closing, err := body(link.request)
	if err != nil {
		return h.readable(err)
	}
	defer closing()
	in, err = linesOf(r, in)
	if err != nil {
		return h.readable(err)
	}
	s := &stream{
		none:  func(lines int) { h.activity.CountRefused(actor, lines) },
		lines: newLineReader(in), parse: parse, request: requestIDOf(r),
		record: h.record,
		pace:   func(ctx context.Context, lines int) error { return h.gate.pace(ctx, actor, lines) },
	}
	if !partial {
		return h.all(ctx, s, link)
	}
	h.some(ctx, s, link)
	return nil
}

// record records events of whoever the caller is by now: a call may outlast his token, his session and his roles.
func (h *Handler) record(ctx context.Context, events []*activity.Input, partial bool) (*reported.Recorded, error) {
	actor, err := h.recheck(ctx, false)
	if err != nil {
		return nil, err
	}
	return h.activity.Record(ctx, actor, events, partial)
}

// all takes all lines or none.
func (h *Handler) all(ctx context.Context, s *stream, l *link) error {
	answers, err := s.whole(ctx)
	if err != nil {
		return h.readable(err)
	}
	status := http.StatusOK
	if s.totals.Refused > 0 {
		status = http.StatusBadRequest
		if answers[0].Code == string(fault.Conflict) {
			status = http.StatusConflict
		}
	}
	l.begin(status)
	for _, a := range answers {
		if err := l.write(a); err != nil {
			return nil // whoever asked is gone
		}
	}
	_ = l.write(s.totals)
	return nil
}

// some takes the lines that are right, and answers while others come.
func (h *Handler) some(ctx context.Context, s *stream, l *link) {
	l.bothWays()
	defer l.readUntil(h.stopping)()
	l.begin(http.StatusOK)
	if l.flush() != nil { // clients wait for the head of the answer before they send a line
		return
	}
	s.answer = func(a Answer) error { return l.write(a) }
	s.flush = l.flush
	err := s.run(ctx)
	if err == nil {
		_ = l.write(s.totals)
		return
	}
	f := h.public(ctx, h.readable(err))
	_ = l.write(struct {
		Code    fault.Kind `json:"code"`
		Message string     `json:"message"`
		Totals
	}{f.Kind, f.In(fault.Language(ctx)), s.totals})
	l.end()
}

// readable says of a body that broke off why.
func (h *Handler) readable(err error) error {
	var tooSlow interface{ Timeout() bool }
	_, known := fault.As(err)
	switch {
	case known:
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Unavailable, "The call lasted longer than %s: send what follows in another.", h.limits.Longest)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &tooSlow) && tooSlow.Timeout():
		return fault.New(fault.Unavailable, "Nothing came for %s: send the rest in another call.", h.limits.Patience)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errPacked()
	}
	return err
}

// requestIDOf gives the id that a client gave its request, "" for none and for one that could not be kept.
func requestIDOf(r *http.Request) string {
	const longest = 150
	if id := r.Header.Get("X-Request-Id"); len(id) <= longest {
		return id
	}
	return ""
}

// public is what of an error a client is told. What is no fault is logged and shown by its request id.
func (h *Handler) public(ctx context.Context, err error) *fault.Error {
	f, ok := fault.As(err)
	if ok && f.Kind != fault.Internal {
		return f
	}
	id := request.From(ctx).ID
	if ctx.Err() == nil {
		h.log.ErrorContext(ctx, "intake failed", "requestId", id, "error", err)
	}
	return fault.New(fault.Internal, "Something went wrong inside keytrail. The server's log has it under %s.", id)
}

// fail answers an error as JSON.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := h.public(r.Context(), err)
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	say(w, r, statusOf(f.Kind), f)
}

func say(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": string(f.Kind), "message": f.In(fault.Language(r.Context())), "field": f.Field})
}

func statusOf(kind fault.Kind) int {
	for of, status := range map[fault.Kind]int{
		fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound,
		fault.Conflict: http.StatusConflict, fault.RateLimited: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
		fault.Internal: http.StatusInternalServerError,
	} {
		if of == kind {
			return status
		}
	}
	return http.StatusBadRequest
}

// parserOf chooses how lines are read.
func parserOf(r *http.Request) (parser, error) {
	query, err := request.Query(r) // without a zone that was given, lines would be on record for good under wrong times
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch format := query.Get("format"); {
	case format == "cloudevents", format == "" && (kind == cloudEvent || kind == cloudEventBatch):
		return cloudEvents, nil
	case format == "django-audit":
		return djangoOf(query)
	case format == "":
		return native, nil
	default:
		return nil, fault.Field("format", "%.40q is not a format: leave it out, or write cloudevents or django-audit", format)
	}
}
