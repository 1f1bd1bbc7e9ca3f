package queue

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

func TestAQueueWhoseFolderIsGoneSaysSoUntilItIsBack(t *testing.T) {
	t.Parallel()
	q := open(t, options(t.TempDir()+"/queue"))
	add(t, q, 0, 3)
	away := q.o.Dir + ".away"
	if err := os.Rename(q.o.Dir, away); err != nil {
		t.Fatal(err)
	}
	q.mu.Lock()
	q.broken = errors.New("the segment cannot be trusted")
	q.mu.Unlock()
	if err := q.Full(100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its folder: %v", err)
	}
	if err := os.Rename(away, q.o.Dir); err != nil {
		t.Fatal(err)
	}
	if err := q.Full(100); err != nil {
		t.Errorf("with its folder: %v", err)
	}
	add(t, q, 3, 5)
	wantRecords(t, takeAll(t, q), 0, 5)
}

func TestAQueueThatIsFullAndBrokenIsFull(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	q := open(t, o)
	q.mu.Lock()
	q.broken = errors.New("the segment cannot be trusted")
	q.mu.Unlock()
	if err := q.Full(int(o.MaxBytes)); !errors.Is(err, ErrFull) {
		t.Errorf("%v", err)
	}
}

func TestAFlushThatFailedIsTold(t *testing.T) {
	t.Parallel()
	q := open(t, options(t.TempDir()))
	add(t, q, 0, 1)
	if err := q.Full(100); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk is broken")
	_ = q.flush.reached(Position{}, broken)
	if err := q.Full(100); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
