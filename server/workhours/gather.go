package workhours

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	insertReports = "INSERT INTO work_report (subject, at, seq, workstation, working, every_seconds, unverified)"
	insertPersons = "INSERT INTO work_person (person, first_at, last_at)"
	widenPersons  = " ON DUPLICATE KEY UPDATE first_at = LEAST(first_at, VALUES(first_at)), last_at = GREATEST(last_at, VALUES(last_at))"
	insertDirty   = "INSERT INTO work_dirty (person, day, from_at, to_at)"
	widenDirty    = " ON DUPLICATE KEY UPDATE from_at = LEAST(work_dirty.from_at, VALUES(from_at)), to_at = GREATEST(work_dirty.to_at, VALUES(to_at))"
	insertLast    = "INSERT INTO work_last (person, workstation, at, seq, working, every_seconds, unverified)"
	// newerLast keeps what is later; the columns that are compared are set last.
	newerLast = " ON DUPLICATE KEY UPDATE" +
		" working = IF(VALUES(at) > at OR VALUES(at) = at AND VALUES(seq) > seq, VALUES(working), working)," +
		" every_seconds = IF(VALUES(at) > at OR VALUES(at) = at AND VALUES(seq) > seq, VALUES(every_seconds), every_seconds)," +
		" unverified = IF(VALUES(at) > at OR VALUES(at) = at AND VALUES(seq) > seq, VALUES(unverified), unverified)," +
		" seq = IF(VALUES(at) > at OR VALUES(at) = at AND VALUES(seq) > seq, VALUES(seq), seq), at = GREATEST(at, VALUES(at))"
	insertUnknowns = "INSERT INTO work_unknown (subject, seq, first_at, last_at, reports)"
	countUnknowns  = " ON DUPLICATE KEY UPDATE first_at = LEAST(first_at, VALUES(first_at)), last_at = GREATEST(last_at, VALUES(last_at))," +
		" reports = reports + VALUES(reports)"
	insertCorrections = "INSERT INTO work_correction (person, from_at, seq, to_at, working)"
)

// stretch is a time between two instants.
type stretch struct{ from, to time.Time }

func (s *stretch) widen(from, to time.Time) {
	if s.from.IsZero() || from.Before(s.from) {
		s.from = from
	}
	if to.After(s.to) {
		s.to = to
	}
}

type personDay struct {
	person id.ID
	day    int64
}

type machine struct{ person, workstation id.ID }

// gathered is what a batch of entries tells, so that each row is touched once.
type gathered struct {
	reports, corrections [][]any
	persons              ordered[id.ID, stretch]
	dirty                ordered[personDay, stretch]
	last                 ordered[machine, row]
	unknown              ordered[id.ID, unknownRow]
}

// ordered is a map whose entries stand in the order in which they came.
type ordered[K comparable, V any] struct {
	values map[K]*V
	keys   []K
}

func (o *ordered[K, V]) at(key K) *V {
	if o.values == nil {
		o.values = map[K]*V{}
	}
	if o.values[key] == nil {
		o.values[key] = new(V)
		o.keys = append(o.keys, key)
	}
	return o.values[key]
}

func newGathered() *gathered { return &gathered{} }

func (g *gathered) add(f fact) {
	if c := f.correction; c != nil {
		g.corrections = append(g.corrections, []any{f.person, c.From, f.seq, c.To, c.Working})
		g.mark(f.person, c.From, c.To)
		return
	}
	r := f.report
	g.reports = append(g.reports, []any{r.Subject, r.At, r.Seq, r.Workstation[:], r.Working, r.Every, r.Unverified})
	if f.unknown {
		g.addUnknown(r)
		return
	}
	g.mark(r.Subject, r.At, r.At)
	last := g.last.at(machine{r.Subject, r.Workstation})
	if last.Subject.IsZero() || !r.At.Before(last.At) {
		*last = *r
	}
}

// mark has the hours of a person be computed anew for a time.
func (g *gathered) mark(person id.ID, from, to time.Time) {
	g.persons.at(person).widen(from, to)
	for day := dayOf(from); day <= dayOf(to); day++ {
		first, last := from, to
		if day > dayOf(from) {
			first = midnightOf(day)
		}
		if day < dayOf(to) {
			last = midnightOf(day + 1)
		}
		g.dirty.at(personDay{person, day}).widen(first, last)
	}
}

func (g *gathered) addUnknown(r *row) {
	u := g.unknown.at(r.Subject)
	if u.Reports == 0 {
		*u = unknownRow{Subject: r.Subject, Seq: r.Seq, FirstAt: r.At, LastAt: r.At}
	}
	u.Reports++
	if r.At.Before(u.FirstAt) {
		u.FirstAt = r.At
	}
	if r.At.After(u.LastAt) {
		u.LastAt = r.At
	}
}

// flush stores what was gathered, and forgets it.
func (g *gathered) flush(ctx context.Context, tx *mysql.Tx) error {
	var persons, dirty, last, unknown [][]any
	for _, p := range g.persons.keys {
		persons = append(persons, []any{p, g.persons.at(p).from, g.persons.at(p).to})
	}
	for _, d := range g.dirty.keys {
		dirty = append(dirty, []any{d.person, d.day, g.dirty.at(d).from, g.dirty.at(d).to})
	}
	for _, m := range g.last.keys {
		r := g.last.at(m)
		last = append(last, []any{r.Subject, r.Workstation[:], r.At, r.Seq, r.Working, r.Every, r.Unverified})
	}
	for _, k := range g.unknown.keys {
		u := g.unknown.at(k)
		unknown = append(unknown, []any{u.Subject, u.Seq, u.FirstAt, u.LastAt, u.Reports})
	}
	for _, part := range []struct {
		head, tail string
		rows       [][]any
	}{
		{insertReports, "", g.reports}, {insertCorrections, "", g.corrections}, {insertPersons, widenPersons, persons},
		{insertDirty, widenDirty, dirty}, {insertLast, newerLast, last}, {insertUnknowns, countUnknowns, unknown},
	} {
		if err := insertRows(ctx, tx, part.head, part.tail, part.rows); err != nil {
			return err
		}
	}
	*g = gathered{}
	return nil
}

const (
	moveReports     = "UPDATE work_report SET subject = ? WHERE subject = ?"
	moveCorrections = "UPDATE work_correction SET person = ? WHERE person = ?"
	// Bounds are asked for in a table of their own: MariaDB refuses MIN with HAVING and no GROUP BY when it is prepared once and executed twice.
	movePerson    = "INSERT INTO work_person (person, first_at, last_at) SELECT ?, a, z FROM (SELECT MIN(at) AS a, MAX(at) AS z FROM work_report WHERE subject = ?) b WHERE a IS NOT NULL" + widenPersons
	moveCorrected = "INSERT INTO work_person (person, first_at, last_at) SELECT ?, a, z FROM (SELECT MIN(from_at) AS a, MAX(to_at) AS z FROM work_correction WHERE person = ?) b WHERE a IS NOT NULL" + widenPersons
	moveLast      = "INSERT IGNORE INTO work_last (person, workstation, at, seq, working, every_seconds, unverified)" +
		" SELECT r.subject, r.workstation, r.at, r.seq, r.working, r.every_seconds, r.unverified FROM work_report r" +
		" JOIN (SELECT workstation, MAX(at) AS at FROM work_report WHERE subject = ? GROUP BY workstation) l" +
		" ON l.workstation = r.workstation AND l.at = r.at WHERE r.subject = ?"
	forgetLast   = "DELETE FROM work_last WHERE person = ?"
	dirtyReports = "INSERT INTO work_dirty (person, day, from_at, to_at)" +
		" SELECT subject, FLOOR(TIMESTAMPDIFF(SECOND, '1970-01-01', at) / 86400) AS on_day, MIN(at), MAX(at) FROM work_report WHERE subject = ? GROUP BY subject, on_day" + widenDirty
	dirtyCorrections = "INSERT INTO work_dirty (person, day, from_at, to_at)" +
		" SELECT person, FLOOR(TIMESTAMPDIFF(SECOND, '1970-01-01', from_at) / 86400) AS on_day, MIN(from_at), MAX(to_at) FROM work_correction WHERE person = ? GROUP BY person, on_day" + widenDirty
)

// move gives the reports and corrections of one subject to a person, whose hours are then computed anew as far as he has any.
func move(ctx context.Context, tx *mysql.Tx, from, to id.ID) error {
	for _, table := range []string{"work_span", "work_day", "work_dirty", "work_last", "work_person"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE person = ?", from); err != nil {
			return err
		}
	}
	for _, one := range []mysql.Statement{
		{Query: moveReports, Args: []any{to, from}}, {Query: moveCorrections, Args: []any{to, from}},
		{Query: movePerson, Args: []any{to, to}}, {Query: moveCorrected, Args: []any{to, to}}, {Query: forgetLast, Args: []any{to}}, {Query: moveLast, Args: []any{to, to}},
		{Query: dirtyReports, Args: []any{to}}, {Query: dirtyCorrections, Args: []any{to}},
	} {
		if _, err := tx.Exec(ctx, one.Query, one.Args...); err != nil {
			return err
		}
	}
	return nil
}
