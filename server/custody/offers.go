package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// offer is a handover with its key, locked.
type offer struct {
	*Handover
	place
}

// offers are the handover that is asked about, and behind it those of keys of its ring that were offered with it.
type offers []offer

func (o offers) desk() desk {
	d := make(desk, len(o))
	for i := range o {
		d[i] = o[i].place
	}
	return d
}

func (o offers) handovers() []*Handover {
	all := make([]*Handover, len(o))
	for i := range o {
		all[i] = o[i].Handover
	}
	return all
}

// of gives the handover of a key.
func (o offers) of(key id.ID) *Handover {
	return o[slices.IndexFunc(o, func(one offer) bool { return one.KeyID == key })].Handover
}

// wait demands that nobody has decided yet and that the giver still holds the keys.
func (o offers) wait() error {
	for i := range o {
		if err := o[i].waits(&o[i].place); err != nil {
			return err
		}
	}
	return nil
}

// lockOffers locks the keys of a handover and of those that wait with it, and gives all as they are then. NOT_FOUND when
// the actor may not see it.
func (s *Service) lockOffers(ctx context.Context, tx *mysql.Tx, actor *access.Actor, handover id.ID) (offers, error) {
	now := s.instant()
	h, err := oneHandover(ctx, tx, handover, now)
	if err != nil {
		return nil, err
	}
	if h == nil || !h.seenBy(actor, s.access.ScopeOf(actor, access.KeysView)) {
		return nil, fault.New(fault.NotFound, "There is no such handover.")
	}
	desk, err := s.lockWithRings(ctx, tx, []id.ID{h.KeyID})
	if err != nil {
		return nil, err
	}
	if h, err = oneHandover(ctx, tx, handover, now); err != nil { // again: it may have been decided before the key was locked
		return nil, err
	}
	pending, err := selectHandovers(ctx, tx, selectPendingHandover, desk[1:].ids(), now)
	if err != nil {
		return nil, err
	}
	all := offers{{h, desk[0]}}
	for _, p := range desk[1:] {
		for _, other := range pending {
			if other.KeyID == p.key.ID && other.offeredWith(h) {
				all = append(all, offer{other, p})
			}
		}
	}
	return all, nil
}

// offeredWith reports whether a handover was offered with another and still waits.
func (h *Handover) offeredWith(other *Handover) bool {
	return h.State == HandoverPending && h.FromID == other.FromID && h.ToID == other.ToID &&
		h.RequestedByID == other.RequestedByID && h.RequestedAt.Equal(other.RequestedAt)
}
