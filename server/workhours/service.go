// Package workhours takes in who is at work, and computes hours from it: real work hours of 40 minutes, working time, and
// who is at work now. What reports mean is decided in package rules; everything else here is derived from the ledger.
package workhours

import (
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// SourceWorkstation is the source of reports that come without a token and of imported ones: people's external names
	// of this source say whose they are.
	SourceWorkstation = "workstation"
	// EntityWorkstation is the type of what a report is about. Its id is a keyed hash of the workstation's name.
	EntityWorkstation = "workstation"
	// FieldWorkstation is the sealed part with the workstation's name, and FieldReason that with a correction's reason.
	FieldWorkstation = "workstation"
	FieldReason      = "reason"
	// DetailInterval is how often the program repeats its state, in seconds, and DetailAssurance is set to Unverified
	// where nobody vouches for the report.
	DetailInterval  = "intervalSeconds"
	DetailAssurance = "assurance"
	Unverified      = "UNVERIFIED"
)

// Config says whether and how work is recorded.
type Config struct {
	// Zone is the display zone, by whose dates hours are counted.
	Zone *time.Location
	// Purpose is why work is recorded. While it is empty, nothing is.
	Purpose string
	// Networks are those from which reports without a token are taken.
	Networks []netip.Prefix
}

// Service records and computes work. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	seal   *seal.Service
	ledger *ledger.Ledger
	access *access.Service
	people *people.Service
	config Config
	pace   *pace
	turn   *turn.Turn
	now    func() time.Time
	log    *slog.Logger
	// counted is when this process last found or made its zone the one by whose dates hours are counted, nil before.
	counted atomic.Pointer[time.Time]
	// dropped counts reports that were answered and not kept.
	dropped atomic.Uint64
}

// New makes the service on a migrated database. Run must be running for what was reported to be read.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, persons *people.Service, c Config,
	now func() time.Time, log *slog.Logger,
) *Service {
	return &Service{
		db: db, seal: sealer, ledger: l, access: acc, people: persons, config: c, pace: newPace(), turn: turn.New(db, "hours"), now: now, log: log,
	}
}

// Purpose is why work is recorded, "" while it is not.
func (s *Service) Purpose() string { return s.config.Purpose }

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// requirePurpose refuses to take in anything before it was said why.
func (s *Service) requirePurpose() error {
	if s.config.Purpose != "" {
		return nil
	}
	return fault.New(fault.Forbidden, "Work is not recorded here: whoever runs keytrail must first state why, in KEYTRAIL_WORK_HOURS_PURPOSE.")
}
