package seal

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	keyBytes = 32
	// makingTimeout bounds the making of a month's key.
	makingTimeout = 10 * time.Second
	// readsOfKey is how often a key is read again because it was wrapped anew meanwhile.
	readsOfKey = 8
)

const (
	insertKey  = "INSERT INTO seal_key (subject, wrapped, created_at) VALUES (?, ?, ?)"
	selectKey  = "SELECT wrapped, destroyed_at FROM seal_key WHERE subject = ?"
	selectKeys = "SELECT subject, wrapped FROM seal_key WHERE destroyed_at IS NULL AND subject IN (?)"
	destroyKey = "UPDATE seal_key SET wrapped = NULL, destroyed_at = ? WHERE subject = ? AND destroyed_at IS NULL"
)

// dataKey is a subject's key, unwrapped.
type dataKey struct {
	aead tink.AEAD
	raw  []byte
	macs sync.Pool // of hash.Hash; a new one costs as much as hashing a few hundred bytes
}

// mac gives HMAC-SHA-256 of a value under the key.
func (k *dataKey) mac(value []byte) []byte {
	made, ok := k.macs.Get().(hash.Hash)
	if !ok {
		made = hmac.New(sha256.New, k.raw)
	}
	defer k.macs.Put(made)
	made.Reset()
	made.Write(value)
	return made.Sum(nil)
}

// key gives a subject's key from memory or from the database.
func (s *Service) key(ctx context.Context, q mysql.Querier, subject Subject) (*dataKey, error) {
	if key, ok := s.cache.get(subject); ok {
		return key, nil
	}
	count := s.cache.count()
	key, err := s.readKey(ctx, q, subject)
	if err == nil {
		s.cache.add(subject, key, count)
	}
	return key, err
}

// readKey reads a key and unwraps it. While the master key is being rotated, the key that was read may be under a
// master key that is gone by the time the file is read; then the row was changed before, so it is read again. A row
// that is still the same is under a master key that the file never held.
func (s *Service) readKey(ctx context.Context, q mysql.Querier, subject Subject) (*dataKey, error) {
	var before []byte
	for range readsOfKey {
		wrapped, err := readWrapped(ctx, q, subject)
		if err != nil {
			return nil, err
		}
		key, err := s.unwrap(subject, wrapped)
		if !errors.Is(err, errOtherMaster) {
			return key, err
		}
		if bytes.Equal(wrapped, before) {
			return nil, wrongMaster(s.master.path)
		}
		before = wrapped
	}
	return nil, fault.New(fault.Unavailable, "the master key is being rotated again and again: try again in a moment")
}

func readWrapped(ctx context.Context, q mysql.Querier, subject Subject) ([]byte, error) {
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
	return row.Wrapped, nil
}

func (s *Service) unwrap(subject Subject, wrapped []byte) (*dataKey, error) {
	raw, err := s.master.unwrap(subject, wrapped)
	if err != nil {
		return nil, err
	}
	primitive, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, fmt.Errorf("seal: use the key of %s: %w", subject, err)
	}
	return &dataKey{aead: primitive, raw: raw}, nil
}

// makeKey commits a new key before it is first used, on a connection that is never inside a domain's
// transaction: a key that was rolled back together with its first use could be cached and used again.
func (s *Service) makeKey(ctx context.Context, subject Subject) (*dataKey, error) {
	made, err, _ := s.making.Do(string(subject), func() (any, error) {
		// Others share this call: it must not end because its first caller leaves.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makingTimeout)
		defer cancel()
		side := s.db.Side()
		err := side.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.insert(ctx, tx, subject) })
		if err != nil && !mysql.IsDuplicate(err) {
			return nil, err
		}
		return s.key(ctx, side, subject)
	})
	if err != nil {
		return nil, err
	}
	return made.(*dataKey), nil
}

// insert stores a new key, wrapped with the master key that the fence names. The fence stays locked until tx ends,
// so that a rotation does not go on before it sees the key.
func (s *Service) insert(ctx context.Context, tx *mysql.Tx, subject Subject) error {
	if err := subject.check(); err != nil {
		return err
	}
	f, err := readFence(ctx, tx, selectFence+" LOCK IN SHARE MODE")
	if err != nil {
		return err
	}
	ring, err := s.master.holding(f.MasterKey)
	if err != nil {
		return err
	}
	wrapped, err := ring.wrap(f.MasterKey, subject, newKey())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertKey, subject, wrapped, s.now().UTC())
	return err
}

func newKey() []byte {
	raw := make([]byte, keyBytes)
	_, _ = rand.Read(raw)
	return raw
}
