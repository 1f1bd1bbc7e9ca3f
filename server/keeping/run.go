package keeping

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// State is how far a run is.
type State string

// The states.
const (
	Running State = "RUNNING"
	Done    State = "DONE"
	Failed  State = "FAILED"
)

// States lists every state; its place here, counted from 1, is the state's code.
func States() []State { return []State{Running, Done, Failed} }

// RunRecord is one deletion of what had been kept for long enough.
type RunRecord struct {
	ID    id.ID
	State State
	// AskedByID is zero for a run by itself.
	AskedByID id.ID
	// AsOf is the moment from which ages count.
	AsOf    time.Time
	EndedAt *time.Time
	// Entries and Archives count what went so far and what it went into, and Streams its entries by stream.
	Entries  uint64
	Archives int
	Streams  []*StreamCount
	// Problem says why it does not go on, nothing when it does.
	Problem fault.Text
	next    uint64
}

// StreamCount is how many entries of a stream there are.
type StreamCount struct {
	Stream  ledger.Stream
	Entries uint64
}

const (
	selectRun     = "SELECT id, state, asked_by, as_of, next_seq, ended_at, problem FROM retention_run"
	selectOpenRun = selectRun + " WHERE unfinished = 1"
	insertRun     = "INSERT INTO retention_run (id, unfinished, state, asked_by, as_of, next_seq, problem) VALUES (?, 1, 1, ?, ?, 0, '')"
	moveRun       = "UPDATE retention_run SET next_seq = ?, problem = '' WHERE id = ? AND unfinished = 1"
	blameRun      = "UPDATE retention_run SET problem = ? WHERE id = ?"
	beginAttempt  = "INSERT INTO retention_attempt (run, attempts) VALUES (?, 1) ON DUPLICATE KEY UPDATE attempts = attempts + 1"
	endAttempts   = "DELETE FROM retention_attempt WHERE run = ?"
	endRun        = "UPDATE retention_run SET unfinished = NULL, state = ?, ended_at = ? WHERE id = ? AND unfinished = 1"
	selectGone    = "SELECT run, streams FROM archive WHERE run IN (?) AND state = 3"
)

type runRow struct {
	ID      id.ID      `db:"id"`
	State   uint8      `db:"state"`
	AskedBy id.ID      `db:"asked_by"`
	AsOf    time.Time  `db:"as_of"`
	NextSeq uint64     `db:"next_seq"`
	EndedAt *time.Time `db:"ended_at"`
	Problem string     `db:"problem"`
}

func (r *runRow) record() *RunRecord {
	state := Failed
	if r.State >= 1 && int(r.State) <= len(States()) {
		state = States()[r.State-1]
	}
	return &RunRecord{ID: r.ID, State: state, AskedByID: r.AskedBy, AsOf: r.AsOf, EndedAt: r.EndedAt, Problem: fault.Recall(r.Problem), next: r.NextSeq, Streams: []*StreamCount{}}
}

// Ask has what has been kept for long enough deleted now; a server begins with it at once. CONFLICT while a run is not
// finished.
func (s *Service) Ask(ctx context.Context, actor *access.Actor) (*RunRecord, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsDelete); err != nil {
		return nil, err
	}
	var run *RunRecord
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		run, err = s.insertRun(ctx, tx, actor.Person, s.moment())
		return err
	})
	if mysql.IsDuplicate(err) {
		return nil, fault.New(fault.Conflict, "A run is under way already: see below how far it is.")
	}
	if err != nil {
		return nil, err
	}
	s.rouse()
	return run, nil
}

func (s *Service) insertRun(ctx context.Context, tx *mysql.Tx, by id.ID, asOf time.Time) (*RunRecord, error) {
	row := runRow{ID: id.New(), State: 1, AskedBy: by, AsOf: asOf}
	_, err := tx.Exec(ctx, insertRun, row.ID, row.AskedBy, row.AsOf)
	return row.record(), err
}

// unfinished gives the run that is not over, nil when there is none.
func (s *Service) unfinished(ctx context.Context, q mysql.Querier) (*RunRecord, error) {
	var rows []runRow
	if err := q.Select(ctx, &rows, selectOpenRun); err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].record(), nil
}

// Runs lists runs, the newest first.
func (s *Service) Runs(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*RunRecord], error) {
	var none page.Page[*RunRecord]
	if err := s.mayLook(ctx, actor); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	rows, err := pageOf[runRow](ctx, s.db, selectRun, &mysql.Where{}, w)
	if err != nil {
		return none, err
	}
	runs := make([]*RunRecord, len(rows))
	for i := range rows {
		runs[i] = rows[i].record()
	}
	if err := s.addGone(ctx, s.db, runs); err != nil {
		return none, err
	}
	return page.Cut(w, runs, func(r *RunRecord) string { return cursorOf(r.ID) }), nil
}

// addGone adds to runs what they have deleted.
func (s *Service) addGone(ctx context.Context, q mysql.Querier, runs []*RunRecord) error {
	if len(runs) == 0 {
		return nil
	}
	byID := make(map[id.ID]*RunRecord, len(runs))
	ids := make([]id.ID, len(runs))
	for i, r := range runs {
		byID[r.ID], ids[i] = r, r.ID
	}
	query, args, err := mysql.In(selectGone, ids)
	if err != nil {
		return err
	}
	var rows []struct {
		Run     id.ID  `db:"run"`
		Streams string `db:"streams"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return err
	}
	sums := map[id.ID]*tally{}
	for _, row := range rows {
		sum := sums[row.Run]
		if sum == nil {
			sum = &tally{}
			sums[row.Run] = sum
		}
		sum.addText(row.Streams)
		byID[row.Run].Archives++
	}
	for run, sum := range sums {
		byID[run].Streams, byID[run].Entries = sum.list(), sum.total()
	}
	return nil
}
