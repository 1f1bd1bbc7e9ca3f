package graph

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/review"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/tokens"
	"github.com/keytrail/keytrail/server/walls"
	"github.com/keytrail/keytrail/server/webhooks"
	"github.com/keytrail/keytrail/server/workhours"
)

//go:generate go tool gqlgen generate

// Resolver holds the services that answer.
type Resolver struct {
	Access   *access.Service
	Persons  *people.Service
	Signin   *signin.Service
	Tokens   *tokens.Service
	Custody  *custody.Service
	Logbook  *logbook.Service
	Activity *activity.Service
	Sources  *programs.Service
	Ledger   *ledger.Ledger
	Info     ServerInfo
	Now      func() time.Time
	Alerts   *alerts.Service
	// AlertRules are those that admins make.
	AlertRules *alerts.CustomRules
	Review     *review.Service
	Walls      *walls.Service
	Mail       *mail.Service
	Keeping    *keeping.Service
	Archives   *keeping.Search
	Backups    *backup.Schedule
	Work       *workhours.Service
	Views      *savedviews.Service
	Exports    *exports.Service
	Privacy    *privacy.Service
	Webhooks   *webhooks.Service
}

// ServerInfo is what anybody may know of the server.
type ServerInfo struct {
	Version string
	// Zone is the display zone.
	Zone *time.Location
	// SampleAccounts are who may sign in to sample data; nil when the data are real.
	SampleAccounts []*model.SampleAccount
	// SignInProvider is the identity provider that people may sign in with; nil when there is none.
	SignInProvider *model.SignInProvider
	// SecureCookies has browsers send cookies over HTTPS only.
	SecureCookies bool
}

// Today gives the day in the display zone.
func (i *ServerInfo) Today(now time.Time) people.Date {
	return people.Date(now.In(i.Zone).Format(time.DateOnly))
}

// refreshActor looks again who is behind a socket, whose session may have ended since it was opened.
func (r *Resolver) refreshActor(ctx context.Context) (context.Context, error) {
	info := request.From(ctx)
	info.ID = request.NewID()
	if info.Actor != nil && !info.Actor.Token.IsZero() {
		_, err := r.Tokens.StillValid(ctx, info.Actor, false)
		return request.With(ctx, info), err
	}
	actor, err := r.Signin.ActorOf(ctx, info.Origin)
	info.Actor = actor
	return request.With(ctx, info), err
}

// stillValid asks for a feed whether the caller's session goes on, and who he is by now. What the feed sends from
// then on is resolved for him as he is now, with all that hangs on it.
func (r *Resolver) stillValid(ctx context.Context, changed bool) (*access.Actor, error) {
	return request.Recheck(r.Tokens.StillValid, r.become)(ctx, changed)
}

// become has the rest of a feed resolved for whoever has its session by now.
func (r *Resolver) become(ctx context.Context, actor *access.Actor, changed bool) (*access.Actor, error) {
	actor, err := r.Signin.StillValid(ctx, actor, changed)
	if err == nil {
		request.Become(ctx, actor)
	}
	return actor, err
}
