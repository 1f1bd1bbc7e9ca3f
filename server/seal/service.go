package seal

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/keytrail/keytrail/server/mysql"
)

// ErrDestroyed says that the subject's key was destroyed: what is sealed under it can never be read again.
var ErrDestroyed = errors.New("seal: the key was destroyed")

// ErrUnknownSubject says that a subject's key was never made.
var ErrUnknownSubject = errors.New("seal: there is no key for this subject")

// Service seals and unseals under the keys of subjects. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	master *Master
	now    func() time.Time
	cache  *keyCache
	making singleflight.Group
}

// New makes the service on a migrated database.
func New(db *mysql.DB, master *Master, now func() time.Time) (*Service, error) {
	cache, err := newKeyCache()
	if err != nil {
		return nil, err
	}
	return &Service{db: db, master: master, now: now, cache: cache}, nil
}

// CreateKey makes a person's key in the transaction that makes the person.
func (s *Service) CreateKey(ctx context.Context, tx *mysql.Tx, subject Subject) error {
	return s.insert(ctx, tx, subject)
}

// Seal encrypts plain under the subject's key. bound is authenticated and not stored: the same bytes
// must be given to Unseal. q is the transaction in which the person was made, or any querier.
// Keys of months are made when first needed, in a transaction of their own.
func (s *Service) Seal(ctx context.Context, q mysql.Querier, subject Subject, bound, plain []byte) ([]byte, error) {
	key, err := s.key(ctx, q, subject)
	if errors.Is(err, ErrUnknownSubject) && !subject.ofPerson() {
		key, err = s.makeKey(ctx, subject)
	}
	if err != nil {
		return nil, err
	}
	return key.aead.Encrypt(plain, bound)
}

// Unseal decrypts what Seal made of the same subject and context.
// ErrDestroyed when the key is gone; any other error means a wrong key or changed bytes.
func (s *Service) Unseal(ctx context.Context, q mysql.Querier, subject Subject, bound, sealed []byte) ([]byte, error) {
	key, err := s.key(ctx, q, subject)
	if err != nil {
		return nil, err
	}
	return key.aead.Decrypt(sealed, bound)
}

// Destroy deletes the bytes of a subject's key for good. This process forgets it when tx commits; the others do when
// they are told, which is what ledger.DestroyKey adds. ErrUnknownSubject when there is no key, ErrDestroyed when it
// was destroyed before.
//
// Files of the database may hold the wrapped bytes for a while longer; they are worth nothing once the master key
// has been rotated.
func (s *Service) Destroy(ctx context.Context, tx *mysql.Tx, subject Subject) error {
	result, err := tx.Exec(ctx, destroyKey, s.now().UTC(), subject)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		_, state := readWrapped(ctx, tx, subject)
		return errors.Join(err, state)
	}
	tx.AfterCommit(func() { s.Forget(subject) })
	return nil
}

// Forget drops cached keys, so that the next use reads their state anew. Call it after the change was committed.
func (s *Service) Forget(subjects ...Subject) { s.cache.forget(subjects...) }

// ForgetAll drops every cached key.
func (s *Service) ForgetAll() { s.cache.forgetAll() }

// BlindIndex gives a keyed hash (HMAC-SHA-256) of a value, to look it up without storing it.
// Each purpose has a key of its own, so that values of different columns cannot be matched.
func (s *Service) BlindIndex(ctx context.Context, purpose, value string) ([]byte, error) {
	return s.BlindIndexOf(ctx, purpose, []byte(value))
}

// BlindIndexOf is BlindIndex of bytes.
func (s *Service) BlindIndexOf(ctx context.Context, purpose string, value []byte) ([]byte, error) {
	subject := blindIndex(purpose)
	key, err := s.key(ctx, s.db.Side(), subject)
	if errors.Is(err, ErrUnknownSubject) {
		key, err = s.makeKey(ctx, subject)
	}
	if err != nil {
		return nil, err
	}
	return key.mac(value), nil
}
