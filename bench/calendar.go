package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

const (
	yearOfMovements = 25_000
	calendarDays    = 37
	calendarClients = 16
	calendarSpan    = 3 * time.Second
	batch           = 500
)

// calendarStore is a log of movements spread over a year, and the floors' tables beside it.
type calendarStore struct {
	*store
	logbook   *logbook.Service
	movements int
	begin     time.Time
}

// calendar measures one calendar of 37 days over a year of movements and over ten times as many in the same year.
func calendar(ctx context.Context) error {
	small, err := openCalendar(ctx, yearOfMovements)
	if err != nil {
		return err
	}
	defer small.close()
	large, err := openCalendar(ctx, 10*yearOfMovements)
	if err != nil {
		return err
	}
	defer large.close()
	var contenders []contender
	for _, s := range []*calendarStore{small, large} {
		size := fmt.Sprintf(", %d movements", s.movements)
		contenders = append(contenders,
			contender{"keytrail's calendar" + size, []int{s.private.Pid()}, s.keytrail},
			contender{"floor: a counter table by day" + size, []int{s.private.Pid()}, s.counterTable},
			contender{"floor: GROUP BY over the rows" + size, []int{s.private.Pid()}, s.groupBy})
	}
	results, err := run(ctx, calendarClients, calendarSpan, contenders)
	if err != nil {
		return err
	}
	table(contenders, results)
	for _, s := range []*calendarStore{small, large} {
		if err := s.reportReads(ctx); err != nil {
			return err
		}
	}
	return large.explain(ctx)
}

func openCalendar(ctx context.Context, movements int) (*calendarStore, error) {
	base, err := openStore(ctx)
	if err != nil {
		return nil, err
	}
	s := &calendarStore{store: base, movements: movements, begin: time.Now().UTC().AddDate(-1, 0, 0)}
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *calendarStore) prepare(ctx context.Context) error {
	acc, err := access.New(ctx, s.db, s.ledger, time.Now, s.log)
	if err != nil {
		return err
	}
	persons, err := people.New(ctx, s.db, s.sealer, s.ledger, acc, time.Now, s.log)
	if err != nil {
		return err
	}
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		return err
	}
	keys := custody.New(s.db, s.ledger, acc, persons, riga, time.Now)
	if s.logbook, err = logbook.New(s.db, s.sealer, s.ledger, acc, keys, persons, riga, time.Now); err != nil {
		return err
	}
	if err := s.fill(ctx); err != nil {
		return err
	}
	return s.fillFloors(ctx)
}

// fill appends the movements, of 120 keys and 10 departments, in batches of 500 from four writers.
func (s *calendarStore) fill(ctx context.Context) error {
	keys, departments := ids(120), ids(10)
	writers, ctx := errgroup.WithContext(ctx)
	writers.SetLimit(4)
	for first := 0; first < s.movements; first += batch {
		writers.Go(func() error {
			drafts := make([]ledger.Draft, batch)
			for i := range drafts {
				drafts[i] = s.movement(first+i, keys, departments)
			}
			return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
				_, err := s.ledger.Append(ctx, tx, drafts...)
				return err
			})
		})
	}
	return writers.Wait()
}

func (s *calendarStore) movement(n int, keys, departments []id.ID) ledger.Draft {
	action := ledger.KeyIssued
	if n%2 == 1 {
		action = ledger.KeyReturned
	}
	key := n % len(keys)
	return ledger.Draft{
		Stream: ledger.StreamKey, System: true, Action: action, Department: departments[n%len(departments)],
		Entity:     ledger.Entity{Type: custody.EntityKey, ID: keys[key].String(), Label: fmt.Sprint(100 + key)},
		OccurredAt: s.begin.Add(time.Duration(rand.Int64N(int64(365 * 24 * time.Hour)))),
	}
}

func ids(n int) []id.ID {
	list := make([]id.ID, n)
	for i := range list {
		list[i] = id.New()
	}
	return list
}

// fillFloors makes the counter table that the floor reads: what a calendar in one fixed zone needs and no more.
func (s *calendarStore) fillFloors(ctx context.Context) error {
	owner, err := s.ownerDB(ctx)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"CREATE TABLE floor_count (day DATE NOT NULL, action VARCHAR(100) NOT NULL, total INT NOT NULL, PRIMARY KEY (day, action)) ENGINE=InnoDB",
		"INSERT INTO floor_count SELECT DATE(occurred_at), action, COUNT(*) FROM entry_index GROUP BY DATE(occurred_at), action",
	} {
		if _, err := owner.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// window gives a random start within the year such that all 37 days lie in it.
func (s *calendarStore) window() time.Time {
	return s.begin.AddDate(0, 0, rand.IntN(365-calendarDays))
}

func (s *calendarStore) keytrail(ctx context.Context, _, _ int) error {
	_, err := s.logbook.Calendar(ctx, access.System(), logbook.CalendarRequest{
		From: people.Date(s.window().Format(time.DateOnly)), Days: calendarDays,
	})
	return err
}

type dayTotal struct {
	Day    time.Time `db:"day"`
	Action string    `db:"action"`
	Total  int       `db:"total"`
}

func (s *calendarStore) counterTable(ctx context.Context, _, _ int) error {
	var rows []dayTotal
	from := s.window()
	return s.owner.Select(ctx, &rows, "SELECT day, action, total FROM floor_count WHERE day >= ? AND day < ?",
		from.Format(time.DateOnly), from.AddDate(0, 0, calendarDays).Format(time.DateOnly))
}

const groupRows = "SELECT DATE(occurred_at) AS day, action, COUNT(*) AS total FROM entry_index" +
	" WHERE stream = ? AND occurred_at >= ? AND occurred_at < ? GROUP BY day, action"

func (s *calendarStore) groupBy(ctx context.Context, _, _ int) error {
	var rows []dayTotal
	from := s.window()
	return s.db.Select(ctx, &rows, groupRows, ledger.StreamKey.Code(), from, from.AddDate(0, 0, calendarDays))
}

// reportReads counts the rows that the database reads for one calendar.
func (s *calendarStore) reportReads(ctx context.Context) error {
	const calendars = 200
	before, err := s.rowsRead(ctx)
	if err != nil {
		return err
	}
	for n := range calendars {
		if err := s.keytrail(ctx, 0, n); err != nil {
			return err
		}
	}
	after, err := s.rowsRead(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d movements: %d rows read by the database for one calendar", s.movements, (after-before)/calendars)
	return nil
}

func (s *calendarStore) rowsRead(ctx context.Context) (int, error) {
	var rows int
	err := s.db.Get(ctx, &rows, "SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED) FROM information_schema.GLOBAL_STATUS"+
		" WHERE VARIABLE_NAME IN ('HANDLER_READ_NEXT', 'HANDLER_READ_KEY', 'HANDLER_READ_RND_NEXT', 'HANDLER_READ_FIRST')")
	return rows, err
}

const bucketRows = "SELECT action, slot, day, total FROM entry_count WHERE department = UNHEX(REPEAT('00', 16)) AND stream = ?" +
	" AND action IN (?, ?) AND slot IN (0, 22, 23, 24) AND day >= ? AND day < ?"

// explain prints the plan of the statement that reads the counts of a window, in a zone two hours ahead of UTC.
func (s *calendarStore) explain(ctx context.Context) error {
	from := s.window()
	rows, err := s.db.Query(ctx, "EXPLAIN "+bucketRows, ledger.StreamKey.Code(), ledger.KeyIssued, ledger.KeyReturned,
		from.Unix()/86400, from.AddDate(0, 0, calendarDays).Unix()/86400)
	if err != nil {
		return err
	}
	defer rows.Close()
	fmt.Printf("\n\nEXPLAIN %s\n", bucketRows)
	for rows.Next() {
		plan := map[string]any{}
		if err := rows.MapScan(plan); err != nil {
			return err
		}
		for _, column := range []string{"type", "key", "rows", "Extra"} {
			fmt.Printf("  %s: %s", column, plan[column])
		}
		fmt.Println()
	}
	return mysql.Fault(rows.Err())
}
