package workhours

import (
	"context"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

// AtWork is somebody who works now.
type AtWork struct {
	PersonID id.ID
	// Since is when his uninterrupted work began, as far as it is computed.
	Since time.Time
	// LastReportAt is when one of his workstations last said so.
	LastReportAt time.Time
	Workstations int
	Unverified   bool
}

type atWorkRow struct {
	Person       id.ID     `db:"person"`
	First        time.Time `db:"first_at"`
	Last         time.Time `db:"last_at"`
	Workstations int       `db:"workstations"`
	Unverified   bool      `db:"unverified"`
}

// AtWork lists who works now, by person: those of whom a workstation's last report says so and still counts.
func (s *Service) AtWork(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*AtWork], error) {
	var none page.Page[*AtWork]
	whose, err := s.whose(ctx, actor, access.LogsWorkView, Filter{Person: f.Person, Department: f.Department})
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	now := s.moment()
	where := &mysql.Where{}
	where.And("working AND at > ? AND DATE_ADD(at, INTERVAL IF(every_seconds = 0, "+seconds(rules.Cap)+", 3 * every_seconds) SECOND) > ?", now.Add(-rules.Cap), now)
	order, err := byPerson(where, whose, w)
	if err != nil || whose.nobody() {
		return page.Cut(w, nil, (*AtWork).cursor), err
	}
	query, args, err := mysql.In("SELECT person, MIN(at) AS first_at, MAX(at) AS last_at, COUNT(*) AS workstations, MAX(unverified) AS unverified FROM work_last"+
		where.SQL()+" GROUP BY person"+order, where.Args(w.Limit+1)...)
	if err != nil {
		return none, err
	}
	var rows []atWorkRow
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return none, err
	}
	working, err := s.withSince(ctx, rows, now)
	return page.Cut(w, working, (*AtWork).cursor), err
}

func (a *AtWork) cursor() string { return page.Encode(a.PersonID[:]) }

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// withSince finds in what was computed when work began that still goes on: the last span that reaches a report which counts.
func (s *Service) withSince(ctx context.Context, rows []atWorkRow, now time.Time) ([]*AtWork, error) {
	working := make([]*AtWork, len(rows))
	at := make(map[id.ID]*AtWork, len(rows))
	var persons []id.ID
	for i, r := range rows {
		working[i] = &AtWork{PersonID: r.Person, Since: r.First, LastReportAt: r.Last, Workstations: r.Workstations, Unverified: r.Unverified}
		at[r.Person] = working[i]
		persons = append(persons, r.Person)
	}
	if len(persons) == 0 {
		return working, nil
	}
	query, args, err := mysql.In(selectDaySpans, sorted(persons), now.Add(-longestPiece), now)
	if err != nil {
		return nil, err
	}
	var pieces []personPiece
	if err := s.db.Select(ctx, &pieces, query, args...); err != nil {
		return nil, err
	}
	for _, p := range pieces {
		if one := at[p.Person]; !p.To.Before(one.Since) && p.Began.Before(one.Since) {
			one.Since = p.Began
		}
	}
	return working, nil
}
