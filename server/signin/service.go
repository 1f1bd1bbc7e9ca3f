// Package signin lets people in: accounts, passwords, lockout and sessions. Every attempt, and every way that a
// session ends, is an entry of the ledger's auth stream.
package signin

import (
	"context"
	"log/slog"
	"time"

	"github.com/alexedwards/scs/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/lookup"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// Service signs people in and keeps their sessions. It is safe for concurrent use.
type Service struct {
	db       *mysql.DB
	seal     *seal.Service
	ledger   *ledger.Ledger
	access   *access.Service
	people   *people.Service
	config   Config
	now      func() time.Time
	log      *slog.Logger
	hasher   *hasher
	sessions *scs.SessionManager
	invalid  *invalidSessions
	// presented reads sessions by the hash of their token: a page of the app asks several things at once.
	presented *lookup.Shared[string, *presented]
	pace      *pace
	// checked remembers when sessions were last found valid.
	checked  *lru.Cache[id.ID, time.Time]
	checking singleflight.Group
	// noted remembers what was last written of a session's use, by the hash of its token.
	noted *lru.Cache[string, noted]
}

const checkedSessions = 10_000

// New makes the service. Run must be running for idle sessions to end.
func New(_ context.Context, db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, persons *people.Service,
	config Config, now func() time.Time, log *slog.Logger,
) (*Service, error) {
	config = config.withDefaults()
	checked, err := lru.New[id.ID, time.Time](checkedSessions)
	if err != nil {
		return nil, err
	}
	uses, err := lru.New[string, noted](checkedSessions)
	if err != nil {
		return nil, err
	}
	p, err := newPace()
	if err != nil {
		return nil, err
	}
	s := &Service{
		db: db, seal: sealer, ledger: l, access: acc, people: persons, config: config, now: now, log: log,
		hasher: newHasher(config), invalid: newInvalidSessions(), pace: p, checked: checked, noted: uses,
	}
	s.presented = lookup.New(s.readPresented)
	s.sessions = newSessionManager(s)
	return s, nil
}

// Sessions manages the sessions of requests: LoadAndSave keeps a session alive, Load only reads it.
func (s *Service) Sessions() *scs.SessionManager { return s.sessions }

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// concerning begins an entry about an account and its person.
func (s *Service) concerning(action string, account, person id.ID) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamAuth, Action: action, Person: person}
	d.Department, _ = s.people.DepartmentOf(person)
	if !account.IsZero() {
		d.Entity = ledger.Entity{Type: "account", ID: account.String()}
	}
	return d
}

func sessionRef(session id.ID) ledger.Ref {
	return ledger.Ref{Role: "session", Type: "session", ID: session.String()}
}
