package httpd

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

const readyTimeout = 2 * time.Second

func healthz(w http.ResponseWriter, _ *http.Request) { answerText(w, http.StatusOK, "alive\n") }

func readyz(ready func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		err := ready(ctx)
		if err == nil {
			answerText(w, http.StatusOK, "ready\n")
			return
		}
		reason := "not ready"
		if f, ok := fault.As(err); ok {
			reason = f.Message
		}
		answerText(w, http.StatusServiceUnavailable, reason+"\n")
	})
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
