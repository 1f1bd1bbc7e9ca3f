package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// RoleSubject is the ref of a destroyed key to whose it was.
const RoleSubject = "subject"

// DestroyKey destroys a subject's key and records that, in the caller's transaction, with by as the actor (zero:
// keytrail itself). It appends, so it belongs last. Its addresses can no longer be looked for: up to a thousand entries
// at once, more and what is just being appended with FinishForgetting. This process forgets the key with the commit; every other does
// when its reader meets the entry, before any follower there is given it.
//
// seal.ErrUnknownSubject when there is no such key, seal.ErrDestroyed when it was destroyed before; then nothing is
// recorded.
func (l *Ledger) DestroyKey(ctx context.Context, tx *mysql.Tx, subject seal.Subject, by id.ID) (Entry, error) {
	if err := l.seal.Destroy(ctx, tx, subject); err != nil {
		return Entry{}, err
	}
	if err := l.forgetAddresses(ctx, tx, subject); err != nil {
		return Entry{}, err
	}
	entries, err := l.Append(ctx, tx, Draft{
		Stream: StreamSystem, Action: PrivacyKeyDestroyed, Actor: by, System: by.IsZero(), Person: subject.PersonID(),
		Refs: []Ref{{Role: RoleSubject, Type: "sealingKey", ID: string(subject)}},
	})
	if err != nil {
		return Entry{}, err
	}
	return entries[0], nil
}

// heedKeys has the sealer forget the keys of which entries say that they were destroyed, by whichever process.
func (l *Ledger) heedKeys(entries []Entry) {
	var destroyed []seal.Subject
	for i := range entries {
		if e := &entries[i]; e.Action == PrivacyKeyDestroyed {
			destroyed = append(destroyed, seal.Subject(e.Ref(RoleSubject)))
		}
	}
	if len(destroyed) > 0 {
		l.seal.Forget(destroyed...)
	}
}

// RotateMasterKey replaces the master key and records that. See seal.Service.Rotate.
func (l *Ledger) RotateMasterKey(ctx context.Context) (*seal.Rotated, error) {
	return l.seal.Rotate(ctx, l.recordRotation)
}

// FinishRotation completes and records a rotation of the master key that was interrupted, if there is one.
func (l *Ledger) FinishRotation(ctx context.Context) (*seal.Rotated, error) {
	return l.seal.FinishRotation(ctx, l.recordRotation)
}

// RotateMasterKeyIfDue rotates when there is reason to and nobody has since. See seal.Service.RotateIfDue.
func (l *Ledger) RotateMasterKeyIfDue(ctx context.Context, since time.Time) (*seal.Rotated, error) {
	return l.seal.RotateIfDue(ctx, since, l.recordRotation)
}

func (l *Ledger) recordRotation(ctx context.Context, tx *mysql.Tx, r seal.Rotated) error {
	_, err := l.Append(ctx, tx, Draft{
		Stream: StreamSystem, System: true, Action: SystemMasterKeyRotated,
		Details: map[string]any{"generation": r.Generation, "rewrapped": r.Rewrapped},
	})
	return err
}
