package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/workhours"
)

// The programs of the organisation that record what people do in them.
const (
	helpdesk = "helpdesk"
	assets   = "assets"

	programDays   = 30
	ticketsPerDay = 6
	movesPerDay   = 4
	supporters    = "IT"
)

// deed is something that somebody did in a program.
type deed struct {
	program, action, entityType, entity, label string
	by                                         int // index into the plan's people
	at                                         time.Time
	before, after                              map[string]any
	objects                                    []string
	outcome                                    ledger.Outcome
	address                                    string
}

// workInPrograms has people report faults and others mend them, things be moved and counted, for a month.
func (p *plan) workInPrograms(random *rand.Rand, now time.Time, zone *time.Location) {
	today := midnightOf(now, zone)
	for day := today.AddDate(0, 0, -programDays); day.Before(now); day = day.AddDate(0, 0, 1) {
		for range int(float64(ticketsPerDay)*busyness(day) + random.Float64()) {
			p.deeds = append(p.deeds, p.ticket(random, len(p.deeds), workTime(random, day))...)
		}
		for range int(float64(movesPerDay)*busyness(day) + random.Float64()) {
			p.deeds = append(p.deeds, p.assetMoved(random, workTime(random, day)))
		}
		if day.Weekday() == time.Friday {
			p.deeds = append(p.deeds, p.stocktaking(random, workTime(random, day)), p.refusedExport(random, workTime(random, day)))
		}
	}
	p.deeds = slices.DeleteFunc(p.deeds, func(d deed) bool { return !d.at.Before(now) })
	slices.SortStableFunc(p.deeds, func(a, b deed) int { return a.at.Compare(b.at) })
}

func workTime(random *rand.Rand, day time.Time) time.Time {
	return day.Add(8*time.Hour + time.Duration(random.IntN(8*3600))*time.Second)
}

// ticket is a fault from its report to its end.
func (p *plan) ticket(random *rand.Rand, number int, at time.Time) []deed {
	fault := faults()[random.IntN(len(faults()))]
	room := p.keys[random.IntN(len(p.keys))]
	supporter := p.someone(random, supporters)
	one := deed{
		program: helpdesk, entityType: "ticket", entity: fmt.Sprintf("T-%04d", 2000+number), label: fault[0] + ", " + room.label,
		address: fmt.Sprintf("10.20.4.%d", 10+random.IntN(80)),
	}
	opened, assigned, closed := one, one, one
	opened.action, opened.by, opened.at = "ticket.opened", p.someone(random, ""), at
	opened.after = map[string]any{"status": "open", "priority": []any{"low", "normal", "high"}[random.IntN(3)], "room": room.room, "text": fault[0]}
	assigned.action, assigned.by, assigned.at = "ticket.assigned", supporter, at.Add(time.Duration(5+random.IntN(40))*time.Minute)
	assigned.before, assigned.after = map[string]any{"status": "open", "assignee": nil}, map[string]any{"status": "assigned", "assignee": p.people[supporter].name}
	closed.action, closed.by, closed.at = "ticket.closed", supporter, assigned.at.Add(time.Duration(20+random.IntN(300))*time.Minute)
	closed.before, closed.after = map[string]any{"status": "assigned"}, map[string]any{"status": "closed", "solution": fault[1]}
	return []deed{opened, assigned, closed}
}

func (p *plan) assetMoved(random *rand.Rand, at time.Time) deed {
	kind := assetKinds()[random.IntN(len(assetKinds()))]
	from := random.IntN(len(p.keys))
	to := (from + 1 + random.IntN(len(p.keys)-1)) % len(p.keys)
	number := fmt.Sprintf("A-%05d", 10_000+random.IntN(400))
	return deed{
		program: assets, action: "asset.moved", entityType: "asset", entity: number, label: kind + " " + number, by: p.someone(random, ""), at: at,
		before: map[string]any{"room": p.keys[from].room}, after: map[string]any{"room": p.keys[to].room}, address: fmt.Sprintf("10.20.7.%d", 10+random.IntN(80)),
	}
}

// stocktaking is a bulk change: all that stands in a room was counted.
func (p *plan) stocktaking(random *rand.Rand, at time.Time) deed {
	room := p.keys[random.IntN(len(p.keys))]
	d := deed{
		program: assets, action: "assets.counted", entityType: "room", entity: room.room, label: room.label, by: p.someone(random, ""), at: at,
		after: map[string]any{"room": room.room, "missing": random.IntN(2)}, address: "10.20.7.15",
	}
	for range 6 + random.IntN(12) {
		d.objects = append(d.objects, fmt.Sprintf("A-%05d", 10_000+random.IntN(400)))
	}
	slices.Sort(d.objects)
	d.objects = slices.Compact(d.objects)
	return d
}

func (p *plan) refusedExport(random *rand.Rand, at time.Time) deed {
	return deed{
		program: assets, action: "assets.exported", entityType: "list", entity: "all", label: "All assets", by: p.someone(random, ""), at: at,
		outcome: ledger.Denied, address: fmt.Sprintf("10.20.7.%d", 10+random.IntN(80)),
	}
}

// someone is one of the staff of a department, of all where it is "".
func (p *plan) someone(random *rand.Rand, department string) int {
	for {
		one := random.IntN(len(p.people))
		if who := p.people[one]; !who.visitor && (department == "" || who.department == department) {
			return one
		}
	}
}

// login is what programs call somebody.
func (p person) login() string {
	name, _, _ := strings.Cut(p.email, "@")
	return name
}

// windowsUser is what workstations call somebody.
func (p person) windowsUser() string { return `DIT\` + p.login() }

// externalNames are those by which the programs' people are the same as the organisation's.
func (p person) externalNames() []people.ExternalName {
	if p.visitor {
		return nil
	}
	return []people.ExternalName{
		{Source: assets, Name: p.login()}, {Source: helpdesk, Name: p.login()}, {Source: workhours.SourceWorkstation, Name: p.windowsUser()},
	}
}

// loadPrograms declares the programs, and has them record what was done in them.
func (l *loading) loadPrograms(ctx context.Context) error {
	for _, one := range declared() {
		if _, err := l.Programs.Declare(ctx, access.System(), one); err != nil {
			return err
		}
	}
	for _, program := range []string{helpdesk, assets} {
		var events []*activity.Input
		for i, d := range l.plan.deeds {
			if d.program == program {
				in := eventOf(d, l.plan.people[d.by])
				in.EventID = fmt.Sprintf("sample-%d", i)
				events = append(events, in)
			}
		}
		for batch := range slices.Chunk(events, activity.MaxEvents) {
			if _, err := l.Activity.Record(ctx, programActor(program), batch, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func programActor(source string) *access.Actor {
	return &access.Actor{Source: source, Roles: []string{access.RoleIntegrator}}
}

// eventOf is a deed as its program records it, but for its own name of the event.
func eventOf(d deed, by person) *activity.Input {
	in := &activity.Input{
		Action: d.action, EntityType: d.entityType, Entity: d.entity, EntityLabel: d.label,
		Module: strings.ToUpper(d.program[:1]) + d.program[1:], OccurredAt: &d.at, IP: d.address, UserAgent: userAgents()[d.by%len(userAgents())],
		Outcome: d.outcome, Actor: &activity.Who{ExternalID: by.login(), Name: by.name},
	}
	if d.before != nil {
		in.Before = d.before
	}
	if d.after != nil {
		in.After = d.after
	}
	for _, object := range d.objects {
		in.Objects = append(in.Objects, &activity.Object{Type: "asset", ID: object})
	}
	return in
}

// declared is what the programs say of themselves: what is not personal, and what their actions are called.
func declared() []programs.Input {
	text := func(s string) *string { return &s }
	return []programs.Input{
		{
			Name: text(helpdesk), Purpose: text("To see who mended what, and when."),
			Plain: []*programs.Field{{Path: "/status"}, {Path: "/priority"}, {Path: "/room"}},
			Words: []*programs.Word{
				{Action: "ticket.opened", English: "Ticket opened", Latvian: "Pieteikums atvērts"},
				{Action: "ticket.assigned", English: "Ticket assigned", Latvian: "Pieteikums piešķirts"},
				{Action: "ticket.closed", English: "Ticket closed", Latvian: "Pieteikums slēgts"},
			},
		},
		{
			Name: text(assets), Purpose: text("To find things that were moved."), Plain: []*programs.Field{{Path: "/room"}, {Path: "/missing"}},
			Words: []*programs.Word{
				{Action: "asset.moved", English: "Asset moved", Latvian: "Pamatlīdzeklis pārvietots"},
				{Action: "assets.counted", English: "Assets counted", Latvian: "Pamatlīdzekļi saskaitīti"},
				{Action: "assets.exported", English: "Assets exported", Latvian: "Pamatlīdzekļi eksportēti"},
			},
		},
	}
}

// faults are what is reported and how it ends.
func faults() [][2]string {
	return [][2]string{
		{"Projector shows no picture", "Cable replaced"}, {"No network", "Switch restarted"}, {"Printer jams", "Rollers cleaned"},
		{"Lamp flickers", "Tube replaced"}, {"Window does not close", "Hinge set"}, {"Heating stays cold", "Vented"},
		{"Door closer leaks", "Replaced"}, {"Computer does not start", "Power supply replaced"}, {"Board pen holder broken", "New one mounted"},
	}
}

func assetKinds() []string {
	return []string{"Projector", "Laptop", "Oscilloscope", "Microscope", "Printer", "Monitor", "Drill", "Whiteboard"}
}
