package custody

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/page"
)

// shelf is a database with many reservations and approvals, of which few are not over.
type shelf struct {
	t      *testing.T
	db     *mysql.DB
	now    time.Time
	keys   []id.ID
	people []id.ID
}

const (
	shelved  = 20_000
	inFuture = 200
)

func openShelf(t *testing.T) *shelf {
	s := &shelf{t: t, db: mysqltest.Open(t), now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	for range 100 {
		s.keys, s.people = append(s.keys, id.New()), append(s.people, id.New())
	}
	err := s.db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.fill(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO approval_key (approval, place, key_id) SELECT r.id, 0, r.key_id FROM reservation r")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"reservation", "approval", "approval_key"} {
		rows, err := s.db.Query(t.Context(), "ANALYZE TABLE "+table) // it answers with rows
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// fill makes one reservation and one approval an hour, up to some in the future.
func (s *shelf) fill(ctx context.Context, tx *mysql.Tx) error {
	const batch = 500
	for first := 0; first < shelved; first += batch {
		var kept, asked []any
		for i := first; i < first+batch; i++ {
			at := s.now.Add(time.Duration(i-shelved+inFuture) * time.Hour)
			one, key, person := id.NewAt(at), s.keys[i%100], s.people[i/7%100]
			var held any = key
			state := 1
			if i%3 == 0 && at.Before(s.now) {
				held = nil
			}
			if at.After(s.now) {
				state = 0
			}
			kept = append(kept, one, key, held, person, at, at.Add(time.Hour), at)
			asked = append(asked, one, person, at, at, state)
		}
		const rows, requests = "(?,?,?,?,?,?,?)", "(?,?,NULL,?,?,FALSE,FALSE,'keytrail',?,0)"
		if _, err := tx.Exec(ctx, "INSERT INTO reservation (id, key_id, held_key, holder, from_at, to_at, reserved_at) VALUES "+
			strings.Repeat(rows+",", batch-1)+rows, kept...); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO approval (id, holder, requested_by, requested_at, expires_at, due_default, may_override, source, state, request_seq) VALUES "+
			strings.Repeat(requests+",", batch-1)+requests, asked...); err != nil {
			return err
		}
	}
	return nil
}

// touched gives the plan of a query, and how many rows of indexes and tables it reads by the server's own count.
func (s *shelf) touched(query string, args ...any) (plan string, touched int) {
	s.t.Helper()
	query, args, err := mysql.In(query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.db.InTx(s.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		before, err := reads(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		if err := rows.Close(); err != nil {
			return err
		}
		after, err := reads(ctx, tx)
		if touched = after - before; err != nil {
			return err
		}
		plan, err = explained(ctx, tx, query, args)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return plan, touched
}

func reads(ctx context.Context, tx *mysql.Tx) (int, error) {
	var counters []struct {
		Name  string `db:"Variable_name"`
		Value int    `db:"Value"`
	}
	err := tx.Select(ctx, &counters, "SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read%'")
	total := 0
	for _, c := range counters {
		total += c.Value
	}
	return total, err
}

func explained(ctx context.Context, tx *mysql.Tx, query string, args []any) (string, error) {
	rows, err := tx.Query(ctx, "EXPLAIN "+query, args...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	for rows.Next() {
		columns := map[string]any{}
		if err := rows.MapScan(columns); err != nil {
			return "", err
		}
		plan = append(plan, fmt.Sprintf("%s %s %s", columns["table"], columns["type"], columns["key"]))
	}
	return strings.Join(plan, "; "), rows.Err()
}

func TestListsOfBookingsReadFewRowsHoweverLongTheyAre(t *testing.T) {
	t.Parallel()
	s := openShelf(t)
	me := &access.Actor{Person: s.people[0]}
	const size = 20
	for _, scope := range []access.Scope{access.All, access.Own} {
		for name, f := range map[string]ReservationFilter{
			"ahead": {}, "of a key": {Key: s.keys[1]}, "of a holder": {Holder: s.people[0]}, "ever, of a key": {Key: s.keys[1], States: ReservationStates()},
			"ever": {States: ReservationStates()}, "ever, of a holder": {Holder: s.people[0], States: ReservationStates()},
		} {
			where := &mysql.Where{}
			reservationsInScope(where, me, scope)
			f.conditions(where, []id.ID{f.Holder}, s.now)
			order, err := earliestFirst("r.from_at", "r.id").window(page.Window{Limit: size}, where)
			if err != nil {
				t.Fatal(err)
			}
			plan, touched := s.touched(selectReservationRows+f.index(scope)+where.SQL()+order, where.Args(size+1)...)
			if touched > 3*inFuture {
				t.Errorf("reservations %s, %s: %d rows read: %s", name, scope, touched, plan)
			}
		}
	}
	yes := true
	for name, f := range map[string]ApprovalFilter{
		"all": {}, "that wait": {States: []ApprovalState{ApprovalPending}}, "to decide": {MayDecide: &yes}, "of a holder": {Holder: s.people[3]}, "of a key": {Key: s.keys[3]},
	} {
		where := &mysql.Where{}
		f.conditions(where, access.System(), []id.ID{f.Holder}, access.All, s.now)
		order, err := newestByID("a.id", page.Window{Limit: size}, where)
		if err != nil {
			t.Fatal(err)
		}
		plan, touched := s.touched(selectApprovalRows+f.index()+where.SQL()+order, where.Args(size+1)...)
		if touched > 5*inFuture {
			t.Errorf("approvals %s: %d rows read: %s", name, touched, plan)
		}
	}
	for name, q := range map[string]struct {
		query string
		args  []any
		most  int
	}{
		"the keys of a desk":   {selectHeld, []any{s.keys[:20], s.now}, 200},
		"the keys of a list":   {selectHeldOfKeys, []any{s.keys[:50], s.now, s.now, endOfTime(), reservationsShown}, 1500},
		"a key and its states": {selectKeysByID, []any{s.now, s.now, s.keys[:20]}, 200},
		"what a loan used up":  {selectUsedBy, []any{s.keys[1], id.New()}, 10},
		"the calendar's days": {
			selectReservedBetween + " WHERE r.held_key IS NOT NULL AND r.to_at > ? AND r.from_at < ?", []any{s.now, s.now.Add(30 * 24 * time.Hour)}, 3 * inFuture,
		},
	} {
		if plan, touched := s.touched(q.query, q.args...); touched > q.most {
			t.Errorf("%s: %d rows read: %s", name, touched, plan)
		}
	}
}
