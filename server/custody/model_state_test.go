package custody_test

import (
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// modelDefault is for how many minutes the key with rules is issued when nobody says.
const modelDefault = 120

// badgeOfModel is the badge of the one holder who has one.
const badgeOfModel = "00-442"

// model is the plainest account of keys that could be kept: who has which, until when, and what happened.
type model struct {
	keys         []*modelKey
	reservations []*modelReservation
	approvals    []*modelApproval
	offers       []*modelOffer
	differences  []*modelDifference
	// department is whose everybody is; facilities and named may take the key with rules.
	department        map[id.ID]id.ID
	facilities, named id.ID
	riga              *time.Location
}

// modelKey is all that the model knows of a key.
type modelKey struct {
	id              id.ID
	number, cabinet string
	// ringed keys hang on one ring, a marked one needs a second person, and a ruled one has takers and a curfew.
	ringed, marked, ruled bool
	lost, retired         bool
	loan                  *modelLoan
	offer                 *modelOffer
	moves                 []modelMove
	// annulled are the entries of movements that did not happen.
	annulled []uint64
	history  []string
}

type modelLoan struct {
	id, holder id.ID
	due        *time.Time
}

// modelMove is a movement of a key; before is the loan that a handover ended.
type modelMove struct {
	action       string
	at           time.Time
	entry        uint64
	loan, before *modelLoan
}

type modelReservation struct {
	id         id.ID
	key        *modelKey
	holder, by id.ID
	from, to   time.Time
	made       time.Time
	state      custody.ReservationState // ACTIVE for missed ones, too
	loan       *modelLoan
}

type modelOffer struct {
	id            id.ID
	key           *modelKey
	giver, to, by id.ID
	due           *time.Time
	at            time.Time
	override      bool
	state         custody.HandoverState // PENDING for expired ones, too
}

func (o *modelOffer) waits(now time.Time) bool {
	return o.state == custody.HandoverPending && o.at.Add(custody.HandoverTime).After(now)
}

// record notes what the ledger has to say of a key.
func (k *modelKey) record(action string, person id.ID) {
	k.history = append(k.history, action+" "+person.String())
}

// move notes a movement, which ends what was offered.
func (k *modelKey) move(m modelMove, person id.ID, now time.Time) {
	k.record(m.action, person)
	k.moves = append(k.moves, m)
	k.endOffer(now)
}

// endOffer cancels what was offered and still waits.
func (k *modelKey) endOffer(now time.Time) {
	if k.offer != nil && k.offer.waits(now) {
		k.offer.state = custody.HandoverCancelled
	}
	k.offer = nil
}

// lastMoved is when the key moved last, long ago when it never did.
func (k *modelKey) lastMoved() time.Time {
	if len(k.moves) == 0 {
		return time.Time{}
	}
	return k.moves[len(k.moves)-1].at
}

func (k *modelKey) holder() id.ID {
	if k.loan == nil {
		return id.ID{}
	}
	return k.loan.holder
}

func (k *modelKey) out() bool { return k.loan != nil }

// in reports whether the key hangs there and can be issued.
func (k *modelKey) in() bool { return !k.out() && !k.unusable() }

func (k *modelKey) unusable() bool { return k.retired || k.lost }

func anyKey(keys []*modelKey, is func(k *modelKey) bool) bool { return slices.ContainsFunc(keys, is) }

func idsOf(keys []*modelKey) []id.ID {
	ids := make([]id.ID, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	return ids
}

// mates gives the other keys in use on the ring of a key.
func (m *model) mates(k *modelKey) []*modelKey {
	var mates []*modelKey
	for _, other := range m.keys {
		if k.ringed && other.ringed && other != k {
			mates = append(mates, other)
		}
	}
	return mates
}

// withMates adds the rest of the ring to keys.
func (m *model) withMates(keys []*modelKey) []*modelKey {
	whole := slices.Clone(keys)
	for _, k := range keys {
		for _, mate := range m.mates(k) {
			if !slices.Contains(whole, mate) {
				whole = append(whole, mate)
			}
		}
	}
	return whole
}

// withMatesOut adds what hangs on the same ring and is out with the same holder.
func (m *model) withMatesOut(keys []*modelKey) []*modelKey {
	whole := slices.Clone(keys)
	for _, k := range keys {
		for _, mate := range m.mates(k) {
			if k.out() && mate.out() && mate.holder() == k.holder() && !slices.Contains(whole, mate) {
				whole = append(whole, mate)
			}
		}
	}
	return whole
}

// mayTake decides whether the rules let somebody take a key at a time.
func (m *model) mayTake(k *modelKey, holder id.ID, at time.Time) bool {
	local := at.In(m.riga)
	works := local.Weekday() != time.Saturday && local.Weekday() != time.Sunday && local.Hour() >= 8 && local.Hour() < 16
	return !k.ruled || holder == m.named || m.department[holder] == m.facilities && works
}

// curfew is the next 18:00.
func (m *model) curfew(at time.Time) time.Time {
	local := at.In(m.riga)
	for day := local.Day(); ; day++ {
		if last := time.Date(local.Year(), local.Month(), day, 18, 0, 0, 0, m.riga); last.After(at) {
			return last
		}
	}
}

// passesCurfew reports whether one of the keys would not be back in time.
func (m *model) passesCurfew(keys []*modelKey, at time.Time, due *time.Time) bool {
	return anyKey(keys, func(k *modelKey) bool { return k.ruled && (due == nil || due.After(m.curfew(at))) })
}

// ahead gives the reservations of a key that count now or later, in the order of time.
func (m *model) ahead(k *modelKey, now time.Time) []*modelReservation {
	var ahead []*modelReservation
	for _, r := range m.reservations {
		if r.key == k && r.state == custody.ReservationActive && r.to.After(now) {
			ahead = append(ahead, r)
		}
	}
	slices.SortFunc(ahead, func(a, b *modelReservation) int { return a.from.Compare(b.from) })
	return ahead
}

func (r *modelReservation) meets(from time.Time, to *time.Time) bool {
	return r.to.After(from) && (to == nil || r.from.Before(*to))
}

// broken gives the reservations of others across which a loan would lie.
func (m *model) broken(k *modelKey, holder id.ID, from time.Time, to *time.Time, now time.Time) []*modelReservation {
	return slices.DeleteFunc(m.ahead(k, now), func(r *modelReservation) bool { return r.holder == holder || !r.meets(from, to) })
}

// breaks reports whether a loan of one of the keys would lie across a reservation of somebody else.
func (m *model) breaks(keys []*modelKey, holder id.ID, from time.Time, to *time.Time, now time.Time) bool {
	return anyKey(keys, func(k *modelKey) bool { return len(m.broken(k, holder, from, to, now)) > 0 })
}

// lay lets a key's loan lie across the time: it uses up reservations of its holder, and breaks those of others.
func (m *model) lay(k *modelKey, from time.Time, to *time.Time, now time.Time) {
	for _, r := range m.ahead(k, now) {
		within := !from.Before(r.from) && from.Before(r.to) || r.meets(from, to) && (to == nil || !r.to.After(*to))
		if r.holder == k.loan.holder && within {
			r.state, r.loan = custody.ReservationUsed, k.loan
		}
	}
	for _, r := range m.broken(k, k.loan.holder, from, to, now) {
		k.record(ledger.KeyReservationOverridden, r.holder)
	}
}

func (m *model) state(k *modelKey, now time.Time) custody.KeyState {
	switch {
	case k.retired:
		return custody.Retired
	case k.lost:
		return custody.Lost
	case !k.out() && slices.ContainsFunc(m.ahead(k, now), func(r *modelReservation) bool { return !r.from.After(now) }):
		return custody.Reserved
	case !k.out():
		return custody.Available
	case k.loan.due != nil && !now.Before(*k.loan.due):
		return custody.Overdue
	}
	return custody.Issued
}
