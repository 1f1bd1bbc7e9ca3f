package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Recipient is a webhook that was sent events about somebody, also one that was removed.
type Recipient struct {
	// Address is scheme and host, and Description what an admin called it.
	Address     string
	Description string
	Events      uint64
	FirstAt     time.Time
	LastAt      time.Time
}

// recipientsListed bounds the list: removed webhooks stay on it.
const recipientsListed = 200

const selectReceived = "SELECT w.id, w.subject, w.sealed, SUM(r.events) AS events, MIN(r.first_at) AS first_at, MAX(r.last_at) AS last_at" +
	" FROM webhook_recipient r JOIN webhook w ON w.id = r.webhook WHERE r.person IN (?)" +
	" GROUP BY w.id, w.subject, w.sealed ORDER BY w.id LIMIT ?"

// Received gives the webhooks that were sent events about or by a person, who is on record under some ids, the oldest first.
func (s *Service) Received(ctx context.Context, q mysql.Querier, persons []id.ID) ([]Recipient, error) {
	query, args, err := mysql.In(selectReceived, persons, recipientsListed)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID      id.ID        `db:"id"`
		Subject seal.Subject `db:"subject"`
		Sealed  []byte       `db:"sealed"`
		Events  uint64       `db:"events"`
		FirstAt time.Time    `db:"first_at"`
		LastAt  time.Time    `db:"last_at"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	all := make([]Recipient, len(rows))
	for i, r := range rows {
		all[i] = Recipient{Events: r.Events, FirstAt: r.FirstAt, LastAt: r.LastAt}
		plain, err := s.seal.Unseal(ctx, q, r.Subject, boundTo(r.ID), r.Sealed)
		if errors.Is(err, seal.ErrDestroyed) {
			continue
		}
		var is hidden
		if err == nil {
			err = json.Unmarshal(plain, &is)
		}
		if err != nil {
			return nil, err
		}
		all[i].Description = is.Description
		if u, err := url.Parse(is.URL); err == nil {
			all[i].Address = u.Scheme + "://" + u.Host
		}
	}
	return all, nil
}
