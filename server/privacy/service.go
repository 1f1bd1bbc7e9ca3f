package privacy

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/webhooks"
	"github.com/keytrail/keytrail/server/workhours"
)

const (
	// maxText is the longest reason or note, in characters.
	maxText = 500
	// turnName is the row of the one server that finishes erasures.
	turnName = "privacy"

	entityRequest = "privacyRequest"
	fieldReason   = "reason"
)

// Parts are the services in which something of a person is kept.
type Parts struct {
	Ledger  *ledger.Ledger
	Access  *access.Service
	People  *people.Service
	Signin  *signin.Service
	Custody *custody.Service
	Work    *workhours.Service
	Logbook *logbook.Service
	Alerts  *alerts.Service
	Mail    *mail.Service
	Exports *exports.Service
	// Views are the filters that somebody keeps under names; nil where none are kept.
	Views *savedviews.Service
	// Webhooks knows who was sent something about somebody; nil where nobody is.
	Webhooks *webhooks.Service
	// Held reports whether a legal hold lies on somebody, who may not be erased then. It is asked of each id under which he
	// is on record. nil holds nobody.
	Held func(ctx context.Context, q mysql.Querier, person id.ID) (bool, error)
	// Programs gives what programs say that their records are for. nil when none can say.
	Programs func() []string
	// Reached is told of each step of completing erasures that was done. nil is told nothing; tests end the process there.
	Reached func(step string)
}

// Service answers for privacy. It is safe for concurrent use.
type Service struct {
	Parts
	db   *mysql.DB
	now  func() time.Time
	log  *slog.Logger
	wake chan struct{}
}

// New makes the service on a migrated database. Run must be running for erasures to be completed.
func New(db *mysql.DB, parts Parts, now func() time.Time, log *slog.Logger) *Service {
	if parts.Reached == nil {
		parts.Reached = func(string) {}
	}
	return &Service{Parts: parts, db: db, now: now, log: log, wake: make(chan struct{}, 1)}
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// mayManage demands the right to decide privacy requests, of everybody.
func (s *Service) mayManage(ctx context.Context, actor *access.Actor) error {
	scope, err := s.Access.Require(ctx, actor, access.PrivacyManage)
	if err == nil && scope != access.All {
		err = fault.New(fault.Forbidden, "Only somebody whose right %s reaches everybody can do this.", access.PrivacyManage)
	}
	return err
}

// prose gives a text trimmed, once it is known to fit.
func prose(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
		return "", fault.Field(field, "%s may have at most %d characters", field, maxText)
	}
	return text, nil
}
