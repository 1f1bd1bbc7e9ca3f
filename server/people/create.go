package people

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Create adds a person. CONFLICT when another has the badge or employee number.
func (s *Service) Create(ctx context.Context, actor *access.Actor, in CreateInput) (*Person, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return nil, err
	}
	if _, err := in.details().check(); err != nil {
		return nil, err
	}
	var person *Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"createPerson": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			person, err = s.made(ctx, tx, claim)
			return err
		}
		made, drafts, err := s.insertAll(ctx, tx, moments{now: s.moment()}, actor, []CreateInput{in})
		if err != nil {
			return err
		}
		person = made[0]
		if err := mayPlace(scope, actor, person); err != nil {
			return err
		}
		entries, err := s.ledger.Append(ctx, tx, drafts...)
		if err != nil {
			return err
		}
		return claim.Settle(ctx, tx, entries)
	})
	if err != nil {
		return nil, err
	}
	return s.viewOf(actor).of(person), nil
}

// made gives the person that a request made when it came for the first time.
func (s *Service) made(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Person, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if !entries[i].Person.IsZero() {
			return s.lockTrue(ctx, tx, entries[i].Person)
		}
	}
	return nil, fault.New(fault.Conflict, "This request was answered before, and its answer is gone. Take a new idempotency key.")
}

// Insert adds many people inside a caller's transaction and without asking what by may do: it is for imports,
// sample data and the first account. occurredAt is when they were added, zero for now.
func (s *Service) Insert(ctx context.Context, tx *mysql.Tx, by *access.Actor, occurredAt time.Time, inputs []CreateInput) ([]*Person, error) {
	made, drafts, err := s.insertAll(ctx, tx, moments{occurredAt, s.moment()}, by, inputs)
	if err != nil {
		return nil, err
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return made, err
}

// moments are when something happened, zero for now, and when it is recorded.
type moments struct{ occurredAt, now time.Time }

// insertAll stores people and gives the entries to append. It also publishes them when tx commits.
func (s *Service) insertAll(ctx context.Context, tx *mysql.Tx, at moments, by *access.Actor, inputs []CreateInput) ([]*Person, []ledger.Draft, error) {
	made := make([]*Person, len(inputs))
	drafts := make([]ledger.Draft, 0, len(inputs))
	departments := s.newDepartments(tx, at, by)
	for i := range inputs {
		d, err := inputs[i].details().check()
		if err != nil {
			return nil, nil, err
		}
		department, err := departments.named(ctx, d.Department)
		if err != nil {
			return nil, nil, err
		}
		made[i] = newPerson(d, department, at)
		if err := s.insert(ctx, tx, made[i]); err != nil {
			return nil, nil, err
		}
		drafts = append(drafts, personDraft(by, made[i], ledger.AccessPersonCreated, changeOf(details{}, d), at))
	}
	s.publish(tx, made...)
	return made, append(departments.drafts, drafts...), nil
}

// newPerson makes a person, with an id for this attempt of the transaction only: the key of an attempt that was
// rolled back may still be cached under its id.
func newPerson(d details, department id.ID, at moments) *Person {
	created := at.occurredAt
	if created.IsZero() {
		created = at.now
	}
	p := &Person{ID: id.New(), Version: 1, CreatedAt: created, UpdatedAt: created}
	d.into(p, department)
	return p
}

func (s *Service) insert(ctx context.Context, tx *mysql.Tx, p *Person) error {
	if err := s.seal.CreateKey(ctx, tx, seal.Person(p.ID)); err != nil {
		return err
	}
	if err := s.claimValues(ctx, tx, &Person{}, p); err != nil {
		return err
	}
	return s.insertRow(ctx, tx, p)
}

// publish puts people into the directory once they are committed.
func (s *Service) publish(tx *mysql.Tx, people ...*Person) {
	tx.AfterCommit(func() {
		records := make([]*record, len(people))
		for i, p := range people {
			records[i] = newRecord(p, s.names)
		}
		s.directory.put(records)
	})
}

// personDraft is the entry of a change: the names of the fields in plain, their values sealed under the person.
func personDraft(by *access.Actor, p *Person, action string, c change, at moments) ledger.Draft {
	d := by.Draft(ledger.StreamSystem, action, at.now)
	d.OccurredAt = at.occurredAt
	d.Person, d.Department = p.ID, p.Department
	d.Entity = ledger.Entity{Type: "person", ID: p.ID.String()}
	d.Details = map[string]any{"fields": c.names, "version": p.Version}
	content := map[string]any{"before": c.before, "after": c.after}
	d.Parts = append(d.Parts, ledger.PersonPart(ledger.FieldContent, p.ID, at.now, content))
	return d
}

// mayPlace keeps whoever manages his own department from putting people into others.
func mayPlace(scope access.Scope, actor *access.Actor, p *Person) error {
	if scope.Reaches(actor, p.ID, p.Department) {
		return nil
	}
	return fault.New(fault.Forbidden, "You may add and change people of your own department only.")
}
