package httpd

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

const maxUserAgent = 400

// observe gives each request an id and its origin, and logs it when it is done: never bodies, queries or headers.
// A client that takes longer than c.Timeouts.Write to accept a piece of the answer is dropped.
func observe(c Config, next http.Handler) http.Handler {
	patience := c.Timeouts.orDefault().Write
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		info := request.Info{ID: request.NewID(), Origin: c.originOf(r)}
		w.Header().Set("X-Request-Id", info.ID)
		seen := &statusWriter{ResponseWriter: w, patience: patience}
		contain(c.Logger, next, seen, r.WithContext(request.With(spoken(r), info)))
		seen.renew() // for what is still in a buffer
		c.Logger.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("requestId", info.ID), slog.String("method", r.Method), slog.String("path", r.URL.Path),
			slog.Int("status", seen.code()), slog.Duration("took", time.Since(start)))
	})
}

// spoken is a request's context with the language in which its sender wants to be answered.
func spoken(r *http.Request) context.Context {
	return fault.WithLanguage(r.Context(), fault.LanguageOf(r.Header.Get("Accept-Language")))
}

// originOf is where a request comes from.
func (c *Config) originOf(r *http.Request) ledger.Origin {
	agent := []rune(r.UserAgent())
	origin := ledger.Origin{IP: proxies(c.TrustedProxies).client(r), UserAgent: string(agent[:min(len(agent), maxUserAgent)])}
	if c.Describe == nil {
		return origin
	}
	return c.Describe(origin)
}

// piece is how much of an answer a client must accept within the patience of a statusWriter, in bytes.
const piece = 64 << 10

// statusWriter remembers the status, and drops a client that does not accept the answer: each piece of it has
// patience to be taken. Whoever sets a deadline of his own, as streams do, keeps his. Streams reach the writer below
// through Unwrap.
type statusWriter struct {
	http.ResponseWriter
	patience time.Duration
	status   int
	// timed is set when the handler minds the deadline itself, and begun when something of the answer may be sent.
	timed, begun bool
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.begun = true
	w.renew()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(text []byte) (written int, err error) {
	w.begun = true
	for {
		w.renew()
		n, err := w.ResponseWriter.Write(text[:min(len(text), piece)])
		written, text = written+n, text[n:]
		if err != nil || len(text) == 0 {
			return written, err
		}
	}
}

// SetWriteDeadline lets a handler set the deadline itself. It is what http.ResponseController looks for.
func (w *statusWriter) SetWriteDeadline(deadline time.Time) error {
	w.timed = true
	return http.NewResponseController(w.ResponseWriter).SetWriteDeadline(deadline)
}

// renew gives the client time for what is written next. A writer without deadlines has none to miss, and a broken
// connection shows at the write.
func (w *statusWriter) renew() {
	if !w.timed {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(w.patience))
	}
}

// Unwrap lets http.ResponseController reach flushing, deadlines and hijacking.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection over, and the deadlines with it. The websocket library asks the writer itself and not a ResponseController.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.timed, w.begun = true, true
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

func (w *statusWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
