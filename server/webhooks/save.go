package webhooks

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// SaveInput makes a webhook, or changes the one with an id.
type SaveInput struct {
	ID          id.ID
	URL         string
	Description string
	Events      []Event
	// Enabled is nil for true; true also turns on one that is paused.
	Enabled *bool
}

// Saved is a webhook as it is now, with its secret where that was just made: it is never shown again.
type Saved struct {
	Webhook *Webhook
	Secret  *string
}

// Save makes a webhook (system.webhook_created), which is sent what happens from then on, or changes one
// (system.webhook_changed), which goes on where it stood. BAD_USER_INPUT for what cannot be; FORBIDDEN for events that the
// actor may not see of everybody; NOT_FOUND when there is none of that id.
func (s *Service) Save(ctx context.Context, actor *access.Actor, in SaveInput) (*Saved, error) {
	if err := s.require(ctx, actor); err != nil {
		return nil, err
	}
	u, err := s.check(&in)
	if err != nil {
		return nil, err
	}
	if err := s.requireEvents(ctx, actor, in.Events); err != nil {
		return nil, err
	}
	if in.ID.IsZero() {
		return s.create(ctx, actor, in, u)
	}
	h, err := s.change(ctx, actor, in.ID, ledger.SystemWebhookChanged, func(ctx context.Context, tx *mysql.Tx, h *Webhook, d *ledger.Draft) error {
		in.apply(h, u, d)
		return beginAnew(ctx, tx, h.ID)
	})
	return &Saved{Webhook: h}, err
}

// check brings what was given into its form.
func (s *Service) check(in *SaveInput) (*url.URL, error) {
	in.URL, in.Description = strings.TrimSpace(in.URL), strings.TrimSpace(in.Description)
	if n := utf8.RuneCountInString(in.Description); n > maxDescription || !utf8.ValidString(in.Description) {
		return nil, fault.Field("description", "write at most %d characters", maxDescription)
	}
	in.Events = eventsOf(bitsOf(in.Events))
	if len(in.Events) == 0 {
		return nil, fault.Field("events", "name at least one event")
	}
	return s.checkURL(in.URL)
}

// beginAnew forgets how often the event was tried at which a webhook stands: it was mended, or stands elsewhere.
func beginAnew(ctx context.Context, tx *mysql.Tx, hook id.ID) error {
	_, err := tx.Exec(ctx, deleteRetried, hook, Retried.code())
	return err
}

func (in *SaveInput) apply(h *Webhook, u *url.URL, d *ledger.Draft) {
	h.URL, h.Description, h.Events, h.State = in.URL, in.Description, in.Events, Active
	if in.Enabled != nil && !*in.Enabled {
		h.State = Off
	}
	h.FailingSince = nil
	names := make([]any, len(h.Events))
	for i, event := range h.Events {
		names[i] = string(event)
	}
	d.Details = map[string]any{"host": u.Host, "events": names, "state": string(h.State)}
}

func (s *Service) create(ctx context.Context, actor *access.Actor, in SaveInput, u *url.URL) (*Saved, error) {
	h := &Webhook{ID: id.New(), secret: newSecret()}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var there []id.ID
		if err := tx.Select(ctx, &there, lockAll); err != nil {
			return err
		}
		if len(there) >= MaxWebhooks {
			return fault.New(fault.Conflict, "There are %d webhooks already, and no more can be: remove one that is not needed any more.", MaxWebhooks)
		}
		now := s.moment()
		h.CreatedAt, h.ChangedAt, h.ChangedByID = now, now, actor.Person
		draft := h.draft(actor, ledger.SystemWebhookCreated, now)
		in.apply(h, u, &draft)
		if err := s.insert(ctx, tx, h); err != nil { // which seals, and is done before others wait for the ledger
			return err
		}
		entries, err := s.ledger.Append(ctx, tx, draft)
		if err != nil {
			return err
		}
		h.NextSeq = entries[0].Seq + 1
		tx.AfterCommit(s.rouse)
		_, err = tx.Exec(ctx, placeHook, h.NextSeq, h.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Saved{h, &h.secret}, nil
}

// Remove ends a webhook (system.webhook_removed). Its address and secrets are forgotten, and its deliveries little by little; its
// description stays for whoever asks who received what. NOT_FOUND when there is none of that id.
func (s *Service) Remove(ctx context.Context, actor *access.Actor, hook id.ID) error {
	if err := s.require(ctx, actor); err != nil {
		return err
	}
	_, err := s.change(ctx, actor, hook, ledger.SystemWebhookRemoved, func(ctx context.Context, tx *mysql.Tx, h *Webhook, d *ledger.Draft) error {
		if u, err := url.Parse(h.URL); err == nil {
			d.Details["host"] = u.Host
			h.URL = u.Scheme + "://" + u.Host
		}
		h.State, h.secret, h.former, h.FormerSecretUntil = Off, "", "", nil
		_, err := tx.Exec(ctx, markRemoved, s.moment(), h.ID)
		return err
	})
	return err
}

// Rotate gives a webhook a new secret (system.webhook_secret_rotated), which is shown this once. The former one signs as
// well for 24 hours, and the one before that no more. NOT_FOUND when there is none of that id.
func (s *Service) Rotate(ctx context.Context, actor *access.Actor, hook id.ID) (*Saved, error) {
	if err := s.require(ctx, actor); err != nil {
		return nil, err
	}
	h, err := s.change(ctx, actor, hook, ledger.SystemWebhookSecretRotated, func(_ context.Context, _ *mysql.Tx, h *Webhook, _ *ledger.Draft) error {
		until := s.moment().Add(bothValid)
		h.former, h.secret, h.FormerSecretUntil = h.secret, newSecret(), &until
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Saved{h, &h.secret}, nil
}

// hasEvent reports whether a webhook wants an event.
func (h *Webhook) hasEvent(event Event) bool { return slices.Contains(h.Events, event) }
