// Package request is what a server learns of a request before anything is done with it: its id, where it comes
// from and who asks. It travels in the request's context from httpd to graph and legacy.
package request

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Info is what is known of a request.
type Info struct {
	// ID stands in the log beside everything that the request caused.
	ID     string
	Origin ledger.Origin
	// Actor is who asks; nil when nobody is signed in.
	Actor *access.Actor
	// KeepsSession is set where a change of the session reaches the client as a cookie: not on sockets and streams.
	KeepsSession bool
	// Cookie gives a cookie that the client sent, "" when it did not; SetCookie gives it one. Both are nil outside HTTP.
	Cookie    func(name string) string
	SetCookie func(cookie *http.Cookie)
}

type contextKey struct{}

// state is a request's Info, and who asks since something about him changed in the middle of it.
type state struct {
	info   Info
	became atomic.Pointer[access.Actor]
}

// NewID makes an id for a request.
func NewID() string { return rand.Text()[:16] }

// With gives a context that carries info.
func With(ctx context.Context, info Info) context.Context {
	return context.WithValue(ctx, contextKey{}, &state{info: info})
}

// From gives what ctx carries, and the zero Info outside a request.
func From(ctx context.Context) Info {
	s, ok := ctx.Value(contextKey{}).(*state)
	if !ok {
		return Info{}
	}
	info := s.info
	if actor := s.became.Load(); actor != nil {
		info.Actor = actor
	}
	return info
}

// Become lets the rest of a request be answered to somebody who has just signed in or changed his password, and
// the rest of a feed to its reader as he is by now.
func Become(ctx context.Context, actor *access.Actor) {
	if s, ok := ctx.Value(contextKey{}).(*state); ok {
		s.became.Store(actor)
	}
}

// Actor gives who asks; nil when nobody is signed in.
func Actor(ctx context.Context) *access.Actor { return From(ctx).Actor }

// Recheck gives a function that asks anew who the caller of a request is that goes on for long, of whoever knows about tokens or
// about sessions. changed says that something about him was recorded just now. It is a feeds.Recheck.
func Recheck(ofToken, ofSession func(ctx context.Context, actor *access.Actor, changed bool) (*access.Actor, error)) func(ctx context.Context, changed bool) (*access.Actor, error) {
	return func(ctx context.Context, changed bool) (*access.Actor, error) {
		actor := Actor(ctx)
		if actor != nil && !actor.Token.IsZero() {
			return ofToken(ctx, actor, changed)
		}
		return ofSession(ctx, actor, changed)
	}
}

// Query reads the parameters in a request's address. BAD_USER_INPUT where it cannot be read as a whole: URL.Query leaves out
// what it cannot read, and without a condition more is given away than was asked for.
func Query(r *http.Request) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.BadInput, "The conditions in the address cannot be read: percent-encode what stands in them, and put & between two of them.")
	}
	return query, nil
}

// QueryOf is Query of an address in which nothing but these names may stand, each once: without a condition that is misspelt,
// or with another one than was meant, more is given away than was asked for.
func QueryOf(r *http.Request, names ...string) (url.Values, error) {
	query, err := Query(r)
	if err != nil {
		return nil, err
	}
	return query, Only(query, names...)
}

// Only demands that nothing but these names stands in a query, each once.
func Only(query url.Values, names ...string) error {
	for name, values := range query {
		if !slices.Contains(names, name) {
			return fault.Field(name, "%.40q is nothing that this address takes: give %s", name, strings.Join(names, ", "))
		}
		if len(values) > 1 {
			return fault.Field(name, "%s stands there twice", name)
		}
	}
	return nil
}

// Bearer gives the token that a request carries in its Authorization header (RFC 6750), and whether it carries one.
func Bearer(r *http.Request) (token string, given bool) {
	return BearerOf(r.Header.Get("Authorization"))
}

// BearerOf gives the token of an Authorization header's value. Other schemes are no tokens.
func BearerOf(authorization string) (token string, given bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(authorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

// Cookie gives a cookie of the request of ctx, "" when there is none.
func Cookie(ctx context.Context, name string) string {
	if get := From(ctx).Cookie; get != nil {
		return get(name)
	}
	return ""
}

// SetCookie gives the client of ctx a cookie, where its answer can still take one.
func SetCookie(ctx context.Context, cookie *http.Cookie) {
	if info := From(ctx); info.SetCookie != nil && info.KeepsSession {
		info.SetCookie(cookie)
	}
}

// WallPath is the page of displays on walls, and below it they ask. WallCookieName is the cookie that is sent there only.
const (
	WallPath       = "/wall"
	WallCookieName = "keytrail_wall"
)

// wallCookieAge is how long a browser keeps the cookie of a display at most (RFC 6265bis allows 400 days); the token in
// it may end before.
const wallCookieAge = 400 * 24 * 3600

// WallCookie is what makes a browser a display once its code is approved.
func WallCookie(secret string, secure bool) *http.Cookie {
	return &http.Cookie{
		Name: WallCookieName, Value: secret, Path: WallPath, MaxAge: wallCookieAge, HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
}

// WantsStream reports whether a request asks for server-sent events. Clients that merely list them beside JSON
// get JSON.
func WantsStream(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "text/event-stream") && !strings.Contains(accept, "json")
}
