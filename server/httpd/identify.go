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
	sessions    *scs.SessionManager
	remembering func(ctx context.Context) context.Context
	actorOf     func(ctx context.Context, origin ledger.Origin) (*access.Actor, error)
	tokenOf     func(ctx context.Context, token string, origin ledger.Origin) (*access.Actor, error)
	log         *slog.Logger
}

// wrap keeps the session alive for requests that are one answer, and only reads it for streams and GET,
// which must not prolong a session by merely staying open.
func (i identify) wrap(next http.Handler) http.Handler {
	saving := i.keeping(next)
	reading := i.loadOnly(i.name(next, false))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token, given := request.Bearer(r); given && i.tokenOf != nil {
			i.byToken(w, r, next, token)
			return
		}
		if i.remembering != nil {
			r = r.WithContext(i.remembering(r.Context()))
		}
		if r.Method == http.MethodPost && !request.WantsStream(r) {
			saving.ServeHTTP(w, r)
			return
		}
		reading.ServeHTTP(w, r)
	})
}

// byToken lets the token's program ask. A cookie that comes along is not looked at: who asks by token has no session,
// can get none, and is therefore not subject to the rules that protect cookies.
func (i identify) byToken(w http.ResponseWriter, r *http.Request, next http.Handler, token string) {
	w.Header().Add("Vary", "Authorization")
	info := request.From(r.Context())
	actor, err := i.tokenOf(r.Context(), token, info.Origin)
	if err != nil {
		if fault.KindOf(err) == fault.Unauthenticated {
			w.Header().Set("WWW-Authenticate", `Bearer realm="keytrail", error="invalid_token"`)
		}
		writeFault(w, r, i.log, err)
		return
	}
	ctx, err := i.sessions.Load(r.Context(), "")
	if err != nil {
		writeFault(w, r, i.log, err)
		return
	}
	info.Actor = actor
	next.ServeHTTP(w, r.WithContext(request.With(ctx, info)))
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
		w.Header().Add("Vary", "Cookie, Authorization")
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
		info.Cookie = cookiesOf(r)
		info.SetCookie = func(cookie *http.Cookie) { http.SetCookie(w, cookie) }
		next.ServeHTTP(w, r.WithContext(request.With(r.Context(), info)))
	})
}
