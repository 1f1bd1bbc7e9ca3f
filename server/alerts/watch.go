package alerts

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectWatches = "SELECT rule, subject, mark, alert FROM alert_watch WHERE rule > ? OR rule = ? AND (subject > ?" +
		" OR subject = ? AND mark > ?) ORDER BY rule, subject, mark LIMIT ?"
	selectWatched = "SELECT rule, subject, mark, alert FROM alert_watch WHERE rule = ? AND subject IN (?)"
	insertWatch   = "INSERT INTO alert_watch (rule, subject, mark, alert) VALUES (?, ?, ?, ?)"
	moveWatch     = "UPDATE alert_watch SET alert = ? WHERE rule = ? AND subject = ? AND mark = ?"
	deleteWatch   = "DELETE FROM alert_watch WHERE rule = ? AND subject = ? AND mark = ?"
)

// watch is a cause that goes on, and the alert that was raised for it; none while its rule is muted (letGo).
type watch struct {
	Rule    Rule   `db:"rule"`
	Subject id.ID  `db:"subject"`
	Mark    string `db:"mark"`
	Alert   id.ID  `db:"alert"`
}

// markOf writes an instant as a mark.
func markOf(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000Z") }

// instantOf reads a mark that is an instant; the zero time for another.
func instantOf(mark string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, mark)
	if err != nil {
		return time.Time{}
	}
	return at
}

func watchesBehind(ctx context.Context, q mysql.Querier, last watch) ([]watch, error) {
	var rows []watch
	return rows, q.Select(ctx, &rows, selectWatches, last.Rule, last.Rule, last.Subject[:], last.Subject[:], last.Mark, clockPage)
}

// unwatched gives which of some causes have no alert yet.
func unwatched(ctx context.Context, q mysql.Querier, causes []watch) ([]watch, error) {
	if len(causes) == 0 {
		return nil, nil
	}
	subjects := make([]id.ID, len(causes))
	for i := range causes {
		subjects[i] = causes[i].Subject
	}
	query, args, err := mysql.In(selectWatched, causes[0].Rule, subjects)
	if err != nil {
		return nil, err
	}
	var rows []watch
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(rows))
	for _, w := range rows {
		known[w.subjectOf()] = true
	}
	var fresh []watch
	for _, w := range causes {
		if !known[w.subjectOf()] {
			fresh = append(fresh, w)
		}
	}
	return fresh, nil
}

func (w watch) store(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, insertWatch, w.Rule, w.Subject[:], w.Mark, w.Alert)
	return err
}

func (w watch) move(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, moveWatch, w.Alert, w.Rule, w.Subject[:], w.Mark)
	return err
}

func (w watch) drop(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, deleteWatch, w.Rule, w.Subject[:], w.Mark)
	return err
}
