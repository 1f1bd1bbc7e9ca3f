package logbook

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// KeyLog lists movements and changes of keys, newest first, as far as the actor's scope reaches.
func (s *Service) KeyLog(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*KeyEntry], error) {
	return list(ctx, s, actor, keyStream(), viewKeyLog, f, request)
}

// WholeKeyLog gives what KeyLog lists to send, oldest first and a page at a time, until there is no more or send fails.
// It is a view of its own, and is recorded before anything is read: nobody knows yet how much it will be.
func (s *Service) WholeKeyLog(ctx context.Context, actor *access.Actor, f Filter, send func([]*KeyEntry) error) error {
	if _, err := s.access.Require(ctx, actor, access.LogsKeysView); err != nil {
		return err
	}
	if err := s.viewed(ctx, actor, viewing{view: viewLegacyKeys, filter: f.words(), purpose: f.Purpose}); err != nil {
		return err
	}
	size := page.MaxSize
	for next := (page.Request{Last: &size}); ; {
		p, err := cut(ctx, s, actor, keyStream(), f, next)
		if err != nil {
			return err
		}
		slices.Reverse(p.Items)
		if err := send(p.Items); err != nil || !p.Info.HasPreviousPage {
			return err
		}
		next.Before = p.Info.StartCursor
	}
}

// AuthLog lists sign-ins and what belongs to them, newest first, as far as the actor's scope reaches.
func (s *Service) AuthLog(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*AuthEntry], error) {
	return list(ctx, s, actor, authStream(), viewAuthLog, f, request)
}

// WorkLog lists reports of work and corrections of hours, newest first, as far as the actor's scope reaches.
func (s *Service) WorkLog(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*WorkEntry], error) {
	return list(ctx, s, actor, workStream(), viewWorkLog, f, request)
}

// SystemLog lists what keytrail itself did and who looked at what, newest first, as far as the actor's scope reaches.
func (s *Service) SystemLog(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*SystemEntry], error) {
	return list(ctx, s, actor, systemStream(), viewSystemLog, f, request)
}

// KeyEntries shows entries that the actor has just made, in the order given.
func (s *Service) KeyEntries(ctx context.Context, actor *access.Actor, entries []ledger.Entry) ([]*KeyEntry, error) {
	return keyStream().views(ctx, s.maskFor(actor), entries)
}

// AuthEntries shows entries that the actor has just recorded, by their places; none when he may see no sign-ins.
func (s *Service) AuthEntries(ctx context.Context, actor *access.Actor, seqs []uint64) ([]*AuthEntry, error) {
	scope := s.access.ScopeOf(actor, access.LogsAuthView)
	if scope == access.None || len(seqs) == 0 {
		return []*AuthEntry{}, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return !reaches(scope, actor, &e) })
	return authStream().views(ctx, s.maskFor(actor), entries)
}

// WorkEntries is AuthEntries for reports of work and corrections of hours.
func (s *Service) WorkEntries(ctx context.Context, actor *access.Actor, seqs []uint64) ([]*WorkEntry, error) {
	scope := s.access.ScopeOf(actor, access.LogsWorkView)
	if scope == access.None || len(seqs) == 0 {
		return []*WorkEntry{}, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return !reaches(scope, actor, &e) })
	return workStream().views(ctx, s.maskFor(actor), entries)
}

// stream is what a list or a feed is made of: streams of the ledger, each with the right that it needs, and the view
// of their entries.
type stream[V any] struct {
	parts  []part
	view   func(mask, context.Context, *ledger.Entry) (V, error)
	cursor func(V) string
}

// part is a stream of the ledger and the right to see it.
type part struct {
	name       ledger.Stream
	permission access.Permission
}

func keyStream() stream[*KeyEntry] {
	return stream[*KeyEntry]{[]part{{ledger.StreamKey, access.LogsKeysView}}, mask.key, func(e *KeyEntry) string { return e.Cursor }}
}

func authStream() stream[*AuthEntry] {
	return stream[*AuthEntry]{[]part{{ledger.StreamAuth, access.LogsAuthView}}, mask.auth, func(e *AuthEntry) string { return e.Cursor }}
}

func workStream() stream[*WorkEntry] {
	return stream[*WorkEntry]{[]part{{ledger.StreamWork, access.LogsWorkView}}, mask.work, func(e *WorkEntry) string { return e.Cursor }}
}

func systemStream() stream[*SystemEntry] {
	return stream[*SystemEntry]{[]part{{ledger.StreamSystem, access.LogsSystemView}}, mask.system, func(e *SystemEntry) string { return e.Cursor }}
}

func (st stream[V]) views(ctx context.Context, m mask, entries []ledger.Entry) ([]V, error) {
	views := make([]V, len(entries))
	for i := range entries {
		var err error
		if views[i], err = st.view(m, ctx, &entries[i]); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// list gives a page of a stream, and records who looks at it.
func list[V any](ctx context.Context, s *Service, actor *access.Actor, st stream[V], view string, f Filter, request page.Request) (page.Page[V], error) {
	p, err := cut(ctx, s, actor, st, f, request)
	if err != nil {
		return page.Page[V]{}, err
	}
	shown := len(p.Items)
	if err := s.viewed(ctx, actor, viewing{view: view, filter: f.words(), purpose: f.Purpose, shown: &shown}); err != nil {
		return page.Page[V]{}, err
	}
	return p, nil
}

// cut gives a page of a stream, which may not be shown before it is recorded as viewed. A cursor of another list's
// entry is a place in this one, too.
func cut[V any](ctx context.Context, s *Service, actor *access.Actor, st stream[V], f Filter, request page.Request) (page.Page[V], error) {
	var none page.Page[V]
	spans, err := s.spans(ctx, actor, st.parts, f)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	q, err := s.newQuery(ctx, actor, spans, f)
	if err != nil {
		return none, err
	}
	entries, err := s.read(ctx, q, w)
	if err != nil {
		return none, err
	}
	views, err := st.views(ctx, s.maskFor(actor), entries)
	if err != nil {
		return none, err
	}
	return page.Cut(w, views, st.cursor), nil
}

// read gives the entries of a window, in its direction, one more than it takes where there are more. They are
// durable when it returns. Where some went after they were found, the next ones fill their places: a page that is short
// of one would seem to be the last.
func (s *Service) read(ctx context.Context, q *query, w page.Window) (all []ledger.Entry, err error) {
	at, err := windowPlace(w)
	if err != nil {
		return nil, err
	}
	for {
		places, err := s.places(ctx, q, w, at)
		if err != nil {
			return nil, err
		}
		entries, err := s.ledger.Recall(ctx, numbersOf(places))
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = entries
		} else {
			all = append(all, entries...)
		}
		if len(all) > w.Limit || len(places) <= w.Limit {
			return all[:min(len(all), w.Limit+1)], nil
		}
		at = &places[len(places)-1]
	}
}

// places finds where the entries of a window behind a place are; nil begins at the end of the list.
func (s *Service) places(ctx context.Context, q *query, w page.Window, at *place) (places []place, err error) {
	if q.empty() {
		return nil, nil
	}
	text, args, err := q.compile(w, at)
	if err != nil {
		return nil, err
	}
	places = make([]place, 0, w.Limit+1)
	err = s.db.Each(ctx, func(row mysql.Row) error {
		var p place
		err := row.Scan(&p.Seq, &p.OccurredAt)
		places = append(places, p)
		return err
	}, text, args...)
	return places, err
}

// entriesAt reads entries, but for those that were deleted meanwhile. They are durable when it returns.
func (s *Service) entriesAt(ctx context.Context, places []place) ([]ledger.Entry, error) {
	var end uint64
	for _, p := range places {
		end = max(end, p.Seq+1)
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, numbersOf(places))
	if err != nil {
		return nil, err
	}
	return entries, s.ledger.AwaitDurable(ctx, end)
}

func numbersOf(places []place) []uint64 {
	seqs := make([]uint64, len(places))
	for i, p := range places {
		seqs[i] = p.Seq
	}
	return seqs
}

func windowPlace(w page.Window) (*place, error) {
	if w.Cursor == "" {
		return nil, nil
	}
	field := "after"
	if w.Backward {
		field = "before"
	}
	at, err := placeOf(field, w.Cursor)
	return &at, err
}
