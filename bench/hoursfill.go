package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

const (
	hoursDepartments = 20
	hoursDays        = 30
	// hoursADay is how many reports a workstation sends a day: 5,040,000 of 2,000 in the month.
	hoursADay = 84
	// hoursFrom is when everybody begins, by UTC; he works for about 8 hours.
	hoursFrom = 6 * time.Hour
	// hoursGroup is how many persons have a history of one length.
	hoursGroup = 100
	// hoursBegin is the first day, from today, of what is new; the history ends before it.
	hoursBegin = -20
)

// hoursStore is a month of reports of workstations, and the floor's table beside them.
type hoursStore struct {
	*store
	hours       *workhours.Service
	departments []id.ID
	// workers have a month behind them; groups have as many days as they say.
	workers      []worker
	groups       []group
	workstations int
	actor        *access.Actor
}

type worker struct {
	person id.ID
	user   string
}

// group is persons whose history has a length, in days.
type group struct {
	days    int
	workers []worker
}

func openHours(ctx context.Context) (*hoursStore, error) {
	base, err := openStore(ctx)
	if err != nil {
		return nil, err
	}
	s := &hoursStore{store: base, workstations: 2_000, actor: &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "desks"}}
	if n, err := strconv.Atoi(os.Getenv("KEYTRAIL_BENCH_WORKSTATIONS")); err == nil && n >= hoursDepartments {
		s.workstations = n
	}
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *hoursStore) prepare(ctx context.Context) error {
	acc, err := access.New(ctx, s.db, s.ledger, time.Now, s.log)
	if err != nil {
		return err
	}
	persons, err := people.New(ctx, s.db, s.sealer, s.ledger, acc, time.Now, s.log)
	if err != nil {
		return err
	}
	s.hours = workhours.New(s.db, s.sealer, s.ledger, acc, persons, workhours.Config{Zone: time.UTC, Purpose: "bench"}, time.Now, s.log)
	if s.workers, err = s.employ(ctx, persons, "worker", s.workstations); err != nil {
		return err
	}
	for _, days := range []int{1, 10, hoursDays} {
		workers, err := s.employ(ctx, persons, fmt.Sprintf("group%d-", days), min(hoursGroup, s.workstations))
		if err != nil {
			return err
		}
		s.groups = append(s.groups, group{days, workers})
	}
	return s.fill(ctx)
}

// employ makes persons with a user name each, spread over the departments.
func (s *hoursStore) employ(ctx context.Context, persons *people.Service, prefix string, count int) ([]worker, error) {
	workers := make([]worker, count)
	made := make([]id.ID, count)
	making, ctx := errgroup.WithContext(ctx)
	making.SetLimit(4)
	for n := range workers {
		making.Go(func() error {
			user := fmt.Sprint(prefix, n)
			p, err := persons.Create(ctx, access.System(), people.CreateInput{
				Name: user, Department: fmt.Sprint("Department ", n%hoursDepartments), ExternalNames: []people.ExternalName{{Source: s.actor.Source, Name: user}},
			})
			if err == nil {
				workers[n], made[n] = worker{p.ID, user}, p.Department
			}
			return err
		})
	}
	if err := making.Wait(); err != nil {
		return nil, err
	}
	if s.departments == nil {
		s.departments = slices.Compact(slices.SortedFunc(slices.Values(made), func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) }))
	}
	return workers, nil
}

const (
	// fillReports makes reports of a person as the ledger's reader stores them; MariaDB's sequences count them.
	fillReports = "INSERT INTO work_report (subject, at, seq, workstation, working, every_seconds, unverified)" +
		" SELECT ?, ? + INTERVAL (seq DIV ?) DAY + INTERVAL (seq MOD ?) * ? SECOND, 0, REPEAT('w', 16), (seq MOD ?) < ? - 1, ?, 0 FROM seq_0_to_%d"
	fillPersons = "INSERT INTO work_person (person, first_at, last_at) SELECT subject, MIN(at), MAX(at) FROM work_report GROUP BY subject"
	fillFloor   = "CREATE TABLE floor_report (seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user VARCHAR(128) NOT NULL," +
		" state VARCHAR(10) NOT NULL, ts DATETIME(6) NOT NULL, workstation VARCHAR(128) NOT NULL, event_id CHAR(36) NOT NULL, KEY user_time (user, ts)) ENGINE=InnoDB"
)

// fill puts the history into the table that the ledger's reader fills: the ledger itself would take hours for it.
func (s *hoursStore) fill(ctx context.Context) error {
	owner, err := s.ownerDB(ctx)
	if err != nil {
		return err
	}
	if _, err := owner.Exec(ctx, fillFloor); err != nil {
		return err
	}
	all := append([]group{{hoursDays, s.workers}}, s.groups...)
	for _, g := range all {
		for _, w := range g.workers {
			if err := s.fillOne(ctx, owner, w, g.days); err != nil {
				return err
			}
		}
	}
	if _, err := owner.Exec(ctx, fillPersons); err != nil {
		return err
	}
	meter, begin := newCPUMeter(s.private.Pid()), time.Now()
	days, err := s.hours.ProcessAll(ctx, nil, nil)
	if err != nil {
		return err
	}
	own, database := meter.per(days)
	fmt.Printf("All of the history computed: %d person-days in %.1f s, CPU µs of each %d + %d.\n", days, time.Since(begin).Seconds(), own.Microseconds(), database.Microseconds())
	return nil
}

func (s *hoursStore) fillOne(ctx context.Context, owner *mysql.DB, w worker, days int) error {
	const perDay = hoursADay
	every := int((8 * time.Hour).Seconds()) / perDay
	from := hoursDay(hoursBegin - days).Add(hoursFrom)
	_, err := owner.Exec(ctx, fmt.Sprintf(fillReports, days*perDay-1), w.person, from, perDay, perDay, every, perDay, perDay, every)
	return err
}

// hoursDay is midnight UTC so many days from today.
func hoursDay(days int) time.Time {
	return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, days)
}

// newDay gives a day's reports of workers: so many of each, the last of which says that he stopped.
func newDay(workers []worker, day time.Time, each int) []*workhours.ReportInput {
	every := 8 * time.Hour / time.Duration(each)
	reports := make([]*workhours.ReportInput, 0, len(workers)*each)
	for n := range each {
		at, state := day.Add(hoursFrom+time.Duration(n)*every), workhours.Working
		if n == each-1 {
			state = workhours.Stopped
		}
		for _, w := range workers {
			reports = append(reports, &workhours.ReportInput{
				EventID: id.New().String(), User: w.user, State: state, At: &at, Workstation: "PC-" + w.user, IntervalSeconds: int(every.Seconds()),
			})
		}
	}
	return reports
}

func (s *hoursStore) record(ctx context.Context, reports []*workhours.ReportInput) error {
	_, err := s.hours.Report(ctx, s.actor, reports, false)
	return err
}
