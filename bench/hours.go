package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

const (
	hoursClients = 4
	hoursSpan    = 4 * time.Second
	// hoursNew is how many reports each workstation adds in a run: 100,000 of 2,000.
	hoursNew = 50
)

// hours is W11: 2,000 workstations with a month of reports behind them. 100,000 new ones are recorded and computed, three
// times; then departments' months are asked for.
func hours(ctx context.Context) error {
	s, err := openHours(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	var stored int
	if err := s.db.Get(ctx, &stored, "SELECT COUNT(*) FROM work_report"); err != nil {
		return err
	}
	fmt.Printf("%d reports of %d persons are there.\n\n", stored, s.workstations+len(s.groups)*len(s.groups[0].workers))
	if err := s.measureNew(ctx); err != nil {
		return err
	}
	if err := s.measureMonths(ctx); err != nil {
		return err
	}
	return s.measureFlat(ctx)
}

// measureNew records new days in turn with the floor, and computes them.
func (s *hoursStore) measureNew(ctx context.Context) error {
	contenders := []contender{{name: "keytrail: reports in calls of 500"}, {name: "floor: multi-row INSERT of 500"}}
	results := map[string][]sample{}
	var computed []string
	for n := range runs {
		reports := newDay(s.workers, hoursDay(hoursBegin+n), hoursNew)
		for i, record := range []func(context.Context, []*workhours.ReportInput) error{s.record, s.insertFloor} {
			taken, err := s.ingest(ctx, reports, record)
			if err != nil {
				return fmt.Errorf("%s: %w", contenders[i].name, err)
			}
			results[contenders[i].name] = append(results[contenders[i].name], taken)
		}
		line, err := s.computeNew(ctx, len(reports))
		if err != nil {
			return err
		}
		computed = append(computed, line)
	}
	table(contenders, results)
	fmt.Printf("\nFor %d new reports:\n\n| read from the ledger | computed | person-days | CPU of computing |\n| ---: | ---: | ---: | ---: |\n%s\n",
		s.workstations*hoursNew, strings.Join(computed, "\n"))
	return nil
}

func (s *hoursStore) ingest(ctx context.Context, reports []*workhours.ReportInput, record func(context.Context, []*workhours.ReportInput) error) (sample, error) {
	requests := slices.Collect(slices.Chunk(reports, workhours.MaxReports))
	latencies := make([]time.Duration, len(requests))
	var next atomic.Int64
	clients, within := errgroup.WithContext(ctx)
	meter, begin := newCPUMeter(s.private.Pid()), time.Now()
	for range hoursClients {
		clients.Go(func() error {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(requests) {
					return nil
				}
				start := time.Now()
				if err := record(within, requests[n]); err != nil {
					return err
				}
				latencies[n] = time.Since(start)
			}
		})
	}
	if err := clients.Wait(); err != nil {
		return sample{}, err
	}
	return sampleOf(latencies, time.Since(begin), workhours.MaxReports, meter), nil
}

// insertFloor stores reports with one INSERT that commits by itself.
func (s *hoursStore) insertFloor(ctx context.Context, reports []*workhours.ReportInput) error {
	const one = "(?,?,?,?,?)"
	args := make([]any, 0, 5*len(reports))
	for _, r := range reports {
		args = append(args, r.User, r.State, *r.At, r.Workstation, r.EventID)
	}
	_, err := s.owner.Exec(ctx, "INSERT INTO floor_report (user, state, ts, workstation, event_id) VALUES "+strings.Repeat(one+",", len(reports)-1)+one, args...)
	return err
}

// computeNew computes what was recorded, and tells how long its parts took.
func (s *hoursStore) computeNew(ctx context.Context, reports int) (string, error) {
	begin := time.Now()
	if err := s.hours.CatchUp(ctx, nil); err != nil {
		return "", err
	}
	meter, read := newCPUMeter(s.private.Pid()), time.Now()
	days, err := s.hours.Process(ctx, nil, nil)
	if err != nil {
		return "", err
	}
	took := time.Since(read)
	own, database := meter.per(1)
	return fmt.Sprintf("| %.2f s | %.2f s | %d | %.2f + %.2f s |", read.Sub(begin).Seconds(), took.Seconds(), days, own.Seconds(), database.Seconds()), nil
}

// measureMonths asks for the month of random departments, a hundred persons each, by day and added up.
func (s *hoursStore) measureMonths(ctx context.Context) error {
	contenders := []contender{
		{"a department's month, added up", []int{s.private.Pid()}, s.monthOf(workhours.ByMonth)},
		{"a department's month, by day, a page", []int{s.private.Pid()}, s.monthOf(workhours.ByDay)},
	}
	results, err := run(ctx, hoursClients, hoursSpan, contenders)
	if err != nil {
		return err
	}
	fmt.Println()
	table(contenders, results)
	for _, c := range contenders {
		m, _, _ := median(results[c.name])
		fmt.Printf("\n%s: p50 %.1f ms", c.name, float64(m.p50.Microseconds())/1000)
	}
	fmt.Println()
	return nil
}

func (s *hoursStore) monthOf(by workhours.Period) func(context.Context, int, int) error {
	from := people.Date(hoursDay(hoursBegin - hoursDays).Format(time.DateOnly))
	to := people.Date(hoursDay(hoursBegin).Format(time.DateOnly))
	return func(ctx context.Context, _, _ int) error {
		f := workhours.Filter{From: from, To: to, Department: s.departments[rand.IntN(len(s.departments))]}
		_, err := s.hours.Hours(ctx, access.System(), f, by, nil, "")
		return err
	}
}

// measureFlat computes one more day of persons whose histories differ in length.
func (s *hoursStore) measureFlat(ctx context.Context) error {
	fmt.Printf("\n| days of history | µs a person-day | CPU µs |\n| ---: | ---: | ---: |\n")
	for n := range runs {
		for _, g := range s.groups {
			for some := range slices.Chunk(newDay(g.workers, hoursDay(hoursBegin+n), hoursNew), workhours.MaxReports) {
				if err := s.record(ctx, some); err != nil {
					return err
				}
			}
			if err := s.hours.CatchUp(ctx, nil); err != nil {
				return err
			}
			meter, begin := newCPUMeter(s.private.Pid()), time.Now()
			if _, err := s.hours.Process(ctx, nil, nil); err != nil {
				return err
			}
			took := time.Since(begin) / time.Duration(len(g.workers))
			own, database := meter.per(len(g.workers))
			fmt.Printf("| %d | %d | %d + %d |\n", g.days, took.Microseconds(), own.Microseconds(), database.Microseconds())
		}
	}
	return nil
}
