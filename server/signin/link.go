package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// LinkLifetime is how long a one-time link works.
const LinkLifetime = 24 * time.Hour

// linkPath is the page of a one-time link. The secret follows it as a fragment, which browsers keep to themselves: it
// reaches no server's log and no Referer header (RFC 3986 section 3.5, RFC 9110 section 10.1.3).
const linkPath = "/set-password#"

const (
	replaceLink = "REPLACE INTO account_link (account, secret_hash, made_at, expires_at) VALUES (?, ?, ?, ?)"
	lockLink    = "SELECT account, secret_hash, expires_at FROM account_link WHERE secret_hash = ? FOR UPDATE"
	deleteLink  = "DELETE FROM account_link WHERE account = ?"
	deleteLinks = "DELETE FROM account_link WHERE expires_at <= ? LIMIT 1000"
)

// maxLink bounds what is read as a link's secret, in bytes.
const maxLink = 128

// OpenAccountInput is a new account whose owner sets the password by a link.
type OpenAccountInput struct {
	Person   id.ID
	Username string
	Roles    []string
}

// OpenAccount gives a person an account without a password, roles, and a one-time link to set the password with. The
// link is a path on this server and cannot be shown again. The errors are those of CreateAccount; FORBIDDEN with
// required "confirmPassword" when the actor's password was not entered lately.
func (s *Service) OpenAccount(ctx context.Context, actor *access.Actor, in OpenAccountInput) (account *Account, link string, err error) {
	if err := s.requireRecent(ctx, actor, access.AccessManage); err != nil {
		return nil, "", err
	}
	if in.Username, err = newUsername(in.Username); err != nil {
		return nil, "", err
	}
	if err := s.isSomebody(ctx, in.Person); err != nil {
		return nil, "", err
	}
	if err := s.mayGive(ctx, actor, in.Person, in.Roles); err != nil {
		return nil, "", err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		made := CreateAccountInput{Person: in.Person, Username: in.Username, Roles: in.Roles, MustChange: true}
		if account, err = s.insertAccount(ctx, tx, actor, made, noPassword); err != nil {
			return err
		}
		link, err = s.makeLink(ctx, tx, account.ID)
		return err
	})
	return account, link, err
}

// noPassword is the hash of an account that has no password: nothing matches it, at the cost of any other.
const noPassword = ""

// ResetByLink takes an account's password away, ends its sessions, and gives a one-time link to set another with.
// NOT_FOUND when there is no such account; FORBIDDEN as for OpenAccount.
func (s *Service) ResetByLink(ctx context.Context, actor *access.Actor, account id.ID) (changed *Account, link string, err error) {
	if err := s.requireRecent(ctx, actor, access.AccessManage); err != nil {
		return nil, "", err
	}
	if actor.Account == account {
		return nil, "", fault.New(fault.Conflict, "This is your own account. Change your password on your account's page instead.")
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		row, err := s.lockKnown(ctx, tx, account)
		if err != nil {
			return err
		}
		index, err := s.indexOf(ctx, row)
		if err != nil {
			return err
		}
		if err := s.resetPassword(ctx, tx, actor, index, noPassword); err != nil {
			return err
		}
		link, err = s.makeLink(ctx, tx, account)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	changed, err = s.accountByID(ctx, account)
	return changed, link, err
}

// indexOf gives the keyed hash of an account's user name.
func (s *Service) indexOf(ctx context.Context, row *accountRow) ([]byte, error) {
	username, err := s.openUsername(ctx, row.ID, row.Person, row.Username)
	if err != nil {
		return nil, err
	}
	return s.usernameIndex(ctx, username)
}

func (s *Service) lockKnown(ctx context.Context, tx *mysql.Tx, account id.ID) (*accountRow, error) {
	row, err := s.account(ctx, tx, lockAccount, account)
	if err == nil && row == nil {
		return nil, fault.New(fault.NotFound, "There is no such account.")
	}
	return row, err
}

// makeLink replaces an account's link. Of the secret, of 260 random bits, only the hash is kept.
func (s *Service) makeLink(ctx context.Context, tx *mysql.Tx, account id.ID) (string, error) {
	secret := rand.Text() + rand.Text()
	hash := sha256.Sum256([]byte(secret))
	now := s.moment()
	_, err := tx.Exec(ctx, replaceLink, account, hash[:], now, now.Add(LinkLifetime))
	return linkPath + secret, err
}

// SetPassword sets the password of the account that a one-time link was made for, and gives its user name. The link
// works once. NOT_FOUND for a link that is wrong, used or too old, all alike and at the same cost; BAD_USER_INPUT for
// a password that is not good enough, which leaves the link as it is; RATE_LIMITED when too many tries came from the
// network.
func (s *Service) SetPassword(ctx context.Context, secret, wanted string, origin ledger.Origin) (username string, err error) {
	if secret == "" || len(secret) > maxLink {
		return "", brokenLink()
	}
	if err := checkNewPassword("password", wanted, ""); err != nil {
		return "", err
	}
	if err := s.keepPace(ctx, &attempt{origin: origin, where: "set_password"}); err != nil {
		return "", err
	}
	hash, err := s.hashInTurn(ctx, wanted) // before the link is looked up, so that all tries cost the same
	if err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		username, err = s.useLink(ctx, tx, secret, wanted, hash, origin)
		return err
	})
	if err != nil {
		return "", err
	}
	s.config.PasswordChanged(username)
	return username, nil
}

func brokenLink() error {
	return fault.New(fault.NotFound, "This link does not work: it was used, or is older than 24 hours, or was not copied whole. Ask an admin for another.")
}

func (s *Service) useLink(ctx context.Context, tx *mysql.Tx, secret, wanted, hash string, origin ledger.Origin) (string, error) {
	account, err := s.accountOfLink(ctx, tx, secret)
	if err != nil {
		return "", err
	}
	username, err := s.openUsername(ctx, account.ID, account.Person, account.Username)
	if err != nil {
		return "", err
	}
	if err := checkNewPassword("password", wanted, username); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, deleteLink, account.ID); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, updatePassword, hash, false, account.ID); err != nil {
		return "", err
	}
	owner := s.actor(actorRow{Account: account.ID, Person: account.Person}, username, nil, origin)
	if err := s.revoke(ctx, tx, owner, account.ID, id.ID{}, revokedPasswordChanged); err != nil {
		return "", err
	}
	_, err = s.ledger.Append(ctx, tx, s.byActor(owner, ledger.AuthPasswordSet, account.ID, account.Person))
	return username, err
}

// accountOfLink locks the account that a link was made for, if the link still works and the account is not disabled.
func (s *Service) accountOfLink(ctx context.Context, tx *mysql.Tx, secret string) (*accountRow, error) {
	var link struct {
		Account   id.ID     `db:"account"`
		Hash      []byte    `db:"secret_hash"`
		ExpiresAt time.Time `db:"expires_at"`
	}
	hash := sha256.Sum256([]byte(secret))
	err := tx.Get(ctx, &link, lockLink, hash[:])
	if errors.Is(err, sql.ErrNoRows) {
		return nil, brokenLink()
	}
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(link.Hash, hash[:]) != 1 || !s.moment().Before(link.ExpiresAt) {
		return nil, brokenLink()
	}
	account, err := s.account(ctx, tx, lockAccount, link.Account)
	if err == nil && (account == nil || account.DisabledAt.Valid) {
		return nil, brokenLink()
	}
	return account, err
}

// DropLinks takes all links away: in a database that was restored from a backup, one that was used since would work again.
func DropLinks(ctx context.Context, tx *mysql.Tx) error {
	_, err := tx.Exec(ctx, "DELETE FROM account_link")
	return err
}

// forgetLinks drops the links that are too old.
func (s *Service) forgetLinks(ctx context.Context) error {
	_, err := s.db.Exec(ctx, deleteLinks, s.moment())
	return err
}
