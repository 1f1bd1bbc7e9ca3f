package custody

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// SaveGroupInput makes a group or changes one.
type SaveGroupInput struct {
	// ID is zero for a new group.
	ID   id.ID
	Name string
	// Keys are all keys in use that the group has; nil leaves them as they are. At most 5,000.
	Keys []id.ID
	// Takers take the place of all that it has; nil leaves them as they are.
	Takers *[]Taker
	// DefaultLoan and Curfew leave what is there when they are nil; their zero values take it away.
	DefaultLoan *DefaultLoan
	Curfew      *LocalTime
	// Version is the one that the caller saw; nil does not check.
	Version        *int
	IdempotencyKey string
}

func (in SaveGroupInput) checked() (SaveGroupInput, error) {
	var err error
	if in.Name, err = required("name", in.Name, MaxGroupName); err != nil {
		return in, err
	}
	return in, distinct("keys", in.Keys, 0, MaxKeysOfGroup)
}

// SaveGroup makes a group or changes its name, keys and rules. Retired keys stay in the groups that they had, so that
// a group's history stays whole. CONFLICT when another group has the name, or somebody changed it meanwhile.
func (s *Service) SaveGroup(ctx context.Context, actor *access.Actor, in SaveGroupInput) (*KeyGroup, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	if err := s.checkRules(ctx, &in); err != nil {
		return nil, err
	}
	var group *KeyGroup
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"saveKeyGroup": in})
		if err != nil {
			return err
		}
		one := in.ID
		if claim.Replayed {
			one, err = s.replayedGroup(ctx, tx, claim, in.ID)
		} else {
			one, err = s.saveGroup(ctx, tx, actor, claim, &in)
		}
		if err != nil {
			return err
		}
		group, err = oneGroup(ctx, tx, one)
		return err
	})
	if mysql.DuplicateIndex(err) == groupNameIndex {
		return nil, fault.Wrap(err, fault.Conflict, "There is a group named %s already: choose another name.", in.Name)
	}
	return group, err
}

// replayedGroup gives the id of the group that a repeated request saved the first time.
func (s *Service) replayedGroup(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim, asked id.ID) (id.ID, error) {
	if !asked.IsZero() {
		return asked, nil
	}
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil || len(entries) == 0 {
		return id.ID{}, err
	}
	return id.Parse(entries[0].Entity.ID)
}

func (s *Service) saveGroup(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in *SaveGroupInput) (id.ID, error) {
	at := s.instant()
	d := actor.Draft(ledger.StreamKey, ledger.KeyGroupUpdated, at)
	d.OccurredAt = at
	group, was := in.ID, &KeyGroup{}
	if group.IsZero() {
		group = id.NewAt(at)
		was.ID = group
		d.Action = ledger.KeyGroupCreated
		if _, err := tx.Exec(ctx, insertGroup, group, in.Name, 1, at); err != nil {
			return group, err
		}
	} else {
		var err error
		if was, err = s.lockGroup(ctx, tx, group, in.Version); err != nil {
			return group, err
		}
	}
	changes, err := changeRules(ctx, tx, was, in)
	if err != nil {
		return group, err
	}
	if was.Name != in.Name {
		changes = append([]any{change("name", was.Name, in.Name)}, changes...)
	}
	if len(changes) > 0 {
		d.Details = map[string]any{"changes": changes}
	}
	refs, err := changeMembers(ctx, tx, group, in.Keys)
	if err != nil {
		return group, err
	}
	if d.Refs = refs; d.Details == nil && len(refs) == 0 {
		return group, claim.Settle(ctx, tx, nil)
	}
	if d.Action == ledger.KeyGroupUpdated {
		if _, err := tx.Exec(ctx, updateGroup, in.Name, group); err != nil {
			return group, err
		}
	}
	d.Entity = ledger.Entity{Type: EntityGroup, ID: group.String(), Label: in.Name}
	_, err = s.finish(ctx, tx, claim, []ledger.Draft{d})
	return group, err
}

func (s *Service) lockGroup(ctx context.Context, tx *mysql.Tx, group id.ID, seen *int) (*KeyGroup, error) {
	groups, err := lockGroups(ctx, tx, []id.ID{group})
	if err != nil {
		return nil, err
	}
	if groups[group] == nil {
		return nil, noSuchGroup()
	}
	return groups[group], sameVersion(fault.Say("group"), seen, groups[group].Version)
}

func noSuchGroup() error { return fault.New(fault.NotFound, "There is no such group of keys.") }

// changeMembers makes the keys the group's keys in use, and gives a ref for each key added or removed.
func changeMembers(ctx context.Context, tx *mysql.Tx, group id.ID, keys []id.ID) ([]ledger.Ref, error) {
	if keys == nil {
		return nil, nil
	}
	var members []id.ID
	if err := tx.Select(ctx, &members, selectMembersInUse, group); err != nil {
		return nil, err
	}
	added, removed := without(keys, members), without(members, keys)
	if err := checkInUse(ctx, tx, keys, added); err != nil {
		return nil, err
	}
	if err := insertMembers(ctx, tx, group, added); err != nil {
		return nil, err
	}
	if len(removed) > 0 {
		query, args, err := mysql.In(deleteMembers, group, removed)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return nil, err
		}
	}
	return append(memberRefs(RefAdded, added), memberRefs(RefRemoved, removed)...), nil
}

func memberRefs(role string, keys []id.ID) []ledger.Ref {
	refs := make([]ledger.Ref, len(keys))
	for i, key := range keys {
		refs[i] = ledger.Ref{Role: role, Type: EntityKey, ID: key.String()}
	}
	return refs
}

// without gives the ids of all that are not among others.
func without(all, others []id.ID) []id.ID {
	known := make(map[id.ID]bool, len(others))
	for _, one := range others {
		known[one] = true
	}
	var rest []id.ID
	for _, one := range all {
		if !known[one] {
			rest = append(rest, one)
		}
	}
	return rest
}

// checkInUse demands that keys which join a group exist and are in use; a fault names their place in the input.
func checkInUse(ctx context.Context, tx *mysql.Tx, input, added []id.ID) error {
	var known []id.ID
	if err := selectIn(ctx, tx, &known, selectInUse, added); err != nil {
		return err
	}
	missing := without(added, known)
	if len(missing) == 0 {
		return nil
	}
	return member("keys", slices.Index(input, missing[0]), "there is no key in use with the id %s: look it up again", missing[0])
}

func insertMembers(ctx context.Context, tx *mysql.Tx, group id.ID, keys []id.ID) error {
	const batch = 256
	for batchOfKeys := range slices.Chunk(keys, batch) {
		args := make([]any, 0, 2*len(batchOfKeys))
		for _, key := range batchOfKeys {
			args = append(args, group, key)
		}
		if _, err := tx.Exec(ctx, insertMember+strings.Repeat("(?,?),", len(batchOfKeys)-1)+"(?,?)", args...); err != nil {
			return err
		}
	}
	return nil
}

// joinGroups puts a new key into groups, whose versions grow: whoever edits one meanwhile must look again.
func joinGroups(ctx context.Context, tx *mysql.Tx, key id.ID, groups []id.ID) error {
	locked, err := lockGroups(ctx, tx, groups)
	if err != nil {
		return err
	}
	ordered := slices.Clone(groups)
	slices.SortFunc(ordered, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	for _, group := range ordered {
		if locked[group] == nil {
			return member("groups", slices.Index(groups, group), "there is no such group of keys: choose one from the list")
		}
		if err := insertMembers(ctx, tx, group, []id.ID{key}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateGroup, locked[group].Name, group); err != nil {
			return err
		}
	}
	return nil
}

func lockGroups(ctx context.Context, tx *mysql.Tx, ids []id.ID) (map[id.ID]*KeyGroup, error) {
	var rows []*KeyGroup
	if err := selectIn(ctx, tx, &rows, selectGroupsLocked, ids); err != nil {
		return nil, err
	}
	groups := make(map[id.ID]*KeyGroup, len(rows))
	for _, g := range rows {
		groups[g.ID] = g
	}
	return groups, nil
}
