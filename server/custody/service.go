package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// Service holds the use cases of keys, one method each. It is safe for concurrent use, and any number of
// processes may run one on the same database.
type Service struct {
	db     *mysql.DB
	ledger *ledger.Ledger
	access *access.Service
	people *people.Service
	// zone is that of the clocks by which groups' rules go.
	zone *time.Location
	now  func() time.Time
}

// New makes the service on a migrated database. zone is that of the clocks by which groups' rules go.
func New(db *mysql.DB, l *ledger.Ledger, acc *access.Service, persons *people.Service, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, ledger: l, access: acc, people: persons, zone: zone, now: now}
}

// instant is now, as precise as the database keeps it.
func (s *Service) instant() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// inUTC gives a time as it is stored, nil for none.
func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	stored := t.UTC().Truncate(time.Microsecond)
	return &stored
}

// holder is a person as an entry about him needs him.
type holder struct {
	id         id.ID
	department id.ID
	details    ledger.HolderDetails
	// lastDay is the last on which he belongs here, "" when that is open.
	lastDay people.Date
	// erased is set when nothing can be sealed under his key any more.
	erased bool
}

func holderOf(p *people.Person) holder {
	return holder{
		id: p.ID, department: p.Department, lastDay: p.ValidUntil, erased: p.Erased,
		details: ledger.HolderDetails{Name: p.Name, Badge: p.Badge},
	}
}

// about seals a value under the holder's key or, once that is destroyed, under the month's.
func (h holder) about(field string, at time.Time, value any) ledger.Part {
	if h.erased {
		return ledger.PersonPart(field, id.ID{}, at, value)
	}
	return ledger.PersonPart(field, h.id, at, value)
}

// taker finds the person who is to hold keys.
func (s *Service) taker(ctx context.Context, person id.ID) (holder, error) {
	p, err := s.people.Lookup(ctx, person)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return holder{}, err
	}
	if err != nil || p.Erased {
		return holder{}, fault.Field("holder", "there is no such person: choose a holder from the list of people")
	}
	return holderOf(p), nil
}

// mayHandle demands that the right to issue reaches the holder.
func mayHandle(scope access.Scope, actor *access.Actor, h holder) error {
	if scope.Reaches(actor, h.id, h.department) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your right %s does not reach this holder: ask a custodian of all keys.", access.KeysIssue)
}
