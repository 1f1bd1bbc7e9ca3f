package workhours

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// hashed is a keyed hash: of a workstation's name, or of a user that belongs to nobody known.
type hashed = id.ID

// item is the entry that a report makes. Names of users and machines are sealed; who works is the person whom the
// source calls so.
// Whoever was erased is not named: under another's key his name would come back, and stand among those who wait for review.
func (s *Service) item(ctx context.Context, from intake, in *ReportInput, now time.Time, erased map[people.ExternalName]bool) (ledger.Item, error) {
	var none ledger.Item
	if err := in.check(now); err != nil {
		return none, err
	}
	person, known := s.people.Known(from.source, in.User)
	gone := !known && erased[people.ExternalName{Source: from.source, Name: in.User}]
	if err := s.admit(ctx, from, in.User, known || gone); err != nil {
		return none, err
	}
	d := ledger.Draft{
		Stream: ledger.StreamWork, Action: ledger.WorkStopped, Source: from.source, Outcome: ledger.Success, Person: person,
		Details: map[string]any{},
	}
	if in.State == Working {
		d.Action = ledger.WorkWorking
	}
	if in.At != nil {
		d.OccurredAt = in.At.UTC().Truncate(time.Microsecond)
	}
	if in.IntervalSeconds > 0 {
		d.Details[DetailInterval] = int64(in.IntervalSeconds)
	}
	subject := seal.Source(from.source, now)
	if known {
		subject = seal.Person(person)
		d.Department, _ = s.people.DepartmentOf(person)
	}
	if from.unverified {
		d.Details[DetailAssurance] = Unverified
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldActor, Subject: seal.Source(from.source, now), Value: from.origin})
	} else {
		d.Actor = person
	}
	if !gone {
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldUsername, Subject: subject, Value: in.User})
		if err := s.addWorkstation(ctx, &d, subject, in.Workstation); err != nil {
			return none, err
		}
	}
	item := ledger.Item{Draft: d}
	if in.EventID != "" {
		item.Caller, item.Key, item.Payload = from.caller, "work/"+in.EventID, in.payload()
	}
	return item, nil
}

func (s *Service) addWorkstation(ctx context.Context, d *ledger.Draft, subject seal.Subject, name string) error {
	if name == "" {
		return nil
	}
	hash, err := s.workstationHash(ctx, name)
	if err != nil {
		return err
	}
	d.Entity = ledger.Entity{Type: EntityWorkstation, ID: hex.EncodeToString(hash[:])}
	d.Parts = append(d.Parts, ledger.Part{Field: FieldWorkstation, Subject: subject, Value: name})
	return nil
}

// workstationHash stands for a workstation's name, zero for none.
func (s *Service) workstationHash(ctx context.Context, name string) (hashed, error) {
	if name == "" {
		return hashed{}, nil
	}
	return s.hash(ctx, "workstation", name)
}

// admit lets users through whom somebody is known by, and others as far as there is room. Where nobody vouches for the
// report, the same is asked of the database for both, so that strangers do not learn from the time it takes who is known.
func (s *Service) admit(ctx context.Context, from intake, user string, known bool) error {
	if from.old || known && !from.unverified {
		return nil
	}
	err := s.awaitReview(ctx, from.source, user)
	switch {
	case !fault.Is(err, fault.RateLimited):
		return err
	case known:
		return nil
	case from.unverified:
		return errListFull
	}
	return err
}

// userHash stands for a user whom a source names.
func (s *Service) userHash(ctx context.Context, source, user string) (hashed, error) {
	return s.hash(ctx, "work_user", source+"\x00"+user)
}

func (s *Service) hash(ctx context.Context, purpose, name string) (hashed, error) {
	index, err := s.seal.BlindIndex(ctx, purpose, strings.ToLower(norm.NFKC.String(strings.TrimSpace(name))))
	if err != nil {
		return hashed{}, err
	}
	return hashed(index[:16]), nil
}
