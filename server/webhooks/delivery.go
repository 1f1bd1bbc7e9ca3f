package webhooks

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// DeliveryState says how far an event has come to a webhook.
type DeliveryState string

// The states of deliveries.
const (
	// Retried is one that is tried again.
	Retried   DeliveryState = "retried"
	Delivered DeliveryState = "delivered"
	// GivenUp is one that is not tried any more, and can be sent again.
	GivenUp DeliveryState = "given_up"
	// Queued is one that somebody has sent again, and that waits for its turn.
	Queued DeliveryState = "queued"
)

// deliveryStates lists every state; its place here, counted from 1, is its code in the database.
func deliveryStates() []DeliveryState {
	return []DeliveryState{Retried, Delivered, GivenUp, Queued}
}

func (s DeliveryState) code() uint8 { return codeOf(deliveryStates(), s) }

// Delivery is an event that was sent to a webhook, or is to be.
type Delivery struct {
	Seq      uint64
	EntryID  id.ID
	Event    Event
	State    DeliveryState
	Attempts int
	// Status is that of the last answer, nil for none; Problem is "" where it was taken; Answer is the beginning of what it
	// said, nil where that was a success or nothing.
	Status       *int
	Problem      string
	Answer       *string
	Milliseconds int
	FirstAt      time.Time
	LastAt       time.Time
	// NextAt is when it is tried again, nil for not.
	NextAt *time.Time
}

// What was delivered is listed for deliveredKept, and what was given up can be sent again for givenUpKept.
const (
	deliveredKept = 30 * 24 * time.Hour
	givenUpKept   = 90 * 24 * time.Hour
)

const (
	selectDelivery = "SELECT seq, entry, event, state, attempts, status, problem, sealed, millis, first_at, last_at, next_at FROM webhook_delivery"
	putDelivery    = "INSERT INTO webhook_delivery (webhook, seq, entry, event, state, attempts, status, problem, sealed, millis, first_at, last_at, next_at)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE event = VALUES(event), state = VALUES(state), attempts = VALUES(attempts)," +
		" status = VALUES(status), problem = VALUES(problem), sealed = VALUES(sealed), millis = VALUES(millis), first_at = VALUES(first_at)," +
		" last_at = VALUES(last_at), next_at = VALUES(next_at)"
	countGivenUp  = "SELECT webhook, COUNT(*) AS n FROM webhook_delivery WHERE webhook IN (?) AND state = ? GROUP BY webhook"
	queueDelivery = "UPDATE webhook_delivery SET state = ?, next_at = NULL WHERE webhook = ? AND seq = ? AND state = ?"
	selectEvent   = "SELECT event FROM webhook_delivery WHERE webhook = ? AND seq = ? AND state = ?"
	forgetOld     = "DELETE FROM webhook_delivery WHERE state = ? AND last_at < ? LIMIT 1000"
)

type deliveryRow struct {
	Seq      uint64     `db:"seq"`
	Entry    id.ID      `db:"entry"`
	Event    uint8      `db:"event"`
	State    uint8      `db:"state"`
	Attempts int        `db:"attempts"`
	Status   int        `db:"status"`
	Problem  string     `db:"problem"`
	Sealed   []byte     `db:"sealed"`
	Millis   int        `db:"millis"`
	FirstAt  time.Time  `db:"first_at"`
	LastAt   time.Time  `db:"last_at"`
	NextAt   *time.Time `db:"next_at"`
}

// Deliveries lists what was sent to a webhook within 30 days, was given up within 90 or is to be sent, the newest entry first;
// some states narrow it. NOT_FOUND when there is no such webhook.
func (s *Service) Deliveries(ctx context.Context, actor *access.Actor, hook id.ID, some []DeliveryState, request page.Request) (page.Page[*Delivery], error) {
	var none page.Page[*Delivery]
	if err := s.require(ctx, actor); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	where.And("webhook = ?", hook)
	if len(some) > 0 {
		codes := make([]int, 0, len(deliveryStates()))
		for _, one := range some[:min(len(some), len(deliveryStates()))] {
			codes = append(codes, int(one.code()))
		}
		where.And("state IN (?)", codes)
	}
	order, err := window(w, where)
	if err != nil {
		return none, err
	}
	if _, err := s.find(ctx, s.db, selectOne, hook); err != nil {
		return none, err
	}
	rows, err := s.readDeliveries(ctx, where, order, w.Limit+1)
	if err != nil {
		return none, err
	}
	all := make([]*Delivery, len(rows))
	for i := range rows {
		if all[i], err = s.delivery(ctx, hook, &rows[i]); err != nil {
			return none, err
		}
	}
	return page.Cut(w, all, func(d *Delivery) string { return page.Encode(binary.BigEndian.AppendUint64(nil, d.Seq)) }), nil
}

// window adds the condition of the window's cursor, and gives ORDER BY and LIMIT.
func window(w page.Window, where *mysql.Where) (string, error) {
	further, order, field := "<", " ORDER BY seq DESC LIMIT ?", "after"
	if w.Backward {
		further, order, field = ">", " ORDER BY seq LIMIT ?", "before"
	}
	if w.Cursor == "" {
		return order, nil
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return "", err
	}
	if len(payload) != 8 {
		return "", fault.Field(field, "this is not a cursor of this list: use one that a page gave")
	}
	where.And("seq "+further+" ?", binary.BigEndian.Uint64(payload))
	return order, nil
}

func (s *Service) readDeliveries(ctx context.Context, where *mysql.Where, order string, limit int) ([]deliveryRow, error) {
	query, args, err := mysql.In(selectDelivery+where.SQL()+order, where.Args(limit)...)
	if err != nil {
		return nil, err
	}
	var rows []deliveryRow
	return rows, s.db.Select(ctx, &rows, query, args...)
}

func (s *Service) delivery(ctx context.Context, hook id.ID, r *deliveryRow) (*Delivery, error) {
	if r.State < 1 || int(r.State) > len(deliveryStates()) || int(r.Event) >= len(Events()) {
		return nil, fault.New(fault.Internal, "a delivery is in a state that this version does not know: run the newer version")
	}
	d := &Delivery{
		Seq: r.Seq, EntryID: r.Entry, Event: Events()[r.Event], State: deliveryStates()[r.State-1], Attempts: r.Attempts, Problem: r.Problem,
		Milliseconds: r.Millis, FirstAt: r.FirstAt, LastAt: r.LastAt, NextAt: r.NextAt,
	}
	if r.Status != 0 {
		d.Status = &r.Status
	}
	if r.Sealed == nil {
		return d, nil
	}
	plain, err := s.seal.Unseal(ctx, s.db, subjectAt(r.LastAt), boundTo(hook), r.Sealed)
	if errors.Is(err, seal.ErrDestroyed) {
		return d, nil
	}
	text := string(plain)
	d.Answer = &text
	return d, err
}

// put stores how a delivery stands, in a transaction.
func (s *Service) put(ctx context.Context, tx *mysql.Tx, hook id.ID, d *Delivery) error {
	var sealed []byte
	if d.Answer != nil {
		var err error
		if sealed, err = s.seal.Seal(ctx, tx, subjectAt(d.LastAt), boundTo(hook), []byte(*d.Answer)); err != nil {
			return err
		}
	}
	status := 0
	if d.Status != nil {
		status = *d.Status
	}
	_, err := tx.Exec(ctx, putDelivery, hook, d.Seq, d.EntryID, codeOf(Events(), d.Event)-1, d.State.code(), d.Attempts, status, d.Problem,
		sealed, d.Milliseconds, d.FirstAt, d.LastAt, d.NextAt)
	return err
}

// countGivenUp says of webhooks how many events were given up.
func (s *Service) countGivenUp(ctx context.Context, all []*Webhook) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]id.ID, len(all))
	for i, h := range all {
		ids[i] = h.ID
	}
	query, args, err := mysql.In(countGivenUp, ids, GivenUp.code())
	if err != nil {
		return err
	}
	var counts []struct {
		Webhook id.ID `db:"webhook"`
		N       int   `db:"n"`
	}
	if err := s.db.Select(ctx, &counts, query, args...); err != nil {
		return err
	}
	for _, h := range all {
		for _, c := range counts {
			if c.Webhook == h.ID {
				h.GivenUp = c.N
			}
		}
	}
	return nil
}

// forgottenAtOnce is the limit of the statements that forget.
const forgottenAtOnce = 1000

// forget drops deliveries that are listed no longer, and those of webhooks that were removed.
func (s *Service) forget(ctx context.Context, now time.Time) error {
	for state, kept := range map[DeliveryState]time.Duration{Delivered: deliveredKept, GivenUp: givenUpKept} {
		if err := s.deleteAll(ctx, forgetOld, state.code(), now.Add(-kept)); err != nil {
			return err
		}
	}
	var left []id.ID
	if err := s.db.Select(ctx, &left, selectLeft); err != nil {
		return err
	}
	for _, hook := range left {
		if err := s.deleteAll(ctx, deleteDeliveries, hook); err != nil {
			return err
		}
	}
	return nil
}

// deleteAll repeats a statement until nothing is left for it.
func (s *Service) deleteAll(ctx context.Context, query string, args ...any) error {
	for {
		result, err := s.db.Exec(ctx, query, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n < forgottenAtOnce {
			return err
		}
	}
}
