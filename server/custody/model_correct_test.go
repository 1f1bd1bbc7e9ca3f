package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// movement draws a movement of a key, the last one more often than others, and who corrects it; -1 when there is none.
func (s *storeroom) movement(t *rapid.T) (*modelKey, int, modelActor) {
	key, by := s.key(t, func(k *modelKey) bool { return len(k.moves) > 0 }), s.actor(t)
	if len(key.moves) == 0 {
		return key, -1, by
	}
	back := min(len(key.moves)-1, fair(t, "back", []int{0, 0, 1, 2, 3}))
	return key, len(key.moves) - 1 - back, by
}

// isReport reports whether it is a loss or a find, which cannot be corrected.
func (m *modelMove) isReport() bool { return m.action == ledger.KeyLost || m.action == ledger.KeyFound }

// follow reports whether movements follow each other and none lies in the future.
func follow(moves []modelMove, now time.Time) bool {
	return slices.IsSortedFunc(moves, func(a, b modelMove) int { return a.at.Compare(b.at) }) && !moves[len(moves)-1].at.After(now)
}

// correct lets a movement have happened at another time, which goes exactly when all still follow each other.
func (s *storeroom) correct(t *rapid.T) {
	key, i, by := s.movement(t)
	if i < 0 {
		return
	}
	now := s.turn()
	move := &key.moves[i]
	// no two movements of a key ever have the same time
	at := move.at.Add(time.Duration(between(t, "seconds", -60, 60))*10*time.Second + time.Duration(s.steps)*time.Millisecond)
	after := slices.Clone(key.moves)
	after[i].at = at
	var want []fault.Kind
	switch due := move.due(); {
	case !by.custodian:
		want = []fault.Kind{fault.Forbidden}
	case move.isReport():
		want = []fault.Kind{fault.BadInput}
	case !follow(after, now), move.action != ledger.KeyReturned && due != nil && !due.After(at):
		want = []fault.Kind{fault.Conflict, fault.BadInput}
	}
	if s.expect(t, func() error {
		_, err := s.f.Custody.CorrectMovement(s.ctx, by.Actor, custody.CorrectInput{Entry: move.entry, OccurredAt: &at, Reason: "The clock was wrong", IdempotencyKey: s.once()})
		return err
	}, want...) {
		key.moves = after
		key.record(ledger.KeyCorrected, move.loan.holder)
	}
}

func (m *modelMove) due() *time.Time {
	if m.loan == nil {
		return nil
	}
	return m.loan.due
}

// receiver is to whom what began with a movement was handed over, nobody where it was not.
func (k *modelKey) receiver(i int) id.ID {
	if i+1 == len(k.moves) || k.moves[i+1].action != ledger.KeyHandedOver {
		return id.ID{}
	}
	return k.moves[i+1].loan.holder
}

// changeHolder lets somebody else have taken the key.
func (s *storeroom) changeHolder(t *rapid.T) {
	key, i, by := s.movement(t)
	if i < 0 {
		return
	}
	to, now := s.person(t, "holder"), s.turn()
	move := &key.moves[i]
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case move.isReport(), move.action == ledger.KeyReturned, move.loan.holder == to.ID, move.before != nil && move.before.holder == to.ID, key.receiver(i) == to.ID:
		want = fault.BadInput
	}
	if !s.expect(t, func() error {
		_, err := s.f.Custody.CorrectMovement(s.ctx, by.Actor, custody.CorrectInput{Entry: move.entry, Holder: to.ID, Reason: "It was somebody else", IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	move.loan.holder = to.ID
	key.record(ledger.KeyCorrected, to.ID)
	if key.loan == move.loan { // what he offered was not his
		key.endOffer(now)
	}
}

// void annuls an issue or a return, which has to be the key's last movement, or tries to annul one again.
func (s *storeroom) void(t *rapid.T) {
	key, i, by := s.movement(t)
	if i < 0 {
		return
	}
	now := s.turn()
	move, last := key.moves[i], i == len(key.moves)-1
	entry, annulled := move.entry, false
	if len(key.annulled) > 0 && between(t, "again", 0, 3) == 0 {
		entry, annulled = fair(t, "annulled", key.annulled), true
	}
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case annulled:
		want = fault.Conflict
	case move.isReport(), move.action == ledger.KeyHandedOver:
		want = fault.BadInput
	case !last, key.retired && move.action == ledger.KeyReturned:
		want = fault.Conflict
	}
	if !s.expect(t, func() error {
		_, err := s.f.Custody.CorrectMovement(s.ctx, by.Actor, custody.CorrectInput{Entry: entry, Void: true, Reason: "It did not happen", IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	key.moves, key.annulled = key.moves[:i], append(key.annulled, entry)
	key.record(ledger.KeyCorrected, move.loan.holder)
	if move.action == ledger.KeyReturned {
		key.loan = move.loan
		return
	}
	s.model.free(key, now)
	key.loan = nil
	key.endOffer(now)
}

// free lets count again what a loan that did not happen had used up, unless its time is over or another has it.
func (m *model) free(k *modelKey, now time.Time) {
	ahead := m.ahead(k, now)
	for _, r := range m.reservations {
		if r.loan != k.loan || r.key != k {
			continue
		}
		across := slices.ContainsFunc(ahead, func(other *modelReservation) bool { return other.meets(r.from, &r.to) })
		if r.to.After(now) && !across {
			r.state, r.loan = custody.ReservationActive, nil
		}
	}
}

// wasHeld gives who held a key in turn, as far as it is not annulled.
func (k *modelKey) wasHeld() []id.ID {
	var holders []id.ID
	for i := range k.moves {
		if action := k.moves[i].action; action == ledger.KeyIssued || action == ledger.KeyHandedOver {
			holders = append(holders, k.moves[i].loan.holder)
		}
	}
	return holders
}
