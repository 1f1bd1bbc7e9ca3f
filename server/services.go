package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/frontend"
	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/export"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/httpd"
	"github.com/keytrail/keytrail/server/intake"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/legacy"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/oidc"
	"github.com/keytrail/keytrail/server/origin"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
	"github.com/keytrail/keytrail/server/sample"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/tlog"
	"github.com/keytrail/keytrail/server/tokens"
	"github.com/keytrail/keytrail/server/walls"
	"github.com/keytrail/keytrail/server/webhooks"
	"github.com/keytrail/keytrail/server/workhours"
)

// services is every part of keytrail on one database, in the order in which each stands on those before.
type services struct {
	zone     *time.Location
	log      *slog.Logger
	db       *mysql.DB
	seal     *seal.Service
	ledger   *ledger.Ledger
	access   *access.Service
	people   *people.Service
	signin   *signin.Service
	tokens   *tokens.Service
	custody  *custody.Service
	logbook  *logbook.Service
	sources  *programs.Service
	activity *activity.Service
	alerts   *alerts.Service
	rules    *alerts.CustomRules
	walls    *walls.Service
	work     *workhours.Service
	exports  *exports.Service
	privacy  *privacy.Service
	views    *savedviews.Service
	keeping  *keeping.Service
	erasures *backup.Erasures // nil when nothing is listed outside
	backups  *backup.Schedule
	webhooks *webhooks.Service
	reports  *compliance.Service
	temp     string // the directory of what lies on disk only while it is made
	timely
	origin  *origin.Describer
	outside *ledger.Outside
	nightly *nightlyVerification // nil when it is off
	// retention opens the database with the account that prunes; its user closes it.
	retention func(ctx context.Context) (*mysql.DB, error)
}

// newServices wires the server on a store.
func newServices(ctx context.Context, opened *store, c serveCommand, log *slog.Logger) (*services, error) {
	db := opened.db
	zone, err := displayZone(c)
	if err != nil {
		return nil, err
	}
	s, err := newCore(ctx, db, c.Store, log)
	if err != nil {
		return nil, err
	}
	s.zone, s.retention, s.temp = zone, opened.openRetention(c.Store), c.TemporaryPath()
	if err := makeEmpty(s.temp); err != nil {
		return nil, err
	}
	if s.origin, err = origin.Open(c.GeoIPFile, log); err != nil {
		return nil, err
	}
	s.signin, err = signin.New(ctx, db, s.seal, s.ledger, s.access, s.people, signin.Config{
		SessionTimeout:  c.SessionTimeout(),
		SecureCookie:    c.SecureCookies(),
		OriginOf:        func(ctx context.Context) ledger.Origin { return request.From(ctx).Origin },
		Cookies:         signin.Cookies{Get: request.Cookie, Set: request.SetCookie},
		External:        signin.ExternalRules{LinkByEmail: c.OIDCLink == "email", CreateRole: c.OIDCCreateRole},
		PasswordChanged: forgetFirstPassword(c.RootPasswordPath(), log),
	}, time.Now, log)
	if err != nil {
		return nil, err
	}
	if s.tokens, err = tokens.New(db, s.seal, s.ledger, s.access, time.Now, log); err != nil {
		return nil, err
	}
	s.custody = custody.New(db, s.ledger, s.access, s.people, zone, time.Now)
	if s.logbook, err = logbook.New(db, s.seal, s.ledger, s.access, s.custody, s.people, zone, time.Now); err != nil {
		return nil, err
	}
	masks, err := activity.NewMasks(c.MaskFields)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "KEYTRAIL_MASK_FIELDS: %v", err)
	}
	if s.sources, err = programs.New(ctx, db, s.ledger, s.access, time.Now); err != nil {
		return nil, err
	}
	s.activity = activity.New(s.db, s.ledger, s.access, s.people, activity.Rules{Describe: s.origin.Describe, Masks: masks, Plain: s.sources.Plain}, time.Now)
	s.alerts = alerts.New(db, s.seal, s.ledger, s.access, time.Now).WithLog(log)
	s.rules = alerts.NewCustomRules(s.alerts, s.logbook, zone, log)
	s.walls = walls.New(db, s.seal, s.ledger, s.access, s.people, s.tokens, s.custody, s.logbook, time.Now)
	networks, err := c.Networks()
	if err != nil {
		return nil, err
	}
	s.work = workhours.New(db, s.seal, s.ledger, s.access, s.people, workhours.Config{Zone: zone, Purpose: purposeOfWork(c), Networks: networks}, time.Now, log)
	s.exports = exports.New(db, exports.Services{
		Seal: s.seal, Ledger: s.ledger, Access: s.access, Logbook: s.logbook, Work: s.work, ActorOf: s.signin.ActorOfAccount,
	}, time.Now, log)
	if s.timely, err = s.newTimely(c); err != nil {
		return nil, err
	}
	if s.keeping, err = s.newKeeping(c.Store, c.Keeping); err != nil {
		return nil, err
	}
	s.views = savedviews.New(db, s.seal, time.Now)
	targets, err := c.OpenNetworks()
	if err != nil {
		return nil, err
	}
	s.webhooks = webhooks.New(db, s.seal, s.ledger, s.access, webhooks.Config{Networks: targets, AllowHTTP: c.WebhookHTTP}, time.Now, log)
	s.privacy = privacy.New(db, privacy.Parts{
		Ledger: s.ledger, Access: s.access, People: s.people, Signin: s.signin, Custody: s.custody, Work: s.work,
		Logbook: s.logbook, Alerts: s.alerts, Mail: s.mail, Exports: s.exports, Views: s.views, Webhooks: s.webhooks, Held: s.keeping.Held, Programs: s.sources.Purposes,
	}, time.Now, log)
	s.reports = compliance.New(db, compliance.Parts{Ledger: s.ledger, Access: s.access, People: s.people, Tokens: s.tokens, Keeping: s.keeping, Alerts: s.alerts}, zone, time.Now)
	if path := c.ErasuresPath(c.Integrity); path != "" {
		s.erasures = backup.NewErasures(path, db, log)
	}
	if s.backups, err = s.newBackups(c); err != nil {
		return nil, err
	}
	return s, s.watchIntegrity(c.Integrity)
}

// displayZone is the one that was set; the sample organisation otherwise shows its own.
func displayZone(c serveCommand) (*time.Location, error) {
	if c.Sample && c.TimeZone == "" {
		c.TimeZone = sample.Zone
	}
	return c.Zone()
}

// purposeOfWork is the one that was stated; the sample organisation otherwise has its own.
func purposeOfWork(c serveCommand) string {
	if c.Sample && c.Purpose() == "" {
		return sample.WorkPurpose
	}
	return c.Purpose()
}

// run starts what each service does in the background, until ctx ends.
func (s *services) run(ctx context.Context, group *errgroup.Group) {
	for _, run := range []func(context.Context) error{s.ledger.Run, s.ledger.RunWords, s.ledger.IndexOlderObjects, s.access.Run, s.people.Run, s.signin.Run, s.tokens.Run, s.sources.Run, s.activity.Run, s.work.Run, s.privacy.Run, s.keeping.Run, s.backups.Run, s.webhooks.Run, s.rules.Run, s.origin.Run, s.nightlyRotation().Run, s.finishPruning, s.finishForgetting} {
		group.Go(func() error { return run(ctx) })
	}
	group.Go(func() error { return s.alerts.Run(ctx) })
	group.Go(func() error { return s.exports.Run(ctx, s.files().Make) })
	if s.erasures != nil {
		group.Go(func() error { return s.erasures.Run(ctx) })
	}
	s.timely.run(ctx, group)
	s.runIntegrity(ctx, group)
}

// oidc gives what answers for the identity provider, nil when there is none.
func (s *services) oidc(c serveCommand) (http.Handler, error) {
	if !c.OIDC.Enabled() {
		return nil, nil
	}
	if c.OIDCCreateRole != "" && !s.access.KnowsRole(c.OIDCCreateRole) {
		return nil, fault.New(fault.BadInput, "KEYTRAIL_OIDC_CREATE_ROLE is %q, which is no role.", c.OIDCCreateRole)
	}
	secret, err := c.OIDCSecret()
	return oidc.New(oidc.Config{
		Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: secret, RedirectURL: c.OIDCRedirectURL,
		Label: c.OIDCLabel, SecureCookie: c.SecureCookies(),
	}, s.signin, s.log), err
}

func (s *services) graphql(version string, c serveCommand) *graph.Handler {
	limits := wire.DefaultLimits()
	limits.PerSecond, limits.PerSecondAll = c.OperationsPerSecond, max(limits.PerSecondAll, c.OperationsPerSecond)
	info := graph.ServerInfo{Version: version, Zone: s.zone, SecureCookies: c.SecureCookies()}
	if c.OIDC.Enabled() {
		info.SignInProvider = &model.SignInProvider{Label: c.OIDCLabel, StartPath: oidc.StartPath}
	}
	if c.Sample {
		for _, a := range sample.Accounts() {
			info.SampleAccounts = append(info.SampleAccounts, &model.SampleAccount{Username: a.Username, Password: a.Password, Role: a.Role})
		}
	}
	return graph.NewHandler(&graph.Resolver{
		Access: s.access, Persons: s.people, Signin: s.signin, Custody: s.custody, Logbook: s.logbook, Alerts: s.alerts, AlertRules: s.rules, Walls: s.walls, Mail: s.mail, Work: s.work,
		Keeping: s.keeping, Archives: keeping.NewSearch(s.keeping, s.logbook, keeping.SearchConfig{}), Backups: s.backups, Tokens: s.tokens, Activity: s.activity, Sources: s.sources, Views: s.views, Exports: s.exports, Webhooks: s.webhooks, Review: review.New(s.db, s.ledger, s.access, s.logbook, time.Now), Privacy: s.privacy,
		Ledger: s.ledger, Info: info, Now: time.Now,
	}, limits, graph.Documents{Texts: frontend.Documents(), Rule: c.Documents}, s.log)
}

func (s *services) http(c serveCommand, graphql *graph.Handler, oidc http.Handler) (httpd.Config, error) {
	trusted, err := httpd.ParseProxies(c.TrustedProxies)
	if err != nil {
		return httpd.Config{}, err
	}
	var certificate *httpd.Certificate
	if c.TLSCert != "" {
		if certificate, err = httpd.LoadCertificate(c.TLSCert, c.TLSKey, s.log); err != nil {
			return httpd.Config{}, err
		}
	}
	s.people.LimitNew(c.NewPeoplePerDay)
	taken, err := intake.New(s.activity, s.access, s.still, intake.Limits{PerSecond: c.IntakePerSecond}, s.log)
	if err != nil {
		return httpd.Config{}, err
	}
	files := s.files()
	return httpd.Config{
		Logs:   legacy.NewLogs(s.legacy(), files.Log, s.log),
		Intake: taken, TrustedProxies: trusted, Describe: s.origin.Describe, TLS: certificate,
		GraphQL: graphql, Legacy: legacy.New(s.legacy(), s.log), Files: files, Tlog: tlog.New(s.ledger, publishedAge(c), s.log), OIDC: oidc, App: frontend.Files(),
		Sessions: s.signin.Sessions(), Remembering: signin.Remembering, ActorOf: s.signin.ActorOf, OlderActorOf: s.signin.OlderActorOf, TokenOf: s.tokens.Authenticate, WallOf: s.tokens.AuthenticateWall, Ready: s.ready, Origins: c.WebOrigins, Logger: s.log,
	}, nil
}

// files makes lists and prints into files.
func (s *services) files() *export.Handler {
	return export.New(export.Services{Access: s.access, Still: s.still, Custody: s.custody, Logbook: s.logbook, Work: s.work, People: s.people, Ledger: s.ledger, Exports: s.exports, Privacy: s.privacy, Reports: s.reports, Temp: s.temp}, s.zone, time.Now, s.log)
}

// still asks anew who the caller of a request is that goes on for long.
func (s *services) still(ctx context.Context, changed bool) (*access.Actor, error) {
	return request.Recheck(s.tokens.StillValid, s.signin.StillValid)(ctx, changed)
}

// legacy is what the older systems' endpoints are mapped onto.
func (s *services) legacy() legacy.Services {
	return legacy.Services{Access: s.access, Signin: s.signin, People: s.people, Custody: s.custody, Logbook: s.logbook, Work: s.work, Still: s.still}
}

// publishedAge is how old the published checkpoint may be: no older than the newest that is signed at intervals.
func publishedAge(c serveCommand) time.Duration { return min(10*time.Second, c.CheckpointInterval()) }

func (s *services) sample() sample.Services {
	return sample.Services{
		DB: s.db, Seal: s.seal, Ledger: s.ledger, Access: s.access, People: s.people, Custody: s.custody,
		Activity: s.activity, Programs: s.sources, Work: s.work, Now: time.Now, Logger: s.log,
	}
}

// readyBehind is how many entries the reader of the ledger may lag behind.
const readyBehind = 1000

// ready reports whether the database answers and this server has read what is recorded.
func (s *services) ready(ctx context.Context) error {
	_, size, err := s.ledger.LastRecorded(ctx)
	if err != nil {
		return err
	}
	if behind := size - min(size, s.ledger.DurableSize()); behind > readyBehind {
		return fault.New(fault.Unavailable, "The ledger is being read; %d entries are left.", behind)
	}
	return nil
}

// recordLife records that the server started or stopped.
func (s *services) recordLife(ctx context.Context, action, version string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, ledger.Draft{
			Stream: ledger.StreamSystem, System: true, Action: action, Details: map[string]any{"version": version},
		})
		return err
	})
}

// recordStop records that the server stops, as long as the database is there to record it.
func (s *services) recordStop(p program, version string) {
	if err := s.recordLife(context.WithoutCancel(p.ctx), ledger.SystemStopped, version); err != nil {
		p.log.Warn("that keytrail stops could not be recorded", "error", err)
	}
}

// forgetFirstPassword removes the file with root's one-time password once root has a password of his own.
func forgetFirstPassword(path string, log *slog.Logger) func(username string) {
	return func(username string) {
		if !signin.IsRoot(username) {
			return
		}
		if err := removeIfThere(path); err != nil {
			log.Error("root's one-time password was changed, but its file could not be removed", "path", path, "error", err)
		}
	}
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeEmpty makes a directory that only this user reads, without what a keytrail that was killed left in it.
func makeEmpty(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s, the directory for what is being made, cannot be emptied: %v.", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s, the directory for what is being made, cannot be made: %v.", dir, err)
	}
	return nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
