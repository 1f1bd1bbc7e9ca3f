package seal

import (
	"context"
	"errors"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

// meanwhile lets something happen just after a row was read for the first time.
type meanwhile struct {
	mysql.Querier
	happen func()
}

// Get implements mysql.Querier.
func (m *meanwhile) Get(ctx context.Context, dest any, query string, args ...any) error {
	err := m.Querier.Get(ctx, dest, query, args...)
	m.once()
	return err
}

// Select implements mysql.Querier.
func (m *meanwhile) Select(ctx context.Context, dest any, query string, args ...any) error {
	err := m.Querier.Select(ctx, dest, query, args...)
	m.once()
	return err
}

func (m *meanwhile) once() {
	if happen := m.happen; happen != nil {
		m.happen = nil
		happen()
	}
}

func TestAKeyThatIsWrappedAnewWhileItIsReadOpens(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	subject, err := b.seal(s)
	if err != nil {
		t.Fatal(err)
	}
	twice := func() { b.rotate(s); b.rotate(s) } // so that it lacks the master key under which the key was read
	s.ForgetAll()
	if _, err := s.Unseal(t.Context(), &meanwhile{b.db, twice}, subject, nil, b.boxes[subject]); err != nil {
		t.Errorf("one: %v", err)
	}
	s.ForgetAll()
	if err := s.Preload(t.Context(), &meanwhile{b.db, twice}, []Subject{subject}); err != nil {
		t.Errorf("many: %v", err)
	}
	if len(b.records) != 4 {
		t.Errorf("%v: nothing was rotated meanwhile", b.records)
	}
	b.requireWhole()
}

func TestAKeyThatIsDestroyedWhileItIsReadIsNotKept(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	for name, read := range map[string]func(mysql.Querier, Subject) error{
		"one": func(q mysql.Querier, subject Subject) error {
			_, err := s.Unseal(t.Context(), q, subject, nil, b.boxes[subject])
			return err
		},
		"many": func(q mysql.Querier, subject Subject) error { return s.Preload(t.Context(), q, []Subject{subject}) },
	} {
		subject, err := b.seal(s)
		if err != nil {
			t.Fatal(err)
		}
		s.ForgetAll()
		if err := read(&meanwhile{b.db, func() { b.destroy(s, subject) }}, subject); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := b.open(s, subject); !errors.Is(err, ErrDestroyed) {
			t.Errorf("%s: after the destruction: %v", name, err)
		}
	}
}

// A rotation waits for whoever is storing a key, and does not stand in his way meanwhile.
func TestARotationWaitsForATransactionThatMakesKeys(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s, other := b.process(), b.process()
	b.sealMany(s, 1)
	old := b.file()
	waits, ended := make(chan struct{}), make(chan error, 1)
	busy := 0
	reached := func(step string) {
		if step == "fence busy" {
			if busy++; busy == 2 {
				close(waits)
			}
		}
	}
	err := b.db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		subject, err := b.sealIn(ctx, tx, s)
		if err != nil {
			return err
		}
		go func() {
			always := func(context.Context, *fence) (bool, error) { return true, nil }
			_, err := other.rotate(t.Context(), always, b.record, 3, reached)
			ended <- err
		}()
		select {
		case <-waits:
		case err := <-ended:
			t.Errorf("it did not wait for %s: %v", subject, err)
			ended <- err
		}
		_, err = s.Seal(ctx, tx, Source("billing", b.clock.now()), nil, []byte("x")) // on another connection
		return err
	})
	if err := errors.Join(err, <-ended); err != nil {
		t.Fatal(err)
	}
	b.requireWhole(old)
}
