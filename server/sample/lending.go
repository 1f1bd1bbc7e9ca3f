package sample

import (
	"math/rand/v2"
	"slices"
	"time"
)

// desk lends keys through a year, one day after the other.
type desk struct {
	random *rand.Rand
	plan   *plan
	now    time.Time
	zone   *time.Location
	// free is when each key is back, and nobody else may take it before.
	free []time.Time
	// taken are keys that somebody keeps for good.
	taken []bool
	total float64
}

// custodians are the people who stand at the desk: the first has the sample account, the other none.
func custodians() []int { return []int{1, 8} }

func (p *plan) lend(random *rand.Rand, now time.Time, zone *time.Location) {
	d := &desk{random: random, plan: p, now: now.In(zone), zone: zone, free: make([]time.Time, len(p.keys)), taken: make([]bool, len(p.keys))}
	d.giveForGood()
	for _, k := range p.keys {
		d.total += k.use
	}
	first := midnightOf(d.now, d.zone).AddDate(0, 0, -historyDays)
	for day := first; !day.After(d.now); day = day.AddDate(0, 0, 1) {
		d.openOn(day)
	}
	d.leaveSomeOut()
	slices.SortStableFunc(p.loans, func(a, b loan) int { return a.issued.Compare(b.issued) })
}

func (d *desk) clock(day time.Time, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, d.random.IntN(60), d.random.IntN(1000)*1_000_000, d.zone)
}

// giveForGood issues some keys until further notice, half a year ago or more.
func (d *desk) giveForGood() {
	for i := range permanentKeys {
		k := (i*13 + 3) % len(d.plan.keys)
		day := midnightOf(d.now, d.zone).AddDate(0, 0, -historyDays+i*9)
		for quiet(day) {
			day = day.AddDate(0, 0, 1)
		}
		d.taken[k] = true
		d.plan.loans = append(d.plan.loans, loan{
			key: k, holder: d.anyHolder(), issuedBy: d.custodian(), issued: d.clock(day, 8, 10+i), comment: "Permanent",
		})
	}
}

func (d *desk) openOn(day time.Time) {
	count := int(busyness(day) * loansPerDay * (0.85 + 0.3*d.random.Float64()))
	issues := make([]time.Time, count)
	for i := range issues {
		issues[i] = d.issueTime(day)
	}
	slices.SortFunc(issues, time.Time.Compare)
	for _, at := range issues {
		if k, ok := d.freeKey(at); ok && at.Before(d.now) {
			d.issue(k, at)
		}
	}
}

// issueTime has peaks before the first lesson and after noon.
func (d *desk) issueTime(day time.Time) time.Time {
	peaks := []float64{7.75, 8.4, 10.2, 12.6, 14}
	hour := peaks[d.random.IntN(len(peaks))] + d.random.NormFloat64()*0.55
	hour = min(max(hour, 7.25), 17.5)
	return d.clock(day, int(hour), int((hour-float64(int(hour)))*60))
}

// freeKey picks a key that hangs in the cabinet, popular ones more often.
func (d *desk) freeKey(at time.Time) (int, bool) {
	for range 20 {
		pick := d.random.Float64() * d.total
		for k := range d.plan.keys {
			pick -= d.plan.keys[k].use
			if pick > 0 {
				continue
			}
			if !d.taken[k] && d.free[k].Before(at) {
				return k, true
			}
			break
		}
	}
	return 0, false
}

func (d *desk) issue(k int, at time.Time) {
	l := loan{key: k, holder: d.anyHolder(), issuedBy: d.custodian(), issued: at, comment: d.comment()}
	l.due, l.returned = d.terms(at)
	d.free[k] = l.returned.Add(2 * time.Minute)
	if l.returned.After(d.now) {
		l.returned = time.Time{}
	} else {
		l.returnedBy = d.custodian()
		if d.random.IntN(12) == 0 {
			l.returnComment = d.comment()
		}
	}
	d.plan.loans = append(d.plan.loans, l)
}

// terms decides when a key is due and when it really comes back: mostly the same day, sometimes days later,
// and now and then too late.
func (d *desk) terms(at time.Time) (due, returned time.Time) {
	evening := clock(at, 18)
	due, returned = evening, at.Add(time.Duration(20+d.random.ExpFloat64()*110)*time.Minute)
	if last := evening.Add(time.Duration(d.random.IntN(40)-10) * time.Minute); returned.After(last) {
		returned = last
	}
	if !returned.After(at) {
		returned = at.Add(15 * time.Minute)
	}
	switch chance := d.random.IntN(100); {
	case chance < 5: // for some days
		day := d.workday(at.AddDate(0, 0, 1+d.random.IntN(4)))
		due = clock(day, 17)
		returned = due.Add(-time.Duration(d.random.IntN(300)) * time.Minute)
	case chance < 8: // forgotten until the next morning
		day := d.workday(at.AddDate(0, 0, 1))
		returned = d.clock(day, 8, d.random.IntN(90)%60)
	case chance < 22: // nobody asked for a time
		due = time.Time{}
	}
	if !due.IsZero() && !due.After(at) {
		due = at.Add(2 * time.Hour).Truncate(time.Minute)
	}
	return due, returned
}

func (d *desk) workday(day time.Time) time.Time {
	for quiet(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// leaveSomeOut makes sure that there is something to see at any hour: overdue loans, and others due today and tomorrow.
func (d *desk) leaveSomeOut() {
	yesterday := midnightOf(d.now, d.zone).AddDate(0, 0, -1)
	for quiet(yesterday) {
		yesterday = yesterday.AddDate(0, 0, -1)
	}
	issued := d.clock(yesterday, 9, 20)
	endOfToday := midnightOf(d.now, d.zone).AddDate(0, 0, 1).Add(-time.Minute)
	for i, due := range []time.Time{
		d.now.Add(-26 * time.Hour), d.now.Add(-95 * time.Minute), d.now.Add(-20 * time.Minute),
		earlier(d.now.Add(90*time.Minute), endOfToday), earlier(d.now.Add(3*time.Hour), endOfToday), endOfToday,
		d.now.Add(22 * time.Hour), d.now.Add(25 * time.Hour), d.now.Add(26 * time.Hour), d.now.Add(50 * time.Hour),
		d.now.Add(98 * time.Hour), {},
	} {
		at := issued.Add(time.Duration(i) * 7 * time.Minute)
		if !due.IsZero() && !due.After(at) {
			due = at.Add(3 * time.Hour)
		}
		if k, ok := d.restedKey(at); ok && at.Before(d.now) {
			d.taken[k] = true
			d.plan.loans = append(d.plan.loans, loan{
				key: k, holder: d.anyHolder(), issuedBy: d.custodian(), issued: at, due: due.Truncate(time.Minute), comment: d.comment(),
			})
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// restedKey finds a key that was last returned before at and has not been out since.
func (d *desk) restedKey(at time.Time) (int, bool) {
	start := d.random.IntN(len(d.plan.keys))
	for i := range d.plan.keys {
		k := (start + i) % len(d.plan.keys)
		if !d.taken[k] && d.free[k].Before(at) {
			return k, true
		}
	}
	return 0, false
}

func (d *desk) anyHolder() int { return d.random.IntN(len(d.plan.people)) }

func (d *desk) custodian() int {
	desk := custodians()
	if d.random.IntN(4) == 0 {
		return desk[1]
	}
	return desk[0]
}

func (d *desk) comment() string {
	all := comments()
	return all[d.random.IntN(len(all))]
}
