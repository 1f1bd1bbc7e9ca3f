package ledger

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// maxPlaceName and maxPlaceError bound what is stored of a place, in bytes.
const (
	maxPlaceName  = 500
	maxPlaceError = 500
)

// Sink is a place outside the database where checkpoints are kept.
type Sink struct {
	// Place is a file or an address, without credentials.
	Place string `db:"place"`
	// Size is the size of the newest checkpoint that was kept there, 0 for none.
	Size uint64 `db:"size"`
	// KeptAt is when that was.
	KeptAt sql.NullTime `db:"kept_at"`
	// FailingSince is set while checkpoints cannot be kept there, FailedAt is the last try, and Error says why.
	FailingSince sql.NullTime `db:"failing_since"`
	FailedAt     sql.NullTime `db:"failed_at"`
	Error        string       `db:"error"`
}

const (
	selectSinks  = "SELECT place, size, kept_at, failing_since, failed_at, error FROM checkpoint_sink ORDER BY place LIMIT 100"
	touchSink    = "INSERT INTO checkpoint_sink (place, size, error, reported, touched_at) VALUES (?, 0, '', 0, ?) ON DUPLICATE KEY UPDATE touched_at = VALUES(touched_at)"
	dropSinks    = "DELETE FROM checkpoint_sink WHERE touched_at IS NULL OR touched_at < ?"
	keptAtSink   = "UPDATE checkpoint_sink SET size = ?, kept_at = ?, failing_since = NULL, failed_at = NULL, error = '', reported = 0 WHERE place = ?"
	lockSink     = "SELECT failing_since, reported FROM checkpoint_sink WHERE place = ? FOR UPDATE"
	failedAtSink = "UPDATE checkpoint_sink SET failing_since = ?, failed_at = ?, error = ?, reported = ? WHERE place = ?"
)

// Sinks gives the places that the server was told to keep checkpoints at, and how that goes.
func (l *Ledger) Sinks(ctx context.Context) ([]Sink, error) {
	var sinks []Sink
	err := l.db.Select(ctx, &sinks, selectSinks)
	return sinks, err
}

// forgottenAfter is how long a place is shown that no server names any more.
const forgottenAfter = 24 * time.Hour

// touchPlaces says that this server keeps checkpoints at its places, and forgets those that none has named for a day.
// Other servers have places of their own.
func (l *Ledger) touchPlaces(ctx context.Context, places []*place) error {
	return l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		now := l.now().UTC()
		for _, p := range places {
			if _, err := tx.Exec(ctx, touchSink, p.name, now); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, dropSinks, now.Add(-forgottenAfter))
		return err
	})
}

func (l *Ledger) noteKept(ctx context.Context, name string, c *Checkpoint) error {
	return l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		now := l.now().UTC()
		if _, err := tx.Exec(ctx, touchSink, name, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, keptAtSink, c.Size, now, name)
		return err
	})
}

// noteFailure writes down that a place failed and, once it has done so for too long, records that: once an outage.
func (o *Outside) noteFailure(cause error) func(ctx context.Context, name string, c *Checkpoint) error {
	text := cause.Error()
	text = strings.ToValidUTF8(text[:min(len(text), maxPlaceError)], "")
	return func(ctx context.Context, name string, _ *Checkpoint) error {
		return o.ledger.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			var row struct {
				FailingSince sql.NullTime `db:"failing_since"`
				Reported     bool         `db:"reported"`
			}
			now := o.ledger.now().UTC().Truncate(time.Microsecond)
			if _, err := tx.Exec(ctx, touchSink, name, now); err != nil {
				return err
			}
			if err := tx.Get(ctx, &row, lockSink, name); err != nil {
				return err
			}
			since := now
			if row.FailingSince.Valid {
				since = row.FailingSince.Time
			}
			overdue := !row.Reported && now.Sub(since) >= o.opts.Patience
			if _, err := tx.Exec(ctx, failedAtSink, since, now, text, row.Reported || overdue, name); err != nil || !overdue {
				return err
			}
			_, err := o.ledger.Append(ctx, tx, Draft{
				Stream: StreamSystem, System: true, Action: SystemCheckpointNotKept, Outcome: Failure,
				Details: map[string]any{"place": name, "since": since, "error": text},
			})
			return err
		})
	}
}
