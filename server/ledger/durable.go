package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// InnoDB shows a commit to others before its log is on disk, so what a query shows may still vanish with a
// crash of the database. Nothing may leave this process beyond the durable size: what the database has
// acknowledged to this process or, for what others wrote, what was read before a small write of this
// process was acknowledged, because the log is written in order.

const (
	beatPulse = "INSERT INTO ledger_pulse (process, beat, beat_at) VALUES (?, 1, ?)" +
		" ON DUPLICATE KEY UPDATE beat = beat + 1, beat_at = VALUES(beat_at)"
	dropOldPulses = "DELETE FROM ledger_pulse WHERE beat_at < ?"
)

type pulse struct{ mu sync.Mutex }

// DurableSize is the number of entries that this process knows to be on disk.
func (l *Ledger) DurableSize() uint64 { return l.durable.Load() }

func (l *Ledger) raiseDurable(size uint64) {
	for {
		old := l.durable.Load()
		if size <= old || l.durable.CompareAndSwap(old, size) {
			return
		}
	}
}

// AwaitDurable returns once the first size entries are on disk. size must have been read from the database.
// UNAVAILABLE when the entries are gone again, as after a crash of the database: read anew.
func (l *Ledger) AwaitDurable(ctx context.Context, size uint64) error {
	if l.durable.Load() >= size {
		return nil
	}
	l.pulses.mu.Lock()
	defer l.pulses.mu.Unlock()
	if l.durable.Load() >= size {
		return nil
	}
	seen, err := l.beat(ctx)
	if err != nil {
		return err
	}
	if seen < size {
		return fault.New(fault.Unavailable, "the database lost what it had just shown: try again")
	}
	return nil
}

// AwaitRead returns once everything that this process has read from the database so far is on disk.
func (l *Ledger) AwaitRead(ctx context.Context) error {
	_, size, err := l.LastRecorded(ctx)
	if err != nil {
		return err
	}
	return l.AwaitDurable(ctx, size)
}

// beat learns the head's size and commits a write behind it.
func (l *Ledger) beat(ctx context.Context) (uint64, error) {
	side := l.db.Side()
	h, err := readHead(ctx, side, selectHead)
	if err != nil {
		return 0, err
	}
	if _, err := side.Exec(ctx, beatPulse, l.process, l.now().UTC()); err != nil {
		return 0, err
	}
	l.raiseDurable(h.Size)
	return h.Size, nil
}

func (l *Ledger) dropOldPulses(ctx context.Context) error {
	_, err := l.db.Side().Exec(ctx, dropOldPulses, l.now().UTC().Add(-24*time.Hour))
	return err
}
