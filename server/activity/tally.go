package activity

import (
	"context"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// tallyPause is how long counts wait in memory: what a process that is killed counted last is lost, and nothing else.
	tallyPause = time.Second
	tallyLast  = 5 * time.Second
	// MaxStatusDays bounds the days of a source's status.
	MaxStatusDays = 366

	addTally = "INSERT INTO activity_count (source, day, recorded, refused, last_at) VALUES (?, ?, ?, ?, ?)" +
		" ON DUPLICATE KEY UPDATE recorded = recorded + VALUES(recorded), refused = refused + VALUES(refused), last_at = GREATEST(last_at, VALUES(last_at))"
	selectTally = "SELECT day, recorded, refused, last_at FROM activity_count WHERE source = ? AND day >= ? ORDER BY day DESC"
)

// SourceStatus is what a source sent of late, as far as it is counted: up to a second ago.
type SourceStatus struct {
	Source            string
	Recorded, Refused uint64
	// LastAt is when it last sent something, nil when that was before the days asked for.
	LastAt *time.Time
	// Days are those on which it sent something, newest first.
	Days []*SourceDay
}

// SourceDay is what a source sent on a day in UTC.
type SourceDay struct {
	Day               time.Time `db:"day"`
	Recorded, Refused uint64
	LastAt            time.Time `db:"last_at"`
}

// Date gives the day as YYYY-MM-DD.
func (d *SourceDay) Date() string { return d.Day.Format(time.DateOnly) }

// tally gathers counts until they are stored. It is safe for concurrent use.
type tally struct {
	mu    sync.Mutex
	since map[tallyKey]tallied
}

type tallyKey struct {
	source string
	day    string
}

type tallied struct {
	recorded, refused int
	last              time.Time
}

func (t *tally) add(source string, at time.Time, recorded, refused int) {
	if recorded == 0 && refused == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := tallyKey{source, at.UTC().Format(time.DateOnly)}
	one := t.since[key]
	one.recorded, one.refused = one.recorded+recorded, one.refused+refused
	if at.After(one.last) {
		one.last = at
	}
	t.since[key] = one
}

// take gives what was gathered, and begins anew.
func (t *tally) take() map[tallyKey]tallied {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.since
	t.since = map[tallyKey]tallied{}
	return taken
}

// CountRefused counts what the actor sent and what was no event at all.
func (s *Service) CountRefused(actor *access.Actor, events int) {
	s.tally.add(actor.Source, s.now(), 0, events)
}

// Run stores the counts of what is sent each second until ctx ends, and then once more.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(tallyPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.StoreCounts(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), tallyLast)
			defer cancel()
			s.StoreCounts(last)
			return nil
		}
	}
}

// StoreCounts stores what was counted. What cannot be stored now is kept for the next time.
func (s *Service) StoreCounts(ctx context.Context) {
	for key, one := range s.tally.take() {
		if _, err := s.db.Exec(ctx, addTally, key.source, key.day, one.recorded, one.refused, one.last.UTC()); err != nil {
			s.tally.add(key.source, one.last, one.recorded, one.refused)
		}
	}
}

// Status gives what a source sent in the last days, today included; source "" is the caller's own. nil when he may not
// see all of what it reports.
func (s *Service) Status(ctx context.Context, actor *access.Actor, source string, days int) (*SourceStatus, error) {
	scope, err := s.access.Require(ctx, actor, access.LogsActionsView)
	if err != nil {
		return nil, err
	}
	if days < 1 || days > MaxStatusDays {
		return nil, fault.Field("days", "ask for 1 to %d days", MaxStatusDays)
	}
	if source == "" {
		source = actor.Source
	}
	if !ledger.IsSource(source) || scope != access.All && (scope != access.OwnSource || source != actor.Source) {
		return nil, nil
	}
	status := &SourceStatus{Source: source, Days: []*SourceDay{}}
	first := s.now().UTC().AddDate(0, 0, 1-days).Format(time.DateOnly)
	if err := s.db.Select(ctx, &status.Days, selectTally, source, first); err != nil {
		return nil, err
	}
	for _, d := range status.Days {
		status.Recorded, status.Refused = status.Recorded+d.Recorded, status.Refused+d.Refused
		if status.LastAt == nil {
			status.LastAt = &d.LastAt
		}
	}
	return status, nil
}
