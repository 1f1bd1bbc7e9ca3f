// Package turn lets one server at a time do what the clock asks for: a row with an expiry, so that a turn neither
// depends on a connection nor stays with a process that was killed.
package turn

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Lease is how long a turn lasts after it was last kept. Clocks of servers may differ by a fraction of it.
const Lease = time.Minute

const (
	take  = "UPDATE turn SET holder = ?, held_until = ? WHERE name = ? AND (holder IS NULL OR holder = ? OR held_until < ?)"
	keep  = "UPDATE turn SET held_until = ? WHERE name = ? AND holder = ?"
	leave = "UPDATE turn SET holder = NULL, held_until = NULL WHERE name = ? AND holder = ?"
)

// ErrTaken says that another has taken the turn.
var ErrTaken = errors.New("turn: another server has taken it")

// Turn is one server's claim to a piece of work. It is safe for concurrent use, though one claim is one turn.
type Turn struct {
	db     *mysql.DB
	name   string
	holder id.ID
}

// New makes a claim to the work of a name, whose row is there.
func New(db *mysql.DB, name string) *Turn { return &Turn{db, name, id.New()} }

// Take takes the turn, or keeps it; false when another has it.
func (t *Turn) Take(ctx context.Context, now time.Time) (bool, error) {
	now = now.UTC()
	result, err := t.db.Exec(ctx, take, t.holder, now.Add(Lease), t.name, t.holder, now)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// Keep renews the turn in a transaction that changes something by virtue of it, so that the change is undone when
// another has taken the turn (CONFLICT), and nobody can take it until the transaction ends.
func (t *Turn) Keep(ctx context.Context, tx *mysql.Tx, now time.Time) error {
	result, err := tx.Exec(ctx, keep, now.UTC().Add(Lease), t.name, t.holder)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "Another keytrail has taken over what the clock asks for: it will finish it.")
}

// While works for as long as the turn is this holder's, who has taken it, and renews it meanwhile. work's context ends when
// another has taken it; the error is then ErrTaken.
func (t *Turn) While(ctx context.Context, now func() time.Time, work func(ctx context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	ended := make(chan struct{})
	group.Go(func() error {
		defer close(ended)
		return work(ctx)
	})
	group.Go(func() error { return t.renew(ctx, now, ended) })
	return group.Wait()
}

func (t *Turn) renew(ctx context.Context, now func() time.Time, ended <-chan struct{}) error {
	ticker := time.NewTicker(Lease / 4)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return nil
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if mine, err := t.Take(ctx, now()); err != nil || !mine {
			return errors.Join(ErrTaken, err)
		}
	}
}

const leaving = 5 * time.Second

// Leave gives the turn back, also when ctx has ended.
func (t *Turn) Leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving)
	defer cancel()
	_, err := t.db.Exec(ctx, leave, t.name, t.holder)
	return err
}
