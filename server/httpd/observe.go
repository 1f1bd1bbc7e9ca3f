package httpd

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

const maxUserAgent = 400

// observe gives each request an id and its origin, and logs it when it is done: never bodies, queries or headers.
func observe(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		info := request.Info{ID: request.NewID(), Origin: originOf(r)}
		w.Header().Set("X-Request-Id", info.ID)
		seen := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(seen, r.WithContext(request.With(r.Context(), info)))
		log.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("requestId", info.ID), slog.String("method", r.Method), slog.String("path", r.URL.Path),
			slog.Int("status", seen.code()), slog.Duration("took", time.Since(start)))
	})
}

// originOf is where a request comes from. Forwarding headers are not believed: anybody can write them.
func originOf(r *http.Request) ledger.Origin {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	agent := []rune(r.UserAgent())
	return ledger.Origin{IP: host, UserAgent: string(agent[:min(len(agent), maxUserAgent)])}
}

// statusWriter remembers the status. Streams reach the writer below it through Unwrap.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach flushing, deadlines and hijacking.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection over. The websocket library asks the writer itself and not a ResponseController.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

func (w *statusWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
