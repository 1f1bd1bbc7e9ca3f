package ledger

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
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

// beatTimeout bounds one beat, which everybody who waits for it shares.
const beatTimeout = 10 * time.Second

// turn lets one caller at a time through; the others wait no longer than their contexts allow.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) giveBack() { <-t }

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
	if err := l.beats.take(ctx); err != nil {
		return err
	}
	defer l.beats.giveBack()
	if l.durable.Load() >= size {
		return nil
	}
	seen, err := l.beat(ctx)
	if err != nil {
		return err
	}
	if seen.Size < size {
		return fault.New(fault.Unavailable, "the database lost what it had just shown: try again")
	}
	return nil
}

// AwaitRead returns once everything that this process has read from the database so far is on disk: what leaves
// it must not vanish with a crash of the database. Call it between reading and returning.
func (l *Ledger) AwaitRead(ctx context.Context) error {
	_, size, err := l.LastRecorded(ctx)
	if err != nil {
		return err
	}
	return l.AwaitDurable(ctx, size)
}

// beat reads the head and commits a write behind it. Both are one transaction and so one connection: after a
// restart of the database in between, the head that was read may be gone.
func (l *Ledger) beat(ctx context.Context) (*head, error) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	var seen *head
	err := l.db.Side().InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if seen, err = readHead(ctx, tx, selectHead); err != nil {
			return err
		}
		return l.writePulse(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	l.raiseDurable(seen.Size)
	return seen, nil
}

func (l *Ledger) writePulse(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, beatPulse, l.process, l.now().UTC())
	return err
}

// confirm makes the COMMIT of a transaction that writes nothing else say that the first size entries are on disk. The
// transaction has read the head.
func (l *Ledger) confirm(ctx context.Context, tx *mysql.Tx, seen *head, size uint64) error {
	if l.durable.Load() >= size {
		return nil
	}
	tx.AfterCommit(func() { l.committed(seen.Size) })
	return l.writePulse(ctx, tx)
}

func (l *Ledger) dropOldPulses(ctx context.Context) error {
	_, err := l.db.Side().Exec(ctx, dropOldPulses, l.now().UTC().Add(-24*time.Hour))
	return err
}
