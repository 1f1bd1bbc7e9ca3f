// Package httpd is keytrail's HTTP side: it knows sessions, origins, limits, headers and static files, and hands
// what is left to the handlers that main gives it.
package httpd

import (
	"cmp"
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	maxHeader = 32 << 10
	// maxConnections bounds all connections, so that open ones never take the last file descriptor.
	// What one address may have of them depends on how many are free: see limitConnections.
	maxConnections = 8192
)

// Timeouts bound how long a client may keep a connection without getting on.
type Timeouts struct {
	// Header and Body are how long a request's headers and all of it may take to arrive. Streams take the deadline
	// off themselves.
	Header, Body time.Duration
	// Idle is how long a connection may wait for its next request.
	Idle time.Duration
	// Write is how long a client may take to accept each 64 KiB of an answer. Streams have their own.
	Write time.Duration
}

// DefaultTimeouts are patient with a bad line and not with somebody who collects connections.
func DefaultTimeouts() Timeouts {
	return Timeouts{Header: 10 * time.Second, Body: 60 * time.Second, Idle: 2 * time.Minute, Write: 30 * time.Second}
}

func (t Timeouts) orDefault() Timeouts {
	d := DefaultTimeouts()
	return Timeouts{
		Header: cmp.Or(t.Header, d.Header), Body: cmp.Or(t.Body, d.Body), Idle: cmp.Or(t.Idle, d.Idle), Write: cmp.Or(t.Write, d.Write),
	}
}

// Intake takes in what programs report. Its calls may stay open, until Stop.
type Intake interface {
	http.Handler
	Stop()
}

// Config is what the server is made of.
type Config struct {
	// GraphQL answers /graphql and Legacy the older systems' endpoints below /api/.
	GraphQL http.Handler
	Legacy  http.Handler
	// Logs answers the older logging module's endpoints below /logs/, to the sessions of the app. Nil answers none.
	Logs http.Handler
	// Files answers below /export/ and /print/ with what is taken out as a file. Nil takes nothing out.
	Files http.Handler
	// Intake answers below /intake/, to programs that report what they do. Nil takes nothing in.
	Intake Intake
	// Tlog publishes the ledger's tree below /tlog/, for anybody. Nil publishes nothing.
	Tlog http.Handler
	// OIDC answers below /auth/oidc/, for sign-ins with an identity provider. Nil when there is none.
	OIDC http.Handler
	// App is the built web app.
	App fs.FS
	// Sessions answers its failures as this package does, from New on.
	Sessions *scs.SessionManager
	// Remembering gives a context of one request in which ActorOf may go by what Sessions loads; nil for none.
	Remembering func(ctx context.Context) context.Context
	// ActorOf gives who asks, from a context with a loaded session; nil when nobody is signed in.
	ActorOf func(ctx context.Context, origin ledger.Origin) (*access.Actor, error)
	// OlderActorOf is ActorOf for Legacy, whose sessions reach nothing else. Nil means ActorOf.
	OlderActorOf func(ctx context.Context, origin ledger.Origin) (*access.Actor, error)
	// TokenOf gives the program that asks with a token (Authorization: Bearer). Nil looks at no tokens.
	TokenOf func(ctx context.Context, token string, origin ledger.Origin) (*access.Actor, error)
	// WallOf gives the display on a wall whose cookie holds a token, nil while that does not count. Nil answers no displays.
	WallOf func(ctx context.Context, token string, origin ledger.Origin) (*access.Actor, error)
	// Ready reports why the server cannot answer now; nil when it can.
	Ready func(ctx context.Context) error
	// Origins are foreign origins that may call.
	Origins []string
	// TrustedProxies are believed about who asks and whether over TLS (X-Forwarded-For, X-Forwarded-Proto).
	TrustedProxies []netip.Prefix
	// Describe says in words where a request comes from. Nil leaves that out.
	Describe func(origin ledger.Origin) ledger.Origin
	// TLS is the server's certificate; nil speaks plain HTTP.
	TLS *Certificate
	// Timeouts are how patient the server is with slow clients; zero ones mean DefaultTimeouts.
	Timeouts Timeouts
	Logger   *slog.Logger
}

// New makes a server.
func New(c Config) (*http.Server, error) {
	handler, err := newHandler(c)
	if err != nil {
		return nil, err
	}
	return newServer(c, handler), nil
}

// NewOlder makes a server without TLS that answers the older systems' endpoints and nothing else.
func NewOlder(c Config) (*http.Server, error) {
	guard, err := newOriginGuard(c.Origins)
	if err != nil {
		return nil, err
	}
	c.TLS = nil
	return newServer(c, observe(c, secure(c.TrustedProxies, c.older(guard)))), nil
}

func newServer(c Config, handler http.Handler) *http.Server {
	timeouts := c.Timeouts.orDefault()
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: timeouts.Header,
		ReadTimeout:       timeouts.Body,
		IdleTimeout:       timeouts.Idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(c.Logger.Handler(), slog.LevelDebug),
	}
	if c.TLS != nil {
		server.TLSConfig = c.TLS.Config()
	}
	return server
}

// Serve answers on a listener until the server is shut down: over TLS where the server has a certificate.
func Serve(server *http.Server, listener net.Listener) error {
	if server.TLSConfig == nil {
		return server.Serve(listener)
	}
	return server.ServeTLS(listener, "", "")
}

func newHandler(c Config) (http.Handler, error) {
	guard, err := newOriginGuard(c.Origins)
	if err != nil {
		return nil, err
	}
	app, err := newApp(c.App)
	if err != nil {
		return nil, err
	}
	c.Sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { writeFault(w, r, c.Logger, err) }
	who := identify{sessions: c.Sessions, remembering: c.Remembering, actorOf: c.ActorOf, tokenOf: c.TokenOf, log: c.Logger}
	mux := http.NewServeMux()
	mux.Handle("/graphql", guard.wrap(who.wrap(c.GraphQL)))
	if c.WallOf != nil {
		screens := displays{sessions: c.Sessions, wallOf: c.WallOf, fail: c.Sessions.ErrorFunc}
		mux.Handle(wallPath, guard.wrap(screens.wrap(c.GraphQL)))
	}
	mux.Handle("/api/", c.older(guard))
	tlog := c.Tlog
	if tlog == nil {
		tlog = http.NotFoundHandler()
	}
	mux.Handle("/tlog/", tlog)
	files := http.Handler(http.NotFoundHandler())
	if c.Files != nil {
		files = guard.wrap(who.wrap(c.Files))
	}
	mux.Handle("/export/", files)
	mux.Handle("/print/", files)
	logs := http.Handler(http.NotFoundHandler())
	if c.Logs != nil {
		logs = guard.wrap(who.wrap(c.Logs))
	}
	mux.Handle("/logs/", logs)
	intake := http.Handler(http.NotFoundHandler())
	if c.Intake != nil {
		intake = guard.wrap(who.wrap(c.Intake))
	}
	mux.Handle("/intake/", intake)
	if c.OIDC != nil {
		mux.Handle("/auth/oidc/", who.keeping(c.OIDC))
	}
	for _, reserved := range []string{"/explore", "/explore/", "/metrics"} {
		mux.HandleFunc(reserved, http.NotFound)
	}
	mux.HandleFunc("GET /healthz", healthz)
	mux.Handle("GET /readyz", readyz(c.Ready))
	mux.Handle("/", app)
	return observe(c, secure(c.TrustedProxies, mux)), nil
}

// older answers the older systems' endpoints, to whom their own sessions name, too.
func (c Config) older(guard *originGuard) http.Handler {
	who := identify{sessions: c.Sessions, remembering: c.Remembering, actorOf: c.OlderActorOf, tokenOf: c.TokenOf, log: c.Logger}
	if who.actorOf == nil {
		who.actorOf = c.ActorOf
	}
	return guard.wrap(who.wrap(c.Legacy))
}

// Listen opens the server's listener.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, explainListen(err, address)
	}
	return limitConnections(listener, maxConnections), nil
}
