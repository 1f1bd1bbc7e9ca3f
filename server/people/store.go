package people

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	personColumns = "id, department, language, valid_until, profile, version, created_at, updated_at"
	allColumns    = personColumns + ", merged_into"
	selectPage    = "SELECT " + allColumns + " FROM person WHERE id > ? ORDER BY id LIMIT ?"
	selectByIDs   = "SELECT " + allColumns + " FROM person WHERE id IN (?)"
	lockPerson    = "SELECT " + allColumns + " FROM person WHERE id = ? FOR UPDATE"
	insertPerson  = "INSERT INTO person (" + personColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	updatePerson  = "UPDATE person SET department = ?, language = ?, valid_until = ?, profile = ?, version = ?, updated_at = ? WHERE id = ?"

	insertUnique = "INSERT INTO person_unique (kind, value, person) VALUES (?, ?, ?)"
	deleteUnique = "DELETE FROM person_unique WHERE kind = ? AND person = ?"
)

type row struct {
	ID         id.ID        `db:"id"`
	Department id.ID        `db:"department"`
	Language   string       `db:"language"`
	ValidUntil sql.NullTime `db:"valid_until"`
	Profile    []byte       `db:"profile"`
	Version    int          `db:"version"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
	MergedInto id.ID        `db:"merged_into"`
}

// read gives the person of a row.
func (s *Service) read(ctx context.Context, q mysql.Querier, r *row) (*Person, error) {
	p := &Person{
		ID: r.ID, Department: r.Department, Language: r.Language, Version: r.Version,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, MergedInto: r.MergedInto,
	}
	if r.ValidUntil.Valid {
		p.ValidUntil = Date(r.ValidUntil.Time.Format(time.DateOnly))
	}
	return p, s.openProfile(ctx, q, p, r.Profile)
}

func (s *Service) insertRow(ctx context.Context, tx *mysql.Tx, p *Person) error {
	sealed, err := s.sealProfile(ctx, tx, p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertPerson, p.ID, p.Department, p.Language, dateColumn(p.ValidUntil), sealed, p.Version, p.CreatedAt, p.UpdatedAt)
	return err
}

func (s *Service) updateRow(ctx context.Context, tx *mysql.Tx, p *Person) error {
	sealed, err := s.sealProfile(ctx, tx, p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updatePerson, p.Department, p.Language, dateColumn(p.ValidUntil), sealed, p.Version, p.UpdatedAt, p.ID)
	return err
}

func dateColumn(d Date) any {
	if d.IsZero() {
		return nil
	}
	return string(d)
}

// owned is a value that belongs to one person only.
type owned struct {
	kind, field string
	words       fault.Text
	was, now    string
}

func ownedValues(was, now *Person) []owned {
	return []owned{
		{"badge", "badge", fault.Say("badge"), was.Badge, now.Badge},
		{"employee_number", "employeeNumber", fault.Say("employee number"), was.EmployeeNumber, now.EmployeeNumber},
	}
}

// claimValues keeps badge, employee number and external names to one person. CONFLICT names the field and not its owner.
func (s *Service) claimValues(ctx context.Context, tx *mysql.Tx, was, now *Person) error {
	for _, v := range ownedValues(was, now) {
		if sameValue(v.was) == sameValue(v.now) {
			continue
		}
		if v.was != "" {
			if _, err := tx.Exec(ctx, deleteUnique, v.kind, now.ID); err != nil {
				return err
			}
		}
		if v.now == "" {
			continue
		}
		if err := s.claimValue(ctx, tx, v, now.ID); err != nil {
			return err
		}
	}
	return s.claimExternalNames(ctx, tx, was, now)
}

func (s *Service) claimValue(ctx context.Context, tx *mysql.Tx, v owned, person id.ID) error {
	index, err := s.seal.BlindIndex(ctx, v.kind, sameValue(v.now))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertUnique, v.kind, index, person)
	if mysql.IsDuplicate(err) {
		return fault.New(fault.Conflict, "Another person has this %s. Check it, or take it from the other person first.", v.words).
			With("field", v.field)
	}
	return err
}

// sameValue maps spellings of one badge or number to one text.
func sameValue(text string) string { return strings.ToLower(norm.NFKC.String(text)) }
