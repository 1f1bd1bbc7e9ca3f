package backup

import (
	"context"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// State is how far a backup is; the code of backup_run.
type State uint8

// The states.
const (
	Running State = iota + 1
	Made
	Failed
	// Dropped is made and deleted since, because there are newer ones.
	Dropped
)

// Record is a backup of the server's, or the attempt at one.
type Record struct {
	ID    id.ID
	State State
	// AskedByID is zero for one that the server made by itself.
	AskedByID id.ID
	StartedAt time.Time
	EndedAt   *time.Time
	// VerifiedAt is when the file was last read again and found as it was written.
	VerifiedAt *time.Time
	// File is its name, without a directory.
	File string
	// Entries are in it, and Checkpoint of them are proven by its signed checkpoint.
	Entries, Checkpoint uint64
	// Bytes is the file's size.
	Bytes uint64
	// Problem says why it failed.
	Problem fault.Text
}

// Setting is how backups are made.
type Setting struct {
	On bool
	// At is the time of day in Zone, such as 01:00.
	At, Zone string
	// Keep is how many are kept.
	Keep int
	// Directory is where they lie.
	Directory string
	// NextDue is when the next one is made by itself.
	NextDue *time.Time
}

const (
	selectRuns = "SELECT id, state, asked_by, started_at, ended_at, verified_at, file, entries, checkpoint, bytes, problem FROM backup_run"
)

type runRow struct {
	ID         id.ID      `db:"id"`
	State      State      `db:"state"`
	AskedBy    id.ID      `db:"asked_by"`
	StartedAt  time.Time  `db:"started_at"`
	EndedAt    *time.Time `db:"ended_at"`
	VerifiedAt *time.Time `db:"verified_at"`
	File       string     `db:"file"`
	Entries    uint64     `db:"entries"`
	Checkpoint uint64     `db:"checkpoint"`
	Bytes      uint64     `db:"bytes"`
	Problem    string     `db:"problem"`
}

func (r *runRow) record() *Record {
	return &Record{
		ID: r.ID, State: r.State, AskedByID: r.AskedBy, StartedAt: r.StartedAt, EndedAt: r.EndedAt, VerifiedAt: r.VerifiedAt, File: r.File,
		Entries: r.Entries, Checkpoint: r.Checkpoint, Bytes: r.Bytes, Problem: fault.Recall(r.Problem),
	}
}

// Records lists backups, the newest first.
func (s *Schedule) Records(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Record], error) {
	var none page.Page[*Record]
	if _, err := s.access.Require(ctx, actor, access.LogsConfigure); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	rows, err := window(ctx, s.db, w)
	if err != nil {
		return none, err
	}
	records := make([]*Record, len(rows))
	for i := range rows {
		records[i] = rows[i].record()
	}
	return page.Cut(w, records, func(r *Record) string { return page.Encode(r.ID[:]) }), nil
}

// window reads the rows of a window, one more than the limit, by id with the newest first: ids carry the time.
func window(ctx context.Context, q mysql.Querier, w page.Window) ([]runRow, error) {
	where := &mysql.Where{}
	further, order, field := "<", " ORDER BY id DESC LIMIT ?", "after"
	if w.Backward {
		further, order, field = ">", " ORDER BY id LIMIT ?", "before"
	}
	if w.Cursor != "" {
		payload, err := page.Decode(field, w.Cursor)
		if err != nil {
			return nil, err
		}
		if len(payload) != len(id.ID{}) {
			return nil, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
		}
		where.And("id "+further+" ?", id.ID(payload))
	}
	var rows []runRow
	return rows, q.Select(ctx, &rows, selectRuns+where.SQL()+order, where.Args(w.Limit+1)...)
}

// Setting gives how backups are made.
func (s *Schedule) Setting(ctx context.Context, actor *access.Actor) (*Setting, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsConfigure); err != nil {
		return nil, err
	}
	if !s.On() {
		return &Setting{}, nil
	}
	next := s.plan.nextDue(s.now())
	return &Setting{
		On: true, At: fmt.Sprintf("%02d:%02d", int(s.plan.At.Hours()), int(s.plan.At.Minutes())%60), Zone: s.plan.Zone.String(),
		Keep: s.plan.Keep, Directory: s.plan.Dir, NextDue: &next,
	}, nil
}

// Ask has a backup made now; a server begins with it at once. CONFLICT while one is not finished, and where none are made.
func (s *Schedule) Ask(ctx context.Context, actor *access.Actor) (*Record, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsConfigure); err != nil {
		return nil, err
	}
	if !s.On() {
		return nil, fault.New(fault.Conflict, "This server makes no backups: have KEYTRAIL_BACKUP_DIR set, and for whom they are encrypted.")
	}
	row := runRow{ID: id.New(), State: Running, AskedBy: actor.Person, StartedAt: s.moment()}
	_, err := s.db.Exec(ctx, insertRun, row.ID, nil, row.AskedBy, row.StartedAt)
	if mysql.IsDuplicate(err) {
		return nil, fault.New(fault.Conflict, "A backup is being made already: see below how far it is.")
	}
	if err != nil {
		return nil, err
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return row.record(), nil
}
