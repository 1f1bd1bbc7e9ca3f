package seal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// clock is a test's own time.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).UnixMicro())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMicro(c.at.Load()).UTC() }
func (c *clock) forward(d time.Duration) { c.at.Add(d.Microseconds()) }

// bed is a database with a master key file, and what was sealed there.
type bed struct {
	t     *testing.T
	db    *mysql.DB
	path  string
	clock *clock

	mu      sync.Mutex
	boxes   map[Subject][]byte
	records []Rotated
}

func newBed(t *testing.T) *bed {
	return &bed{t: t, db: mysqltest.Open(t), path: filepath.Join(t.TempDir(), "master.key"), clock: newClock(), boxes: map[Subject][]byte{}}
}

// process gives a service with a keyring and a cache of its own.
func (b *bed) process() *Service {
	b.t.Helper()
	master, err := OpenMaster(b.t.Context(), b.db, b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := New(b.db, master, b.clock.now)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// seal makes a new person's key and seals his id with it.
func (b *bed) seal(s *Service) (subject Subject, err error) {
	err = b.db.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		subject, err = b.sealIn(ctx, tx, s)
		return err
	})
	return subject, err
}

func (b *bed) sealIn(ctx context.Context, tx *mysql.Tx, s *Service) (Subject, error) {
	subject := Person(id.New())
	if err := s.CreateKey(ctx, tx, subject); err != nil {
		return "", err
	}
	box, err := s.Seal(ctx, tx, subject, nil, []byte(subject))
	tx.AfterCommit(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.boxes[subject] = box
	})
	return subject, err
}

func (b *bed) sealMany(s *Service, n int) {
	b.t.Helper()
	for range n {
		if _, err := b.seal(s); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bed) open(s *Service, subject Subject) error {
	b.mu.Lock()
	box := b.boxes[subject]
	b.mu.Unlock()
	plain, err := s.Unseal(b.t.Context(), b.db, subject, nil, box)
	if err == nil && string(plain) != string(subject) {
		return fmt.Errorf("%s opened as %q", subject, plain)
	}
	return err
}

func (b *bed) destroy(s *Service, subject Subject) {
	b.t.Helper()
	err := b.db.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return s.Destroy(ctx, tx, subject) })
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) record(_ context.Context, tx *mysql.Tx, r Rotated) error {
	tx.AfterCommit(func() { b.records = append(b.records, r) })
	return nil
}

func (b *bed) rotate(s *Service) *Rotated {
	b.t.Helper()
	done, err := s.Rotate(b.t.Context(), b.record)
	if err != nil {
		b.t.Fatal(err)
	}
	return done
}

func (b *bed) file() []byte {
	b.t.Helper()
	text, err := os.ReadFile(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// requireWhole demands that the file holds one key, that every key is under it and none under one of old, that
// everything sealed opens in a new process, and that nothing was left beside the file.
func (b *bed) requireWhole(old ...[]byte) {
	b.t.Helper()
	ring, err := parseKeyring(b.file())
	if err != nil || len(ring.keys) != 1 {
		b.t.Fatalf("the file holds %d keys: %v", len(ring.keys), err)
	}
	var keys []wrappedKey
	if err := b.db.Select(b.t.Context(), &keys, "SELECT subject, wrapped FROM seal_key WHERE destroyed_at IS NULL"); err != nil {
		b.t.Fatal(err)
	}
	for _, key := range keys {
		if _, err := ring.unwrap(key.Subject, key.Wrapped); err != nil {
			b.t.Errorf("%s: %v", key.Subject, err)
		}
		for _, text := range old {
			before, err := parseKeyring(text)
			if err != nil {
				b.t.Fatal(err)
			}
			if _, err := before.unwrap(key.Subject, key.Wrapped); !errors.Is(err, errOtherMaster) {
				b.t.Errorf("the old master key opens %s: %v", key.Subject, err)
			}
		}
	}
	cold := b.process()
	for subject := range b.boxes {
		if err := b.open(cold, subject); err != nil {
			b.t.Errorf("%s: %v", subject, err)
		}
	}
	for _, left := range []string{b.path + nextSuffix, b.path + oldSuffix} {
		if _, err := os.Stat(left); err == nil {
			b.t.Errorf("%s was left", left)
		}
	}
}
