package exports

import (
	"database/sql"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// maxOrder is the longest order that its column holds once it is sealed, in bytes.
const maxOrder = 15 << 10

const (
	columns = "id, person, account, list, format, sealed, state, problem, attempts, rows_done, rows_total, size, chunks, created_at, started_at, seen_at, expires_at"

	insertJob = "INSERT INTO export_job (id, person, account, request, list, format, sealed, state, problem, run, attempts, rows_done, rows_total, size, bytes, chunks," +
		" created_at, started_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', '', NULL, 0, 0, NULL, 0, 0, 0, ?, NULL, NULL, ?)"
	selectJob     = "SELECT " + columns + " FROM export_job WHERE id = ? AND person = ? AND expires_at > ?"
	selectMine    = "SELECT " + columns + " FROM export_job WHERE person = ? AND expires_at > ? ORDER BY created_at DESC, id DESC LIMIT ?"
	selectRequest = "SELECT " + columns + " FROM export_job WHERE person = ? AND request = ?"
	lockTurn      = "SELECT name FROM turn WHERE name = 'exports' FOR UPDATE"
	countMine     = "SELECT COUNT(*) AS files, COALESCE(SUM(bytes), 0) AS bytes FROM export_job WHERE person = ? AND expires_at > ? AND state <> 'cancelled'"
	countAll      = "SELECT COALESCE(SUM(state IN ('waiting', 'running')), 0) AS files, COALESCE(SUM(bytes), 0) AS bytes FROM export_job"

	cancelJob = "UPDATE export_job SET state = 'cancelled', problem = '', run = NULL, expires_at = ? WHERE id = ? AND person = ?"

	selectWork = "SELECT " + columns + " FROM export_job WHERE state IN ('waiting', 'running') AND expires_at > ? ORDER BY created_at, id LIMIT 1"
	beginJob   = "UPDATE export_job SET state = 'running', run = ?, attempts = attempts + 1, rows_done = 0, rows_total = NULL, size = 0, bytes = 0, chunks = 0," +
		" started_at = ?, seen_at = NULL WHERE id = ? AND state IN ('waiting', 'running')"
	lockRun  = "SELECT bytes FROM export_job WHERE id = ? AND run = ? AND state = 'running' FOR UPDATE"
	totalRun = "UPDATE export_job SET rows_total = ? WHERE id = ? AND run = ?"
	seenRun  = "UPDATE export_job SET rows_done = ?, seen_at = ? WHERE id = ? AND run = ?"
	addChunk = "INSERT INTO export_chunk (job, n, sealed) VALUES (?, ?, ?)"
	grownRun = "UPDATE export_job SET size = size + ?, bytes = bytes + ?, chunks = ? WHERE id = ? AND run = ?"
	endRun   = "UPDATE export_job SET state = ?, problem = ?, run = NULL, rows_done = ?, seen_at = ? WHERE id = ? AND run = ?"

	selectChunk   = "SELECT sealed FROM export_chunk WHERE job = ? AND n = ?"
	selectStale   = "SELECT id FROM export_job WHERE expires_at <= ? OR state IN ('failed', 'cancelled') AND bytes > 0 LIMIT 20"
	deleteChunks  = "DELETE FROM export_chunk WHERE job = ? LIMIT 16"
	emptyJob      = "UPDATE export_job SET bytes = 0, size = 0, chunks = 0 WHERE id = ? AND state IN ('failed', 'cancelled')"
	deleteJob     = "DELETE FROM export_job WHERE id = ? AND expires_at <= ?"
	forgetDone    = "UPDATE export_job SET state = 'cancelled' WHERE state = 'done'"
	forgetRunning = "UPDATE export_job SET state = 'waiting', run = NULL, attempts = 0 WHERE state = 'running'"
)

// jobRow is a row of export_job.
type jobRow struct {
	ID        id.ID         `db:"id"`
	Person    id.ID         `db:"person"`
	Account   id.ID         `db:"account"`
	List      string        `db:"list"`
	Format    string        `db:"format"`
	Sealed    []byte        `db:"sealed"`
	State     State         `db:"state"`
	Problem   Problem       `db:"problem"`
	Attempts  int           `db:"attempts"`
	RowsDone  int           `db:"rows_done"`
	RowsTotal sql.NullInt64 `db:"rows_total"`
	Size      int           `db:"size"`
	Chunks    int           `db:"chunks"`
	CreatedAt time.Time     `db:"created_at"`
	StartedAt sql.NullTime  `db:"started_at"`
	SeenAt    sql.NullTime  `db:"seen_at"`
	ExpiresAt time.Time     `db:"expires_at"`
}

func (r *jobRow) job() *Job {
	j := &Job{
		ID: r.ID, List: r.List, Format: r.Format, State: r.State, RowsDone: r.RowsDone, Size: r.Size,
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, chunks: r.Chunks,
	}
	if r.Problem != "" {
		j.Problem = &r.Problem
	}
	if r.RowsTotal.Valid {
		total := int(r.RowsTotal.Int64)
		j.RowsTotal = &total
	}
	if r.StartedAt.Valid {
		j.started = &r.StartedAt.Time
	}
	if r.SeenAt.Valid {
		j.seen = &r.SeenAt.Time
	}
	return j
}

// taken is how much room files take.
type taken struct {
	Files int   `db:"files"`
	Bytes int64 `db:"bytes"`
}
