package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

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
	for round := range 4 {
		old = append(old, b.file())
		b.rotate(services[round%2])
	}
	stop()
	users.Wait()
	if read.Load() < 4 || written.Load() < 4 {
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
