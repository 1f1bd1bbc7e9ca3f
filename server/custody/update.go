package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// UpdateKeyInput changes a key. nil fields stay.
type UpdateKeyInput struct {
	ID       id.ID
	Number   *string
	Label    *string
	Category *string
	Building *string
	Floor    *string
	Room     *string
	Cabinet  *string
	Hook     *string
	Kind     *KeyKind
	// CopyOf is zero for a key that is no copy any more.
	CopyOf           *id.ID
	ApprovalRequired *bool
	// Version is the one that the caller saw; nil does not check.
	Version        *int
	IdempotencyKey string
}

// over gives the fields of a key with the input's laid over them.
func (in *UpdateKeyInput) over(f fields) fields {
	news := []*string{in.Number, in.Label, in.Category, in.Building, in.Floor, in.Room, in.Cabinet, in.Hook}
	for i, one := range f.named() {
		if news[i] != nil {
			*one.value = *news[i]
		}
	}
	return f
}

// UpdateKey changes a key's own fields. CONFLICT when somebody else changed it since the version given, or when
// a key in use has the number. An update that changes nothing records nothing.
func (s *Service) UpdateKey(ctx context.Context, actor *access.Actor, in UpdateKeyInput) (*Key, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	if in.ID.IsZero() {
		return nil, noSuchKey()
	}
	var key *Key
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"updateKey": in})
		if err != nil {
			return err
		}
		if claim.Replayed && len(claim.Seqs) > 0 {
			key, err = s.replayKey(ctx, tx, claim)
			return err
		}
		if !claim.Replayed {
			if err := s.update(ctx, tx, actor, claim, &in); err != nil {
				return err
			}
		}
		key, err = s.oneKey(ctx, tx, in.ID)
		return err
	})
	number := ""
	if in.Number != nil {
		number = *in.Number
	}
	return key, numberTaken(err, number)
}

func (s *Service) update(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in *UpdateKeyInput) error {
	drafts, err := s.changeKey(ctx, tx, actor, in)
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		return claim.Settle(ctx, tx, nil)
	}
	_, err = s.finish(ctx, tx, claim, drafts)
	return err
}

// changeKey stores a key's new fields, and gives the entry to append; none when nothing differs.
func (s *Service) changeKey(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in *UpdateKeyInput) ([]ledger.Draft, error) {
	if in.CopyOf != nil {
		if err := lockWithOriginal(ctx, tx, in.ID, *in.CopyOf); err != nil {
			return nil, err
		}
	}
	key, err := lockInUse(ctx, tx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := sameVersion(fault.Say("key"), in.Version, key.Version); err != nil {
		return nil, err
	}
	before := fieldsOf(key)
	after, err := in.over(before).checked()
	if err != nil {
		return nil, err
	}
	traits := in.overTraits(traitsOf(key))
	changes := append(before.changesTo(after), traitsOf(key).changesTo(traits)...)
	if len(changes) == 0 {
		return nil, nil
	}
	at := s.instant()
	after.writeTo(key)
	if err := traits.store(ctx, tx, key.ID); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, updateKey, key.Number, key.Number, orderOf(key.Number), key.Label, key.Category, key.Building,
		key.Floor, key.Room, key.Cabinet, key.Hook, key.Version+1, at, key.ID)
	if err != nil {
		return nil, err
	}
	d := keyDraft(actor, ledger.KeyUpdated, key, at)
	d.Details = map[string]any{"changes": changes, "version": key.Version + 1}
	return []ledger.Draft{d}, nil
}

// lockInUse locks a key that is not retired.
func lockInUse(ctx context.Context, tx *mysql.Tx, key id.ID) (*Key, error) {
	keys, err := lockKeys(ctx, tx, []id.ID{key})
	switch {
	case err != nil:
		return nil, err
	case keys[key] == nil:
		return nil, noSuchKey()
	case keys[key].RetiredAt != nil:
		return nil, fault.New(fault.Conflict, "Key %s was retired: it can no longer be changed.", keys[key].Number)
	}
	return keys[key], nil
}

// sameVersion demands that nobody changed a thing since the caller saw it.
func sameVersion(thing fault.Text, seen *int, now int) error {
	if seen == nil || *seen == now {
		return nil
	}
	return fault.New(fault.Conflict, "Somebody changed this %s meanwhile: look at it again and repeat your change.", thing).
		With("version", now)
}

// RetireKeyInput takes a key out of use.
type RetireKeyInput struct {
	ID id.ID
	// Reason has at most 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

// RetireKey takes a key out of use for good; its number may be used again. CONFLICT while it is issued or reserved.
func (s *Service) RetireKey(ctx context.Context, actor *access.Actor, in RetireKeyInput) (*Key, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	reason, err := prose("reason", in.Reason, MaxReason)
	if err != nil {
		return nil, err
	}
	if in.ID.IsZero() {
		return nil, noSuchKey()
	}
	var key *Key
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"retireKey": in})
		if err != nil {
			return err
		}
		if !claim.Replayed {
			if err := s.retire(ctx, tx, actor, claim, in.ID, reason); err != nil {
				return err
			}
		}
		key, err = s.oneKey(ctx, tx, in.ID)
		return err
	})
	return key, err
}

func (s *Service) retire(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, one id.ID, reason string) error {
	key, err := lockInUse(ctx, tx, one)
	if err != nil {
		return err
	}
	open, err := selectOpenLoans(ctx, tx, []id.ID{one})
	if err != nil {
		return err
	}
	if loan := open[one]; loan != nil {
		keys := s.named(actor, []place{{key: key, open: loan}})
		return fault.New(fault.Conflict, "%s out: take it back before you retire it.", sentence(keys)).With("keys", keys)
	}
	at := s.instant()
	held, err := selectHeldByKey(ctx, tx, []id.ID{one}, at)
	if err != nil {
		return err
	}
	if len(held[one]) > 0 {
		return s.conflictReserved(actor, desk{{key: key}}, held[one]).fault()
	}
	if _, err := tx.Exec(ctx, retireKey, at, at, key.Version+1, one); err != nil {
		return err
	}
	d := keyDraft(actor, ledger.KeyRetired, key, at)
	if reason != "" {
		d.Parts = append(d.Parts, ledger.Part{Field: FieldReason, Subject: seal.Source(actor.Source, at), Value: reason})
	}
	_, err = s.finish(ctx, tx, claim, []ledger.Draft{d})
	return err
}
