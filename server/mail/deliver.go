package mail

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	// lookInterval is how often the outbox is looked at without being told of something new.
	lookInterval = 10 * time.Second
	// claimTime is how long an e-mail is somebody's who tries to send it; longer than a try takes.
	claimTime = 3 * time.Minute
	duePage   = 20
	// maxAttempts are made within about four days.
	maxAttempts = 24
	firstPause  = time.Minute
	longPause   = 6 * time.Hour
	// deadKept is how long what could not be sent is kept.
	deadKept = 90 * 24 * time.Hour
)

// Run sends what is in the outbox until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if !s.Enabled() {
		return nil
	}
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	for {
		if err := s.Deliver(ctx, s.moment()); err != nil && ctx.Err() == nil {
			s.log.Warn("the outbox could not be read; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-s.wake:
		}
	}
}

// Deliver tries once to send each e-mail whose time has come, up to one by which it turns out that the server is away: others
// would wait as long in vain, one after the other.
func (s *Service) Deliver(ctx context.Context, now time.Time) error {
	if _, err := s.db.Exec(ctx, forgetDead, now.Add(-deadKept)); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var due []row
		if err := s.db.Select(ctx, &due, selectDue, now.UTC(), duePage); err != nil {
			return err
		}
		for i := range due {
			if err := s.try(ctx, &due[i]); errors.Is(err, errAway) {
				return nil // the next look asks again
			} else if err != nil {
				return err
			}
		}
		if len(due) < duePage {
			return nil
		}
	}
	return ctx.Err()
}

// errAway says that the server could not be reached, or did not let keytrail in.
var errAway = errors.New("mail: the server is away")

// try claims an e-mail and sends it; nothing happens where another server was faster. The claim is timed from then on:
// those before it may have taken minutes. errAway where that is why it did not go yet.
func (s *Service) try(ctx context.Context, r *row) error {
	result, err := s.db.Exec(ctx, claimMail, s.moment().Add(claimTime), r.ID, r.NextAt)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	m, wanted, err := s.opened(ctx, r)
	if err != nil {
		s.log.Warn("an e-mail could not be made ready", "mail", r.ID, "topic", r.Topic, "error", err)
		return s.failed(ctx, r, obstacle{words: "keytrail could not read or renew it"})
	}
	if !wanted {
		_, err := s.db.Exec(ctx, deleteMail, r.ID)
		return err
	}
	if err := s.sender.send(ctx, r.ID, r.CreatedAt, m); err != nil {
		return s.failed(ctx, r, err)
	}
	return s.sent(ctx, r)
}

// opened gives what is to be sent; nothing of somebody whose key was destroyed, or that is no longer wanted.
func (s *Service) opened(ctx context.Context, r *row) (m Message, wanted bool, err error) {
	plain, err := s.seal.Unseal(ctx, s.db, r.Subject, boundTo(r.ID), r.Sealed)
	if errors.Is(err, seal.ErrDestroyed) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(plain, &m)
	}
	if err != nil {
		return m, false, err
	}
	if h := s.handler(r.Topic); h != nil {
		return h.Renew(ctx, r.ID, m)
	}
	return m, true, nil
}

// sent forgets an e-mail. That is done also when ctx has ended, since it is out.
func (s *Service) sent(ctx context.Context, r *row) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookInterval)
	defer cancel()
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		result, err := tx.Exec(ctx, deleteMail, r.ID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // another server was told before
		}
		if h := s.handler(r.Topic); h != nil {
			return h.Sent(ctx, tx, r.ID, s.moment())
		}
		return nil
	})
}

func (s *Service) failed(ctx context.Context, r *row, failure error) error {
	if ctx.Err() != nil {
		return ctx.Err() // this server stops; another takes it over
	}
	words, final, away := problemOf(failure)
	attempts := r.Attempts + 1
	if final || attempts >= maxAttempts {
		s.log.Warn("an e-mail could not be sent and is given up", "mail", r.ID, "topic", r.Topic, "attempts", attempts, "problem", words)
		_, err := s.db.Exec(ctx, giveUp, s.moment(), words, r.ID)
		return err
	}
	s.log.Info("an e-mail could not be sent yet", "mail", r.ID, "topic", r.Topic, "attempts", attempts, "problem", words)
	if _, err := s.db.Exec(ctx, putOff, s.moment().Add(backoff(attempts)), words, r.ID); err != nil {
		return err
	}
	if away {
		return errAway
	}
	return nil
}

// backoff doubles with each attempt, up to longPause.
func backoff(attempts int) time.Duration {
	pause := firstPause
	for range attempts - 1 {
		if pause *= 2; pause >= longPause {
			return longPause
		}
	}
	return pause
}
