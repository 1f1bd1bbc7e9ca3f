package signin

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	updateDisabled = "UPDATE account SET disabled_at = ? WHERE id = ?"
	countUsable    = "SELECT COUNT(*) FROM account WHERE person IN (?) AND disabled_at IS NULL AND password_hash <> ''"
)

// DisableAccount keeps an account from signing in, ends its sessions and feeds, here and in other processes, and
// takes its link away. An account that is disabled already stays as it is. CONFLICT for the actor's own account and
// for the last one that may manage access.
func (s *Service) DisableAccount(ctx context.Context, actor *access.Actor, account id.ID) (*Account, error) {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return nil, err
	}
	if actor.Account == account {
		return nil, fault.New(fault.Conflict, "This is your own account. Ask another admin to disable it.")
	}
	return s.changeAccount(ctx, account, func(ctx context.Context, tx *mysql.Tx, row *accountRow) error {
		if row.DisabledAt.Valid {
			return nil
		}
		if err := s.keepAnAdmin(ctx, tx, row.Person); err != nil {
			return err
		}
		return s.disable(ctx, tx, actor, row)
	})
}

func (s *Service) disable(ctx context.Context, tx *mysql.Tx, actor *access.Actor, row *accountRow) error {
	now := s.moment()
	if _, err := tx.Exec(ctx, updateDisabled, now, row.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteLink, row.ID); err != nil {
		return err
	}
	if err := s.revoke(ctx, tx, actor, row.ID, id.ID{}, revokedDisabled); err != nil {
		return err
	}
	row.DisabledAt.Time, row.DisabledAt.Valid = now, true
	_, err := s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AccessAccountDisabled, row.ID, row.Person))
	return err
}

// EnableAccount lets a disabled account sign in again, with the password that it had. One that is not disabled stays
// as it is.
func (s *Service) EnableAccount(ctx context.Context, actor *access.Actor, account id.ID) (*Account, error) {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return nil, err
	}
	return s.changeAccount(ctx, account, func(ctx context.Context, tx *mysql.Tx, row *accountRow) error {
		if !row.DisabledAt.Valid {
			return nil
		}
		stands, err := s.people.Standing(ctx, tx, row.Person)
		if err != nil {
			return err
		}
		if stands != row.Person {
			return fault.New(fault.Conflict, "The owner of this account was merged into another person, who has an account of his own.")
		}
		if _, err := tx.Exec(ctx, updateDisabled, nil, row.ID); err != nil {
			return err
		}
		row.DisabledAt.Valid = false
		_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AccessAccountEnabled, row.ID, row.Person))
		return err
	})
}

// changeAccount changes a locked account and gives it as it is then.
func (s *Service) changeAccount(ctx context.Context, account id.ID, change func(context.Context, *mysql.Tx, *accountRow) error) (*Account, error) {
	var row *accountRow
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		// Roles before accounts, as in SetRoles: one order of locks for both.
		if _, err := s.access.LockHolders(ctx, tx, access.AccessManage); err != nil {
			return err
		}
		var err error
		if row, err = s.lockKnown(ctx, tx, account); err != nil {
			return err
		}
		return change(ctx, tx, row)
	})
	if err != nil {
		return nil, err
	}
	return s.accountByID(ctx, account)
}

// accountByID gives an account as Accounts does.
func (s *Service) accountByID(ctx context.Context, account id.ID) (*Account, error) {
	var rows []listRow
	if err := s.db.Select(ctx, &rows, listColumns+" WHERE id = ?", account); err != nil {
		return nil, err
	}
	opened, err := s.fitting(ctx, rows, "")
	if err != nil {
		return nil, err
	}
	found, err := s.accountsOf(ctx, opened)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// keepAnAdmin refuses when nobody but this person can sign in and manage access.
func (s *Service) keepAnAdmin(ctx context.Context, tx *mysql.Tx, but id.ID) error {
	holders, err := s.access.LockHolders(ctx, tx, access.AccessManage)
	if err != nil {
		return err
	}
	others, concerned := make([]id.ID, 0, len(holders)), false
	for _, person := range holders {
		if person == but {
			concerned = true
			continue
		}
		others = append(others, person)
	}
	if !concerned {
		return nil
	}
	return s.anAdminIsLeft(ctx, tx, others)
}

// anAdminIsLeft refuses to go on when none of the persons can sign in.
func (s *Service) anAdminIsLeft(ctx context.Context, tx *mysql.Tx, persons []id.ID) error {
	usable := 0
	if len(persons) > 0 {
		query, args, err := mysql.In(countUsable, persons)
		if err != nil {
			return err
		}
		if err := tx.Get(ctx, &usable, query, args...); err != nil {
			return err
		}
	}
	if usable == 0 {
		return fault.New(fault.Conflict, "Nobody who can sign in would be left to manage access. Give another person the role admin first.")
	}
	return nil
}
