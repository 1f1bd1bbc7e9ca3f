// Package logbook is the read side of the record: lists of entries, live feeds, and the calendar.
//
// Every stream goes through the same four things: one filter (filter.go, compiled to SQL in compile.go), one rule
// of scope (scope.go), one mask (mask.go), and one place that records who looked (viewed.go).
package logbook

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	recheckInterval  = time.Second
	calendarInterval = 250 * time.Millisecond
	feedPatience     = 10 * time.Second
	cachedZones      = 64
)

// Service reads the ledger for people who may. It is safe for concurrent use.
type Service struct {
	db      *mysql.DB
	seal    *seal.Service
	ledger  *ledger.Ledger
	access  *access.Service
	custody *custody.Service
	people  *people.Service
	// display is the zone of calendars for which none is named.
	display *time.Location
	now     func() time.Time
	zones   *lru.Cache[string, *time.Location]
	views   *views
	// recheck is how often a feed that is idle asks anew whether it may go on, and coalesce the least time
	// between two calendars of one feed.
	recheck, coalesce time.Duration
	// patience is how long a feed that kept up once may lag behind what the ledger holds in memory.
	patience time.Duration
}

// New makes the service on a migrated database. display is the zone of calendars for which none is named.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, keys *custody.Service, persons *people.Service,
	display *time.Location, now func() time.Time,
) (*Service, error) {
	zones, err := lru.New[string, *time.Location](cachedZones)
	if err != nil {
		return nil, err
	}
	seen, err := newViews()
	if err != nil {
		return nil, err
	}
	return &Service{
		db: db, seal: sealer, ledger: l, access: acc, custody: keys, people: persons, display: display, now: now, zones: zones, views: seen,
		recheck: recheckInterval, coalesce: calendarInterval, patience: feedPatience,
	}, nil
}
