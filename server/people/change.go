package people

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	var person *Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.claim(ctx, tx, actor, "createPerson", in.IdempotencyKey, in)
		if err != nil {
			return err
		}
		if claim.Replayed {
			person, err = s.replayed(ctx, tx, claim)
			return err
		}
		made, drafts, err := s.prepare(ctx, tx, actor, time.Time{}, []CreateInput{in})
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

// Insert adds many people, inside a caller's transaction and without asking what by may do: it is for imports,
// sample data and the first account. at is when they were added, zero for now.
func (s *Service) Insert(ctx context.Context, tx *mysql.Tx, by *access.Actor, at time.Time, inputs []CreateInput) ([]*Person, error) {
	made, drafts, err := s.prepare(ctx, tx, by, at, inputs)
	if err != nil {
		return nil, err
	}
	_, err = s.ledger.Append(ctx, tx, drafts...)
	return made, err
}

// prepare stores people and gives the entries to append. Ids are made here, in each attempt of the
// transaction anew: a key that was rolled back may still be cached under the old one.
func (s *Service) prepare(ctx context.Context, tx *mysql.Tx, by *access.Actor, at time.Time, inputs []CreateInput) ([]*Person, []ledger.Draft, error) {
	made := make([]*Person, 0, len(inputs))
	drafts := make([]ledger.Draft, 0, len(inputs))
	departments := map[string]Department{}
	now := s.moment()
	for i := range inputs {
		d, err := inputs[i].details().check()
		if err != nil {
			return nil, nil, err
		}
		department, known := departments[d.Department]
		if !known {
			var created bool
			if department, created, err = s.departmentFor(ctx, tx, d.Department, now); err != nil {
				return nil, nil, err
			}
			departments[d.Department] = department
			if created {
				drafts = append(drafts, s.departmentDraft(tx, by, department, at, now))
			}
		}
		p := newPerson(d, department.ID, at, now)
		if err := s.store(ctx, tx, p); err != nil {
			return nil, nil, err
		}
		made = append(made, p)
		drafts = append(drafts, draft(by, p, ledger.AccessPersonCreated, changeOf(details{Language: defaultLanguage}, d), at, now))
	}
	s.publish(tx, made...)
	return made, drafts, nil
}

func newPerson(d details, department id.ID, at, now time.Time) *Person {
	if at.IsZero() {
		at = now
	}
	p := &Person{ID: id.New(), Version: 1, CreatedAt: at, UpdatedAt: at}
	d.into(p, department)
	return p
}

// into writes the details into a person.
func (d details) into(p *Person, department id.ID) {
	p.Name, p.Department, p.EmployeeNumber, p.Email = d.Name, department, d.EmployeeNumber, d.Email
	p.Phone, p.Company, p.Badge, p.Language, p.ValidUntil = d.Phone, d.Company, d.Badge, d.Language, d.ValidUntil
}

func (s *Service) store(ctx context.Context, tx *mysql.Tx, p *Person) error {
	if err := s.seal.CreateKey(ctx, tx, seal.Person(p.ID)); err != nil {
		return err
	}
	if err := s.claimValues(ctx, tx, &Person{}, p); err != nil {
		return err
	}
	return s.insert(ctx, tx, p)
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

// draft is the entry of a change: the names of the fields in plain, their values sealed under the person.
func draft(by *access.Actor, p *Person, action string, c change, at, now time.Time) ledger.Draft {
	d := by.Draft(ledger.StreamSystem, action, now)
	d.OccurredAt = at
	d.Person, d.Department = p.ID, p.Department
	d.Entity = ledger.Entity{Type: "person", ID: p.ID.String()}
	d.Details = map[string]any{"fields": c.names, "version": p.Version}
	content := map[string]any{"before": c.before, "after": c.after}
	d.Parts = append(d.Parts, ledger.PersonPart(ledger.FieldContent, p.ID, now, content))
	return d
}

func (s *Service) departmentDraft(tx *mysql.Tx, by *access.Actor, made Department, at, now time.Time) ledger.Draft {
	tx.AfterCommit(func() { s.directory.putDepartments([]Department{made}) })
	d := by.Draft(ledger.StreamSystem, ledger.AccessDepartmentCreated, now)
	d.OccurredAt = at
	d.Department = made.ID
	d.Entity = ledger.Entity{Type: "department", ID: made.ID.String(), Label: made.Name}
	return d
}

// mayPlace keeps whoever manages his own department from putting people into others.
func mayPlace(scope access.Scope, actor *access.Actor, p *Person) error {
	if scope.Reaches(actor, p.ID, p.Department) {
		return nil
	}
	return fault.New(fault.Forbidden, "You may add and change people of your own department only.")
}

// errUnchanged ends a transaction that would change nothing, so that it leaves nothing behind.
var errUnchanged = errors.New("people: nothing to change")

// Update changes a person. Nothing is recorded when nothing differs. NOT_FOUND when there is no person whom
// the actor may change; CONFLICT when the version is no longer the one given, or another has the badge or number.
func (s *Service) Update(ctx context.Context, actor *access.Actor, in UpdateInput) (*Person, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return nil, err
	}
	var person *Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.claim(ctx, tx, actor, "updatePerson", in.IdempotencyKey, in)
		if err != nil {
			return err
		}
		if claim.Replayed {
			person, err = s.replayed(ctx, tx, claim)
			return err
		}
		var drafts []ledger.Draft
		if person, drafts, err = s.change(ctx, tx, actor, scope, &in); err != nil {
			return err
		}
		entries, err := s.ledger.Append(ctx, tx, drafts...)
		if err != nil {
			return err
		}
		return claim.Settle(ctx, tx, entries)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return nil, err
	}
	return s.viewOf(actor).of(person), nil
}

// change locks a person, stores what the input changes and gives the entries to append.
func (s *Service) change(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, in *UpdateInput) (*Person, []ledger.Draft, error) {
	before, err := s.lock(ctx, tx, in.ID)
	if err != nil {
		return nil, nil, err
	}
	if before.Erased || !scope.Reaches(actor, before.ID, before.Department) {
		return nil, nil, notFound()
	}
	if in.Version != nil && *in.Version != before.Version {
		return nil, nil, fault.New(fault.Conflict, "Somebody changed this person meanwhile. Load him again and repeat your change.").
			With("version", before.Version)
	}
	was := s.detailsOf(before)
	d, err := in.over(was).check()
	if err != nil {
		return nil, nil, err
	}
	differs := changeOf(was, d)
	if len(differs.names) == 0 {
		return before, nil, errUnchanged
	}
	now := s.moment()
	department, made, err := s.departmentFor(ctx, tx, d.Department, now)
	if err != nil {
		return nil, nil, err
	}
	var drafts []ledger.Draft
	if made {
		drafts = append(drafts, s.departmentDraft(tx, actor, department, time.Time{}, now))
	}
	after := *before
	d.into(&after, department.ID)
	after.Version, after.UpdatedAt = before.Version+1, now
	if err := mayPlace(scope, actor, &after); err != nil {
		return nil, nil, err
	}
	if err := s.claimValues(ctx, tx, before, &after); err != nil {
		return nil, nil, err
	}
	if err := s.update(ctx, tx, &after); err != nil {
		return nil, nil, err
	}
	s.publish(tx, &after)
	return &after, append(drafts, draft(actor, &after, ledger.AccessPersonUpdated, differs, time.Time{}, now)), nil
}

func (s *Service) lock(ctx context.Context, tx *mysql.Tx, person id.ID) (*Person, error) {
	var r row
	err := tx.Get(ctx, &r, lockPerson, person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return s.read(ctx, tx, &r)
}

func notFound() error {
	return fault.New(fault.NotFound, "There is no person with this id whom you may change.")
}

func (s *Service) detailsOf(p *Person) details {
	department, _ := s.directory.department(p.Department)
	return details{
		Name: p.Name, Department: department.Name, EmployeeNumber: p.EmployeeNumber, Email: p.Email, Phone: p.Phone,
		Company: p.Company, Badge: p.Badge, Language: p.Language, ValidUntil: p.ValidUntil,
	}
}

// claim reserves an idempotency key. What the ledger keeps of the payload is a hash, which could be guessed
// for something as short as a name, so the payload given is itself a keyed hash.
func (s *Service) claim(ctx context.Context, tx *mysql.Tx, actor *access.Actor, operation, key string, in any) (*ledger.Claim, error) {
	if key == "" {
		return &ledger.Claim{}, nil
	}
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	fingerprint, err := s.seal.BlindIndex(ctx, "idempotency", operation+string(text))
	if err != nil {
		return nil, err
	}
	return s.ledger.Claim(ctx, tx, actor.Caller(), key, hex.EncodeToString(fingerprint))
}

// replayed gives the person that a request made or changed when it came for the first time.
func (s *Service) replayed(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Person, error) {
	entries, err := s.ledger.ReadSeqs(ctx, tx, claim.Seqs)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if !entries[i].Person.IsZero() {
			return s.lock(ctx, tx, entries[i].Person)
		}
	}
	return nil, fault.New(fault.Conflict, "This request was answered before, and its answer is gone. Take a new idempotency key.")
}
