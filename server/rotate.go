package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/seal"
)

type rotateKeysCommand struct {
	config.Store `embed:""`
}

// Run replaces the master key now, beside a server or without one.
func (c rotateKeysCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) error { return c.rotate(p, s) })
}

func (c rotateKeysCommand) rotate(p program, s *services) error {
	done, err := s.ledger.RotateMasterKey(p.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "The master key was replaced and %d keys were wrapped anew.\n"+
		"Make a new backup of the database and of %s now. %s.\n", done.Rewrapped, c.MasterKeyPath(), oldCopies)
	return err
}

// oldCopies says what copies of the master key file from before a rotation are good for.
const oldCopies = "Copies of the file from before open nothing in the running database, but a backup of the database from before " +
	"can be read only with the copy of its time: keep the two together, or destroy them together"

const (
	// rotationHour is the hour of the night, in the display zone, at which the master key is rotated.
	rotationHour = 3
	// longestNap bounds how long the clock is not looked at: it may be set, or the machine asleep.
	longestNap = time.Hour
)

// nightlyRotation rotates the master key at night when there is reason to, so that what was destroyed during the day cannot
// be opened any more with what is left in files of the database. A start catches up on a night that was missed, and
// finishes a rotation that was interrupted. Of several servers, whichever comes first does it.
type nightlyRotation struct {
	ledger *ledger.Ledger
	zone   *time.Location
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	log    *slog.Logger
}

func (s *services) nightlyRotation() *nightlyRotation {
	return &nightlyRotation{ledger: s.ledger, zone: s.zone, now: time.Now, after: time.After, log: s.log}
}

// Run watches the clock until ctx ends. What fails is tried again within the hour.
func (n *nightlyRotation) Run(ctx context.Context) error {
	var done time.Time
	for {
		night := lastNight(n.now().In(n.zone))
		if night.After(done) {
			if err := n.rotate(ctx, night); err == nil {
				done = night
			} else if ctx.Err() == nil {
				n.log.Warn("the master key could not be rotated", "error", err)
			}
		}
		nap := min(longestNap, nextRotation(night).Sub(n.now()))
		select {
		case <-ctx.Done():
			return nil
		case <-n.after(nap):
		}
	}
}

func (n *nightlyRotation) rotate(ctx context.Context, night time.Time) error {
	done, err := n.ledger.RotateMasterKeyIfDue(ctx, night)
	if err == nil && done != nil {
		n.tell(done)
	}
	return err
}

func (n *nightlyRotation) tell(done *seal.Rotated) {
	n.log.Info("the master key was replaced: make a new backup of the database and of the master key file", "copies", oldCopies,
		"generation", done.Generation, "rewrapped", done.Rewrapped)
}

// lastNight gives the newest hour of rotation that is not after t, in t's zone.
func lastNight(t time.Time) time.Time {
	night := time.Date(t.Year(), t.Month(), t.Day(), rotationHour, 0, 0, 0, t.Location())
	if night.After(t) {
		night = time.Date(t.Year(), t.Month(), t.Day()-1, rotationHour, 0, 0, 0, t.Location())
	}
	return night
}

func nextRotation(night time.Time) time.Time {
	return time.Date(night.Year(), night.Month(), night.Day()+1, rotationHour, 0, 0, 0, night.Location())
}
