package webhooks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	selectHook = "SELECT id, subject, sealed, events, state, next_seq, revision, failing_since, delivered_at, created_at, changed_at, changed_by FROM webhook"
	selectAll  = selectHook + " WHERE removed_at IS NULL ORDER BY id LIMIT ?"
	selectOne  = selectHook + " WHERE id = ? AND removed_at IS NULL"
	lockAll    = "SELECT id FROM webhook WHERE removed_at IS NULL FOR UPDATE"
	insertHook = "INSERT INTO webhook (id, subject, sealed, events, state, next_seq, revision, failing_since, delivered_at, created_at, changed_at, changed_by, removed_at)" +
		" VALUES (?, ?, ?, ?, ?, ?, 0, NULL, NULL, ?, ?, ?, NULL)"
	updateHook = "UPDATE webhook SET subject = ?, sealed = ?, events = ?, state = ?, next_seq = ?, revision = ?, failing_since = ?, changed_at = ?, changed_by = ?" +
		" WHERE id = ?"
	markRemoved      = "UPDATE webhook SET removed_at = ? WHERE id = ?"
	deleteDeliveries = "DELETE FROM webhook_delivery WHERE webhook = ? LIMIT 1000"
	deleteRetried    = "DELETE FROM webhook_delivery WHERE webhook = ? AND state = ?"
	placeHook        = "UPDATE webhook SET next_seq = ? WHERE id = ?"
	// selectLeft gives removed webhooks that still have deliveries.
	selectLeft   = "SELECT w.id FROM webhook w WHERE w.removed_at IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook = w.id) LIMIT 100"
	turnOff      = "UPDATE webhook SET state = ?, revision = revision + 1 WHERE removed_at IS NULL AND state <> ?"
	selectActive = "SELECT id, revision FROM webhook WHERE removed_at IS NULL AND state = ? ORDER BY id LIMIT ?"
)

type row struct {
	ID           id.ID        `db:"id"`
	Subject      seal.Subject `db:"subject"`
	Sealed       []byte       `db:"sealed"`
	Events       uint32       `db:"events"`
	State        uint8        `db:"state"`
	NextSeq      uint64       `db:"next_seq"`
	Revision     uint64       `db:"revision"`
	FailingSince *time.Time   `db:"failing_since"`
	DeliveredAt  *time.Time   `db:"delivered_at"`
	CreatedAt    time.Time    `db:"created_at"`
	ChangedAt    time.Time    `db:"changed_at"`
	ChangedBy    id.ID        `db:"changed_by"`
}

// hidden is what of a webhook is sealed.
type hidden struct {
	URL         string     `json:"url"`
	Description string     `json:"description"`
	Secret      string     `json:"secret"`
	Former      string     `json:"former,omitempty"`
	FormerUntil *time.Time `json:"formerUntil,omitempty"`
}

// boundTo is authenticated with what is sealed: the same bytes in another row do not open.
func boundTo(hook id.ID) []byte { return []byte("webhook\x00" + hook.String()) }

func subjectAt(at time.Time) seal.Subject { return seal.Source("webhooks", at) }

// find gives the webhook of an id. NOT_FOUND when there is none.
func (s *Service) find(ctx context.Context, q mysql.Querier, query string, hook id.ID) (*Webhook, error) {
	var r row
	err := q.Get(ctx, &r, query, hook)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such webhook.")
	}
	if err != nil {
		return nil, err
	}
	return s.open(ctx, q, &r)
}

func (s *Service) open(ctx context.Context, q mysql.Querier, r *row) (*Webhook, error) {
	if r.State < 1 || int(r.State) > len(states()) {
		return nil, fault.New(fault.Internal, "a webhook is in a state that this version does not know: run the newer version")
	}
	plain, err := s.seal.Unseal(ctx, q, r.Subject, boundTo(r.ID), r.Sealed)
	if err != nil {
		return nil, err
	}
	var is hidden
	if err := json.Unmarshal(plain, &is); err != nil {
		return nil, err
	}
	return &Webhook{
		ID: r.ID, URL: is.URL, Description: is.Description, Events: eventsOf(r.Events), State: states()[r.State-1], NextSeq: r.NextSeq,
		FailingSince: r.FailingSince, DeliveredAt: r.DeliveredAt, FormerSecretUntil: is.FormerUntil, CreatedAt: r.CreatedAt,
		ChangedAt: r.ChangedAt, ChangedByID: r.ChangedBy, revision: r.Revision, secret: is.Secret, former: is.Former,
	}, nil
}

func (s *Service) sealed(ctx context.Context, tx *mysql.Tx, h *Webhook) (seal.Subject, []byte, error) {
	if h.FormerSecretUntil != nil && !s.now().Before(*h.FormerSecretUntil) {
		h.former, h.FormerSecretUntil = "", nil
	}
	plain, err := json.Marshal(hidden{h.URL, h.Description, h.secret, h.former, h.FormerSecretUntil})
	if err != nil {
		return "", nil, err
	}
	subject := subjectAt(h.ChangedAt)
	sealed, err := s.seal.Seal(ctx, tx, subject, boundTo(h.ID), plain)
	return subject, sealed, err
}

func (s *Service) insert(ctx context.Context, tx *mysql.Tx, h *Webhook) error {
	subject, sealed, err := s.sealed(ctx, tx, h)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertHook, h.ID, subject, sealed, bitsOf(h.Events), h.State.code(), h.NextSeq, h.CreatedAt, h.ChangedAt, h.ChangedByID)
	return err
}

func (s *Service) update(ctx context.Context, tx *mysql.Tx, h *Webhook) error {
	subject, sealed, err := s.sealed(ctx, tx, h)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateHook, subject, sealed, bitsOf(h.Events), h.State.code(), h.NextSeq, h.revision, h.FailingSince, h.ChangedAt, h.ChangedByID, h.ID)
	return err
}

func (s State) code() uint8 { return codeOf(states(), s) }

func codeOf[T comparable](all []T, one T) uint8 {
	for i, v := range all {
		if v == one {
			return uint8(i + 1)
		}
	}
	return 0
}

// TurnOff turns every webhook off: whoever restores a backup says anew which are sent something, and from which server.
func TurnOff(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, turnOff, Off.code(), Off.code())
	return err
}
