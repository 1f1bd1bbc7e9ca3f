package audit

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/audit/internal/queue"
)

const (
	maxBatch      = 500
	maxBatchBytes = 1 << 20
	firstPause    = 100 * time.Millisecond
	longestPause  = 30 * time.Second

	// badInput is keytrail's code for what can never be recorded as it is.
	badInput = "BAD_USER_INPUT"
)

// errRefused says that the first line of a batch was refused, and is to be sent alone.
var errRefused = errors.New("the first line was refused")

// sender takes events from the queue to keytrail, one batch after the other.
type sender struct {
	o       Options
	queue   *queue.Queue
	refused deadLetters
	sent    func() // called after each batch
	batch   int    // how many lines are sent at once
	pause   time.Duration

	sentLines, refusedLines atomic.Uint64

	mu      sync.Mutex
	trouble string
}

// run delivers until ctx is done, or until the queue is empty after closed was closed.
func (s *sender) run(ctx context.Context, closed <-chan struct{}) {
	for ctx.Err() == nil {
		records, err := s.queue.Peek(s.batch, maxBatchBytes)
		if err != nil {
			s.failed(ctx, closed, err, 0)
			continue
		}
		if len(records) == 0 {
			if !s.await(ctx, closed) {
				return
			}
			continue
		}
		s.deliver(ctx, closed, records)
	}
}

// await waits for events, and then for a batch of them to gather. It reports false when no more will come.
func (s *sender) await(ctx context.Context, closed <-chan struct{}) bool {
	select {
	case <-s.queue.Added():
	case <-ctx.Done():
		return false
	case <-closed:
		return s.queue.Waiting() > 0
	}
	wait(ctx, closed, s.o.Linger)
	return true
}

// deliver sends a batch and takes out of the queue what is dealt with.
func (s *sender) deliver(ctx context.Context, closed <-chan struct{}, records []queue.Record) {
	answer, err := s.post(ctx, records)
	done, err := s.settle(ctx, records, answer, err)
	if done > 0 {
		s.pause = 0
		if err := s.queue.Take(records[done-1].End); err != nil {
			s.o.Logger.Error("the audit queue cannot keep how far it is: events will be sent again", "error", err)
		}
		s.sent()
	}
	switch {
	case errors.Is(err, errRefused):
	case err != nil:
		s.failed(ctx, closed, err, answer.retryAfter)
	default:
		s.setTrouble("")
		if done == len(records) {
			s.batch = min(s.batch*4, maxBatch)
		}
	}
}

// settle gives how many records from the first on are dealt with: recorded, or refused for good and put aside.
func (s *sender) settle(ctx context.Context, records []queue.Record, a answer, err error) (int, error) {
	if err != nil {
		return s.refuseWhole(records, a, err)
	}
	done := 0
	for ; done < len(a.lines); done++ {
		line := a.lines[done]
		early := a.tooEarly(line, records[done].Payload)
		switch {
		case line.recorded:
			s.sentLines.Add(1)
		case line.passing():
			return done, errors.New("keytrail cannot record at the moment: " + line.Code)
		case early != nil:
			return done, early
		case len(records) > 1: // sure only when it is refused alone: the batch may have been torn on its way
			s.batch = 1
			if done == 0 {
				return 0, errRefused
			}
			return done, nil
		default:
			if err := s.putAside(records[done], line.Code, line.Message); err != nil {
				return done, err
			}
		}
	}
	if done < len(records) {
		return done, errors.New("keytrail's answer ended before the last line")
	}
	return done, nil
}

// refuseWhole deals with a batch that was refused as a whole: one that is too large for somebody on the way, or of which
// keytrail says that it cannot be read, is halved until the line is found. What is not keytrail's own answer takes no
// event out of the queue: a proxy, or another server at this address, answers so to anything.
func (s *sender) refuseWhole(records []queue.Record, a answer, err error) (int, error) {
	own := a.refusal() && a.code == badInput
	if len(records) > 1 && (own || a.status == http.StatusRequestEntityTooLarge) {
		s.batch = max(len(records)/2, 1)
		return 0, err
	}
	if !own {
		return 0, err
	}
	if err := s.putAside(records[0], a.code, err.Error()); err != nil {
		return 0, err
	}
	return 1, nil
}

func (s *sender) putAside(r queue.Record, code, message string) error {
	if err := s.refused.add(time.Now(), r.Payload, code, message); err != nil {
		return err
	}
	s.refusedLines.Add(1)
	s.o.Logger.Error("keytrail refused an audit event: it is kept beside the queue", "file", s.refused.path, "code", code)
	return nil
}

// failed remembers what is wrong and waits: longer each time, and never in step with other senders.
func (s *sender) failed(ctx context.Context, closed <-chan struct{}, err error, retryAfter time.Duration) {
	if ctx.Err() != nil {
		return
	}
	if s.setTrouble(err.Error()) {
		s.o.Logger.Warn("audit events wait: they cannot be delivered to keytrail", "error", err)
	}
	s.pause = min(max(2*s.pause, firstPause), longestPause)
	pause := max(s.pause/2+rand.N(s.pause/2), min(retryAfter, longestPause))
	select {
	case <-closed: // whoever closes waits for this: try at once, and then gently
		closed, pause = nil, min(pause, time.Second)
	default:
	}
	wait(ctx, closed, pause)
}

// setTrouble reports whether it is new.
func (s *sender) setTrouble(trouble string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	isNew := s.trouble == "" && trouble != ""
	s.trouble = trouble
	return isNew
}

func (s *sender) troubleNow() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// wait waits for a while, or until something ends. A nil channel never does.
func wait(ctx context.Context, closed <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-closed:
	case <-ctx.Done():
	}
}
