package webhooks

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// savedEvery is after how many entries that a webhook does not want its place is stored all the same.
	savedEvery = 5000

	isAsItWas    = "SELECT 1 FROM webhook WHERE id = ? AND revision = ? AND state = ? AND removed_at IS NULL"
	advance      = "UPDATE webhook SET next_seq = ? WHERE id = ? AND revision = ? AND state = 1 AND removed_at IS NULL"
	delivered    = "UPDATE webhook SET next_seq = ?, failing_since = NULL, delivered_at = ? WHERE id = ? AND revision = ? AND state = 1 AND removed_at IS NULL"
	failing      = "UPDATE webhook SET failing_since = COALESCE(failing_since, ?) WHERE id = ? AND revision = ? AND state = 1 AND removed_at IS NULL"
	pauseHook    = "UPDATE webhook SET next_seq = ?, state = ?, failing_since = COALESCE(failing_since, ?) WHERE id = ? AND revision = ? AND state = 1 AND removed_at IS NULL"
	noteReceived = "INSERT INTO webhook_recipient (person, webhook, events, first_at, last_at) VALUES (?, ?, ?, ?, ?)" +
		" ON DUPLICATE KEY UPDATE events = events + VALUES(events), last_at = VALUES(last_at)"
)

// errChanged says that a webhook was changed while it was delivered to.
var errChanged = errors.New("webhooks: the webhook was changed meanwhile")

// deliver sends a webhook what comes behind its place, in order, until ctx ends or it is changed. The place is stored in the
// transaction that says what became of an event, so whoever goes on later may send the last one twice but leaves none out.
func (s *Service) deliver(ctx context.Context, hook id.ID, revision uint64) error {
	h, err := s.find(ctx, s.db, selectOne, hook)
	if err != nil || h.revision != revision || h.State != Active {
		return err
	}
	if err := s.giveUpGone(ctx, h); err != nil {
		return err
	}
	if err := s.sendQueued(ctx, h); err != nil {
		return err
	}
	follower, saved := s.ledger.Follow(h.NextSeq), h.NextSeq
	for {
		entries, err := follower.Next(ctx)
		if err != nil {
			return err
		}
		for i := range entries {
			event, is := eventOf(&entries[i])
			if !is || !h.hasEvent(event) {
				continue
			}
			if err := s.deliverOne(ctx, h, event, &entries[i]); err != nil {
				return err
			}
			saved = entries[i].Seq + 1
		}
		if next := follower.Position(); next >= saved+savedEvery {
			if err := s.advance(ctx, h, next); err != nil {
				return err
			}
			saved = next
		}
	}
}

func (s *Service) advance(ctx context.Context, h *Webhook, next uint64) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		return changes(tx.Exec(ctx, advance, next, h.ID, h.revision))
	})
}

// changes gives errChanged where a statement found no row of the revision that is delivered to.
func changes(result interface{ RowsAffected() (int64, error) }, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errChanged
}

// deliverOne tries until an event is delivered or given up. It goes on where another server stopped.
func (s *Service) deliverOne(ctx context.Context, h *Webhook, event Event, e *ledger.Entry) error {
	text, err := textOf(event, e)
	if err != nil {
		return err
	}
	d, err := s.begun(ctx, h.ID, event, e)
	if err != nil {
		return err
	}
	for {
		if d.NextAt != nil {
			rest(ctx, s.config.untilNext(*d.NextAt, s.now()))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.stands(ctx, h); err != nil {
			return err
		}
		answer := s.send(ctx, h, e.ID.String(), text)
		if ctx.Err() != nil && !answer.OK() {
			return ctx.Err() // whether it arrived is not known: it is sent again
		}
		s.note(d, answer)
		if err := s.settle(ctx, h, e, d, answer.sent); err != nil || d.State == Delivered {
			return err
		}
		if d.State == GivenUp {
			return errChanged // it is paused
		}
	}
}

// stands gives errChanged when a webhook was changed or removed: nothing is sent any more once that has been answered.
func (s *Service) stands(ctx context.Context, h *Webhook) error {
	var is int
	err := s.db.Get(ctx, &is, isAsItWas, h.ID, h.revision, Active.code())
	if errors.Is(err, sql.ErrNoRows) {
		return errChanged
	}
	return err
}

// begun gives the delivery of an event: the one that is being retried, or a new one.
func (s *Service) begun(ctx context.Context, hook id.ID, event Event, e *ledger.Entry) (*Delivery, error) {
	var rows []deliveryRow
	if err := s.db.Select(ctx, &rows, selectDelivery+" WHERE webhook = ? AND seq = ? AND state = ?", hook, e.Seq, Retried.code()); err != nil {
		return nil, err
	}
	if len(rows) == 1 {
		return s.delivery(ctx, hook, &rows[0])
	}
	return &Delivery{Seq: e.Seq, EntryID: e.ID, Event: event, FirstAt: s.moment()}, nil
}

// note writes down how a try went, and when the next is.
func (s *Service) note(d *Delivery, a *Answer) {
	now := s.moment()
	d.Attempts, d.LastAt, d.NextAt = d.Attempts+1, now, nil
	d.Status, d.Problem, d.Answer, d.Milliseconds = nil, a.Problem, nil, a.Milliseconds
	if a.Status != 0 {
		d.Status = &a.Status
	}
	if a.Text != "" {
		d.Answer = &a.Text
	}
	switch {
	case a.OK():
		d.State = Delivered
	case s.config.givesUp(a, d.Attempts, d.FirstAt, now):
		d.State = GivenUp
	default:
		next := now.Add(max(s.config.pause(d.Attempts, rand.Float64()), a.retryAfter))
		d.State, d.NextAt = Retried, &next
	}
}

// settleTimeout bounds how long what became of an event is stored, also when ctx has ended: the receiver has it.
const settleTimeout = 5 * time.Second

// settle stores what became of an event. Of whom the receiver may know by it is stored even where the webhook was changed meanwhile.
func (s *Service) settle(ctx context.Context, h *Webhook, e *ledger.Entry, d *Delivery, sent bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	changed := false
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		err := s.move(ctx, tx, h, d)
		if changed = errors.Is(err, errChanged); err != nil && !changed {
			return err
		}
		if !changed {
			if err := s.put(ctx, tx, h.ID, d); err != nil {
				return err
			}
		}
		if !sent {
			return nil
		}
		return noteRecipients(ctx, tx, h.ID, e, d)
	})
	if err == nil && changed {
		return errChanged
	}
	return err
}

// move moves the place of a webhook behind an event that is delivered or given up. The latter pauses it, which is recorded.
func (s *Service) move(ctx context.Context, tx *mysql.Tx, h *Webhook, d *Delivery) error {
	switch d.State {
	case Delivered:
		return changes(tx.Exec(ctx, delivered, d.Seq+1, d.LastAt, h.ID, h.revision))
	case Retried:
		return changes(tx.Exec(ctx, failing, d.LastAt, h.ID, h.revision))
	}
	if err := changes(tx.Exec(ctx, pauseHook, d.Seq+1, Paused.code(), d.LastAt, h.ID, h.revision)); err != nil {
		return err
	}
	draft := h.draft(access.System(), ledger.SystemWebhookPaused, d.LastAt)
	draft.Outcome = ledger.Failure
	draft.Details = map[string]any{"event": string(d.Event), "sequence": int64(d.Seq), "attempts": d.Attempts, "problem": d.Problem}
	_, err := s.ledger.Append(ctx, tx, draft)
	return err
}

// noteRecipients writes down of whom a webhook was sent something. An event counts once it is tried no more.
func noteRecipients(ctx context.Context, tx *mysql.Tx, hook id.ID, e *ledger.Entry, d *Delivery) error {
	events := 0
	if d.State != Retried {
		events = 1
	}
	for _, person := range personsIn(e) {
		if _, err := tx.Exec(ctx, noteReceived, person, hook, events, d.LastAt, d.LastAt); err != nil {
			return err
		}
	}
	return nil
}

// refToPerson is the type of a ref whose id is a person's.
const refToPerson = "person"

// personsIn gives everybody whom an entry names by an id, each once, in an order that is always the same.
func personsIn(e *ledger.Entry) []id.ID {
	persons := []id.ID{e.Person, e.ActorID()}
	for _, r := range e.Refs {
		if one, err := id.Parse(r.ID); r.Type == refToPerson && err == nil {
			persons = append(persons, one)
		}
	}
	slices.SortFunc(persons, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.DeleteFunc(slices.Compact(persons), id.ID.IsZero)
}

// giveUpGone deals with an event that was to be tried again and is behind the webhook's place, or whose entry retention has
// deleted since: nobody would come by it any more.
func (s *Service) giveUpGone(ctx context.Context, h *Webhook) error {
	var rows []deliveryRow
	if err := s.db.Select(ctx, &rows, selectDelivery+" WHERE webhook = ? AND state = ? ORDER BY seq LIMIT 1", h.ID, Retried.code()); err != nil || len(rows) == 0 {
		return err
	}
	entries, err := s.ledger.Read(ctx, s.db, rows[0].Seq, 1)
	if err != nil {
		return err
	}
	if rows[0].Seq >= h.NextSeq && len(entries) == 1 && entries[0].Seq == rows[0].Seq {
		return nil
	}
	d, err := s.delivery(ctx, h.ID, &rows[0])
	if err != nil {
		return err
	}
	d.State, d.NextAt, d.LastAt, d.Problem = GivenUp, nil, s.moment(), problemGone
	if err := s.settle(ctx, h, &ledger.Entry{}, d, false); err != nil {
		return err
	}
	return errChanged // it is paused
}

// problemGone is why an event is given up whose entry is not there any more.
const problemGone = "the entry was deleted because its time was over"
