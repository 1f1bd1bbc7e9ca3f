// Package graphtest gives tests keytrail's HTTP side on a real database: sessions, origins, GraphQL and the older
// endpoints, as a client sees them.
package graphtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/export"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/httpd"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/intake"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/legacy"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/origin"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/tlog"
	"github.com/keytrail/keytrail/server/tokens"
	"github.com/keytrail/keytrail/server/walls"
	"github.com/keytrail/keytrail/server/webhooks"
	"github.com/keytrail/keytrail/server/workhours"
)

// Password is the one of every account.
const Password = "correct horse battery"

// Server is a running keytrail without a process of its own.
type Server struct {
	*custodytest.Fixture
	URL     string
	Signin  *signin.Service
	Tokens  *tokens.Service
	Logbook *logbook.Service
	// Alerts does not follow the ledger until RunAlerts.
	Alerts *alerts.Service
	// AlertRules do not follow the ledger at all.
	AlertRules *alerts.CustomRules
	Walls      *walls.Service
	Mail       *mail.Service
	Activity   *activity.Service
	Sources    *programs.Service
	// Work does not follow the ledger: Process brings it up.
	Work    *workhours.Service
	Exports *exports.Service
	// Privacy does not complete erasures until Finish is called.
	Privacy *privacy.Service
	// Keeping does not run by itself: its Tick does what is to be done.
	Keeping *keeping.Service
	// Backups does not run by itself, and cannot write.
	Backups *backup.Schedule
	// Webhooks does not deliver by itself; this machine may be called.
	Webhooks *webhooks.Service
	Handler  *graph.Handler
	Intake   *intake.Handler
	// Accounts maps user names to the ids of accounts that Account made.
	Accounts map[string]id.ID
	// Log is what the server logged.
	Log *LogBuffer

	t       testing.TB
	origin  *origin.Describer
	mu      sync.Mutex
	clients map[string]*Client
}

// Options change what a server is.
type Options struct {
	Limits  wire.Limits
	Intake  intake.Limits
	Origins []string
	// External are the rules for people whom an identity provider vouches for, and OIDC makes what answers for it.
	External signin.ExternalRules
	OIDC     func(s *Server, log *slog.Logger) http.Handler
	// ReportNetworks are those from which reports of work are taken without a token.
	ReportNetworks []netip.Prefix
	// GeoIPFile tells places; "" is none.
	GeoIPFile string
	// Timeouts are how patient the server is with slow clients.
	Timeouts httpd.Timeouts
	// Documents are the ones that the server knows, and for whom others are refused.
	Documents graph.Documents
	// Resolver changes what answers, before anything is asked.
	Resolver func(*graph.Resolver)
}

// Start runs a server with nobody in it until the test ends.
func Start(t testing.TB) *Server { return StartWith(t, Options{Limits: wire.DefaultLimits()}) }

// StartWith is Start with options.
func StartWith(t testing.TB, o Options) *Server {
	t.Helper()
	return startOn(t, custodytest.Open(t), o)
}

// Another runs one more server on the same database, as another process would. Sessions of the one are good at the
// other: see Client.At.
func (s *Server) Another(t testing.TB) *Server {
	t.Helper()
	return startOn(t, s.Twin(t), Options{Limits: wire.DefaultLimits()})
}

// At gives the same caller at another server.
func (c *Client) At(s *Server) *Client {
	moved := *c
	moved.URL = s.URL
	return &moved
}

func startOn(t testing.TB, fixture *custodytest.Fixture, o Options) *Server {
	t.Helper()
	s := &Server{Fixture: fixture, t: t, clients: map[string]*Client{}, Accounts: map[string]id.ID{}, Log: &LogBuffer{}}
	log := slog.New(slog.NewTextHandler(s.Log, nil))
	riga, err := time.LoadLocation("Europe/Riga")
	check(t, err)
	s.Signin, err = signin.New(t.Context(), s.DB, s.Seal, s.Ledger, s.Access, s.People, signin.Config{
		Argon2:   &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		OriginOf: func(ctx context.Context) ledger.Origin { return request.From(ctx).Origin },
		Cookies:  signin.Cookies{Get: request.Cookie, Set: request.SetCookie},
		External: o.External,
	}, s.Clock.Now, log)
	check(t, err)
	s.Tokens, err = tokens.New(s.DB, s.Seal, s.Ledger, s.Access, s.Clock.Now, log)
	check(t, err)
	s.Logbook, err = logbook.New(s.DB, s.Seal, s.Ledger, s.Access, s.Custody, s.People, riga, s.Clock.Now)
	check(t, err)
	s.Alerts = alerts.New(s.DB, s.Seal, s.Ledger, s.Access, s.Clock.Now)
	s.AlertRules = alerts.NewCustomRules(s.Alerts, s.Logbook, riga, log)
	s.Walls = walls.New(s.DB, s.Seal, s.Ledger, s.Access, s.People, s.Tokens, s.Custody, s.Logbook, s.Clock.Now)
	s.Mail, err = mail.New(s.DB, s.Seal, s.Access, mail.Config{}, s.Clock.Now, log)
	check(t, err)
	s.origin, err = origin.Open(o.GeoIPFile, log)
	check(t, err)
	masks, err := activity.NewMasks(nil)
	check(t, err)
	s.Sources, err = programs.New(t.Context(), s.DB, s.Ledger, s.Access, s.Clock.Now)
	check(t, err)
	s.Activity = activity.New(s.DB, s.Ledger, s.Access, s.People, activity.Rules{Describe: s.origin.Describe, Masks: masks, Plain: s.Sources.Plain}, s.Clock.Now)
	s.Work = workhours.New(s.DB, s.Seal, s.Ledger, s.Access, s.People, workhours.Config{
		Zone: riga, Purpose: "To pay overtime.", Networks: o.ReportNetworks,
	}, s.Clock.Now, log)
	s.Exports = exports.New(s.DB, exports.Services{
		Seal: s.Seal, Ledger: s.Ledger, Access: s.Access, Logbook: s.Logbook, Work: s.Work, ActorOf: s.Signin.ActorOfAccount,
	}, s.Clock.Now, log)
	retain := mysqltest.MigrateConfig(t, s.DB)
	s.Keeping = keeping.New(s.DB, s.Seal, s.Ledger, s.Access, s.People, s.Custody, func(ctx context.Context) (*mysql.DB, error) {
		return mysql.OpenRetention(ctx, retain)
	}, keeping.Config{Archives: objectstore.Dir(filepath.Join(t.TempDir(), "archives")), Zone: riga, Every: keeping.Daily, Hour: 2, Grace: 7 * 24 * time.Hour}, s.Clock.Now, log)
	s.Backups = backup.NewSchedule(s.DB, s.Ledger, s.Access, backup.Plan{
		Dir: "/srv/keytrail/backups", At: time.Hour + 30*time.Minute, Zone: riga, Keep: 14,
	}, s.Clock.Now, log)
	s.Webhooks = webhooks.New(s.DB, s.Seal, s.Ledger, s.Access, webhooks.Config{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, AllowHTTP: true}, s.Clock.Now, log)
	s.Privacy = privacy.New(s.DB, privacy.Parts{
		Ledger: s.Ledger, Access: s.Access, People: s.People, Signin: s.Signin, Custody: s.Custody, Work: s.Work,
		Logbook: s.Logbook, Alerts: s.Alerts, Mail: s.Mail, Exports: s.Exports, Views: savedviews.New(s.DB, s.Seal, s.Clock.Now), Webhooks: s.Webhooks, Held: s.Keeping.Held, Programs: s.Sources.Purposes,
	}, s.Clock.Now, log)
	resolver := &graph.Resolver{
		Access: s.Access, Persons: s.People, Signin: s.Signin, Tokens: s.Tokens, Activity: s.Activity, Sources: s.Sources, Work: s.Work, Exports: s.Exports, Privacy: s.Privacy,
		Custody: s.Custody, Logbook: s.Logbook, Alerts: s.Alerts, AlertRules: s.AlertRules, Ledger: s.Ledger, Walls: s.Walls, Mail: s.Mail, Keeping: s.Keeping, Archives: keeping.NewSearch(s.Keeping, s.Logbook, keeping.SearchConfig{}), Backups: s.Backups, Webhooks: s.Webhooks,
		Review: review.New(s.DB, s.Ledger, s.Access, s.Logbook, s.Clock.Now), Views: savedviews.New(s.DB, s.Seal, s.Clock.Now),
		Info: graph.ServerInfo{Version: "test", Zone: riga}, Now: s.Clock.Now,
	}
	if o.Resolver != nil {
		o.Resolver(resolver)
	}
	s.Handler = graph.NewHandler(resolver, o.Limits, o.Documents, log)
	s.serve(t, log, o)
	return s
}

func (s *Server) serve(t testing.TB, log *slog.Logger, o Options) {
	listener, err := httpd.Listen(t.Context(), "127.0.0.1:0")
	check(t, err)
	web := &httptest.Server{Listener: listener}
	s.URL = "http://" + listener.Addr().String()
	var oidc http.Handler
	if o.OIDC != nil {
		oidc = o.OIDC(s, log)
	}
	s.Intake, err = intake.New(s.Activity, s.Access, request.Recheck(s.Tokens.StillValid, s.Signin.StillValid), o.Intake, log)
	check(t, err)
	older := legacy.Services{Access: s.Access, Signin: s.Signin, People: s.People, Custody: s.Custody, Logbook: s.Logbook, Work: s.Work}
	files := export.New(export.Services{
		Custody: s.Custody, Logbook: s.Logbook, Work: s.Work, People: s.People, Ledger: s.Ledger, Exports: s.Exports, Privacy: s.Privacy,
	}, time.UTC, s.Clock.Now, log)
	server, err := httpd.New(httpd.Config{
		Intake: s.Intake, Logs: legacy.NewLogs(older, files.Log, log),
		GraphQL: s.Handler, Sessions: s.Signin.Sessions(), Remembering: signin.Remembering, OIDC: oidc,
		Legacy:  legacy.New(older, log),
		ActorOf: s.Signin.ActorOf, OlderActorOf: s.Signin.OlderActorOf, TokenOf: s.Tokens.Authenticate, WallOf: s.Tokens.AuthenticateWall,
		Ready: func(context.Context) error { return nil }, Origins: o.Origins, Logger: log, Describe: s.origin.Describe,
		Tlog: tlog.New(s.Ledger, time.Second, log), Timeouts: o.Timeouts,
		App: fstest.MapFS{
			"index.html": {Data: []byte("<!doctype html><title>keytrail</title>")}, "assets/app.js": {Data: []byte("export {}")},
		},
	})
	check(t, err)
	web.Config = server
	web.Start()
	t.Cleanup(func() {
		s.Handler.Stop()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		s.Handler.Wait(ctx)
		web.CloseClientConnections()
		web.Close()
	})
}

// Account gives a person an account with a role; its name is the role's unless another is given.
func (s *Server) Account(p *people.Person, username, role string) {
	s.t.Helper()
	account, _, err := s.Signin.CreateAccount(s.t.Context(), access.System(), signin.CreateAccountInput{
		Person: p.ID, Username: username, Password: Password, Roles: []string{role},
	})
	check(s.t, err)
	s.Accounts[username] = account.ID
}

// RunAlerts has the rules follow the ledger until the test ends.
func (s *Server) RunAlerts() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Alerts.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		check(s.t, <-done)
	})
}

// Client is a browser with cookies of its own, or a program with a token.
type Client struct {
	*http.Client
	URL string
	// Token goes along with every request but websockets, which say it in connection_init.
	Token string
}

// Holding gives a program with a token, "" for none.
func (s *Server) Holding(token string) *Client {
	c := s.Anonymous()
	c.Token = token
	return c
}

// NewToken makes a token, and gives it and what is known of it.
func (s *Server) NewToken(in tokens.CreateInput) (string, *tokens.Token) {
	s.t.Helper()
	secret, token, err := s.Tokens.Create(s.t.Context(), access.System(), in)
	check(s.t, err)
	return secret, token
}

// Authorise puts the client's token, where it has one, into the headers of a request.
func (c *Client) Authorise(header http.Header) {
	if c.Token != "" {
		header.Set("Authorization", "Bearer "+c.Token)
	}
}

// Anonymous gives a client that nobody has signed in with.
func (s *Server) Anonymous() *Client {
	jar, err := cookiejar.New(nil)
	check(s.t, err)
	return &Client{Client: &http.Client{Jar: jar}, URL: s.URL}
}

// As gives the client that is signed in with a user name, and signs it in first; "" is nobody.
func (s *Server) As(username string) *Client {
	s.t.Helper()
	if username == "" {
		return s.Anonymous()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.clients[username]; c != nil {
		return c
	}
	c := s.Anonymous()
	answer := c.Do(s.t, "mutation($n: String!, $p: String!) { signIn(input: {username: $n, password: $p}) { viewer { roles } } }",
		map[string]any{"n": username, "p": Password})
	if len(answer.Errors) > 0 {
		s.t.Fatalf("%s cannot sign in: %v", username, answer.Errors)
	}
	s.clients[username] = c
	return c
}

// Answer is what /graphql answered.
type Answer struct {
	Status int
	Text   []byte
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// Code gives the code of the first error, and "" when there is none.
func (a *Answer) Code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// Do asks and reads the answer.
func (c *Client) Do(t testing.TB, query string, variables map[string]any) *Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	check(t, err)
	return c.Post(t, string(body), http.Header{"Content-Type": {"application/json"}})
}

// Post sends a body as it is.
func (c *Client) Post(t testing.TB, body string, header http.Header) *Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/graphql", strings.NewReader(body))
	check(t, err)
	r.Header = header
	c.Authorise(r.Header)
	response, err := c.Client.Do(r)
	check(t, err)
	defer func() { _ = response.Body.Close() }()
	answer := &Answer{Status: response.StatusCode}
	answer.Text, err = io.ReadAll(response.Body)
	check(t, err)
	_ = json.Unmarshal(answer.Text, answer) // what is no JSON has neither data nor errors
	return answer
}

// LogBuffer collects what is logged. It is safe for concurrent use.
type LogBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *LogBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String gives everything that was logged.
func (b *LogBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
