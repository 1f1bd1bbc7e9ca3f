package workhours

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// Every is how often hours are computed by themselves.
	Every = 15 * time.Minute
	// runTimeout bounds one run. What is left is the next one's.
	runTimeout = 10 * time.Minute
)

// Run reads what is reported as it comes, and computes hours at once and then every 15 minutes, by one server at a time,
// until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var ticking sync.WaitGroup
	ticking.Go(func() { s.tick(ctx) })
	defer ticking.Wait()
	return s.follow(ctx)
}

func (s *Service) tick(ctx context.Context) {
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := s.inTurn(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("working hours could not be computed; that is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

func (s *Service) inTurn(ctx context.Context) (err error) {
	mine, err := s.turn.Take(ctx, s.now())
	if err != nil || !mine {
		return err
	}
	defer func() { err = errors.Join(err, s.turn.Leave(ctx)) }()
	ctx, cancel := context.WithTimeout(ctx, runTimeout)
	defer cancel()
	_, err = s.Process(ctx, nil, nil)
	return err
}
