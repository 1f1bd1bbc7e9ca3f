// Package keeping decides how long entries are kept: what the policies say, what a legal hold keeps in spite of them,
// what is archived before it is deleted, and how it is put back.
package keeping

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/turn"
)

// How often entries are deleted by themselves.
const (
	Daily  = "daily"
	Weekly = "weekly"
	Off    = "off"
)

// Config says when entries are deleted, and where archives lie.
type Config struct {
	// Archives is where archives lie.
	Archives objectstore.Store
	// Zone is where the hour of the night is.
	Zone *time.Location
	// Hour is when runs begin, 0 to 23, and Every how often: Daily, Weekly (on Mondays) or Off.
	Hour  int
	Every string
	// Grace is how long everything stays after it was recorded.
	Grace time.Duration
	// ArchiveEntries is the most entries of one archive; 0 means 50,000.
	ArchiveEntries uint64
	// Reached is told each step of a run once it is durable, so that tests can stop there; nil for nobody.
	Reached func(step string)
}

const defaultArchiveEntries = 50_000

// Service keeps what has to be kept and lets the rest go. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	seal   *seal.Service
	ledger *ledger.Ledger
	access *access.Service
	people *people.Service
	loans  *custody.Service
	config Config
	// retention opens the database with the account that prunes; its user closes it.
	retention func(ctx context.Context) (*mysql.DB, error)
	turn      *turn.Turn
	wake      chan struct{}
	sight     sight
	now       func() time.Time
	log       *slog.Logger
}

// New makes the service on a migrated database. Run must be running for anything to be deleted.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, persons *people.Service, loans *custody.Service,
	retention func(ctx context.Context) (*mysql.DB, error), c Config, now func() time.Time, log *slog.Logger,
) *Service {
	c.ArchiveEntries = cmp.Or(c.ArchiveEntries, defaultArchiveEntries)
	return &Service{
		db: db, seal: sealer, ledger: l, access: acc, people: persons, loans: loans, config: c, retention: retention,
		turn: turn.New(db, "retention"), wake: make(chan struct{}, 1), now: now, log: log,
	}
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func (s *Service) reached(step string) {
	if s.config.Reached != nil {
		s.config.Reached(step)
	}
}

const (
	// interval is how often it is looked whether a run waits or is due.
	interval = time.Minute
	// pauseAfterFailure is how long a run that cannot go on is left alone.
	pauseAfterFailure = 5 * time.Minute
)

// Run carries out what is due and what was asked for, until ctx ends. At its start it says when archives cannot be kept.
func (s *Service) Run(ctx context.Context) error {
	if err := s.config.Archives.Check(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("archives cannot be kept where they are to be, so nothing will be deleted until they can", "error", err)
	}
	for ctx.Err() == nil {
		next := interval
		if err := s.Tick(ctx, s.moment()); err != nil && ctx.Err() == nil {
			next = pauseAfterFailure
			s.log.Warn("entries whose time is over could not be deleted; it is tried again", "error", err, "nextAttemptIn", next)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
	return nil
}

// Tick asks for a run when one is due, and carries out the run that is not finished, while this server has the turn. Where
// there is none, it reads again an archive that was damaged.
func (s *Service) Tick(ctx context.Context, now time.Time) (err error) {
	mine, err := s.turn.Take(ctx, now)
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	if err := s.askWhenDue(ctx, now); err != nil {
		return err
	}
	run, err := s.unfinished(ctx, s.db)
	switch {
	case err != nil:
		return err
	case run == nil:
		return s.verifyAgain(ctx, now)
	}
	return s.carryOut(ctx, run)
}

func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
