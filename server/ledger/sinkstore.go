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
	insertSink   = "INSERT IGNORE INTO checkpoint_sink (place, size, error, reported) VALUES (?, 0, '', 0)"
	deleteSinks  = "DELETE FROM checkpoint_sink"
	otherThan    = " WHERE place NOT IN (?)"
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

// registerPlaces forgets places that are no longer configured and adds new ones.
func (l *Ledger) registerPlaces(ctx context.Context, places []*place) error {
	query, args := deleteSinks, []any(nil)
	if len(places) > 0 {
		names := make([]string, len(places))
		for i, p := range places {
			names[i] = p.name
		}
		var err error
		if query, args, err = mysql.In(deleteSinks+otherThan, names); err != nil {
			return err
		}
	}
	return l.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		for _, p := range places {
			if _, err := tx.Exec(ctx, insertSink, p.name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *Ledger) noteKept(ctx context.Context, name string, c *Checkpoint) error {
	_, err := l.db.Exec(ctx, keptAtSink, c.Size, l.now().UTC(), name)
	return err
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
			if err := tx.Get(ctx, &row, lockSink, name); err != nil {
				return err
			}
			now := o.ledger.now().UTC().Truncate(time.Microsecond)
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
