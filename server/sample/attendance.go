package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/workhours"
)

// WorkPurpose is why the sample organisation records who works when.
const WorkPurpose = "To account for overtime (sample)."

const (
	attendanceDays = 45
	laboratories   = "Laboratories"
	guards         = "Security"
	turns          = 3
	// missed is how far back a trickle reports what happened while it did not run.
	missed = 12 * time.Hour
)

// presence is what a workstation says: somebody works from then on, or does so no more.
type presence struct {
	person  int
	at      time.Time
	working bool
}

// attendance gives what workstations say from a moment on and before another. It depends on the days alone, so that a trickle
// goes on where loading ended.
func (p *plan) attendance(from, to time.Time, zone *time.Location) []presence {
	var all []presence
	first := midnightOf(from, zone).AddDate(0, 0, -1) // whose night ends on the next
	for day := first; day.Before(to); day = day.AddDate(0, 0, 1) {
		for person, who := range p.people {
			if !who.visitor {
				all = append(all, p.attend(person, day)...)
			}
		}
	}
	all = slices.DeleteFunc(all, func(one presence) bool { return one.at.Before(from) || !one.at.Before(to) })
	slices.SortStableFunc(all, func(a, b presence) int { return a.at.Compare(b.at) })
	return all
}

// attend gives one person's day: guards watch in turns at all hours, and others work in the daytime.
func (p *plan) attend(person int, day time.Time) []presence {
	number := civilDay(day)
	random := rand.New(rand.NewPCG(seed+uint64(person), uint64(number)))
	department := p.people[person].department
	switch {
	case department == guards:
		post := person / len(departmentNames())
		return watch(random, person, (number+post)%turns, time.Duration(post/turns)*2*time.Hour, day)
	case department == supporters, department == laboratories, hasAccount(person):
		return officeDay(random, person, day)
	}
	return nil
}

func hasAccount(person int) bool {
	return slices.ContainsFunc(accounts(), func(a Account) bool { return a.person == person })
}

// officeDay is a working day with a break for lunch; nil where somebody is away.
func officeDay(random *rand.Rand, person int, day time.Time) []presence {
	if random.Float64() > 0.95*busyness(day) {
		return nil
	}
	begin := clock(day, 7).Add(between(random, 25, 130))
	lunch := clock(day, 12).Add(between(random, -15, 55))
	return []presence{
		{person, begin, true},
		{person, lunch, false},
		{person, lunch.Add(between(random, 22, 58)), true},
		{person, begin.Add(between(random, 7*60+50, 10*60)), false},
	}
}

// watch is a guard's turn, with two breaks: a day, the next night, and a day off. Two watch at once, whose breaks differ.
func watch(random *rand.Rand, person, turn int, shift time.Duration, day time.Time) []presence {
	begin := clock(day, 7)
	switch turn {
	case 0:
	case 1:
		begin = clock(day, 19)
	default:
		return nil
	}
	end := begin.Add(12 * time.Hour)
	all := []presence{{person, begin.Add(between(random, -12, 3)), true}}
	for _, after := range []time.Duration{3 * time.Hour, 7 * time.Hour} {
		pause := begin.Add(after + shift + between(random, -30, 30))
		all = append(all, presence{person, pause, false}, presence{person, pause.Add(between(random, 14, 28)), true})
	}
	return append(all, presence{person, end.Add(between(random, -3, 9)), false})
}

// between is a random time of whole seconds that is at least some minutes long and shorter than others.
func between(random *rand.Rand, least, most int) time.Duration {
	return time.Duration(least)*time.Minute + time.Duration(random.IntN((most-least)*60))*time.Second
}

// loadAttendance reports who worked when, has a manager correct one evening, and computes hours, which are otherwise first
// computed a quarter of an hour later.
func (l *loading) loadAttendance(ctx context.Context) error {
	now := l.Now()
	if err := report(ctx, l.Work, l.plan, l.plan.attendance(midnightOf(now, l.zone).AddDate(0, 0, -attendanceDays), now, l.zone)); err != nil {
		return err
	}
	evening := midnightOf(now, l.zone).AddDate(0, 0, -1)
	for quiet(evening) {
		evening = evening.AddDate(0, 0, -1)
	}
	manager := &access.Actor{
		Person: l.persons[anEngineer].ID, Department: l.persons[anEngineer].Department, Roles: []string{"manager"}, Source: ledger.SourceKeytrail,
	}
	if _, err := l.Work.Correct(ctx, manager, workhours.CorrectInput{
		Person: l.persons[aMember].ID, From: clock(evening, 19), To: clock(evening, 21), Working: true, Reason: "A measurement that could not be interrupted",
	}); err != nil {
		return err
	}
	_, err := l.Work.Process(ctx, nil, nil)
	return err
}

// report has workstations report. What was reported before is not recorded again.
func report(ctx context.Context, work *workhours.Service, p *plan, said []presence) error {
	workstations := &access.Actor{Source: workhours.SourceWorkstation, Roles: []string{access.RoleIntegrator}}
	reports := make([]*workhours.ReportInput, len(said))
	for i, one := range said {
		state := workhours.Stopped
		if one.working {
			state = workhours.Working
		}
		reports[i] = &workhours.ReportInput{
			EventID: fmt.Sprintf("sample-%d-%d", one.person, one.at.Unix()), User: p.people[one.person].windowsUser(), State: state,
			At: &one.at, Workstation: fmt.Sprintf("DIT-%04d", 100+one.person),
		}
	}
	for batch := range slices.Chunk(reports, workhours.MaxReports) {
		if _, err := work.Report(ctx, workstations, batch, true); err != nil {
			return err
		}
	}
	return nil
}
