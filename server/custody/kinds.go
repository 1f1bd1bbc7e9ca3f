package custody

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// KeyKind is what a key is kept for.
type KeyKind string

// The kinds, in the words of the GraphQL schema.
const (
	Standard KeyKind = "STANDARD"
	Spare    KeyKind = "SPARE"
	Master   KeyKind = "MASTER"
)

// KeyKinds lists every kind, in the order of the schema.
func KeyKinds() []KeyKind { return []KeyKind{Standard, Spare, Master} }

// MarshalGQL writes the schema's enum.
func (k KeyKind) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(k))) }

// UnmarshalGQL reads the schema's enum.
func (k *KeyKind) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(KeyKinds(), KeyKind(text)) {
		return fmt.Errorf("%.20q is not a kind of key", text)
	}
	*k = KeyKind(text)
	return nil
}

// MaxCopies is how many copies a key has at most.
const MaxCopies = 100

const (
	updateTraits  = "UPDATE physical_key SET kind = ?, copy_of = ?, approval = ? WHERE id = ?"
	selectCopies  = "SELECT copy_of, id FROM physical_key WHERE copy_of IN (?) ORDER BY copy_of, number_order"
	countCopies   = "SELECT COUNT(*) FROM physical_key WHERE copy_of = ?"
	traitKind     = "kind"
	traitCopyOf   = "copyOf"
	traitApproval = "approvalRequired"
)

// traits are what a key is besides its texts.
type traits struct {
	kind     KeyKind
	copyOf   id.ID
	approval bool
}

func traitsOf(k *Key) traits { return traits{k.Kind, k.CopyOfID, k.ApprovalRequired} }

func (t traits) writeTo(k *Key) {
	k.Kind, k.CopyOfID, k.ApprovalRequired = t.kind, t.copyOf, t.approval
}

// details adds what is not as usual to the details of a new key's entry.
func (t traits) details(details map[string]any) {
	for _, one := range (traits{kind: Standard}).changesTo(t) {
		details[one.(map[string]any)["path"].(string)] = one.(map[string]any)["after"]
	}
}

// changesTo lists what differs as details.changes has it.
func (t traits) changesTo(next traits) []any {
	var changes []any
	if t.kind != next.kind {
		changes = append(changes, change(traitKind, string(t.kind), string(next.kind)))
	}
	if t.copyOf != next.copyOf {
		changes = append(changes, change(traitCopyOf, t.copyOf.String(), next.copyOf.String()))
	}
	if t.approval != next.approval {
		changes = append(changes, map[string]any{"path": traitApproval, "before": t.approval, "after": next.approval})
	}
	return changes
}

// store writes the traits of a key that is locked or new.
func (t traits) store(ctx context.Context, tx *mysql.Tx, key id.ID) error {
	_, err := tx.Exec(ctx, updateTraits, t.kind, t.copyOf, t.approval, key)
	return err
}

// over gives the traits with the input's laid over them.
func (in *UpdateKeyInput) overTraits(t traits) traits {
	if in.Kind != nil {
		t.kind = *in.Kind
	}
	if in.CopyOf != nil {
		t.copyOf = *in.CopyOf
	}
	if in.ApprovalRequired != nil {
		t.approval = *in.ApprovalRequired
	}
	return t
}

// lockWithOriginal locks a key, zero for a new one, and the key that it is to be a copy of, in the order of their ids, and
// refuses what cannot be a copy of what.
func lockWithOriginal(ctx context.Context, tx *mysql.Tx, key, original id.ID) error {
	if original.IsZero() {
		return nil
	}
	if key == original {
		return fault.Field(traitCopyOf, "a key is no copy of itself")
	}
	locked, err := lockKeys(ctx, tx, without([]id.ID{key, original}, []id.ID{{}}))
	if err != nil {
		return err
	}
	switch of := locked[original]; {
	case of == nil || of.RetiredAt != nil:
		return fault.Field(traitCopyOf, "there is no such key in use: choose one from the list")
	case !of.CopyOfID.IsZero():
		return fault.Field(traitCopyOf, "key %s is itself a copy: name the key that it was cut from", of.Number)
	}
	copies, err := count(ctx, tx, countCopies, original)
	if err != nil {
		return err
	}
	if copies >= MaxCopies {
		return fault.Field(traitCopyOf, "that key has %d copies, and cannot have more", copies)
	}
	if own, err := count(ctx, tx, countCopies, key); err != nil || own > 0 {
		return noneOr(err, fault.Field(traitCopyOf, "this key has copies itself: make them copies of the other key first"))
	}
	return nil
}

// noneOr gives err, or otherwise the refusal.
func noneOr(err error, refusal error) error {
	if err != nil {
		return err
	}
	return refusal
}

func count(ctx context.Context, q mysql.Querier, query string, args ...any) (n int, err error) {
	return n, q.Get(ctx, &n, query, args...)
}

// CopiesByKey gives the copies of keys in use and retired, by number, for joins: the caller has seen the keys. Their states
// tell no more than KeysByID does.
func (s *Service) CopiesByKey(ctx context.Context, actor *access.Actor, keys []id.ID) (map[id.ID][]*Key, error) {
	var rows []struct {
		Of  id.ID `db:"copy_of"`
		Key id.ID `db:"id"`
	}
	if err := selectIn(ctx, s.db, &rows, selectCopies, keys); err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]id.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].Key
	}
	found, err := s.KeysByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	copies := make(map[id.ID][]*Key, len(keys))
	for _, r := range rows {
		if key := found[r.Key]; key != nil {
			copies[r.Of] = append(copies[r.Of], key)
		}
	}
	return copies, nil
}

// sorted gives ids each once, in the order in which rows are locked.
func sorted(ids []id.ID) []id.ID {
	ordered := slices.Clone(ids)
	slices.SortFunc(ordered, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ordered)
}
