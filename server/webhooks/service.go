package webhooks

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/turn"
)

// Service keeps webhooks and sends them events. It is safe for concurrent use.
type Service struct {
	db     *mysql.DB
	seal   *seal.Service
	ledger *ledger.Ledger
	access *access.Service
	config Config
	guard  *guard
	client *http.Client
	turn   *turn.Turn
	wake   chan struct{}
	now    func() time.Time
	log    *slog.Logger
}

// turnName is the row of the one server that delivers.
const turnName = "webhooks"

// New makes the service on a migrated database. Run must be running for anything to be sent.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, c Config, now func() time.Time, log *slog.Logger) *Service {
	c.Timeout, c.FirstPause = cmp.Or(c.Timeout, usualTimeout), cmp.Or(c.FirstPause, usualFirstPause)
	c.LongestPause, c.MaxAttempts = cmp.Or(c.LongestPause, usualLongestPause), cmp.Or(c.MaxAttempts, usualMaxAttempts)
	c.MaxAge = cmp.Or(c.MaxAge, usualMaxAge)
	s := &Service{
		db: db, seal: sealer, ledger: l, access: acc, config: c, guard: newGuard(c.Networks),
		turn: turn.New(db, turnName), wake: make(chan struct{}, 1), now: now, log: log,
	}
	s.client = s.newClient()
	return s
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// require demands the right to say where events are sent to.
func (s *Service) require(ctx context.Context, actor *access.Actor) error {
	_, err := s.access.Require(ctx, actor, access.WebhooksManage)
	return err
}

// requireEvents demands the right to see, of everybody, what events tell: nobody has sent to him what he is not shown.
func (s *Service) requireEvents(ctx context.Context, actor *access.Actor, events []Event) error {
	for _, event := range events {
		needed := event.needs()
		scope, err := s.access.Require(ctx, actor, needed)
		if err != nil {
			return err
		}
		if scope != access.All {
			return s.access.Refuse(ctx, actor, needed, "webhook", fault.Say("You may not have %s sent: your right %s does not reach everybody.", event, needed))
		}
	}
	return nil
}

// List gives every webhook, the oldest first: at most MaxWebhooks.
func (s *Service) List(ctx context.Context, actor *access.Actor) ([]*Webhook, error) {
	if err := s.require(ctx, actor); err != nil {
		return nil, err
	}
	var rows []row
	if err := s.db.Select(ctx, &rows, selectAll, MaxWebhooks); err != nil {
		return nil, err
	}
	all := make([]*Webhook, len(rows))
	for i := range rows {
		var err error
		if all[i], err = s.open(ctx, s.db, &rows[i]); err != nil {
			return nil, err
		}
	}
	return all, s.countGivenUp(ctx, all)
}

// Get gives one webhook. NOT_FOUND when there is none.
func (s *Service) Get(ctx context.Context, actor *access.Actor, hook id.ID) (*Webhook, error) {
	if err := s.require(ctx, actor); err != nil {
		return nil, err
	}
	h, err := s.find(ctx, s.db, selectOne, hook)
	if err != nil {
		return nil, err
	}
	return h, s.countGivenUp(ctx, []*Webhook{h})
}

// change finds a webhook in a transaction that locks it, has it changed, and stores and records that.
func (s *Service) change(ctx context.Context, actor *access.Actor, hook id.ID, action string, with func(ctx context.Context, tx *mysql.Tx, h *Webhook, d *ledger.Draft) error) (*Webhook, error) {
	var h *Webhook
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if h, err = s.find(ctx, tx, selectOne+" FOR UPDATE", hook); err != nil {
			return err
		}
		now := s.moment()
		draft := h.draft(actor, action, now)
		if err := with(ctx, tx, h, &draft); err != nil {
			return err
		}
		h.ChangedAt, h.ChangedByID, h.revision = now, actor.Person, h.revision+1
		if err := s.update(ctx, tx, h); err != nil {
			return err
		}
		tx.AfterCommit(s.rouse)
		_, err = s.ledger.Append(ctx, tx, draft)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, s.countGivenUp(ctx, []*Webhook{h})
}

// draft begins an entry about a webhook. Its host is said in plain, and neither path nor description.
func (h *Webhook) draft(actor *access.Actor, action string, at time.Time) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, action, at)
	d.Outcome = ledger.Success
	d.Entity = ledger.Entity{Type: entityWebhook, ID: h.ID.String()}
	d.Details = map[string]any{}
	return d
}

// entityWebhook is the type of what entries about webhooks are about.
const entityWebhook = "webhook"
