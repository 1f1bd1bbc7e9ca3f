package workhours

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// Period is what hours are added up by.
type Period string

// The periods. Weeks begin on Monday.
const (
	ByDay   Period = "DAY"
	ByWeek  Period = "WEEK"
	ByMonth Period = "MONTH"
)

// Hours is how much a person worked in a period, as far as it is computed.
type Hours struct {
	PersonID id.ID
	Period   Period
	// From and To are the period's first and last date.
	From, To                                    people.Date
	WorkingMinutes, RealHours, EstimatedMinutes int
	// Unverified says that a report is among it for which nobody vouches.
	Unverified bool
	// LastSeq is the highest place in the ledger of a report that is included.
	LastSeq uint64
	Cursor  string
}

// permission is the right that is needed to see hours by a period: days tell more than totals.
func (p Period) permission() access.Permission {
	if p == ByDay {
		return access.LogsWorkView
	}
	return access.WorkView
}

// bucket gives each period as a number that grows with time.
func (p Period) bucket() (string, error) {
	switch p {
	case ByDay:
		return "day", nil
	case ByWeek: // 1970 began on a Thursday
		return "(day + 3) DIV 7", nil
	case ByMonth:
		return "EXTRACT(YEAR_MONTH FROM DATE_ADD('1970-01-01', INTERVAL day DAY))", nil
	}
	return "", fault.Field("by", "by must be DAY, WEEK or MONTH")
}

// bounds gives the first and last day of the period with a number.
func (p Period) bounds(bucket int64) dates {
	switch p {
	case ByWeek:
		return dates{bucket*7 - 3, bucket*7 + 3}
	case ByMonth:
		first := time.Date(int(bucket/100), time.Month(bucket%100), 1, 0, 0, 0, 0, time.UTC)
		return dates{dayOf(first), dayOf(first.AddDate(0, 1, 0)) - 1}
	}
	return dates{bucket, bucket}
}

// whole widens days to whole periods.
func (p Period) whole(d dates) dates {
	switch p {
	case ByWeek:
		return dates{p.bounds((d.first + 3) / 7).first, p.bounds((d.last + 3) / 7).last}
	case ByMonth:
		first, last := midnightOf(d.first), midnightOf(d.last)
		return dates{d.first - int64(first.Day()) + 1, p.bounds(int64(last.Year()*100) + int64(last.Month())).last}
	}
	return d
}

type hoursRow struct {
	Bucket     int64  `db:"bucket"`
	Person     id.ID  `db:"person"`
	Working    int64  `db:"working_us"`
	Estimated  int64  `db:"estimated_us"`
	RealHours  int    `db:"real_hours"`
	Unverified bool   `db:"unverified"`
	LastSeq    uint64 `db:"last_seq"`
}

// Hours lists how much people worked in periods, the earliest first and within one by person. Dates are widened to whole
// periods. Days need the right to see reports of work, longer periods that to see working hours.
func (s *Service) Hours(ctx context.Context, actor *access.Actor, f Filter, by Period, first *int, after string) ([]*Hours, error) {
	whose, err := s.whose(ctx, actor, by.permission(), f)
	if err != nil {
		return nil, err
	}
	return s.hoursOf(ctx, actor, whose, f, by, first, after)
}

func (s *Service) hoursOf(ctx context.Context, actor *access.Actor, whose among, f Filter, by Period, first *int, after string) ([]*Hours, error) {
	d, err := s.dates(actor, f)
	if err != nil {
		return nil, err
	}
	w, err := hoursWindow(first, after)
	if err != nil || whose.nobody() {
		return []*Hours{}, err
	}
	query, args, err := hoursQuery(by, by.whole(d), whose, w)
	if err != nil {
		return nil, err
	}
	var rows []hoursRow
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	hours := make([]*Hours, len(rows))
	for i, r := range rows {
		hours[i] = r.hours(by)
	}
	return hours, nil
}

func hoursWindow(first *int, after string) (page.Window, error) {
	if first == nil {
		most := page.MaxSize
		first = &most
	}
	return page.Request{First: first, After: after}.Window()
}

func hoursQuery(by Period, d dates, whose among, w page.Window) (string, []any, error) {
	bucket, err := by.bucket()
	if err != nil {
		return "", nil, err
	}
	var behind string
	var after []any
	if w.Cursor != "" {
		at, person, err := by.cursor(w.Cursor)
		if err != nil {
			return "", nil, err
		}
		d.first = max(d.first, by.bounds(at).first)
		behind, after = " HAVING bucket > ? OR bucket = ? AND person > ?", []any{at, at, person}
	}
	where := &mysql.Where{}
	where.And("day >= ? AND day <= ?", d.first, d.last)
	whose.condition(where)
	args := append(where.Args(), after...)
	return mysql.In("SELECT "+bucket+" AS bucket, person, SUM(working_us) AS working_us, SUM(estimated_us) AS estimated_us, SUM(real_hours) AS real_hours,"+
		" MAX(unverified) AS unverified, MAX(last_seq) AS last_seq FROM work_day"+where.SQL()+
		" GROUP BY bucket, person"+behind+" ORDER BY bucket, person LIMIT ?", append(args, w.Limit)...)
}

// cursor gives the number of the period and the person that a page ended with.
func (p Period) cursor(text string) (bucket int64, person []byte, err error) {
	payload, err := page.Decode("after", text)
	if err != nil {
		return 0, nil, err
	}
	if len(payload) != 24 {
		return 0, nil, notACursor("after")
	}
	return int64(binary.BigEndian.Uint64(payload)), payload[8:], nil
}

func notACursor(field string) error {
	return fault.Field(field, "this is not a cursor of this list: use one that a page or an entry gave")
}

func (r hoursRow) hours(by Period) *Hours {
	d := by.bounds(r.Bucket)
	cursor := binary.BigEndian.AppendUint64(make([]byte, 0, 24), uint64(r.Bucket))
	return &Hours{
		PersonID: r.Person, Period: by, From: dateText(d.first), To: dateText(d.last), WorkingMinutes: minutes(r.Working), RealHours: r.RealHours,
		EstimatedMinutes: minutes(r.Estimated), Unverified: r.Unverified, LastSeq: r.LastSeq,
		Cursor: page.Encode(append(cursor, r.Person[:]...)),
	}
}

func minutes(microseconds int64) int {
	return int(time.Duration(microseconds) * time.Microsecond / time.Minute)
}

// sorted gives ids in order.
func sorted(ids []id.ID) []id.ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
