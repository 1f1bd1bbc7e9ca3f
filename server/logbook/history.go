package logbook

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
)

// HistoryRequest asks for entries of one key behind a cursor, "" for the newest.
type HistoryRequest struct {
	Key   id.ID
	First int
	After string
}

// History is the answer to a HistoryRequest. Err is BAD_USER_INPUT for what cannot be asked.
type History struct {
	Page page.Page[*KeyEntry]
	Err  error
}

// KeyHistories lists the entries of keys, newest first, as far as the actor's scope reaches. However many keys he
// asks for together, that is one view, and log.viewed names them.
func (s *Service) KeyHistories(ctx context.Context, actor *access.Actor, asked []HistoryRequest) (map[HistoryRequest]History, error) {
	histories := make(map[HistoryRequest]History, len(asked))
	var keys []id.ID
	shown := 0
	for _, r := range asked {
		p, err := cut(ctx, s, actor, keyStream(), Filter{Key: r.Key}, page.Request{First: &r.First, After: r.After})
		if err != nil && !fault.Is(err, fault.BadInput) {
			return nil, err
		}
		histories[r] = History{p, err}
		if err == nil {
			keys = append(keys, r.Key)
			shown += len(p.Items)
		}
	}
	if len(keys) == 0 {
		return histories, nil
	}
	if err := s.viewed(ctx, actor, viewing{view: viewKeyHistory, filter: keyWords(keys), shown: &shown}); err != nil {
		return nil, err
	}
	return histories, nil
}

// keyWords gives keys as a filter, the same for the same keys in any order.
func keyWords(keys []id.ID) map[string]any {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = key.String()
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 1 {
		return map[string]any{"key": names[0]}
	}
	return map[string]any{"keys": names}
}
