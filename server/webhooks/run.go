package webhooks

import (
	"context"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/turn"
)

const (
	// turnInterval is how often a server that does not deliver asks whether it may.
	turnInterval = 5 * time.Second
	// lookInterval is how often it is looked whether webhooks were changed by another server.
	lookInterval = time.Second
	// forgetInterval is how often old deliveries are dropped.
	forgetInterval = 10 * time.Minute
)

// Run delivers, as long as this server has the turn, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	defer s.client.CloseIdleConnections()
	for ctx.Err() == nil {
		if err := s.takeTurn(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, turn.ErrTaken) {
			s.log.Warn("events could not be sent to webhooks; it is tried again", "error", err)
		}
		rest(ctx, turnInterval)
	}
	return nil
}

func (s *Service) takeTurn(ctx context.Context) error {
	mine, err := s.turn.Take(ctx, s.now())
	if err != nil || !mine {
		return err
	}
	err = s.turn.While(ctx, s.now, s.deliverAll)
	return errors.Join(err, s.turn.Leave(ctx))
}

// courier delivers to one webhook, as it is at one revision.
type courier struct {
	revision uint64
	stop     context.CancelFunc
	done     chan struct{}
}

func (c *courier) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// deliverAll has a courier at work for each active webhook until ctx ends, and none when it returns.
func (s *Service) deliverAll(ctx context.Context) error {
	couriers := map[id.ID]*courier{}
	defer func() { dismiss(couriers) }()
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	var forgotten time.Time
	for {
		if err := s.engage(ctx, couriers); err != nil && ctx.Err() == nil {
			s.log.Warn("webhooks could not be read; it is tried again", "error", err)
		}
		if now := time.Now(); now.Sub(forgotten) >= forgetInterval {
			forgotten = now
			if err := s.forget(ctx, s.moment()); err != nil && ctx.Err() == nil {
				s.log.Warn("old deliveries could not be dropped", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-s.wake:
		}
	}
}

// engage dismisses the couriers of webhooks that were changed, and engages those that are missing. A webhook that was
// changed gets its next courier once the one before has ended.
func (s *Service) engage(ctx context.Context, couriers map[id.ID]*courier) error {
	var active []struct {
		ID       id.ID  `db:"id"`
		Revision uint64 `db:"revision"`
	}
	if err := s.db.Select(ctx, &active, selectActive, Active.code(), MaxWebhooks); err != nil {
		return err
	}
	wanted := make(map[id.ID]uint64, len(active))
	for _, a := range active {
		wanted[a.ID] = a.Revision
	}
	for hook, c := range couriers {
		if revision, there := wanted[hook]; !there || revision != c.revision {
			c.stop() // and go on: one that takes its time must hold no other up
		}
		if c.ended() {
			delete(couriers, hook)
		}
	}
	for hook, revision := range wanted {
		if couriers[hook] == nil {
			couriers[hook] = s.courier(ctx, hook, revision)
		}
	}
	return nil
}

// dismiss stops all couriers and waits until they have.
func dismiss(couriers map[id.ID]*courier) {
	for _, c := range couriers {
		c.stop()
	}
	for _, c := range couriers {
		<-c.done
	}
}

func (s *Service) courier(ctx context.Context, hook id.ID, revision uint64) *courier {
	ctx, stop := context.WithCancel(ctx)
	c := &courier{revision: revision, stop: stop, done: make(chan struct{})}
	go func() {
		defer stop()
		err := s.deliver(ctx, hook, revision)
		if err != nil && ctx.Err() == nil && !errors.Is(err, errChanged) {
			s.log.Warn("events could not be sent to a webhook; it is tried again", "webhook", hook, "error", err)
		}
		close(c.done)
		if ctx.Err() != nil { // it was stopped: the next need not wait for the ticker
			s.rouse()
		}
	}()
	return c
}

func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
