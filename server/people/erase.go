package people

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const rereadTimeout = 5 * time.Second

// DestroyKeys destroys a person's key and those of everybody who turned out to be he, whichever of them is named: what
// is sealed under any of them is about him. It appends, so it belongs last in a transaction. by is the actor, zero for
// keytrail itself. The errors are those of ledger.DestroyKey, and NOT_FOUND when there is no such person.
func (s *Service) DestroyKeys(ctx context.Context, tx *mysql.Tx, person, by id.ID) ([]ledger.Entry, error) {
	own, err := s.Standing(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	if own != person { // so that nobody merges him or into him meanwhile
		if _, err := s.Standing(ctx, tx, own); err != nil {
			return nil, err
		}
	}
	var merged []id.ID
	if err := tx.Select(ctx, &merged, lockMerged, own); err != nil {
		return nil, err
	}
	var entries []ledger.Entry
	for _, one := range append([]id.ID{own}, merged...) {
		entry, err := s.ledger.DestroyKey(ctx, tx, seal.Person(one), by)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

const (
	anonymise      = "UPDATE person SET department = NULL, language = 'en', valid_until = NULL, profile = '', version = version + 1, updated_at = ? WHERE id IN (?)"
	freeValues     = "DELETE FROM person_unique WHERE person IN (?) AND kind <> '" + externalKind + "'"
	unlinkExternal = "UPDATE person_unique SET person = ? WHERE person IN (?)"
)

// Erase makes a person, with everybody who turned out to be he, nobody: his row holds nothing but an id and times, his
// badge and number are free, and his keys are destroyed. Keyed hashes of the names by which programs report him stay,
// linked to nobody, so that what they still report does not make a person of him again. It appends, so it belongs last
// in a transaction. It gives every id under which he was on record. The errors are those of DestroyKeys.
func (s *Service) Erase(ctx context.Context, tx *mysql.Tx, person, by id.ID) ([]id.ID, error) {
	entries, err := s.DestroyKeys(ctx, tx, person, by)
	if err != nil {
		return nil, err
	}
	erased := make([]id.ID, len(entries))
	for i := range entries {
		erased[i] = entries[i].Person
	}
	for _, one := range []struct {
		statement string
		args      []any
	}{
		{anonymise, []any{s.moment(), erased}},
		{freeValues, []any{erased}},
		{unlinkExternal, []any{make([]byte, len(id.ID{})), erased}},
	} {
		query, args, err := mysql.In(one.statement, one.args...)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return nil, err
		}
	}
	tx.AfterCommit(func() { s.forget(ctx, erased) })
	return erased, nil
}

// forget has this process's directory forget people at once; that of every other does when it meets the entries.
func (s *Service) forget(ctx context.Context, erased []id.ID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rereadTimeout)
	defer cancel()
	if err := s.reload(ctx, erased); err != nil {
		s.log.Warn("people who were erased will be read again", "people", len(erased), "error", err)
	}
}

const (
	lockMergedInto = "SELECT id FROM person WHERE id = ? OR merged_into = ? ORDER BY id FOR UPDATE"
	countPresent   = "SELECT COUNT(*) FROM person WHERE id = ? AND profile <> ''"
)

// LockAll locks a person with everybody who turned out to be he and gives their ids, so that nothing of them changes and
// nobody is given a key until tx ends. NOT_FOUND when there is none such, or when he was erased.
func (s *Service) LockAll(ctx context.Context, tx *mysql.Tx, person id.ID) ([]id.ID, error) {
	own, err := s.Standing(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var all []id.ID
	if err := tx.Select(ctx, &all, lockMergedInto, own, own); err != nil {
		return nil, err
	}
	var present int
	if err := tx.Get(ctx, &present, countPresent, own); err != nil {
		return nil, err
	}
	if present == 0 {
		return nil, fault.New(fault.NotFound, "There is no such person.")
	}
	return all, nil
}
