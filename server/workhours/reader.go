package workhours

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	insertReader   = "INSERT INTO work_reader (id, next_seq, zone) VALUES (1, 0, '') ON DUPLICATE KEY UPDATE id = VALUES(id)"
	selectPosition = "SELECT next_seq FROM work_reader WHERE id = 1"
	updatePosition = "UPDATE work_reader SET next_seq = ? WHERE id = 1"
	// savedEvery is after how many entries without anything of interest the place is stored all the same.
	savedEvery = 5000
	// readBatch is how many entries are read at a time by whoever does not follow: several reports of each of many persons, so
	// that what is kept of a person is changed once for them.
	readBatch = 5000
)

// position is the first entry that was not read for working hours by any server.
func (s *Service) position(ctx context.Context) (next uint64, err error) {
	if _, err := s.db.Exec(ctx, insertReader); err != nil {
		return 0, err
	}
	return next, s.db.Get(ctx, &next, selectPosition)
}

// follow reads the ledger from where any server has read it, until ctx ends.
func (s *Service) follow(ctx context.Context) error {
	next, err := s.position(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	saved := next
	s.ledger.Consume(ctx, next, func(ctx context.Context, entries []ledger.Entry) error { return s.apply(ctx, entries, &saved) })
	return nil
}

// CatchUp reads what is recorded by now and tells how far it is; nil for nobody who wants to know.
func (s *Service) CatchUp(ctx context.Context, progress func(done, total uint64)) error {
	_, size, err := s.ledger.LastRecorded(ctx)
	if err != nil {
		return err
	}
	if err := s.ledger.AwaitDurable(ctx, size); err != nil {
		return err
	}
	next, err := s.position(ctx)
	if err != nil {
		return err
	}
	for saved := next; next < size; {
		entries, err := s.ledger.Read(ctx, s.db, next, readBatch)
		if err != nil || len(entries) == 0 {
			return err
		}
		if err := s.apply(ctx, entries, &saved); err != nil {
			return err
		}
		if next = entries[len(entries)-1].Seq + 1; progress != nil {
			progress(min(next, size), size)
		}
	}
	return nil
}

// apply stores what entries tell of work, with the place behind them, in one transaction.
func (s *Service) apply(ctx context.Context, entries []ledger.Entry, saved *uint64) error {
	var found []fact
	for i := range entries {
		f, ok, err := s.factOf(ctx, &entries[i])
		if err != nil {
			return err
		}
		if ok {
			found = append(found, f)
		}
	}
	end := entries[len(entries)-1].Seq + 1
	if len(found) == 0 && end < *saved+savedEvery {
		return nil
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.store(ctx, tx, found, end) })
	if err == nil {
		*saved = end
	}
	return err
}

// fact is what an entry tells: a report, a correction, or that persons are one.
type fact struct {
	seq        uint64
	at         time.Time
	report     *row
	correction *correctionRow
	// person is whom it concerns, and merged who turned out to be he.
	person  id.ID
	merged  []id.ID
	unknown bool
}

// row is a report as stored.
type row struct {
	Subject     id.ID     `db:"subject"`
	At          time.Time `db:"at"`
	Seq         uint64    `db:"seq"`
	Workstation hashed    `db:"workstation"`
	Working     bool      `db:"working"`
	Every       int64     `db:"every_seconds"`
	Unverified  bool      `db:"unverified"`
}

// factOf gives what an entry tells; false for nothing.
func (s *Service) factOf(ctx context.Context, e *ledger.Entry) (f fact, ok bool, err error) {
	f = fact{seq: e.Seq, at: e.OccurredAt, person: s.people.True(e.Person)}
	switch {
	case e.Action == ledger.AccessPersonMerged:
		for _, ref := range e.Refs {
			if one, err := id.Parse(ref.ID); err == nil && ref.Role == people.RefMergedFrom {
				f.merged = append(f.merged, one)
			}
		}
		f.person = e.Person
	case e.Stream != ledger.StreamWork:
		return f, false, nil
	case e.Action == ledger.WorkCorrected:
		f.correction = correctionOf(e)
		return f, f.correction != nil, nil
	default:
		f.report, err = s.rowOf(ctx, e, f.person)
		f.unknown = e.Person.IsZero()
		return f, f.report != nil, err
	}
	return f, true, nil
}

// rowOf gives a report's row; nil for one of an unknown user whose name was forgotten.
func (s *Service) rowOf(ctx context.Context, e *ledger.Entry, person id.ID) (*row, error) {
	r := &row{Subject: person, At: e.OccurredAt, Seq: e.Seq, Working: e.Action == ledger.WorkWorking}
	every, _ := e.Details[DetailInterval].(float64) // as JSON has it
	r.Every = int64(every)
	r.Unverified = e.Details[DetailAssurance] == Unverified
	if hash, err := hex.DecodeString(e.Entity.ID); err == nil && len(hash) == len(r.Workstation) {
		r.Workstation = hashed(hash)
	}
	if !person.IsZero() {
		return r, nil
	}
	var user string
	found, err := s.ledger.Unseal(ctx, e, ledger.FieldUsername, &user)
	if errors.Is(err, seal.ErrDestroyed) || err == nil && !found {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Subject, err = s.userHash(ctx, e.Source, user)
	return r, err
}

// store adds what no server has stored yet.
func (s *Service) store(ctx context.Context, tx *mysql.Tx, found []fact, end uint64) error {
	var next uint64
	if err := tx.Get(ctx, &next, selectPosition+" FOR UPDATE"); err != nil || end <= next {
		return err
	}
	standing, err := standingAmong(ctx, tx, found)
	if err != nil {
		return err
	}
	g := newGathered()
	for _, f := range found {
		if f.seq < next {
			continue // another server has
		}
		if !f.person.IsZero() {
			to, present := standing[f.person]
			if !present {
				continue // he was erased
			}
			f.belongsTo(to)
		}
		if len(f.merged) > 0 {
			if err := g.flush(ctx, tx); err != nil {
				return err
			}
			for _, one := range f.merged {
				if err := move(ctx, tx, one, f.person); err != nil {
					return err
				}
			}
			continue
		}
		g.add(f)
	}
	if err := g.flush(ctx, tx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updatePosition, end)
	return err
}

// belongsTo says whom a fact concerns by now.
func (f *fact) belongsTo(person id.ID) {
	f.person = person
	if f.report != nil && !f.unknown {
		f.report.Subject = person
	}
}

// standingAmong is standing of those of whom facts tell.
func standingAmong(ctx context.Context, tx *mysql.Tx, found []fact) (map[id.ID]id.ID, error) {
	told := map[id.ID]bool{}
	for _, f := range found {
		if !f.person.IsZero() {
			told[f.person] = true
		}
	}
	return standing(ctx, tx, slices.Collect(maps.Keys(told)))
}

// standing gives whom each of some persons turned out to be, himself where he was not merged, and nobody for whoever was
// erased. It asks the database, since this process may not have heard of it yet, and keeps it so until tx ends.
func standing(ctx context.Context, tx *mysql.Tx, persons []id.ID) (map[id.ID]id.ID, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In("SELECT id, merged_into FROM person WHERE id IN (?) AND profile <> '' LOCK IN SHARE MODE", sorted(persons))
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     id.ID `db:"id"`
		Merged id.ID `db:"merged_into"`
	}
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	found := make(map[id.ID]id.ID, len(rows))
	for _, r := range rows {
		if found[r.ID] = r.ID; !r.Merged.IsZero() {
			found[r.ID] = r.Merged
		}
	}
	return found, nil
}
