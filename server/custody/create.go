package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// CreateKeyInput describes a new key.
type CreateKeyInput struct {
	// Number has 1 to 64 characters; leading zeros count.
	Number   string
	Label    string
	Category string
	Building string
	Floor    string
	Room     string
	Cabinet  string
	Hook     string
	// Kind is Standard when it is "".
	Kind KeyKind
	// CopyOf is the key that it was cut from, zero for one that is no copy.
	CopyOf           id.ID
	ApprovalRequired bool
	// Groups are groups that the key joins at once.
	Groups         []id.ID
	IdempotencyKey string
}

func (in *CreateKeyInput) fields() fields {
	return fields{in.Number, in.Label, in.Category, in.Building, in.Floor, in.Room, in.Cabinet, in.Hook}
}

func (in *CreateKeyInput) traits() traits {
	if in.Kind == "" {
		in.Kind = Standard
	}
	return traits{in.Kind, in.CopyOf, in.ApprovalRequired}
}

// CreateKey adds a key. CONFLICT when a key in use has the number.
func (s *Service) CreateKey(ctx context.Context, actor *access.Actor, in CreateKeyInput) (*Key, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	described, err := in.fields().checked()
	if err != nil {
		return nil, err
	}
	if err := distinct("groups", in.Groups, 0, MaxGroupsOfKey); err != nil {
		return nil, err
	}
	var key *Key
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"createKey": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			key, err = s.replayKey(ctx, tx, claim)
			return err
		}
		key, err = s.create(ctx, tx, actor, claim, described, in.traits(), in.Groups)
		return err
	})
	return key, numberTaken(err, described.number)
}

func (s *Service) create(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, described fields, t traits, groups []id.ID) (*Key, error) {
	at := s.instant()
	key := &Key{ID: id.NewAt(at), State: Available, Version: 1, CreatedAt: at, UpdatedAt: at}
	described.writeTo(key)
	t.writeTo(key)
	if err := lockWithOriginal(ctx, tx, id.ID{}, t.copyOf); err != nil {
		return nil, err
	}
	if err := joinGroups(ctx, tx, key.ID, groups); err != nil {
		return nil, err
	}
	if err := insertKeys(ctx, tx, []*Key{key}); err != nil {
		return nil, err
	}
	d := keyDraft(actor, ledger.KeyCreated, key, at)
	d.Details = described.details()
	t.details(d.Details)
	for _, group := range groups {
		d.Refs = append(d.Refs, ledger.Ref{Role: RefGroup, Type: EntityGroup, ID: group.String()})
	}
	_, err := s.finish(ctx, tx, claim, []ledger.Draft{d})
	return key, err
}

// keyDraft begins an entry about a key itself.
func keyDraft(actor *access.Actor, action string, key *Key, at time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, action, at)
	d.OccurredAt = at
	d.Entity = ledger.Entity{Type: EntityKey, ID: key.ID.String(), Label: key.Number}
	return d
}

// replayKey gives the key that a repeated request made or changed the first time, as it is now.
func (s *Service) replayKey(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Key, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fault.New(fault.NotFound, "what this request recorded was pruned since: look the key up by its number")
	}
	key, err := id.Parse(entries[0].Entity.ID)
	if err != nil {
		return nil, err
	}
	return s.oneKey(ctx, tx, key)
}

// oneKey gives a key, or NOT_FOUND.
func (s *Service) oneKey(ctx context.Context, q mysql.Querier, key id.ID) (*Key, error) {
	keys, err := selectKeys(ctx, q, []id.ID{key}, s.instant())
	if err != nil {
		return nil, err
	}
	if keys[key] == nil {
		return nil, noSuchKey()
	}
	return keys[key], nil
}

func noSuchKey() error { return fault.New(fault.NotFound, "There is no such key.") }

// numberTaken explains the violation of the unique number, and gives any other error as it is.
func numberTaken(err error, number string) error {
	if mysql.DuplicateIndex(err) != numberIndex {
		return err
	}
	return fault.Wrap(err, fault.Conflict, "A key in use has the number %s: choose another, or retire that key first.", number).
		With("number", number)
}
