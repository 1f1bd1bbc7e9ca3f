package seal

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"
)

func TestNothingIsWrittenBesideTheFileWhileThereIsNothingToRotate(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	s := b.process()
	subject, err := b.seal(s)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() *Rotated {
		t.Helper()
		done, err := s.RotateIfDue(t.Context(), b.clock.now(), b.record)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	done, err := s.FinishRotation(t.Context(), b.record)
	if err != nil || done != nil || ask() != nil {
		t.Fatal(done, err)
	}
	if _, err := os.Stat(b.path + lockSuffix); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the lock was made: %v", err)
	}
	b.clock.forward(time.Hour)
	b.destroy(s, subject)
	delete(b.boxes, subject)
	if ask() == nil {
		t.Error("a key was destroyed, and nothing rotated")
	}
	b.requireWhole()
}
