package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// ReplayInput names from where on a webhook is sent everything once more: an entry, or a time.
type ReplayInput struct {
	Webhook  id.ID
	Sequence *uint64
	Time     *time.Time
}

// Replay sets a webhook's place (system.webhook_replayed): back, for what it was sent before, or ahead, to leave out what it
// was not. Entries that were deleted by retention are left out. BAD_USER_INPUT for a place that the ledger does not have;
// NOT_FOUND when there is no such webhook.
func (s *Service) Replay(ctx context.Context, actor *access.Actor, in ReplayInput) (*Webhook, error) {
	if err := s.mayHaveSent(ctx, actor, in.Webhook); err != nil {
		return nil, err
	}
	next, err := s.placeOf(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, actor, in.Webhook, ledger.SystemWebhookReplayed, func(ctx context.Context, tx *mysql.Tx, h *Webhook, d *ledger.Draft) error {
		d.Details = map[string]any{"from": int64(h.NextSeq), "to": int64(next)}
		h.NextSeq = next
		return beginAnew(ctx, tx, h.ID)
	})
}

// mayHaveSent demands the right to have a webhook sent what it wants.
func (s *Service) mayHaveSent(ctx context.Context, actor *access.Actor, hook id.ID) error {
	if err := s.require(ctx, actor); err != nil {
		return err
	}
	h, err := s.find(ctx, s.db, selectOne, hook)
	if err != nil {
		return err
	}
	return s.requireEvents(ctx, actor, h.Events)
}

func (s *Service) placeOf(ctx context.Context, in ReplayInput) (uint64, error) {
	_, size, err := s.ledger.LastRecorded(ctx)
	switch {
	case err != nil:
		return 0, err
	case (in.Sequence == nil) == (in.Time == nil):
		return 0, fault.Field("sequence", "give the entry or the time from which on events are sent again, and not both")
	case in.Sequence != nil && *in.Sequence > size:
		return 0, fault.Field("sequence", "there are only %d entries", size)
	case in.Sequence != nil:
		return *in.Sequence, nil
	}
	return s.firstSince(ctx, *in.Time, size)
}

// firstSince gives the first entry that was recorded at a time or later. Recording times never go back, so that halving
// finds it; entries that were deleted are passed over.
func (s *Service) firstSince(ctx context.Context, at time.Time, size uint64) (uint64, error) {
	low, high := uint64(0), size
	for low < high {
		middle := low + (high-low)/2
		entries, err := s.ledger.Read(ctx, s.db, middle, 1)
		if err != nil {
			return 0, err
		}
		if len(entries) == 0 || !entries[0].RecordedAt.Before(at) {
			high = middle
			continue
		}
		low = entries[0].Seq + 1
	}
	return low, nil
}

// Resend sends an event that was given up once more (system.webhook_resent): one try, out of order. CONFLICT unless the
// webhook is active and the event was given up; NOT_FOUND when there is no such webhook.
func (s *Service) Resend(ctx context.Context, actor *access.Actor, hook id.ID, seq uint64) (*Webhook, error) {
	if err := s.mayHaveSent(ctx, actor, hook); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, hook, ledger.SystemWebhookResent, func(ctx context.Context, tx *mysql.Tx, h *Webhook, d *ledger.Draft) error {
		if h.State != Active {
			return fault.New(fault.Conflict, "This webhook is not turned on: turn it on first.")
		}
		var event []uint8
		if err := tx.Select(ctx, &event, selectEvent, hook, seq, GivenUp.code()); err != nil {
			return err
		}
		if len(event) == 1 && int(event[0]) < len(Events()) && !h.hasEvent(Events()[event[0]]) {
			return fault.New(fault.Conflict, "This webhook does not want such events any more: add %s to its events first.", Events()[event[0]])
		}
		err := changes(tx.Exec(ctx, queueDelivery, Queued.code(), hook, seq, GivenUp.code()))
		if errors.Is(err, errChanged) {
			return fault.New(fault.Conflict, "This event was not given up, or is no longer kept: replay the webhook from it instead.")
		}
		d.Details = map[string]any{"sequence": int64(seq)}
		return err
	})
}

// queuedAtOnce bounds how many of them are read at a time.
const queuedAtOnce = 100

// sendQueued sends again what somebody asked for, one try each, and gives up what cannot be delivered or is gone.
func (s *Service) sendQueued(ctx context.Context, h *Webhook) error {
	query := selectDelivery + " WHERE webhook = ? AND state = ? ORDER BY seq LIMIT ?"
	for {
		var rows []deliveryRow
		if err := s.db.Select(ctx, &rows, query, h.ID, Queued.code(), queuedAtOnce); err != nil || len(rows) == 0 {
			return err
		}
		for i := range rows {
			d, err := s.delivery(ctx, h.ID, &rows[i])
			if err != nil {
				return err
			}
			if err := s.sendAgain(ctx, h, d); err != nil {
				return err
			}
		}
	}
}

func (s *Service) sendAgain(ctx context.Context, h *Webhook, d *Delivery) error {
	entries, err := s.ledger.Read(ctx, s.db, d.Seq, 1)
	if err != nil {
		return err
	}
	if len(entries) == 0 || entries[0].Seq != d.Seq {
		s.note(d, &Answer{Problem: problemGone})
		d.State, d.NextAt = GivenUp, nil
		return s.settleAgain(ctx, h, &ledger.Entry{}, d, false)
	}
	text, err := textOf(d.Event, &entries[0])
	if err != nil {
		return err
	}
	if err := s.stands(ctx, h); err != nil {
		return err
	}
	answer := s.send(ctx, h, d.EntryID.String(), text)
	if ctx.Err() != nil && !answer.OK() {
		return ctx.Err()
	}
	if s.note(d, answer); !answer.OK() {
		d.State, d.NextAt = GivenUp, nil
	}
	return s.settleAgain(ctx, h, &entries[0], d, answer.sent)
}

func (s *Service) settleAgain(ctx context.Context, h *Webhook, e *ledger.Entry, d *Delivery, sent bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.turn.Keep(ctx, tx, s.now()); err != nil {
			return err
		}
		if err := s.put(ctx, tx, h.ID, d); err != nil || !sent {
			return err
		}
		return noteRecipients(ctx, tx, h.ID, e, d)
	})
}

// Test sends an invented event to a webhook at once, whatever its state (system.webhook_tested), and gives how that went.
// NOT_FOUND when there is no such webhook.
func (s *Service) Test(ctx context.Context, actor *access.Actor, hook id.ID) (*Answer, error) {
	if err := s.require(ctx, actor); err != nil {
		return nil, err
	}
	h, err := s.find(ctx, s.db, selectOne, hook)
	if err != nil {
		return nil, err
	}
	now := s.moment()
	text, err := json.Marshal(message{test, now, map[string]string{"webhook": hook.String()}})
	if err != nil {
		return nil, err
	}
	answer := s.send(ctx, h, id.New().String(), text)
	draft := h.draft(actor, ledger.SystemWebhookTested, now)
	if draft.Details["status"] = answer.Status; !answer.OK() {
		draft.Outcome = ledger.Failure
	}
	return answer, s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, draft)
		return err
	})
}
