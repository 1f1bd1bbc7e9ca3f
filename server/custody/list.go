package custody

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// KeyFilter says which keys. Conditions that are zero do not count; all others must hold.
type KeyFilter struct {
	// Search holds words; each must be part of number, label, category, building, floor, room or cabinet, or
	// all together find the holder. Case and accents do not matter.
	Search string
	// States are the states wanted; none means all but retired.
	States   []KeyState
	Group    id.ID
	Building string
	Holder   id.ID
}

// KeyList is a page of keys, and on demand how many there are in all.
type KeyList struct {
	page.Page[*Key]
	wanted []KeyState
	counts func(ctx context.Context) ([]KeyStateCount, error)
}

// States says how many keys there are in each state under the same filter without its states.
func (l *KeyList) States(ctx context.Context) ([]KeyStateCount, error) { return l.counts(ctx) }

// TotalCount says how many keys there are under the filter.
func (l *KeyList) TotalCount(ctx context.Context) (int, error) {
	counts, err := l.counts(ctx)
	total := 0
	for _, c := range counts {
		if slices.Contains(l.wanted, c.State) {
			total += c.Count
		}
	}
	return total, err
}

// Keys lists keys by number, in natural order. Whoever may see only his own keys, or those of his department,
// gets those that are held there now.
func (s *Service) Keys(ctx context.Context, actor *access.Actor, f KeyFilter, request page.Request) (*KeyList, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	return s.keysWithin(ctx, actor, scope, f, request)
}

// keysWithin is Keys for a scope that the caller has decided on.
func (s *Service) keysWithin(ctx context.Context, actor *access.Actor, scope access.Scope, f KeyFilter, request page.Request) (*KeyList, error) {
	w, err := request.Window()
	if err != nil {
		return nil, err
	}
	where, err := s.keysWhere(ctx, actor, scope, f)
	if err != nil {
		return nil, err
	}
	now := s.instant()
	list := &KeyList{wanted: f.wanted(), counts: s.stateCounts(where.Clone(), now)}
	if len(list.wanted) < len(KeyStates()) {
		where.And(stateCase+" IN (?)", now, list.wanted)
	}
	order, err := byText("k.number_order", "k.id").window(w, where)
	if err != nil {
		return nil, err
	}
	query, args, err := mysql.In(selectKeyRows+where.SQL()+order, append([]any{now, now}, where.Args(w.Limit+1)...)...)
	if err != nil {
		return nil, err
	}
	var rows []keyRow
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	keys := make([]*Key, len(rows))
	for i := range rows {
		keys[i] = rows[i].at(now)
	}
	list.Page = page.Cut(w, keys, func(k *Key) string { return textCursor(orderOf(k.Number), k.ID) })
	return list, s.ledger.AwaitRead(ctx)
}

// wanted gives the states that the filter lets through.
func (f *KeyFilter) wanted() []KeyState {
	if len(f.States) == 0 {
		return []KeyState{Available, Reserved, Issued, Overdue, Lost}
	}
	states := slices.Clone(f.States)
	slices.Sort(states)
	return slices.Compact(states)
}

// keysWhere gives the conditions of scope and filter, but for the states.
func (s *Service) keysWhere(ctx context.Context, actor *access.Actor, scope access.Scope, f KeyFilter) (*mysql.Where, error) {
	where := &mysql.Where{}
	loansInScope(where, actor, scope)
	if f.Building != "" {
		where.And("k.building = ?", f.Building)
	}
	if !f.Group.IsZero() {
		where.And("EXISTS (SELECT 1 FROM key_group_key m WHERE m.key_group = ? AND m.key_id = k.id)", f.Group)
	}
	if !f.Holder.IsZero() {
		where.And("l.holder IN (?)", s.people.Same(f.Holder))
	}
	return where, s.search(ctx, where, f.Search)
}

// loansInScope lets through what the actor's scope reaches, over l (loan).
func loansInScope(where *mysql.Where, actor *access.Actor, scope access.Scope) {
	switch scope {
	case access.All:
	case access.Department:
		where.And("(l.department = ? OR l.holder IN (?))", actor.Department, actor.Persons())
	default:
		where.And("l.holder IN (?)", actor.Persons())
	}
}

// searched is what a search looks at, a line each, so that no match reaches from one field into the next.
const searched = `CONCAT_WS('\n', k.number, k.label, k.category, k.building, k.floor, k.room, k.cabinet)`

func (s *Service) search(ctx context.Context, where *mysql.Where, search string) error {
	if n := utf8.RuneCountInString(search); n > maxSearch {
		return fault.Field("search", "search has %d characters; at most %d are allowed: shorten it", n, maxSearch)
	}
	words := strings.Fields(search)
	if len(words) == 0 {
		return nil
	}
	if len(words) > maxWordsOfSearch {
		return fault.Field("search", "search has %d words; at most %d are allowed", len(words), maxWordsOfSearch)
	}
	all := make([]string, len(words))
	args := make([]any, len(words))
	for i, word := range words {
		all[i] = searched + collateNames + " LIKE ?"
		args[i] = "%" + likeLiteral(word) + "%"
	}
	condition := strings.Join(all, " AND ")
	holders, err := s.holdersNamed(ctx, search)
	if err != nil {
		return err
	}
	if len(holders) > 0 {
		condition = "(" + condition + ") OR l.holder IN (?)"
		args = append(args, holders)
	}
	where.And("("+condition+")", args...)
	return nil
}

const selectHolders = "SELECT DISTINCT holder FROM loan WHERE open_key IS NOT NULL"

// holdersNamed gives those who hold keys now and whose names hold the words. There are never more holders than keys,
// whereas more people than a search may find can share a name.
func (s *Service) holdersNamed(ctx context.Context, words string) ([]id.ID, error) {
	var holders []id.ID
	if err := s.db.Select(ctx, &holders, selectHolders); err != nil {
		return nil, err
	}
	return s.people.NamedAmong(holders, words), nil
}

// likeLiteral makes a text stand for itself in LIKE.
func likeLiteral(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// stateCounts counts once, when first asked: a page is often wanted without.
func (s *Service) stateCounts(where *mysql.Where, now time.Time) func(context.Context) ([]KeyStateCount, error) {
	var once sync.Once
	var counts []KeyStateCount
	var failed error
	return func(ctx context.Context) ([]KeyStateCount, error) {
		once.Do(func() { counts, failed = s.countStates(ctx, where, now) })
		return counts, failed
	}
}

func (s *Service) countStates(ctx context.Context, where *mysql.Where, now time.Time) ([]KeyStateCount, error) {
	args := append([]any{now, now, now}, where.Args()...)
	query, args, err := mysql.In("SELECT "+stateCase+" AS state, COUNT(*) AS count"+keysWithLoans+where.SQL()+" GROUP BY 1", args...)
	if err != nil {
		return nil, err
	}
	var found []KeyStateCount
	if err := s.db.Select(ctx, &found, query, args...); err != nil {
		return nil, err
	}
	counts := make([]KeyStateCount, 0, len(KeyStates()))
	for _, state := range KeyStates() {
		count := KeyStateCount{State: state}
		for _, f := range found {
			if f.State == state {
				count.Count = f.Count
			}
		}
		counts = append(counts, count)
	}
	return counts, s.ledger.AwaitRead(ctx)
}
