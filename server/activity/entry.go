package activity

import (
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// item is the entry that an event makes. Why something failed is text of the program and may name somebody, so it is
// sealed as the names are. Of whoever was erased nothing is sealed: under another's key his name would come back.
func (s *Service) item(actor *access.Actor, in *AuthInput, now time.Time, gone map[people.ExternalName]bool) ledger.Item {
	who := s.concerned(actor.Source, in)
	d := ledger.Draft{
		Stream: ledger.StreamAuth, Action: AuthPrefix + in.Action, Source: actor.Source, Outcome: in.Outcome,
		Entity: ledger.Entity{Type: "program", ID: actor.Source, Label: actor.Source},
		Person: who, Actor: acted(who, in.Outcome),
	}
	d.Department, _ = s.people.DepartmentOf(who)
	if in.OccurredAt != nil {
		d.OccurredAt = in.OccurredAt.UTC().Truncate(time.Microsecond)
	}
	if !who.IsZero() || !slices.ContainsFunc(in.names(actor.Source), func(n people.ExternalName) bool { return gone[n] }) {
		d.Parts = s.parts(in, who, d.Actor, func(person id.ID) seal.Subject { return subjectOf(person, actor.Source, now) })
	}
	return ledger.Item{Draft: d, Caller: actor.Caller(), Key: "auth/" + in.EventID, Payload: in.payload()}
}

// parts are what of an event is sealed: where it came from under whoever acted, and what names somebody under whom it
// concerns.
func (s *Service) parts(in *AuthInput, who, actor id.ID, subjectOf func(person id.ID) seal.Subject) []ledger.Part {
	var parts []ledger.Part
	if origin := s.Describe(ledger.Origin{IP: in.IP, UserAgent: in.UserAgent}); !origin.IsZero() {
		parts = append(parts, ledger.Part{Field: ledger.FieldActor, Subject: subjectOf(actor), Value: origin})
	}
	for _, text := range []struct{ field, value string }{
		{ledger.FieldUsername, in.Username}, {FieldExternalID, in.ExternalID}, {FieldReason, in.Reason},
	} {
		if text.value != "" {
			parts = append(parts, ledger.Part{Field: text.field, Subject: subjectOf(who), Value: text.value})
		}
	}
	return parts
}

// concerned finds the person whom the program calls by the event's external id, or else by its user name; zero for
// somebody not known.
func (s *Service) concerned(source string, in *AuthInput) id.ID {
	for _, name := range in.names(source) {
		if person, known := s.people.Known(name.Source, name.Name); known {
			return person
		}
	}
	return id.ID{}
}

// names are those by which the program calls somebody, the surest first.
func (in *AuthInput) names(source string) []people.ExternalName {
	var names []people.ExternalName
	for _, name := range []string{in.ExternalID, in.Username} {
		if name != "" {
			names = append(names, people.ExternalName{Source: source, Name: name})
		}
	}
	return names
}

// acted is who did it: the person whom the event concerns, unless it failed, since then it may have been anybody.
func acted(concerned id.ID, outcome ledger.Outcome) id.ID {
	if outcome != ledger.Success {
		return id.ID{}
	}
	return concerned
}

// subjectOf is whose key seals what is about a person; what is about nobody known, the program's of the month.
func subjectOf(person id.ID, source string, now time.Time) seal.Subject {
	if person.IsZero() {
		return seal.Source(source, now)
	}
	return seal.Person(person)
}
