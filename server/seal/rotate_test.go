package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
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

// seal makes a new person's key and seals his name with it.
func (b *bed) seal(s *Service) (Subject, error) {
	subject := Person(id.New())
	var box []byte
	err := b.db.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		if err := s.CreateKey(ctx, tx, subject); err != nil {
			return err
		}
		box, err = s.Seal(ctx, tx, subject, nil, []byte(subject))
		return err
	})
	if err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.boxes[subject] = box
	return subject, nil
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

func TestARotationWrapsEveryKeyAnewAndEndsTheOldMasterKey(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s, other := b.process(), b.process()
	b.sealMany(s, 7)
	gone, err := b.seal(s)
	if err != nil {
		t.Fatal(err)
	}
	b.destroy(s, gone)
	delete(b.boxes, gone)
	for generation := uint64(1); generation <= 3; generation++ {
		old := b.file()
		done := b.rotate(s)
		if want := (Rotated{generation, len(b.boxes)}); *done != want || b.records[generation-1] != want {
			t.Fatalf("got %v and recorded %v, want %v", *done, b.records, want)
		}
		b.sealMany(other, 1)
		b.requireWhole(old)
	}
	info, err := os.Stat(b.path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	if _, err := s.Unseal(t.Context(), b.db, gone, nil, nil); !errors.Is(err, ErrDestroyed) {
		t.Fatalf("a destroyed key came back: %v", err)
	}
}

// killed is what a process dies of: nothing after it runs but what the kernel does.
type killed struct{ step string }

func (b *bed) rotateUntil(s *Service, reached func(step string)) (dead bool) {
	b.t.Helper()
	defer func() {
		if cause := recover(); cause != nil {
			if _, dead = cause.(killed); !dead {
				panic(cause)
			}
		}
	}()
	always := func(context.Context, *fence) (bool, error) { return true, nil }
	if _, err := s.rotate(b.t.Context(), always, b.record, 3, reached); err != nil {
		b.t.Fatal(err)
	}
	return false
}

// steps are the places where a rotation can be killed, each with how often it was reached by then.
func steps() []string {
	return []string{
		"turn taken 1", "master adopted 1", "written 1", "linked 1", "renamed 1", "wiped 1", "fence moved 1",
		"chunk rewrapped 1", "chunk rewrapped 2", "rewrapped 1", "written 2", "linked 2", "renamed 2", "wiped 2", "recorded 1",
	}
}

// killer ends the process at a step and notes the steps before.
func killer(at string, seen map[string]bool) func(step string) {
	times := map[string]int{}
	return func(step string) {
		times[step]++
		reached := fmt.Sprint(step, " ", times[step])
		seen[reached] = true
		if reached == at {
			panic(killed{at})
		}
	}
}

func TestARotationKilledAfterAnyStepIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	warm := b.process()
	b.sealMany(warm, 8)
	seen := map[string]bool{}
	for _, step := range steps() {
		old := b.file()
		if !b.rotateUntil(b.process(), killer(step, seen)) {
			t.Fatalf("%q was not reached", step)
		}
		b.sealMany(warm, 1)
		b.sealMany(b.process(), 1)
		cold := b.process()
		for subject := range b.boxes {
			if err := errors.Join(b.open(cold, subject), b.open(warm, subject)); err != nil {
				t.Fatalf("killed at %q: %s: %v", step, subject, err)
			}
		}
		b.clock.forward(turnLease + time.Second)
		if _, err := b.process().FinishRotation(t.Context(), b.record); err != nil {
			t.Fatalf("killed at %q: %v", step, err)
		}
		if bytes.Equal(old, b.file()) {
			b.requireWhole() // killed before it had begun
		} else {
			b.requireWhole(old)
		}
		if t.Failed() {
			t.Fatalf("killed at %q", step)
		}
	}
	for step := range seen {
		if !slices.Contains(steps(), step) && !strings.HasPrefix(step, "chunk") {
			t.Errorf("nobody was killed at %q", step)
		}
	}
	b.requireRecordedOnce()
}

// requireRecordedOnce demands that every rotation was recorded, and once.
func (b *bed) requireRecordedOnce() {
	b.t.Helper()
	for i, r := range b.records {
		if r.Generation != uint64(i+1) {
			b.t.Fatalf("recorded %v: not each rotation once", b.records)
		}
	}
	f, err := readFence(b.t.Context(), b.db, selectFence)
	if err != nil || f.Generation != uint64(len(b.records)) {
		b.t.Fatalf("%d rotations were recorded of %d: %v", len(b.records), f.Generation, err)
	}
}

func TestARotationThatIsKilledAgainAndAgainWhileItIsFinishedEndsWell(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.sealMany(b.process(), 8)
	old := b.file()
	seen := map[string]bool{}
	for _, step := range []string{"renamed 1", "turn taken 1", "fence moved 1", "chunk rewrapped 1", "chunk rewrapped 2", "linked 1"} {
		if !b.rotateUntil(b.process(), killer(step, seen)) {
			t.Fatalf("%q was not reached", step)
		}
		b.clock.forward(turnLease + time.Second)
	}
	if _, err := b.process().FinishRotation(t.Context(), b.record); err != nil {
		t.Fatal(err)
	}
	b.requireWhole(old)
	b.requireRecordedOnce()
	if len(b.records) != 1 || b.records[0].Rewrapped != len(b.boxes) {
		t.Errorf("recorded %v for %d keys", b.records, len(b.boxes))
	}
}

func TestTwoProcessesReadAndWriteWhileTheMasterKeyIsRotated(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	services := []*Service{b.process(), b.process()}
	b.sealMany(services[0], 40)
	shared := make([]Subject, 0, len(b.boxes))
	for subject := range b.boxes {
		shared = append(shared, subject)
	}
	ctx, stop := context.WithCancel(t.Context())
	var users sync.WaitGroup
	var read, written atomic.Int64
	for n, s := range services {
		users.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				subject := shared[i%len(shared)]
				s.Forget(subject) // a cold cache each time
				if err := b.open(s, subject); err != nil {
					t.Errorf("read by %d: %v", n, err)
					return
				}
				read.Add(1)
			}
		})
		users.Go(func() {
			for ctx.Err() == nil {
				s.ForgetAll()
				if err := s.Preload(t.Context(), b.db, shared); err != nil {
					t.Errorf("preload by %d: %v", n, err)
					return
				}
			}
		})
		users.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				_, err := b.seal(s)
				if err == nil {
					_, err = s.Seal(t.Context(), b.db, Source(fmt.Sprint("source ", n, i), b.clock.now()), nil, []byte("x"))
				}
				if err != nil {
					t.Errorf("write by %d: %v", n, err)
					return
				}
				written.Add(1)
			}
		})
	}
	old := [][]byte{}
	for round := range 6 {
		old = append(old, b.file())
		b.rotate(services[round%2])
	}
	stop()
	users.Wait()
	if read.Load() < 6 || written.Load() < 6 {
		t.Fatalf("only %d reads and %d writes went on meanwhile", read.Load(), written.Load())
	}
	t.Logf("%d reads, %d writes, rotations %v", read.Load(), written.Load(), b.records)
	b.requireWhole(old...)
}

func TestRotationsOfSeveralProcessesFollowOneAnother(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.sealMany(b.process(), 5)
	var all sync.WaitGroup
	for range 4 {
		s := b.process()
		all.Go(func() {
			if _, err := s.Rotate(t.Context(), b.record); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(b.records) != 4 {
		t.Fatalf("%v", b.records)
	}
	b.requireWhole()
}

func TestAProcessThatLostItsTurnChangesNothingMore(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	b.sealMany(s, 7)
	ring, err := parseKeyring(b.file())
	if err != nil {
		t.Fatal(err)
	}
	slow, err := s.tryTurn(t.Context())
	if err != nil || slow == nil {
		t.Fatal(slow, err)
	}
	if second, err := s.tryTurn(t.Context()); err != nil || second != nil {
		t.Fatalf("two have the turn: %v", err)
	}
	b.clock.forward(turnLease + time.Second)
	b.rotate(b.process())
	r := &rotation{turn: slow, record: b.record, chunk: 3, reached: func(string) {}}
	if err := r.moveFence(t.Context(), ring.primary); !fault.Is(err, fault.Conflict) {
		t.Errorf("the fence was moved: %v", err)
	}
	if n, err := r.rewrapAll(t.Context(), ring); err == nil || n > 0 {
		t.Errorf("keys were wrapped with an old master key: %d %v", n, err)
	}
	b.requireWhole(ring.text)
}

func TestARotationIsDueAfterADestructionOrNinetyDays(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	b.sealMany(s, 2)
	gone, err := b.seal(s)
	if err != nil {
		t.Fatal(err)
	}
	try := func(want bool, since time.Time) {
		t.Helper()
		done, err := s.RotateIfDue(t.Context(), since, b.record)
		if err != nil || (done != nil) != want {
			t.Fatalf("rotated: %v, %v", done, err)
		}
	}
	try(false, b.clock.now())
	b.clock.forward(89 * 24 * time.Hour)
	try(false, b.clock.now())
	b.clock.forward(2 * 24 * time.Hour)
	night := b.clock.now()
	try(true, night)
	try(false, night)
	b.clock.forward(24 * time.Hour)
	try(false, b.clock.now())
	b.destroy(s, gone)
	delete(b.boxes, gone)
	b.clock.forward(time.Hour)
	night = b.clock.now()
	try(true, night)
	b.clock.forward(time.Second)
	try(false, night) // another server at the same hour
	b.clock.forward(24 * time.Hour)
	try(false, b.clock.now())
	b.requireWhole()
}

func TestAMasterKeyFileFromBeforeARotationIsRefused(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	b.sealMany(s, 1)
	old := b.file()
	b.rotate(s)
	copied := filepath.Join(t.TempDir(), "master.key")
	if err := WriteSecretFile(copied, old); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenMaster(t.Context(), b.db, copied); !fault.Is(err, fault.Unavailable) {
		t.Errorf("at the start: %v", err)
	}
	outdated, err := LoadMaster(copied)
	if err != nil {
		t.Fatal(err)
	}
	behind, err := New(b.db, outdated, b.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.seal(behind); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a key was made: %v", err)
	}
	if _, err := behind.Rotate(t.Context(), b.record); !fault.Is(err, fault.Unavailable) {
		t.Errorf("it was rotated: %v", err)
	}
	b.requireWhole(old)
}

func TestAForeignMasterKeyFileIsNotRotated(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.sealMany(b.process(), 1)
	mine := b.file()
	foreign, err := CreateMaster(filepath.Join(t.TempDir(), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(b.db, foreign, b.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rotate(t.Context(), b.record); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	if !bytes.Equal(mine, b.file()) {
		t.Fatal("the file was changed")
	}
	b.requireWhole()
}

func TestARotationBehindALinkReplacesTheFileAndNotTheLink(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	real := b.path
	b.sealMany(b.process(), 2)
	b.path = filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, b.path); err != nil {
		t.Fatal(err)
	}
	old := b.file()
	b.rotate(b.process())
	if info, err := os.Lstat(b.path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Fatalf("%v %v", info, err)
	}
	b.requireWhole(old)
}
