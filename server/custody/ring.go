package custody

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// How many keys hang on a ring.
const (
	MinKeysOfRing = 2
	MaxKeysOfRing = 50
)

const (
	ringNameIndex   = "key_ring_name"
	selectRingRows  = "SELECT g.id, g.name, g.version, g.created_at FROM key_ring g"
	selectRing      = selectRingRows + " WHERE g.id = ?"
	selectRings     = selectRingRows + " WHERE g.id IN (?)"
	selectRingLock  = selectRing + " FOR UPDATE"
	selectKeysOn    = "SELECT ring, id FROM physical_key WHERE ring IN (?) AND retired_at IS NULL ORDER BY ring, number_order, id"
	insertRing      = "INSERT INTO key_ring (id, name, version, created_at) VALUES (?, ?, 1, ?)"
	updateRing      = "UPDATE key_ring SET name = ?, version = version + 1 WHERE id = ?"
	deleteRing      = "DELETE FROM key_ring WHERE id = ?"
	updateKeyOnRing = "UPDATE physical_key SET ring = ? WHERE id IN (?)"
	updateKeysOff   = "UPDATE physical_key SET ring = NULL WHERE ring = ?"
)

// KeyRing is keys that hang together.
type KeyRing struct {
	ID   id.ID  `db:"id"`
	Name string `db:"name"`
	// KeyIDs are its keys in use, by number.
	KeyIDs    []id.ID   `db:"-"`
	Version   int       `db:"version"`
	CreatedAt time.Time `db:"created_at"`
}

// SaveRingInput makes a ring or changes one.
type SaveRingInput struct {
	// ID is zero for a new ring.
	ID   id.ID
	Name string
	// Keys are all keys of the ring, 2 to 50; nil leaves them as they are, and is not for a new ring.
	Keys []id.ID
	// Version is the one that the caller saw; nil does not check.
	Version        *int
	IdempotencyKey string
}

func (in SaveRingInput) checked() (SaveRingInput, error) {
	var err error
	if in.Name, err = required("name", in.Name, MaxGroupName); err != nil {
		return in, err
	}
	if in.Keys == nil && !in.ID.IsZero() {
		return in, nil
	}
	return in, distinct("keys", in.Keys, MinKeysOfRing, MaxKeysOfRing)
}

// SaveRing makes a ring or changes its name and keys. CONFLICT while one of the keys concerned is out, when one is on
// another ring, when another ring has the name, or when somebody changed it meanwhile.
func (s *Service) SaveRing(ctx context.Context, actor *access.Actor, in SaveRingInput) (*KeyRing, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	var ring *KeyRing
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"saveKeyRing": in})
		if err != nil {
			return err
		}
		one := in.ID
		if claim.Replayed {
			one, err = s.replayedGroup(ctx, tx, claim, in.ID)
		} else {
			one, err = s.saveRing(ctx, tx, actor, claim, &in)
		}
		if err != nil {
			return err
		}
		ring, err = oneRing(ctx, tx, selectRing, one)
		return err
	})
	if mysql.DuplicateIndex(err) == ringNameIndex {
		return nil, fault.Wrap(err, fault.Conflict, "There is a ring named %s already: choose another name.", in.Name)
	}
	return ring, err
}

func (s *Service) saveRing(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in *SaveRingInput) (id.ID, error) {
	at := s.instant()
	d := actor.Draft(ledger.StreamKey, ledger.KeyRingUpdated, at)
	d.OccurredAt = at
	ring := &KeyRing{ID: in.ID}
	if in.ID.IsZero() {
		ring.ID, d.Action = id.NewAt(at), ledger.KeyRingCreated
		if _, err := tx.Exec(ctx, insertRing, ring.ID, in.Name, at); err != nil {
			return ring.ID, err
		}
	} else {
		var err error
		if ring, err = oneRing(ctx, tx, selectRingLock, in.ID); err != nil {
			return in.ID, err
		}
		if err := sameVersion(fault.Say("ring"), in.Version, ring.Version); err != nil {
			return in.ID, err
		}
	}
	if ring.Name != in.Name {
		d.Details = map[string]any{"changes": []any{change("name", ring.Name, in.Name)}}
	}
	var err error
	if d.Refs, err = s.rehang(ctx, tx, actor, ring, in.Keys); err != nil {
		return ring.ID, err
	}
	if d.Details == nil && len(d.Refs) == 0 {
		return ring.ID, claim.Settle(ctx, tx, nil)
	}
	if d.Action == ledger.KeyRingUpdated {
		if _, err := tx.Exec(ctx, updateRing, in.Name, ring.ID); err != nil {
			return ring.ID, err
		}
	}
	d.Entity = ledger.Entity{Type: EntityRing, ID: ring.ID.String(), Label: in.Name}
	_, err = s.finish(ctx, tx, claim, []ledger.Draft{d})
	return ring.ID, err
}

// rehang makes the keys those of a ring, nil for no change, and gives a ref for each key added or removed.
func (s *Service) rehang(ctx context.Context, tx *mysql.Tx, actor *access.Actor, ring *KeyRing, keys []id.ID) ([]ledger.Ref, error) {
	added, removed := without(keys, ring.KeyIDs), without(ring.KeyIDs, keys)
	if keys == nil || len(added)+len(removed) == 0 {
		return nil, nil
	}
	d, err := s.lockDesk(ctx, tx, append(slices.Clone(keys), removed...))
	if err != nil {
		return nil, err
	}
	for i, p := range d[:len(keys)] {
		if p.key.RetiredAt != nil {
			return nil, member("keys", i, "key %s was retired: choose a key that is in use", p.key.Number)
		}
		if !p.key.RingID.IsZero() && p.key.RingID != ring.ID {
			return nil, fault.New(fault.Conflict, "Key %s is on another ring: take it off that first.", p.key.Number).With("key", p.key.ID.String())
		}
	}
	if out := d.out(); len(out) > 0 {
		named := s.named(actor, out)
		return nil, fault.New(fault.Conflict, "%s out: take back all that is and will be on the ring, and then change it.",
			sentence(named)).With("keys", named)
	}
	for _, move := range []struct {
		ring id.ID
		keys []id.ID
	}{{ring.ID, added}, {id.ID{}, removed}} {
		if len(move.keys) == 0 {
			continue
		}
		query, args, err := mysql.In(updateKeyOnRing, move.ring, move.keys)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return nil, err
		}
	}
	return append(memberRefs(RefAdded, added), memberRefs(RefRemoved, removed)...), nil
}

// DeleteRing takes a ring apart; its keys stay. CONFLICT while one of them is out.
func (s *Service) DeleteRing(ctx context.Context, actor *access.Actor, ring id.ID, idempotencyKey string) error {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), idempotencyKey, map[string]any{"deleteKeyRing": ring})
		if err != nil || claim.Replayed {
			return err
		}
		was, err := oneRing(ctx, tx, selectRingLock, ring)
		if err != nil {
			return err
		}
		refs, err := s.rehang(ctx, tx, actor, was, []id.ID{})
		if err != nil {
			return err
		}
		for _, query := range []string{updateKeysOff, deleteRing} { // keys that were retired hang there, too
			if _, err := tx.Exec(ctx, query, ring); err != nil {
				return err
			}
		}
		at := s.instant()
		d := actor.Draft(ledger.StreamKey, ledger.KeyRingDeleted, at)
		d.OccurredAt, d.Refs = at, refs
		d.Entity = ledger.Entity{Type: EntityRing, ID: ring.String(), Label: was.Name}
		_, err = s.finish(ctx, tx, claim, []ledger.Draft{d})
		return err
	})
}

// oneRing gives a ring with its keys; NOT_FOUND when there is none.
func oneRing(ctx context.Context, q mysql.Querier, query string, ring id.ID) (*KeyRing, error) {
	var r KeyRing
	err := q.Get(ctx, &r, query, ring)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such ring.")
	}
	if err != nil {
		return nil, err
	}
	return &r, loadRingKeys(ctx, q, []*KeyRing{&r})
}

func loadRingKeys(ctx context.Context, q mysql.Querier, rings []*KeyRing) error {
	byID := make(map[id.ID]*KeyRing, len(rings))
	ids := make([]id.ID, len(rings))
	for i, r := range rings {
		ids[i], byID[r.ID] = r.ID, r
	}
	var rows []struct {
		Ring id.ID `db:"ring"`
		Key  id.ID `db:"id"`
	}
	if err := selectIn(ctx, q, &rows, selectKeysOn, ids); err != nil {
		return err
	}
	for _, row := range rows {
		byID[row.Ring].KeyIDs = append(byID[row.Ring].KeyIDs, row.Key)
	}
	return nil
}

// Rings lists rings by name, as far as the actor's scope reaches any of their keys: whoever may see only his own keys, or
// those of his department, sees those that are held there now.
func (s *Service) Rings(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*KeyRing], error) {
	var none page.Page[*KeyRing]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	if scope != access.All {
		var reached mysql.Where
		reached.And("k.ring = g.id")
		loansInScope(&reached, actor, scope)
		where.And("EXISTS (SELECT 1 FROM physical_key k JOIN loan l ON l.open_key = k.id"+reached.SQL()+")", reached.Args()...)
	}
	order, err := byText("g.name"+collateNames, "g.id").window(w, where)
	if err != nil {
		return none, err
	}
	var rows []*KeyRing
	if err := selectExpanded(ctx, s.db, &rows, selectRingRows+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	if err := loadRingKeys(ctx, s.db, rows); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(r *KeyRing) string { return textCursor(r.Name, r.ID) }), s.ledger.AwaitRead(ctx)
}

// RingsByID gives rings for joins: the caller has seen a key that hangs there.
func (s *Service) RingsByID(ctx context.Context, ids []id.ID) (map[id.ID]*KeyRing, error) {
	var rows []*KeyRing
	if err := selectIn(ctx, s.db, &rows, selectRings, ids); err != nil {
		return nil, err
	}
	rings := make(map[id.ID]*KeyRing, len(rows))
	for _, r := range rows {
		rings[r.ID] = r
	}
	return rings, loadRingKeys(ctx, s.db, rows)
}
