package httpd

import (
	"context"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/request"
)

// wallPath is where displays on walls ask. Their cookie is sent nowhere else, so that whoever signs in with the same
// browser is himself everywhere but there.
const wallPath = request.WallPath + "/graphql"

// displays lets displays on walls ask, as whom the token in their cookie stands for. They have no session.
type displays struct {
	sessions *scs.SessionManager
	wallOf   func(ctx context.Context, token string, origin ledger.Origin) (*access.Actor, error)
	fail     func(w http.ResponseWriter, r *http.Request, err error)
}

func (d displays) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := d.sessions.Load(r.Context(), "")
		if err != nil {
			d.fail(w, r, err)
			return
		}
		info := request.From(r.Context())
		if info.Actor, err = d.actor(r, info.Origin); err != nil {
			d.fail(w, r, err)
			return
		}
		info.Cookie = cookiesOf(r)
		if r.Method == http.MethodPost && !request.WantsStream(r) {
			info.SetCookie = func(cookie *http.Cookie) { http.SetCookie(w, cookie) }
		}
		w.Header().Add("Vary", "Cookie")
		next.ServeHTTP(w, r.WithContext(request.With(ctx, info)))
	})
}

// actor is nil for a display that is not approved yet, or not any more: it can still ask for a code.
func (d displays) actor(r *http.Request, origin ledger.Origin) (*access.Actor, error) {
	cookie, err := r.Cookie(request.WallCookieName)
	if err != nil {
		return nil, nil
	}
	actor, err := d.wallOf(r.Context(), cookie.Value, origin)
	if fault.KindOf(err) == fault.Unauthenticated {
		return nil, nil
	}
	return actor, err
}

func cookiesOf(r *http.Request) func(name string) string {
	return func(name string) string {
		if cookie, err := r.Cookie(name); err == nil {
			return cookie.Value
		}
		return ""
	}
}
