package custody

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// reservableShown is how many keys are offered, and reservableRead how many are looked at for them.
	reservableShown  = 50
	reservableRead   = 500
	selectReservable = "SELECT k.id FROM physical_key k LEFT JOIN loan l ON l.open_key = k.id"
)

// ReservableRequest asks which keys can be reserved for whom and when.
type ReservableRequest struct {
	// Holder is zero for the actor himself.
	Holder   id.ID
	From, To time.Time
	// Search holds words; each must be part of number, label, category, building, floor, room or cabinet.
	Search string
}

// Reservable gives at most 50 keys by number that Reserve would take now, whoever may see them: who may reserve has to find
// them. As in KeysByID, nothing is told of who has a key now. That others on its ring are free, too, is not looked into.
func (s *Service) Reservable(ctx context.Context, actor *access.Actor, r ReservableRequest) ([]*Key, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysReserve)
	if err != nil {
		return nil, err
	}
	if r.Holder.IsZero() {
		r.Holder = actor.Person
	}
	to, err := s.bookedFor(ctx, actor, scope, r.Holder)
	if err != nil {
		return nil, err
	}
	r.From, r.To = *inUTC(&r.From), *inUTC(&r.To)
	if !r.To.After(r.From) {
		return nil, fault.Field("to", "to must lie after from: choose a later time")
	}
	where, err := r.where(s.instant())
	if err != nil {
		return nil, err
	}
	var free []id.ID
	if err := s.db.Select(ctx, &free, selectReservable+where.SQL()+" ORDER BY k.number_order, k.id LIMIT ?", where.Args(reservableRead)...); err != nil {
		return nil, err
	}
	if free, err = s.takenBy(ctx, free, to, r.From); err != nil {
		return nil, err
	}
	found, err := s.KeysByID(ctx, actor, free)
	return inOrder(free, found), err
}

func (r *ReservableRequest) where(now time.Time) (*mysql.Where, error) {
	if n := utf8.RuneCountInString(r.Search); n > maxSearch {
		return nil, fault.Field("search", "search has %d characters; at most %d are allowed: shorten it", n, maxSearch)
	}
	words := strings.Fields(r.Search)
	if len(words) > maxWordsOfSearch {
		return nil, fault.Field("search", "search has %d words; at most %d are allowed", len(words), maxWordsOfSearch)
	}
	where := &mysql.Where{}
	where.And("k.retired_at IS NULL AND k.lost_at IS NULL AND (l.id IS NULL OR l.due_at <= ?)", r.From)
	where.And("NOT EXISTS (SELECT 1 FROM reservation r WHERE r.held_key = k.id AND r.to_at > ? AND r.to_at > ? AND r.from_at < ?)", now, r.From, r.To)
	for _, word := range words {
		where.And(searched+collateNames+" LIKE ?", "%"+likeLiteral(word)+"%")
	}
	return where, nil
}

// takenBy gives the first of the keys that somebody may take at an instant.
func (s *Service) takenBy(ctx context.Context, keys []id.ID, who holder, at time.Time) ([]id.ID, error) {
	rules, err := selectRules(ctx, s.db, keys)
	if err != nil {
		return nil, err
	}
	taker := s.takerOf(who)
	var may []id.ID
	for _, key := range keys {
		if len(may) < reservableShown && mayTake(rulesOf(rules[key]), taker, at, s.zone) {
			may = append(may, key)
		}
	}
	return may, nil
}
