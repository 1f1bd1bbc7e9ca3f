package seal

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/sync/singleflight"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// ErrDestroyed says that the subject's key was destroyed: what is sealed under it can never be read again.
var ErrDestroyed = errors.New("seal: the key was destroyed")

// ErrUnknownSubject says that a person's key was never made.
var ErrUnknownSubject = errors.New("seal: there is no key for this subject")

const (
	keyBytes   = 32
	cachedKeys = 100_000
	// makingTimeout bounds the making of a month's key.
	makingTimeout = 10 * time.Second
)

// Service seals and unseals under the keys of subjects. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	master *Master
	now    func() time.Time
	cache  *lru.Cache[Subject, *dataKey]
	making singleflight.Group
}

type dataKey struct {
	aead tink.AEAD
	raw  []byte
}

// New makes the service on a migrated database.
func New(db *mysql.DB, master *Master, now func() time.Time) (*Service, error) {
	cache, err := lru.New[Subject, *dataKey](cachedKeys)
	if err != nil {
		return nil, err
	}
	return &Service{db: db, master: master, now: now, cache: cache}, nil
}

// CreateKey makes a person's key in the transaction that makes the person.
func (s *Service) CreateKey(ctx context.Context, tx *mysql.Tx, subject Subject) error {
	raw := newKey()
	wrapped, err := s.wrap(subject, raw)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertKey, subject, wrapped, s.now().UTC())
	return err
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

// Destroy deletes the bytes of a subject's key for good. This process forgets it when tx commits.
func (s *Service) Destroy(ctx context.Context, tx *mysql.Tx, subject Subject) error {
	if _, err := tx.Exec(ctx, destroyKey, s.now().UTC(), subject); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.Forget(subject) })
	return nil
}

// Forget drops a cached key, so that the next use reads its state anew.
func (s *Service) Forget(subject Subject) { s.cache.Remove(subject) }

// BlindIndex gives a keyed hash (HMAC-SHA-256) of a value, to look it up without storing it.
// Each purpose has a key of its own, so that values of different columns cannot be matched.
func (s *Service) BlindIndex(ctx context.Context, purpose, value string) ([]byte, error) {
	subject := blindIndex(purpose)
	key, err := s.key(ctx, s.db.Side(), subject)
	if errors.Is(err, ErrUnknownSubject) {
		key, err = s.makeKey(ctx, subject)
	}
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key.raw)
	mac.Write([]byte(value))
	return mac.Sum(nil), nil
}

func (s *Service) key(ctx context.Context, q mysql.Querier, subject Subject) (*dataKey, error) {
	if key, ok := s.cache.Get(subject); ok {
		return key, nil
	}
	var row struct {
		Wrapped   []byte       `db:"wrapped"`
		Destroyed sql.NullTime `db:"destroyed_at"`
	}
	err := q.Get(ctx, &row, selectKey, subject)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrUnknownSubject
	case err != nil:
		return nil, err
	case row.Destroyed.Valid:
		return nil, ErrDestroyed
	}
	key, err := s.unwrap(subject, row.Wrapped)
	if err != nil {
		return nil, err
	}
	s.cache.Add(subject, key)
	return key, nil
}

// makeKey commits a new key before it is first used, on a connection that is never inside a domain's
// transaction: a key that was rolled back together with its first use could be cached and used again.
func (s *Service) makeKey(ctx context.Context, subject Subject) (*dataKey, error) {
	made, err, _ := s.making.Do(string(subject), func() (any, error) {
		// Others share this call: it must not end because its first caller leaves.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makingTimeout)
		defer cancel()
		wrapped, err := s.wrap(subject, newKey())
		if err != nil {
			return nil, err
		}
		side := s.db.Side()
		if _, err := side.Exec(ctx, insertKey, subject, wrapped, s.now().UTC()); err != nil && !mysql.IsDuplicate(err) {
			return nil, err
		}
		return s.key(ctx, side, subject)
	})
	if err != nil {
		return nil, err
	}
	return made.(*dataKey), nil
}

func (s *Service) wrap(subject Subject, raw []byte) ([]byte, error) {
	wrapped, err := s.master.aead.Encrypt(raw, []byte(subject))
	if err != nil {
		return nil, fmt.Errorf("seal: wrap the key of %s: %w", subject, err)
	}
	return wrapped, nil
}

func (s *Service) unwrap(subject Subject, wrapped []byte) (*dataKey, error) {
	raw, err := s.master.aead.Decrypt(wrapped, []byte(subject))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable,
			"the master key does not open this database's keys: start keytrail with the master key file that belongs to it")
	}
	primitive, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, fmt.Errorf("seal: use the key of %s: %w", subject, err)
	}
	return &dataKey{aead: primitive, raw: raw}, nil
}

func newKey() []byte {
	raw := make([]byte, keyBytes)
	_, _ = rand.Read(raw)
	return raw
}

const (
	insertKey  = "INSERT INTO seal_key (subject, wrapped, created_at) VALUES (?, ?, ?)"
	selectKey  = "SELECT wrapped, destroyed_at FROM seal_key WHERE subject = ?"
	destroyKey = "UPDATE seal_key SET wrapped = NULL, destroyed_at = ? WHERE subject = ? AND destroyed_at IS NULL"
)
