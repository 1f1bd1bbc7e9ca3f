package activity

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
)

// Record records what happened in the actor's program, at most MaxEvents at once, all or none unless partial, and returns
// when it is on disk. People whom the program names and keytrail does not know become persons, with that name of the
// program. BAD_USER_INPUT names the first event that cannot be recorded and its field ("3.occurredAt"); CONFLICT an
// event id that was used for another event.
func (s *Service) Record(ctx context.Context, actor *access.Actor, events []*Input, partial bool) (*reported.Recorded, error) {
	scope, err := s.access.Require(ctx, actor, access.ActivityRecord)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || len(events) > MaxEvents {
		return nil, fault.Field("events", "send 1 to %d events at once", MaxEvents)
	}
	made, err := s.recordAll(ctx, actor, scope, events, partial)
	switch {
	case err == nil:
		s.tally.add(actor.Source, s.now(), made.Recorded, len(made.Refused))
	case fault.Is(err, fault.BadInput) || fault.Is(err, fault.Conflict):
		s.tally.add(actor.Source, s.now(), 0, len(events))
	}
	return made, err
}

func (s *Service) recordAll(ctx context.Context, actor *access.Actor, scope access.Scope, events []*Input, partial bool) (*reported.Recorded, error) {
	r := &recording{s: s, actor: actor, scope: scope, now: s.now().UTC().Truncate(time.Microsecond)}
	good, err := r.checked(events, partial)
	if err != nil {
		return nil, err
	}
	met, err := r.meet(ctx, events, good)
	if err != nil {
		return nil, err
	}
	for _, i := range good {
		r.Add(i, r.item(events[i], met))
	}
	receipts, err := s.ledger.Record(ctx, r.Items, partial)
	if err != nil {
		return nil, r.Name(err)
	}
	return r.Finish(receipts), nil
}

// recording is one call.
type recording struct {
	s     *Service
	actor *access.Actor
	scope access.Scope
	now   time.Time
	reported.Batch
}

// checked gives the places of the events that can be recorded.
func (r *recording) checked(events []*Input, partial bool) ([]int, error) {
	return r.Checked(len(events), partial, func(i int) error {
		if err := events[i].check(r.now); err != nil {
			return err
		}
		return r.mayName(events[i])
	})
}

// mayName keeps a program to people as it knows them itself, so that none forges what another's users did.
func (r *recording) mayName(in *Input) error {
	for field, who := range map[string]*Who{"actor": in.Actor, "dataSubject": in.DataSubject} {
		if who == nil {
			continue
		}
		if !who.Person.IsZero() {
			if _, known := r.s.people.Find(who.Person); r.scope == access.All && known {
				continue
			}
			return fault.Field(field+".person", "name the person as your program knows him: with externalId and name")
		}
		if who.Source != "" && who.Source != r.actor.Source && r.scope != access.All {
			return fault.Field(field+".source", "you may name people of your own source %s only", r.actor.Source)
		}
	}
	return nil
}

// met are the persons of a call's events by how they were named.
type met map[people.ExternalName]id.ID

// meet finds everybody whom the events name.
func (r *recording) meet(ctx context.Context, events []*Input, good []int) (met, error) {
	found := met{}
	var strangers []people.Stranger
	for _, i := range good {
		for _, who := range []*Who{events[i].Actor, events[i].DataSubject} {
			if who.isNobody() || !who.Person.IsZero() {
				continue
			}
			one := who.stranger(r.actor.Source)
			if _, known := found[one.External]; !known {
				found[one.External] = id.ID{}
				strangers = append(strangers, one)
			}
		}
	}
	persons, err := r.s.people.Meet(ctx, r.actor, strangers)
	if err != nil {
		return nil, err
	}
	for i, one := range strangers {
		found[one.External] = persons[i]
	}
	return found, nil
}

// person gives whom a name means, zero for nobody.
func (r *recording) person(who *Who, found met) id.ID {
	switch {
	case who.isNobody():
		return id.ID{}
	case !who.Person.IsZero():
		return who.Person
	}
	return found[who.stranger(r.actor.Source).External]
}
