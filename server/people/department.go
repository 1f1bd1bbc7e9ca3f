package people

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectDepartments = "SELECT id, name FROM department"
	selectDepartment  = "SELECT id, name FROM department WHERE name = ?"
	insertDepartment  = "INSERT INTO department (id, name, created_at) VALUES (?, ?, ?)"
)

// newDepartments makes departments by name within one transaction.
type newDepartments struct {
	s  *Service
	tx *mysql.Tx
	at moments
	by *access.Actor
	// made are those that this transaction made, by folded name; drafts are the entries that say so.
	made   map[string]id.ID
	drafts []ledger.Draft
}

func (s *Service) newDepartments(tx *mysql.Tx, at moments, by *access.Actor) *newDepartments {
	return &newDepartments{s: s, tx: tx, at: at, by: by, made: map[string]id.ID{}}
}

// named finds the department with a name, whatever its case and diacritics, or makes it. "" gives none.
func (n *newDepartments) named(ctx context.Context, name string) (id.ID, error) {
	if name == "" {
		return id.ID{}, nil
	}
	if known, ok := n.s.directory.departmentNamed(name); ok {
		return known.ID, nil
	}
	if made, ok := n.made[folded(name)]; ok {
		return made, nil
	}
	found, err := n.stored(ctx, name)
	if !errors.Is(err, sql.ErrNoRows) {
		return found, err
	}
	made := Department{ID: id.New(), Name: name}
	_, err = n.tx.Exec(ctx, insertDepartment, made.ID, made.Name, n.at.now)
	if mysql.IsDuplicate(err) { // another process made it in between
		return n.stored(ctx, name)
	}
	if err != nil {
		return id.ID{}, err
	}
	n.made[folded(name)] = made.ID
	n.drafts = append(n.drafts, n.draft(made))
	n.tx.AfterCommit(func() { n.s.directory.putDepartments([]Department{made}) })
	return made.ID, nil
}

// stored finds a department that this process has not heard of yet.
func (n *newDepartments) stored(ctx context.Context, name string) (id.ID, error) {
	var found Department
	err := n.tx.Get(ctx, &found, selectDepartment, name)
	return found.ID, err
}

func (n *newDepartments) draft(made Department) ledger.Draft {
	d := n.by.Draft(ledger.StreamSystem, ledger.AccessDepartmentCreated, n.at.now)
	d.OccurredAt = n.at.occurredAt
	d.Department = made.ID
	d.Entity = ledger.Entity{Type: "department", ID: made.ID.String(), Label: made.Name}
	return d
}
