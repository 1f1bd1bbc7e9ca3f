package keyregister

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// Source is the source of the entries that an import makes.
const Source = "key-register"

// Services are what a register is imported through.
type Services struct {
	Seal    *seal.Service
	People  *people.Service
	Custody *custody.Service
	Now     func() time.Time
}

// Options say which file is imported, and how.
type Options struct {
	File string
	// Zone is where the register stood, for times without a zone.
	Zone *time.Location
	// Out is told what is skipped and why, in a line each that names nobody.
	Out io.Writer
	// Progress, if it is not nil, is told how many of the loans are done.
	Progress func(done, total int)
}

// Report counts what an import found and did.
type Report struct {
	People, Keys, Groups int
	// Movements are those that came to loans, Inferred the returns that nobody had noted, Out the keys that are out.
	Movements, Loans, Inferred, Out int
	// Stored, Closed and Repeated are what became of the loans: new, come back since the last import, there already.
	Stored, Closed, Repeated int
	Skipped                  int
}

// Check reads a register and counts what an import would find. It needs no keytrail.
func Check(ctx context.Context, o Options, now time.Time) (Report, error) {
	g, loans, err := o.read(ctx, now)
	if err != nil {
		return Report{}, err
	}
	return g.report(loans), nil
}

// Import brings a register into keytrail. What was imported before stays as it is, so that an import may be repeated:
// after it was cut off, or when the register has grown. BAD_USER_INPUT when the file is no register.
func Import(ctx context.Context, s Services, o Options) (Report, error) {
	g, loans, err := o.read(ctx, s.Now())
	if err != nil {
		return Report{}, err
	}
	i := &importing{Services: s, Options: o, register: g, persons: map[string]id.ID{}, keyIDs: map[string]id.ID{}}
	actor := *access.System()
	actor.Source = Source
	i.actor = &actor
	for _, step := range []func(context.Context) error{i.importPeople, i.importKeys, i.importGroups} {
		if err := step(ctx); err != nil {
			return Report{}, err
		}
	}
	done, err := i.importLoans(ctx, loans)
	report := g.report(loans)
	report.Stored, report.Closed, report.Repeated = done.Stored, done.Closed, done.Repeated
	return report, err
}

func (o Options) read(ctx context.Context, now time.Time) (g *register, loans []*loan, err error) {
	s, err := openSource(ctx, o.File)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(o.Out, format+"\n", args...) }
	if g, err = readRegister(ctx, s, o.Zone, now, say); err != nil {
		return nil, nil, err
	}
	return g, pair(g.moves, g.skip), nil
}

func (g *register) report(loans []*loan) Report {
	r := Report{People: len(g.order), Keys: len(g.keys), Groups: len(g.groups), Loans: len(loans), Skipped: g.skipped}
	for _, l := range loans {
		r.Movements++
		switch {
		case l.open():
			r.Out++
		case l.inferred:
			r.Inferred++
		default:
			r.Movements++
		}
	}
	return r
}

// importing is a register on its way into keytrail.
type importing struct {
	Services
	Options
	*register
	actor   *access.Actor
	persons map[string]id.ID // by sameName
	keyIDs  map[string]id.ID // by number
}

// once makes the idempotency key of something in the register. It is kept as a plain hash, so names are keyed first.
func (i *importing) once(ctx context.Context, what, which string) (string, error) {
	index, err := i.Seal.BlindIndex(ctx, Source, what+"\x00"+which)
	return Source + " " + what + " " + hex.EncodeToString(index), err
}

func (i *importing) importPeople(ctx context.Context) error {
	for _, same := range i.order {
		once, err := i.once(ctx, "person", same)
		if err != nil {
			return err
		}
		made, err := i.People.Create(ctx, i.actor, people.CreateInput{Name: i.names[same], IdempotencyKey: once})
		if fault.Is(err, fault.Conflict) || fault.Is(err, fault.BadInput) {
			i.skip("a person", reason(err))
			continue
		}
		if err != nil {
			return err
		}
		if !made.Erased {
			i.persons[same] = made.ID
		}
	}
	return nil
}

// reason gives the message of a refusal, which names nobody.
func reason(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Message
	}
	return err.Error()
}

func (i *importing) importKeys(ctx context.Context) error {
	for _, k := range i.keys {
		once, err := i.once(ctx, "key", k.number)
		if err != nil {
			return err
		}
		made, err := i.Custody.CreateKey(ctx, i.actor, custody.CreateKeyInput{
			Number: k.number, Label: k.label, Category: k.category, Building: k.building, Floor: k.floor, Room: k.room, IdempotencyKey: once,
		})
		if fault.Is(err, fault.Conflict) { // it is here, or was imported with other words
			made, err = i.Custody.Key(ctx, i.actor, id.ID{}, k.number)
		}
		switch {
		case err != nil:
			return err
		case made == nil:
			i.skip("key "+k.number, "it was imported before, and is gone")
		default:
			i.keyIDs[k.number] = made.ID
		}
	}
	return nil
}

func (i *importing) importGroups(ctx context.Context) error {
	for _, g := range i.groups {
		keys := []id.ID{}
		for _, number := range g.keys {
			if key, ok := i.keyIDs[number]; ok {
				keys = append(keys, key)
			}
		}
		once, err := i.once(ctx, "group", g.name)
		if err != nil {
			return err
		}
		takers := i.takersOf(&g)
		if len(takers) == 0 && len(g.takers) > 0 {
			i.skip(g.place, "nobody of those who may take its keys is here any more: make this group by hand")
			continue
		}
		_, err = i.Custody.SaveGroup(ctx, i.actor, custody.SaveGroupInput{Name: g.name, Keys: keys, Takers: &takers, IdempotencyKey: once})
		if fault.Is(err, fault.Conflict) || fault.Is(err, fault.BadInput) {
			i.skip(g.place, reason(err))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takersOf gives those of a group's takers who are here.
func (i *importing) takersOf(g *groupRow) []custody.Taker {
	takers := []custody.Taker{}
	for _, same := range g.takers {
		if person, here := i.persons[same]; here {
			takers = append(takers, custody.Taker{PersonID: person})
		}
	}
	return takers
}

func (i *importing) importLoans(ctx context.Context, loans []*loan) (custody.Imported, error) {
	var past []custody.PastLoan
	var places []string
	for _, l := range loans {
		key, known := i.keyIDs[l.key]
		holder, here := i.persons[l.holder]
		if !known || !here {
			i.skip(l.place, "its key or its holder is not here any more")
			continue
		}
		one, err := i.pastLoan(ctx, l, key, holder)
		if err != nil {
			return custody.Imported{}, err
		}
		past, places = append(past, one), append(places, l.place)
	}
	done, err := i.Custody.ImportOnce(ctx, i.actor, past, func(n int) {
		if i.Progress != nil {
			i.Progress(n, len(past))
		}
	})
	for _, r := range done.Refused {
		i.skip(places[r.Place], r.Why)
	}
	return done, err
}

func (i *importing) pastLoan(ctx context.Context, l *loan, key, holder id.ID) (custody.PastLoan, error) {
	issued, err := i.once(ctx, "movement", l.issueID)
	if err != nil {
		return custody.PastLoan{}, err
	}
	one := custody.PastLoan{Key: key, Holder: holder, IssuedAt: l.issuedAt, Comment: l.comment, IssueKey: issued}
	if l.open() {
		return one, nil
	}
	one.ReturnedAt, one.ReturnComment, one.ReturnInferred = &l.returnedAt, l.returnComment, l.inferred
	one.ReturnKey, err = i.once(ctx, "movement", l.returnID)
	return one, err
}
