package custody

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Why somebody was refused who holds the permission, as access.denied has it.
const (
	reasonNotATaker    = "not_a_taker"
	reasonHasLeft      = "has_left"
	reasonOwnRequest   = "own_request"
	reasonWrongBadge   = "wrong_badge"
	reasonUnknownBadge = "unknown_badge"
)

// requiredOverride is the "required" of an error that an override reason would do away with.
const requiredOverride = "overrideReason"

// refusal is a fault that is recorded, a FORBIDDEN as a rule, once the transaction in which it was found has ended.
type refusal struct {
	permission access.Permission
	reason     string
	fault      *fault.Error
}

// Error implements error.
func (r *refusal) Error() string { return r.fault.Error() }

// Unwrap gives the fault.
func (r *refusal) Unwrap() error { return r.fault }

// recorded records a refusal, and gives what the caller is told. Any other error is given as it is.
func (s *Service) recorded(ctx context.Context, actor *access.Actor, err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	told, _ := fault.As(s.access.Refuse(ctx, actor, r.permission, r.reason, r.fault.Text()))
	if r.fault.Kind != fault.Forbidden {
		return r.fault
	}
	for name, value := range r.fault.Data {
		told = told.With(name, value)
	}
	return told
}

// told is recorded, and refusal for what was refused otherwise.
func (s *Service) told(ctx context.Context, actor *access.Actor, err error) error {
	var r *refusal
	if errors.As(err, &r) {
		return s.recorded(ctx, actor, err)
	}
	return s.refusal(ctx, actor, err)
}

// overridesRules reports whether an actor may do something against the rules of groups, if he says why.
func (s *Service) overridesRules(actor *access.Actor) bool {
	return s.access.ScopeOf(actor, access.KeysManage) != access.None
}

// checkMayTake demands that a holder belongs here at an instant, and may take all keys then. mayOverride says that a reason
// would let him all the same.
func (s *Service) checkMayTake(actor *access.Actor, d desk, rules map[id.ID][]ruled, to holder, at time.Time, p access.Permission, mayOverride bool) error {
	if err := s.checkBelongs(to, at, p, mayOverride); err != nil {
		return err
	}
	taker := s.takerOf(to)
	var refused []place
	var takers fault.Texts
	for _, one := range d {
		if groups := rules[one.key.ID]; !mayTake(rulesOf(groups), taker, at, s.zone) {
			refused = append(refused, one)
			takers = append(takers, s.takersInWords(actor, groups)...)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	slices.SortFunc(takers, compareTexts)
	takers = slices.CompactFunc(takers, func(a, b fault.Text) bool { return a.String() == b.String() })
	keys := make([]KeyNamed, len(refused))
	for i, one := range refused {
		keys[i] = KeyNamed{ID: one.key.ID, Number: one.key.Number}
	}
	f := fault.New(fault.Forbidden, "This holder may not take %s then, which %s for: %s. Choose another holder or leave it out.", listed(keys),
		verb(len(keys)), listOf(takers)).With("keys", keys).With("takers", takers)
	return refusedUnless(mayOverride, p, reasonNotATaker, f)
}

// checkBelongs demands that a holder's last day is not over at an instant, by the display zone's date.
func (s *Service) checkBelongs(to holder, at time.Time, p access.Permission, mayOverride bool) error {
	if last := to.lastDay; last == "" || string(last) >= at.In(s.zone).Format(time.DateOnly) {
		return nil
	}
	f := fault.New(fault.Forbidden, "The last day of this holder is %s: choose another holder, or have the last day changed if that is wrong.", to.lastDay).
		With("lastDay", to.lastDay)
	return refusedUnless(mayOverride, p, reasonHasLeft, f)
}

// refusedUnless gives a refusal, with what would do away with it where the actor may give that.
func refusedUnless(mayOverride bool, p access.Permission, reason string, f *fault.Error) *refusal {
	if mayOverride {
		f = f.With("required", requiredOverride)
	}
	return &refusal{p, reason, f}
}

// takerOf gives what the rules know of a holder.
func (s *Service) takerOf(h holder) person {
	return person{h.id, h.department, s.access.Roles(h.id), s.people.MergedFrom(h.id)}
}

// takersInWords says who may take keys of groups; persons by name where the actor may see who has keys.
func (s *Service) takersInWords(actor *access.Actor, groups []ruled) fault.Texts {
	scope := s.access.ScopeOf(actor, access.KeysView)
	var words fault.Texts
	for _, g := range groups {
		for _, t := range g.rules.Takers {
			word := fault.Say("the role %s", t.Role)
			if department, ok := s.people.Department(t.DepartmentID); ok {
				word = fault.Say("the department %s", department.Name)
			}
			if !t.PersonID.IsZero() {
				word = fault.Say("a certain person")
				if p, ok := s.people.Find(t.PersonID); ok && !p.Erased && scope.Reaches(actor, p.ID, p.Department) {
					word = fault.Say("%s", p.Name)
				}
			}
			words = append(words, t.Window.during(word))
		}
	}
	return words
}

// ReservationNamed is a reservation in the "reservations" detail of a CONFLICT.
type ReservationNamed struct {
	ID     id.ID  `json:"id"`
	Key    id.ID  `json:"key"`
	Number string `json:"number"`
	From   string `json:"from"`
	To     string `json:"to"`
	// Holder is nil where the caller may not know for whom it is.
	Holder *HolderNamed `json:"holder,omitempty"`
}

// reservedConflict says which reservations are in the way.
type reservedConflict struct {
	named []ReservationNamed
	words fault.Texts
}

func (c reservedConflict) fault() *fault.Error {
	return fault.New(fault.Conflict, "%s: choose another time or other keys, or have that cancelled first.", c.sentence()).With("reservations", c.named)
}

// overridable is the fault of what is done to a loan, such as "issued", which an override reason would do away with.
func (c reservedConflict) overridable(done fault.Text) *fault.Error {
	return fault.New(fault.Conflict, "%s: have it due before, leave it out, or say why it is %s all the same.", c.sentence(), done).
		With("reservations", c.named).With("required", requiredOverride)
}

func (c reservedConflict) sentence() fault.Text { return listOf(c.words) }

// conflictReserved names reservations of keys on the desk, and whose they are where the actor's right to see keys
// reaches that.
func (s *Service) conflictReserved(actor *access.Actor, d desk, across []*Reservation) reservedConflict {
	scope := s.access.ScopeOf(actor, access.KeysView)
	numbers := map[id.ID]string{}
	for _, p := range d {
		numbers[p.key.ID] = p.key.Number
	}
	var c reservedConflict
	for _, r := range across {
		n := ReservationNamed{ID: r.ID, Key: r.KeyID, Number: numbers[r.KeyID], From: r.From.Format(ledger.TimeFormat), To: r.To.Format(ledger.TimeFormat)}
		word := fault.Say("Key %s is reserved from %s to %s", n.Number, s.clock(r.From), s.clock(r.To))
		if h, ok := s.people.Find(r.HolderID); ok && scope.Reaches(actor, r.HolderID, r.Department) {
			n.Holder = &HolderNamed{ID: h.ID, Name: h.Name}
			word = fault.Say("%s (%s)", word, h.Name)
		}
		c.named, c.words = append(c.named, n), append(c.words, word)
	}
	return c
}

// clock is an instant as the display zone's clocks show it.
func (s *Service) clock(at time.Time) string { return at.In(s.zone).Format("2006-01-02 15:04") }

// listOf gives the first few of a list of words, and how many more there are.
func listOf(words fault.Texts) fault.Text {
	const shown = 5
	if more := len(words) - shown; more > 0 {
		return fault.Say("%s, and %d more", words[:shown], more)
	}
	return fault.Say("%s", words)
}

func listed(keys []KeyNamed) fault.Text {
	numbers := make(fault.Texts, len(keys))
	for i, k := range keys {
		numbers[i] = fault.Say("key %s", k.Number)
	}
	return listOf(numbers)
}

func compareTexts(a, b fault.Text) int { return strings.Compare(a.String(), b.String()) }

func verb(n int) fault.Text {
	if n == 1 {
		return fault.Say("is")
	}
	return fault.Say("are")
}
