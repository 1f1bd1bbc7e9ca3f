package workhours

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

// MaxCorrection is the longest time that one correction can be about.
const MaxCorrection = 7 * 24 * time.Hour

// computation is what a window of a person is computed from.
type computation struct {
	window
	// begin and end are what is computed anew: from the last report before the window until a report within it counts no
	// more. Of what was stored before, only that can have changed.
	begin, end  time.Time
	before      []row // the last of each workstation before begin
	rows        []row // since begin, and as far behind the end as the last before it is an estimate
	corrections []rules.Correction
	stored
}

// reaches moves the beginning to where the window's reports can have changed something: the last report of a workstation
// before it counts until one within it. It says whether that is earlier than the window.
func (c *computation) reaches() bool {
	for _, r := range c.before {
		if r.Working && r.At.Before(c.begin) {
			c.begin = r.At
		}
	}
	return c.begin.Before(c.from)
}

// reports are all that the work follows from.
func (c *computation) reports() []rules.Report {
	all := make([]rules.Report, 0, len(c.rows)+len(c.before))
	for _, rows := range [][]row{c.rows, c.before} {
		for _, r := range rows {
			every := time.Duration(r.Every) * time.Second
			all = append(all, rules.Report{At: r.At, Workstation: string(r.Workstation[:]), Working: r.Working, Every: every})
		}
	}
	return all
}

// compute adds to what is to be written what changes, and gives how many dates are computed.
func (c *computation) compute(now time.Time, zone *time.Location, w *writes) (days int) {
	reports := c.reports()
	spans := rules.Within(rules.Work(reports, now), c.begin, c.end)
	spans = rules.Within(rules.Correct(spans, c.corrections), c.begin, c.end)
	c.replace(spans, w)
	days = c.count(zone, w)
	w.computed = append(w.computed, []any{c.person, c.first, c.last})
	if since, open := rules.Unsettled(reports, now); open {
		w.dirty = append(w.dirty, []any{c.person, dayOf(since), since, since})
	}
	return days
}

// included says of a date's reports which is the last in the ledger, and whether nobody vouches for one. For a date
// without any, the last one before it counts, whose work goes on.
func (c *computation) included(start, end time.Time) (lastSeq uint64, unverified bool) {
	var before uint64
	for _, rows := range [][]row{c.rows, c.before} {
		for _, r := range rows {
			switch {
			case r.At.Before(start):
				before = max(before, r.Seq)
			case r.At.Before(end):
				lastSeq, unverified = max(lastSeq, r.Seq), unverified || r.Unverified
			}
		}
	}
	if lastSeq == 0 {
		lastSeq = before
	}
	return lastSeq, unverified
}

// count adds the dates that are stored anew, and those that are no more. It gives how many are.
func (c *computation) count(zone *time.Location, w *writes) (days int) {
	gone := make(map[int64]bool, len(c.days))
	for _, day := range c.days {
		gone[day] = true
	}
	for _, d := range rules.Days(c.spans, c.began, zone) {
		day := int64(d.Number)
		if day < c.firstDate || day > c.lastDate {
			continue
		}
		seq, unverified := c.included(startOf(day, zone), startOf(day+1, zone))
		w.days = append(w.days, []any{c.person, day, d.Working.Microseconds(), d.Estimated.Microseconds(), d.RealHours, unverified, seq})
		delete(gone, day)
		days++
	}
	for day := range gone {
		w.daysGone = append(w.daysGone, []any{c.person, day})
	}
	return days
}

// startOf is when a date of a zone begins.
func startOf(day int64, zone *time.Location) time.Time { return localtime.StartOfDay(int(day), zone) }

// startOf is when a date of the display zone begins.
func (s *Service) startOf(day int64) time.Time { return startOf(day, s.config.Zone) }

// dateOf is an instant's date of the display zone, in days since 1970.
func (s *Service) dateOf(at time.Time) int64 { return int64(localtime.DayOf(at, s.config.Zone)) }

// computationsOf finds the computation of a row's person.
func computationsOf(all []*computation) map[id.ID]*computation {
	found := make(map[id.ID]*computation, len(all))
	for _, c := range all {
		found[c.person] = c
	}
	return found
}
