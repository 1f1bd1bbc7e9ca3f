package signin

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	lockOfPersons = "SELECT " + accountColumns + " FROM account WHERE person IN (?) ORDER BY id FOR UPDATE"
	moveAccount   = "UPDATE account SET person = ?, username = ? WHERE id = ?"
	moveFactor    = "UPDATE second_factor SET secret = ? WHERE account = ?"
	revokedMerged = "person_merged"
)

// MergePersons is people.Merge with what hangs on accounts. An account of the one who goes moves to the one who stays
// when he has none: with password, second factor and roles, while its sessions end and roles that the other was given
// without an account are taken from him. When both have accounts, that of the one who goes must be disabled: it stays
// behind for good, and its roles are gone. CONFLICT otherwise, for root and for the actor himself as the one who goes.
func (s *Service) MergePersons(ctx context.Context, actor *access.Actor, in people.MergeInput) (*people.Person, error) {
	return s.people.Merge(ctx, actor, in, s.mergeAccounts)
}

func (s *Service) mergeAccounts(ctx context.Context, tx *mysql.Tx, m *people.Merging) error {
	if m.By.Is(m.From.ID) {
		return fault.New(fault.Conflict, "You cannot merge yourself into somebody else. Do it the other way round, or ask another admin.")
	}
	// Roles before accounts, as in SetRoles: one order of locks for both.
	if _, err := s.access.LockHolders(ctx, tx, access.AccessManage); err != nil {
		return err
	}
	from, into, err := s.accountsToMerge(ctx, tx, m)
	if err != nil {
		return err
	}
	roles, err := s.access.RolesOf(ctx, tx, m.From.ID)
	if err != nil {
		return err
	}
	if slices.Contains(roles, RoleRoot) {
		return fault.New(fault.Conflict, "Root cannot be merged into anybody: his account is for emergencies and stays his own.")
	}
	if err := s.access.SetRoles(ctx, tx, m.By, m.From.ID, nil); err != nil {
		return err
	}
	if from == nil || into != nil {
		return nil
	}
	if s.access.ScopeOf(m.By, access.AccessManage) != access.All {
		return fault.New(fault.Forbidden, "The first of the two has an account, which would move. Ask somebody with the right %s to merge them.", access.AccessManage)
	}
	if err := s.access.SetRoles(ctx, tx, m.By, m.Into.ID, roles); err != nil {
		return err
	}
	return s.move(ctx, tx, m, from)
}

// accountsToMerge locks the accounts of both, nil for none. CONFLICT unless that of the one who goes may move or stay.
func (s *Service) accountsToMerge(ctx context.Context, tx *mysql.Tx, m *people.Merging) (from, into *accountRow, err error) {
	query, args, err := mysql.In(lockOfPersons, []id.ID{m.From.ID, m.Into.ID})
	if err != nil {
		return nil, nil, err
	}
	var rows []*accountRow
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		if row.Person == m.From.ID {
			from = row
		} else {
			into = row
		}
	}
	if from != nil && into != nil && !from.DisabledAt.Valid {
		return nil, nil, fault.New(fault.Conflict, "Both have an account. Disable that of the person who is to be merged first: it stays disabled for good.").
			With("account", from.ID.String())
	}
	return from, into, nil
}

// move gives an account to the person who stays. What is sealed for it is sealed anew under him.
func (s *Service) move(ctx context.Context, tx *mysql.Tx, m *people.Merging, account *accountRow) error {
	if err := s.revoke(ctx, tx, m.By, account.ID, id.ID{}, revokedMerged); err != nil {
		return err
	}
	name, err := s.reseal(ctx, tx, m, boundTo(account.ID), account.Username)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, moveAccount, m.Into.ID, name, account.ID); err != nil {
		return err
	}
	factor, err := s.factor(ctx, tx, lockFactor, account.ID)
	if err == nil && factor != nil {
		err = s.moveFactor(ctx, tx, m, account.ID, factor.Secret)
	}
	if err != nil {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, s.byActor(m.By, ledger.AccessAccountMoved, account.ID, m.Into.ID))
	return err
}

func (s *Service) moveFactor(ctx context.Context, tx *mysql.Tx, m *people.Merging, account id.ID, secret []byte) error {
	sealed, err := s.reseal(ctx, tx, m, boundToFactor(account), secret)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, moveFactor, sealed, account)
	return err
}

func (s *Service) reseal(ctx context.Context, tx *mysql.Tx, m *people.Merging, bound, sealed []byte) ([]byte, error) {
	plain, err := s.seal.Unseal(ctx, tx, seal.Person(m.From.ID), bound, sealed)
	if err != nil {
		return nil, err
	}
	return s.seal.Seal(ctx, tx, seal.Person(m.Into.ID), bound, plain)
}
