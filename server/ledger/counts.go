package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// BucketSeconds is the finest grain of counts: a quarter of an hour.
const BucketSeconds = 15 * 60

// Counts are kept per UTC day in slots: the whole day, its hours, and its quarters of an hour.
const (
	quartersInHour = 4
	quartersInDay  = 24 * quartersInHour
	wholeDay       = 0
	firstHour      = 1
	firstQuarter   = firstHour + 24
	slotsOfEntry   = 3
)

// quarterOf numbers quarters of an hour since 1970.
func quarterOf(t time.Time) int64 { return t.Unix() / BucketSeconds }

// slotsOf gives the slots of its day in which an instant is counted.
func slotsOf(t time.Time) (day uint32, slots [slotsOfEntry]uint8) {
	quarter := quarterOf(t)
	within := quarter % quartersInDay
	return uint32(quarter / quartersInDay),
		[slotsOfEntry]uint8{wholeDay, uint8(firstHour + within/quartersInHour), uint8(firstQuarter + within)}
}

type countKey struct {
	department id.ID
	stream     uint8
	action     string
	slot       uint8
	day        uint32
}

const (
	insertCounts = "INSERT INTO entry_count (department, stream, action, slot, day, total) VALUES "
	addToCounts  = " ON DUPLICATE KEY UPDATE total = total + VALUES(total)"
	countColumns = 6
	maxFilled    = 8 * slotsOfEntry
)

// counts adds up entries, so that each row of entry_count is touched once. Rows stand in the order of their first entry.
type counts struct {
	totals map[countKey]int
	order  []countKey
}

func newCounts() counts { return counts{totals: make(map[countKey]int, 8)} }

func (c *counts) add(b *Body) {
	day, slots := slotsOf(b.OccurredAt)
	for _, slot := range slots {
		c.count(countKey{id.ID{}, b.Stream.Code(), b.Action, slot, day})
		if !b.Department.IsZero() {
			c.count(countKey{b.Department, b.Stream.Code(), b.Action, slot, day})
		}
	}
}

func (c *counts) count(k countKey) {
	if c.totals[k] == 0 {
		c.order = append(c.order, k)
	}
	c.totals[k]++
}

// rows gives the rows to add. Few are filled up with rows that add nothing, so that few different statements are prepared.
func (c *counts) rows() []any {
	args := make([]any, 0, 2*len(c.order)*countColumns)
	for _, k := range c.order {
		args = append(args, k.department[:], k.stream, k.action, k.slot, k.day, c.totals[k])
	}
	for n := len(c.order); n > 0 && n < maxFilled && !isUsualFill(n); n++ {
		k := c.order[0]
		args = append(args, k.department[:], k.stream, k.action, k.slot, k.day, 0)
	}
	return args
}

// isUsualFill tells the numbers of rows of 1, 2, 4 or 8 actions, which are counted in three slots each.
func isUsualFill(n int) bool {
	actions := n / slotsOfEntry
	return n%slotsOfEntry == 0 && actions&(actions-1) == 0
}

// CountRequest says what to count: entries of a stream with one of the actions, of one department or of all
// (zero), between neighbouring bounds. Bounds ascend and are whole quarters of an hour.
type CountRequest struct {
	Stream     Stream
	Actions    []string
	Department id.ID
	Bounds     []time.Time
}

// Counts gives, per action, how many entries occurred between each two neighbouring bounds. Its cost depends on
// the number of days and not on how many entries there are.
func (l *Ledger) Counts(ctx context.Context, q mysql.Querier, r CountRequest) (map[string][]int, error) {
	cuts := make([]cut, len(r.Bounds))
	for i, bound := range r.Bounds {
		if bound.Unix()%BucketSeconds != 0 || bound.Nanosecond() != 0 {
			return nil, fault.New(fault.Internal, "counts are kept by the quarter of an hour; %v lies between two", bound)
		}
		cuts[i] = cutAt(quarterOf(bound))
	}
	if len(cuts) < 2 || len(r.Actions) == 0 {
		return map[string][]int{}, nil
	}
	counted, err := readCounts(ctx, q, r, cuts)
	if err != nil {
		return nil, err
	}
	totals := make(map[string][]int, len(counted))
	for action, slots := range counted {
		totals[action] = between(cuts, slots)
	}
	return totals, nil
}

// cut is a place in time, as whole days before it and the slots of its own day that are left over: those to
// add, or those to take away from the whole of that day where that is fewer.
type cut struct {
	day   int64 // all days before this one lie in front of the cut
	part  int64 // the day that the slots belong to
	slots []uint8
	sign  int
}

func cutAt(quarter int64) cut {
	day, within := quarter/quartersInDay, quarter%quartersInDay
	if within <= quartersInDay/2 {
		return cut{day: day, part: day, slots: slotsBetween(0, within), sign: 1}
	}
	return cut{day: day + 1, part: day, slots: slotsBetween(within, quartersInDay), sign: -1}
}

// slotsBetween covers the quarters from start to end of a day with hours, and with quarters where hours do not fit.
func slotsBetween(start, end int64) []uint8 {
	var slots []uint8
	for start < end {
		if start%quartersInHour == 0 && start+quartersInHour <= end {
			slots = append(slots, uint8(firstHour+start/quartersInHour))
			start += quartersInHour
			continue
		}
		slots = append(slots, uint8(firstQuarter+start))
		start++
	}
	return slots
}

// slotCounts holds the counts of one action. It has what there is: most days of a wide window have nothing.
type slotCounts struct {
	parts map[dayPart]int
	// days are those on which anything was counted, in no order.
	days []dayTotal
}

type dayPart struct {
	day  int64
	slot uint8
}

type dayTotal struct {
	day   int64
	total int
}

func (c *slotCounts) add(slot uint8, day int64, total int) {
	if slot == wholeDay {
		c.days = append(c.days, dayTotal{day, total})
		return
	}
	c.parts[dayPart{day, slot}] = total
}

// between adds up: what lies before a cut, less what lies before the one in front of it.
func between(cuts []cut, c *slotCounts) []int {
	totals := make([]int, len(cuts)-1)
	days := c.days
	slices.SortFunc(days, func(a, b dayTotal) int { return cmp.Compare(a.day, b.day) })
	for len(days) > 0 && days[0].day < cuts[0].day { // what lies before the first day cancels out
		days = days[1:]
	}
	before, previous := 0, 0
	for i, cut := range cuts {
		for ; len(days) > 0 && days[0].day < cut.day; days = days[1:] {
			before += days[0].total
		}
		here := before
		for _, slot := range cut.slots {
			here += cut.sign * c.parts[dayPart{cut.part, slot}]
		}
		if i > 0 {
			totals[i-1] = here - previous
		}
		previous = here
	}
	return totals
}

func readCounts(ctx context.Context, q mysql.Querier, r CountRequest, cuts []cut) (map[string]*slotCounts, error) {
	first, last := cuts[0].part, max(cuts[len(cuts)-1].day-1, cuts[len(cuts)-1].part)
	slots := []uint8{wholeDay}
	for _, c := range cuts {
		slots = append(slots, c.slots...)
	}
	slices.Sort(slots)
	text, args, err := mysql.In("SELECT action, slot, day, total FROM entry_count WHERE department = ? AND stream = ?"+
		" AND action IN (?) AND slot IN (?) AND day >= ? AND day <= ?",
		r.Department[:], r.Stream.Code(), r.Actions, widened(slices.Compact(slots)), first, last)
	if err != nil {
		return nil, err
	}
	counted := make(map[string]*slotCounts, len(r.Actions))
	for _, action := range r.Actions {
		counted[action] = &slotCounts{parts: map[dayPart]int{}}
	}
	err = q.Each(ctx, func(row mysql.Row) error {
		var action string
		var slot uint8
		var day int64
		var total int
		if err := row.Scan(&action, &slot, &day, &total); err != nil {
			return err
		}
		if counted[action] == nil { // asked for with spaces at its end, at which the database does not look
			counted[action] = &slotCounts{parts: map[dayPart]int{}}
		}
		counted[action].add(slot, day, total)
		return nil
	}, text, args...)
	return counted, err
}

// widened makes numbers of bytes, which a driver would otherwise take for one binary value.
func widened(slots []uint8) []int {
	wide := make([]int, len(slots))
	for i, slot := range slots {
		wide[i] = int(slot)
	}
	return wide
}

// CountedActions gives the actions of a stream that were ever counted, of one department or of all (zero).
func (l *Ledger) CountedActions(ctx context.Context, q mysql.Querier, stream Stream, department id.ID) ([]string, error) {
	var actions []string
	err := q.Select(ctx, &actions, "SELECT DISTINCT action FROM entry_count WHERE department = ? AND stream = ?", department[:], stream.Code())
	return actions, err
}
