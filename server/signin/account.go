package signin

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

// Account is what a person signs in with.
type Account struct {
	ID         id.ID
	Person     id.ID
	Username   string
	DisabledAt *time.Time
	SignedInAt *time.Time
	// MustChangePassword is set until a first password was set or changed by its owner.
	MustChangePassword bool
	// LockedUntil is when the last wait ends that failed sign-ins with the name began; nil when none runs. Only
	// Accounts tells.
	LockedUntil *time.Time
	// SecondFactor is set when a second factor is asked for. Only Accounts tells.
	SecondFactor bool
}

// CreateAccountInput is a new account. A person has one at most.
type CreateAccountInput struct {
	Person   id.ID
	Username string
	// Password is the first one; "" makes a one-time password.
	Password string
	Roles    []string
	// MustChange has the password changed at the first sign-in. A one-time password always is.
	MustChange bool
}

// CreateAccount gives a person an account and roles. oneTime is the password that was made for it, "" when one was
// given. CONFLICT when the name is taken or the person has an account.
func (s *Service) CreateAccount(ctx context.Context, actor *access.Actor, in CreateAccountInput) (account *Account, oneTime string, err error) {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return nil, "", err
	}
	if in.Username, err = newUsername(in.Username); err != nil {
		return nil, "", err
	}
	if err := s.isSomebody(ctx, in.Person); err != nil {
		return nil, "", err
	}
	hash, oneTime, err := s.firstPassword(ctx, in.Username, in.Password)
	if err != nil {
		return nil, "", err
	}
	in.MustChange = in.MustChange || oneTime != ""
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		account, err = s.insertAccount(ctx, tx, actor, in, hash)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return account, oneTime, nil
}

// isSomebody refuses a person who is not there, or was erased.
func (s *Service) isSomebody(ctx context.Context, person id.ID) error {
	if p, err := s.people.Lookup(ctx, person); err != nil || p.Erased {
		return fault.Field("person", "there is no such person")
	}
	return nil
}

// firstPassword hashes a given password, or one that it makes.
func (s *Service) firstPassword(ctx context.Context, username, given string) (hash, oneTime string, err error) {
	if given == "" {
		oneTime = newOneTime()
		given = oneTime
	} else if err := checkNewPassword("password", given, username); err != nil {
		return "", "", err
	}
	done, err := s.hasher.slot(ctx)
	if err != nil {
		return "", "", err
	}
	defer done()
	hash, err = s.hasher.hash(given)
	return hash, oneTime, err
}

// newOneTime makes a password of 130 random bits, in groups that can be read out.
func newOneTime() string {
	text := strings.ToLower(rand.Text())
	return text[:6] + "-" + text[6:12] + "-" + text[12:18] + "-" + text[18:]
}

// insertAccount stores an account and its roles and records both.
func (s *Service) insertAccount(ctx context.Context, tx *mysql.Tx, by *access.Actor, in CreateAccountInput, hash string) (*Account, error) {
	index, err := s.usernameIndex(ctx, in.Username)
	if err != nil {
		return nil, err
	}
	if in.Person, err = s.people.Standing(ctx, tx, in.Person); err != nil {
		return nil, err
	}
	made := &Account{ID: id.New(), Person: in.Person, Username: in.Username, MustChangePassword: in.MustChange}
	sealed, err := s.seal.Seal(ctx, tx, seal.Person(in.Person), boundTo(made.ID), []byte(in.Username))
	if err != nil {
		return nil, err
	}
	now := s.moment()
	_, err = tx.Exec(ctx, insertAccount, made.ID, in.Person, index, sealed, hash, in.MustChange, now)
	switch mysql.DuplicateIndex(err) {
	case "account_username":
		return nil, fault.New(fault.Conflict, "Another account has this user name. Choose another.").With("field", "username")
	case "account_person":
		return nil, fault.New(fault.Conflict, "This person has an account already.").With("field", "person")
	}
	if err != nil {
		return nil, err
	}
	if err := s.access.SetRoles(ctx, tx, by, in.Person, in.Roles); err != nil {
		return nil, err
	}
	created := s.byActor(by, ledger.AccessAccountCreated, made.ID, in.Person)
	created.Parts = append(created.Parts, ledger.PersonPart(ledger.FieldUsername, in.Person, now, in.Username))
	_, err = s.ledger.Append(ctx, tx, created)
	return made, err
}

// byActor begins an entry that says what an actor did to an account.
func (s *Service) byActor(by *access.Actor, action string, account, person id.ID) ledger.Draft {
	d := by.Draft(ledger.StreamAuth, action, s.moment())
	about := s.concerning(action, account, person)
	d.Person, d.Department, d.Entity = about.Person, about.Department, about.Entity
	if !by.Session.IsZero() {
		d.Refs = []ledger.Ref{sessionRef(by.Session)}
	}
	return d
}

// RootUsername is the name of the account that the first start makes.
const RootUsername = "root"

// EnsureRoot makes the person and account "root" in a database without accounts. Without a password it makes a
// one-time password, which must be changed at the first sign-in. Of several processes that start at once, one
// makes the account.
func (s *Service) EnsureRoot(ctx context.Context, password string) (created bool, oneTime string, err error) {
	if exists, err := s.anyAccount(ctx, s.db); err != nil || exists {
		return false, "", err
	}
	hash, oneTime, err := s.firstPassword(ctx, RootUsername, password)
	if err != nil {
		return false, "", err
	}
	in := CreateAccountInput{Username: RootUsername, Roles: []string{RoleRoot}, MustChange: oneTime != ""}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.insertRoot(ctx, tx, in, hash) })
	if fault.Is(err, fault.Conflict) {
		return false, "", nil
	}
	if err != nil {
		return false, "", err
	}
	return true, oneTime, nil
}

func (s *Service) anyAccount(ctx context.Context, q mysql.Querier) (bool, error) {
	var n int
	err := q.Get(ctx, &n, selectAny)
	return n > 0, err
}

func (s *Service) insertRoot(ctx context.Context, tx *mysql.Tx, in CreateAccountInput, hash string) error {
	persons, err := s.people.Insert(ctx, tx, access.System(), time.Time{}, []people.CreateInput{{Name: RootUsername}})
	if err != nil {
		return err
	}
	in.Person = persons[0].ID
	account, err := s.insertAccount(ctx, tx, access.System(), in, hash)
	if err != nil {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, s.byActor(access.System(), ledger.AuthRootInitialised, account.ID, in.Person))
	return err
}

// Account gives the actor's own account, nil when he has none.
func (s *Service) Account(ctx context.Context, actor *access.Actor) (*Account, error) {
	if actor == nil || actor.Account.IsZero() {
		return nil, nil
	}
	row, err := s.account(ctx, s.db, selectByID, actor.Account)
	if row == nil || err != nil {
		return nil, err
	}
	return &Account{
		ID: row.ID, Person: row.Person, Username: actor.Username,
		DisabledAt: timeOrNil(row.DisabledAt), SignedInAt: timeOrNil(row.SignedInAt), MustChangePassword: row.MustChange,
	}, nil
}
