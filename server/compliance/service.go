package compliance

import (
	"context"
	"encoding/base64"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/tokens"
)

const (
	// List is the name under which reports are on record as exports.
	List = "compliance"
	// MaxRows bounds each list of a report but that of who has which role.
	MaxRows = 5000
	// MaxHeld bounds the list of who has which role.
	MaxHeld = 50_000
	// maxArchives bounds the archives that a report names of all its runs together.
	maxArchives = 20_000
	// atOnce is how many reports a process makes at a time: each is in memory until it is sent.
	atOnce = 2
)

// Parts are what reports are made from.
type Parts struct {
	Ledger  *ledger.Ledger
	Access  *access.Service
	People  *people.Service
	Tokens  *tokens.Service
	Keeping *keeping.Service
	Alerts  *alerts.Service
}

// Service makes reports. It is safe for concurrent use.
type Service struct {
	Parts
	db       *mysql.DB
	zone     *time.Location
	now      func() time.Time
	turns    chan struct{}
	rows     int
	everRows int
}

// New makes the service on a migrated database. Days are those of the zone.
func New(db *mysql.DB, parts Parts, zone *time.Location, now func() time.Time) *Service {
	return &Service{Parts: parts, db: db, zone: zone, now: now, turns: make(chan struct{}, atOnce), rows: MaxRows, everRows: maxEver}
}

// needed are the rights that a report asks for, each of everybody: it tells what keytrail itself did, who signed in, and
// who everybody is.
func needed() []access.Permission {
	return []access.Permission{access.LogsExport, access.LogsSystemView, access.LogsAuthView, access.LogsPersonalView}
}

// Allow refuses whoever may not make reports: UNAUTHENTICATED for nobody, FORBIDDEN for a missing right or one that does
// not reach everybody.
func (s *Service) Allow(ctx context.Context, actor *access.Actor) error {
	for _, p := range needed() {
		scope, err := s.Access.Require(ctx, actor, p)
		if err != nil {
			return err
		}
		if scope != access.All {
			return fault.New(fault.Forbidden, "Only somebody whose right %s reaches everybody can do this.", p).With("permission", string(p))
		}
	}
	return nil
}

// Order is a report that somebody asks for.
type Order struct {
	// Format is how it is written, for the record, and Language that of what is said of people who may not be named.
	Format   string
	Language language.Tag
	// From and To are the first and the last day, as 2026-01-31.
	From, To string
}

// Make reports on the days from the one date to the other, both in it, as of now. It is on record (log.exported) before
// anything is read. The errors are those of Allow and NewPeriod; UNAVAILABLE while too many reports are made. done is to be
// called once the report is sent: until then it takes one of the places.
func (s *Service) Make(ctx context.Context, actor *access.Actor, o Order) (made *Report, done func(), err error) {
	if err := s.Allow(ctx, actor); err != nil {
		return nil, nil, err
	}
	period, err := NewPeriod(o.From, o.To, s.zone, s.now())
	if err != nil {
		return nil, nil, err
	}
	select {
	case s.turns <- struct{}{}:
	default:
		return nil, nil, fault.New(fault.Unavailable, "Other reports are being made. Try again in a minute.")
	}
	leave := func() { <-s.turns }
	if made, err = s.make(ctx, actor, &o, period); err != nil {
		leave()
		return nil, nil, err
	}
	return made, leave, nil
}

func (s *Service) make(ctx context.Context, actor *access.Actor, o *Order, period Period) (r *Report, err error) {
	r = &Report{Version: Version, Period: period, Cut: []string{}}
	if r.Made, err = s.record(ctx, actor, o, period); err != nil {
		return nil, err
	}
	if err := s.db.Snapshot(ctx, func(ctx context.Context, q mysql.Querier) error {
		return (&reading{Service: s, q: q, actor: actor, in: o.Language, report: r}).all(ctx)
	}); err != nil {
		return nil, err
	}
	return r, s.seal(ctx, r)
}

// record says that the actor takes the report out.
func (s *Service) record(ctx context.Context, actor *access.Actor, o *Order, p Period) (Made, error) {
	now := s.now().UTC().Truncate(time.Microsecond)
	d := actor.Draft(ledger.StreamSystem, ledger.LogExported, now)
	d.Entity = ledger.Entity{Type: custody.EntityList, ID: List, Label: List}
	d.Details = map[string]any{"format": o.Format, "from": p.From, "to": p.To}
	var recorded []ledger.Entry
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		recorded, err = s.Ledger.Append(ctx, tx, d)
		return err
	})
	if err != nil {
		return Made{}, err
	}
	r := &reading{Service: s, actor: actor, in: o.Language}
	return Made{At: now, By: r.by(&recorded[0]), Entry: recorded[0].Seq}, nil
}

// seal ties a report to the ledger once what it was made from is on disk.
func (s *Service) seal(ctx context.Context, r *Report) error {
	if err := s.Ledger.AwaitDurable(ctx, r.Ledger.Entries); err != nil {
		return err
	}
	c, err := s.Ledger.Checkpoint(ctx)
	if err != nil {
		return err
	}
	r.Organisation = c.Origin
	r.Ledger.VerifierKey = c.VerifierKey
	r.Ledger.Checkpoint = Checkpoint{
		Origin: c.Origin, Size: c.Size, Root: base64.StdEncoding.EncodeToString(c.Root[:]), SignedAt: c.SignedAt, Note: c.Note,
	}
	return nil
}
