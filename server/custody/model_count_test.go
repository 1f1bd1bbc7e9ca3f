package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// modelDifference is something that a count found; key is nil for a number that no key has, and cabinet "" when a group
// was counted.
type modelDifference struct {
	id      id.ID
	kind    custody.DifferenceKind
	key     *modelKey
	cabinet string
	counted time.Time
	settled bool
}

// differs gives in what way a key is not where it is thought to be, "" when it is.
func (k *modelKey) differs(belongs, scanned bool) custody.DifferenceKind {
	in := belongs && !k.unusable() && !k.out()
	switch {
	case !scanned && in:
		return custody.Missing
	case !scanned:
		return ""
	case k.retired:
		return custody.RetiredKey
	case k.lost:
		return custody.LostButFound
	case k.out():
		return custody.NotReturned
	case !belongs:
		return custody.Misplaced
	}
	return ""
}

// count scans some keys, and a number that no key has, in the cabinet or for the group.
func (s *storeroom) count(t *rapid.T) {
	by, now := s.actor(t), s.turn()
	scanned := slices.DeleteFunc(slices.Clone(s.model.keys), func(k *modelKey) bool { return !rapid.Bool().Draw(t, "scanned") })
	in := custody.CountInput{Cabinet: s.cabinet, IdempotencyKey: s.once()}
	if rapid.Bool().Draw(t, "group") {
		in.Cabinet, in.Group = "", s.group
	}
	for _, k := range scanned {
		in.Numbers = append(in.Numbers, k.number)
	}
	want := map[string]*modelDifference{}
	expected, there, belonging := 0, 0, 0
	for _, k := range s.model.keys {
		belongs, seen := !in.Group.IsZero() || k.cabinet == s.cabinet, slices.Contains(scanned, k)
		if belongs && !k.retired {
			belonging++
		}
		if belongs && !k.unusable() && !k.out() {
			if expected++; seen {
				there++
			}
		}
		if kind := k.differs(belongs, seen); kind != "" {
			want[k.number] = &modelDifference{kind: kind, key: k, cabinet: in.Cabinet, counted: now}
		}
	}
	if len(scanned) == 0 || rapid.Bool().Draw(t, "unknown") {
		in.Numbers = append(in.Numbers, s.cabinet+"-none")
		want[s.cabinet+"-none"] = &modelDifference{kind: custody.UnknownKey, cabinet: in.Cabinet, counted: now}
	}
	var refused fault.Kind
	switch {
	case !by.custodian:
		refused = fault.Forbidden
	case belonging == 0:
		refused = fault.NotFound
	}
	var made *custody.Count
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.CountInventory(s.ctx, by.Actor, in)
		return err
	}, refused) {
		return
	}
	if v := made.Inventory; v.ExpectedCount != expected || v.FoundCount != there || v.DifferenceCount != len(want) {
		t.Fatalf("%+v, want %d, %d and %d", v, expected, there, len(want))
	}
	s.agreeOnDifferences(t, made.Inventory.ID, want)
}

func (s *storeroom) agreeOnDifferences(t *rapid.T, inventory id.ID, want map[string]*modelDifference) {
	found, err := s.f.Custody.Differences(s.ctx, inventory, page.Request{})
	if err != nil || len(found.Items) != len(want) {
		t.Fatalf("%d differences, want %d: %v", len(found.Items), len(want), err)
	}
	for _, d := range found.Items {
		if want[d.Number] == nil || want[d.Number].kind != d.Kind {
			t.Fatalf("%+v, want %+v", d, want[d.Number])
		}
		want[d.Number].id = d.ID
		s.model.differences = append(s.model.differences, want[d.Number])
	}
}

// settles are the ways to settle each kind; another cabinet can only be where one was counted.
func settles(d *modelDifference, how custody.Resolution) bool {
	switch d.kind {
	case custody.NotReturned:
		return how == custody.ResolvedReturned || how == custody.ResolvedIgnored
	case custody.Missing:
		return how == custody.ResolvedLost || how == custody.ResolvedFound || how == custody.ResolvedIgnored
	case custody.LostButFound:
		return how == custody.ResolvedFound || how == custody.ResolvedIgnored
	case custody.Misplaced:
		return how == custody.ResolvedMoved && d.cabinet != "" || how == custody.ResolvedIgnored
	}
	return how == custody.ResolvedIgnored
}

func (s *storeroom) resolve(t *rapid.T) {
	if len(s.model.differences) == 0 {
		return
	}
	d, by, now := likely(t, "difference", s.model.differences, func(d *modelDifference) bool { return !d.settled }), s.actor(t), s.turn()
	ways := []custody.Resolution{custody.ResolvedReturned, custody.ResolvedLost, custody.ResolvedFound, custody.ResolvedMoved, custody.ResolvedIgnored}
	how := fair(t, "how", ways)
	if fitting := slices.DeleteFunc(slices.Clone(ways), func(how custody.Resolution) bool { return !settles(d, how) }); rapid.Bool().Draw(t, "fitting") {
		how = fair(t, "fitting way", fitting)
	}
	var want fault.Kind
	switch {
	case !by.custodian, how == custody.ResolvedMoved && !by.admin:
		want = fault.Forbidden
	case d.settled, !settles(d, how), !s.model.allows(d, how):
		want = fault.Conflict
	}
	var whole []*modelKey
	if d.key != nil {
		whole = s.model.withMatesOut([]*modelKey{d.key})
	}
	var made *custody.Resolved
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.ResolveDifference(s.ctx, by.Actor, custody.ResolveInput{Difference: d.id, Resolution: how, IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	d.settled = true
	switch {
	case how == custody.ResolvedReturned:
		s.model.takeBack(whole, made.Entries, now, now)
	case how == custody.ResolvedLost:
		d.key.lose(entryOf(made.Entries, ledger.KeyLost, d.key), now)
	case how == custody.ResolvedFound && d.kind == custody.LostButFound:
		d.key.find(entryOf(made.Entries, ledger.KeyFound, d.key), now)
	case how == custody.ResolvedMoved && d.key.cabinet != d.cabinet:
		d.key.cabinet = d.cabinet
		d.key.record(ledger.KeyUpdated, id.ID{})
	case d.key != nil:
		d.key.record(ledger.KeyDifferenceResolved, id.ID{})
	}
}

// allows reports whether the key is still in a state in which a difference can be settled so, and has not moved since
// where that would move it.
func (m *model) allows(d *modelDifference, how custody.Resolution) bool {
	switch {
	case how == custody.ResolvedReturned:
		return d.key.out() && !d.key.lastMoved().After(d.counted)
	case how == custody.ResolvedLost:
		return !d.key.out() && !d.key.unusable() && !d.key.lastMoved().After(d.counted)
	case how == custody.ResolvedFound && d.kind == custody.LostButFound:
		return d.key.lost && !d.key.retired && !d.key.lastMoved().After(d.counted)
	case how == custody.ResolvedMoved:
		return !d.key.retired
	}
	return true
}
