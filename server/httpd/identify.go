package httpd

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

// identify finds out who asks and puts it into the request's context.
type identify struct {
	sessions *scs.SessionManager
	actorOf  func(ctx context.Context, origin ledger.Origin) (*access.Actor, error)
	log      *slog.Logger
}

// wrap keeps the session alive for requests that are one answer, and only reads it for streams and GET,
// which must not prolong a session by merely staying open.
func (i identify) wrap(next http.Handler) http.Handler {
	saving := i.keeping(next)
	reading := i.loadOnly(i.name(next, false))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !request.WantsStream(r) {
			saving.ServeHTTP(w, r)
			return
		}
		reading.ServeHTTP(w, r)
	})
}

// keeping keeps the session alive, or begins it, whatever the method.
func (i identify) keeping(next http.Handler) http.Handler {
	return i.sessions.LoadAndSave(i.name(next, true))
}

func (i identify) loadOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if cookie, err := r.Cookie(i.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := i.sessions.Load(r.Context(), token)
		if err != nil {
			writeFault(w, r, i.log, err)
			return
		}
		w.Header().Add("Vary", "Cookie")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (i identify) name(next http.Handler, keepsSession bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := request.From(r.Context())
		actor, err := i.actorOf(r.Context(), info.Origin)
		if err != nil && fault.KindOf(err) != fault.Unauthenticated {
			writeFault(w, r, i.log, err)
			return
		}
		info.Actor, info.KeepsSession = actor, keepsSession
		info.Cookie = func(name string) string {
			if cookie, err := r.Cookie(name); err == nil {
				return cookie.Value
			}
			return ""
		}
		info.SetCookie = func(cookie *http.Cookie) { http.SetCookie(w, cookie) }
		next.ServeHTTP(w, r.WithContext(request.With(r.Context(), info)))
	})
}
