package privacy

import (
	"context"
	"io"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// takenDay is how much somebody worked on a date.
type takenDay struct {
	Day        int    `db:"day" json:"-"`
	Date       string `db:"-" json:"date"`
	WorkingUS  uint64 `db:"working_us" json:"workingMicroseconds"`
	Estimated  uint64 `db:"estimated_us" json:"estimatedMicroseconds"`
	RealHours  int    `db:"real_hours" json:"realHours"`
	Unverified bool   `db:"unverified" json:"unverified"`
}

func (d takenDay) dated() takenDay {
	d.Date = time.Unix(int64(d.Day)*24*3600, 0).UTC().Format(time.DateOnly)
	return d
}

// takenTime is when somebody worked, cut at midnight UTC.
type takenTime struct {
	From      time.Time `db:"from_at" json:"from"`
	To        time.Time `db:"to_at" json:"to"`
	Began     time.Time `db:"began_at" json:"began"`
	Estimated bool      `db:"estimated" json:"estimated"`
	Corrected bool      `db:"corrected" json:"corrected"`
}

// takenMachine is the last report of one of somebody's workstations. Its entry, at Seq, names the workstation.
type takenMachine struct {
	Workstation []byte    `db:"workstation" json:"-"`
	At          time.Time `db:"at" json:"lastReportAt"`
	Seq         uint64    `db:"seq" json:"seq"`
	Working     bool      `db:"working" json:"working"`
	Every       int       `db:"every_seconds" json:"intervalSeconds"`
	Unverified  bool      `db:"unverified" json:"unverified"`
}

const (
	selectDays     = "SELECT day, working_us, estimated_us, real_hours, unverified FROM work_day WHERE person = ? AND day > ? ORDER BY day LIMIT ?"
	selectTimes    = "SELECT from_at, to_at, began_at, estimated, corrected FROM work_span WHERE person = ? AND from_at > ? ORDER BY from_at LIMIT ?"
	selectMachines = "SELECT workstation, at, seq, working, every_seconds, unverified FROM work_last WHERE person = ? AND workstation > ? ORDER BY workstation LIMIT ?"
)

func takeDays(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	return takeEach(ctx, s, to, persons, selectDays, -1, func(d takenDay) any { return d.Day }, takenDay.dated)
}

func takeTimes(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	return takeEach(ctx, s, to, persons, selectTimes, time.Unix(0, 0).UTC(), func(t takenTime) any { return t.From }, same[takenTime])
}

func takeMachines(ctx context.Context, s *Service, to io.Writer, persons []id.ID) error {
	return takeEach(ctx, s, to, persons, selectMachines, []byte{}, func(m takenMachine) any { return m.Workstation }, same[takenMachine])
}

func same[T any](row T) T { return row }

// takeEach takes the rows of a query that gives those of one person behind a place, at most so many: first is the place
// before all of them, place that of a row.
func takeEach[T any](ctx context.Context, s *Service, to io.Writer, persons []id.ID, query string, first any, place func(T) any, shown func(T) T) error {
	for _, person := range persons {
		for last := first; ; {
			var rows []T
			if err := s.db.Select(ctx, &rows, query, person, last, takePage); err != nil {
				return err
			}
			for i := range rows {
				if err := writeJSON(to, shown(rows[i])); err != nil {
					return err
				}
			}
			if len(rows) < takePage {
				break
			}
			last = place(rows[len(rows)-1])
		}
	}
	return nil
}
