package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// selectMates gives the keys in use that hang on the rings of keys, those keys included.
const selectMates = "SELECT m.id FROM physical_key k JOIN physical_key m ON m.ring = k.ring AND m.retired_at IS NULL" +
	" WHERE k.id IN (?) AND k.retired_at IS NULL ORDER BY m.number_order, m.id"

// withRings gives keys, and behind them those that hang on a ring with one of them.
func withRings(ctx context.Context, q mysql.Querier, keys []id.ID) ([]id.ID, error) {
	var mates []id.ID
	if err := selectIn(ctx, q, &mates, selectMates, keys); err != nil {
		return nil, err
	}
	whole := slices.Clone(keys)
	for _, mate := range mates {
		if !slices.Contains(whole, mate) {
			whole = append(whole, mate)
		}
	}
	if len(whole) > MaxKeysAtOnce {
		return nil, fault.Field("keys", "with all that hangs on their rings these are %d keys; at most %d move together", len(whole), MaxKeysAtOnce)
	}
	return whole, nil
}

// lockWithRings is lockDesk for keys and, behind them, those that hang on a ring with one of them.
func (s *Service) lockWithRings(ctx context.Context, tx *mysql.Tx, keys []id.ID) (desk, error) {
	whole, err := withRings(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	desk, err := s.lockDesk(ctx, tx, whole)
	if err != nil {
		return nil, err
	}
	if len(desk.onRings()) == 0 {
		return desk, nil
	}
	again, err := withRings(ctx, tx, keys) // a ring may have changed before its keys were locked
	if err == nil && !slices.Equal(whole, again) {
		err = fault.New(fault.Conflict, "A ring of these keys was changed at the same moment: look again and repeat.")
	}
	return desk, err
}

// onRings gives the places whose key hangs on a ring.
func (d desk) onRings() []place {
	return d.where(func(p place) bool { return !p.key.RingID.IsZero() })
}

// bind has the entries of a desk, one each in order, say that they belong together where a ring moves, and on which.
func (d desk) bind(drafts []ledger.Draft) {
	if len(d.onRings()) == 0 {
		return
	}
	bulk := id.New().String()
	for i := range drafts {
		drafts[i].Refs = append(drafts[i].Refs, ledger.Ref{Role: RefBulk, Type: RefBulk, ID: bulk})
		if ring := d[i].key.RingID; !ring.IsZero() {
			drafts[i].Refs = append(drafts[i].Refs, ledger.Ref{Role: RefRing, Type: EntityRing, ID: ring.String()})
		}
	}
}

// outTogether leaves out what came along on a ring and is not out with the holder of the key that was asked for: such a
// key is no reason for the others not to come back.
func (d desk) outTogether(asked int) desk {
	holders := map[id.ID]id.ID{}
	for _, p := range d[:asked] {
		if p.open != nil {
			holders[p.key.RingID] = p.open.HolderID
		}
	}
	came := d[asked:].where(func(p place) bool { return p.open != nil && holders[p.key.RingID] == p.open.HolderID })
	return append(d[:asked:asked], came...)
}
