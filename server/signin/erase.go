package signin

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	eraseFailures  = "DELETE f FROM sign_in_failure f JOIN account a ON a.username_index = f.username_index WHERE a.id = ?"
	eraseAddresses = "DELETE f FROM sign_in_address f JOIN account a ON a.username_index = f.username_index WHERE a.id = ?"
)

// RequireRecent asks for a permission and for a password entered lately, as making accounts does. FORBIDDEN with required
// "confirmPassword" when it was not.
func (s *Service) RequireRecent(ctx context.Context, actor *access.Actor, p access.Permission) error {
	return s.requireRecent(ctx, actor, p)
}

// EraseAccounts takes somebody's roles, disables his accounts, which ends their sessions, and deletes them with all that
// lets him in, under any of the ids under which he is on record. It gives the accounts. CONFLICT, unless the system asks,
// for root and for the last one that may manage access. It appends, but locks roles and accounts first.
func (s *Service) EraseAccounts(ctx context.Context, tx *mysql.Tx, by *access.Actor, persons []id.ID) ([]id.ID, error) {
	// Roles before accounts, as in SetRoles: one order of locks for both.
	if _, err := s.access.LockHolders(ctx, tx, access.AccessManage); err != nil {
		return nil, err
	}
	query, args, err := mysql.In(lockOfPersons, persons)
	if err != nil {
		return nil, err
	}
	var rows []*accountRow
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	if !by.IsSystem() {
		if err := s.mayBeErased(ctx, tx, persons); err != nil {
			return nil, err
		}
	}
	var accounts []id.ID
	for _, row := range rows {
		if err := s.eraseAccount(ctx, tx, by, row); err != nil {
			return nil, err
		}
		accounts = append(accounts, row.ID)
	}
	for _, person := range persons {
		if err := s.access.SetRoles(ctx, tx, by, person, nil); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// mayBeErased refuses to erase root, and the last one who may manage access.
func (s *Service) mayBeErased(ctx context.Context, tx *mysql.Tx, persons []id.ID) error {
	for _, person := range persons {
		roles, err := s.access.RolesOf(ctx, tx, person)
		if err != nil {
			return err
		}
		if slices.Contains(roles, RoleRoot) {
			return fault.New(fault.Conflict, "Root cannot be erased: his account is for emergencies and names nobody.")
		}
		if err := s.keepAnAdmin(ctx, tx, person); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) eraseAccount(ctx context.Context, tx *mysql.Tx, by *access.Actor, row *accountRow) error {
	if !row.DisabledAt.Valid {
		if err := s.disable(ctx, tx, by, row); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		eraseFailures, eraseAddresses, deleteLink, "DELETE FROM session WHERE account = ?",
		"DELETE FROM second_factor WHERE account = ?", "DELETE FROM recovery_code WHERE account = ?",
		"DELETE FROM external_identity WHERE account = ?", "DELETE FROM account WHERE id = ?",
	} {
		if _, err := tx.Exec(ctx, statement, row.ID); err != nil {
			return err
		}
	}
	return nil
}
