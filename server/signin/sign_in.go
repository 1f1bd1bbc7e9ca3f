package signin

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// Why a sign-in failed, in an entry's details under "reason".
const (
	ReasonUnknownName   = "unknown_name"
	ReasonWrongPassword = "wrong_password"
	ReasonDisabled      = "disabled"
	ReasonLocked        = "locked"
	// ReasonTooOftenis given to a network that tries too often, whatever the names.
	ReasonTooOften = "too_often"
)

// RoleRoot is the role whose every sign-in is an entry of its own.
const RoleRoot = "root"

// recordTimeout bounds what is stored of an attempt after the client may be gone.
const recordTimeout = 10 * time.Second

// SignInInput is a try to sign in.
type SignInInput struct {
	Username string
	Password string
	// Code of the second factor, or a recovery code, where the account has a second factor.
	Code string
	// Older is set at the older systems' endpoints. They know no second factor and no change of the password, so that
	// accounts which need one are refused, and the session reaches nothing else.
	Older bool
}

// attempt is what is known while somebody tries a password.
type attempt struct {
	typed  string
	under  countedUnder
	origin ledger.Origin
	// welcome exempts from the limit of the name: whoever tries has a session.
	welcome bool
	// account is nil when no account has the name.
	account *accountRow
	turn    turn
	// device is the browser, if it is trusted for the name.
	device device
	// nameLocked says that strangers' failures lock the name: only password and code together get in.
	nameLocked bool
	// rehashed is the password hashed with the parameters of now, "" when its hash has them.
	rehashed string
	// external is whom an identity provider vouches for; nil when a password was tried.
	external *ExternalIdentity
	// where names the place of the try when it is not the sign-in.
	where string
	// older says that the session is to reach the older systems' endpoints only.
	older bool
}

// SignIn checks name and password and begins a session, whose token the SessionManager sends. ctx holds a loaded
// session (Sessions().Load); one that it held before ends. Wrong name, wrong password and a disabled account are
// the same UNAUTHENTICATED; RATE_LIMITED says how long to wait. ErrCodeNeeded asks for the second factor; a wrong code
// is BAD_USER_INPUT. Every attempt is recorded.
func (s *Service) SignIn(ctx context.Context, in SignInInput, origin ledger.Origin) (*access.Actor, error) {
	username, err := tidyUsername(in.Username)
	if err != nil {
		return nil, err
	}
	if err := checkGivenPassword("password", in.Password); err != nil {
		return nil, err
	}
	if in.Code != "" {
		if err := checkCode(in.Code); err != nil {
			return nil, err
		}
	}
	a, err := s.attempt(ctx, username, origin)
	if err != nil {
		return nil, err
	}
	reason, err := s.try(ctx, a, in)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if reason != "" {
		return nil, s.refuse(ctx, a, reason)
	}
	if err := s.secondStep(ctx, a, in.Code); err != nil {
		return nil, err
	}
	if a.older = in.Older; a.older && a.account.MustChange {
		return nil, s.refuseFirstPassword(ctx, a)
	}
	return s.admit(ctx, a)
}

// attempt begins a try with a name, unless too many came from its network.
func (s *Service) attempt(ctx context.Context, username string, origin ledger.Origin) (*attempt, error) {
	a := &attempt{typed: username, origin: origin}
	var err error
	if a.device, err = s.trustedDevice(ctx, username); err != nil {
		return nil, err
	}
	a.welcome = a.device.trusted()
	if err := s.keepPace(ctx, a); err != nil {
		return nil, err
	}
	if a.under, err = s.countedUnder(ctx, username, a.place()); err != nil {
		return nil, err
	}
	a.account, err = s.account(ctx, s.db, selectByName, a.under.name)
	return a, err
}

// try takes a turn and compares the password; the reason is "" when it is right.
func (s *Service) try(ctx context.Context, a *attempt, in SignInInput) (reason string, err error) {
	done, err := s.hasher.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	if a.turn, err = s.takeTurn(ctx, a.under, a.welcome); err != nil {
		return "", err
	}
	if a.turn.wait > 0 && a.turn.byName && in.Code != "" {
		if err := s.takeTurnByCode(ctx, a); err != nil {
			return "", err
		}
	}
	if a.turn.wait > 0 && !a.nameLocked {
		return ReasonLocked, nil
	}
	hash := ""
	if a.account != nil {
		hash = a.account.PasswordHash
	}
	right, err := s.hasher.matches(in.Password, hash)
	if right && err == nil {
		a.rehashed, err = s.hasher.rehash(in.Password, hash)
	}
	switch {
	case err != nil:
		return "", err
	case a.nameLocked && (!right || a.account.DisabledAt.Valid):
		return ReasonLocked, nil
	case a.account == nil:
		return ReasonUnknownName, nil
	case a.account.DisabledAt.Valid:
		return ReasonDisabled, nil
	case !right:
		return ReasonWrongPassword, nil
	}
	return "", nil
}

// takeTurnByCode takes a turn at this place although the name is locked: a code was given, and who has password and
// second factor gets in however many strangers guess. The answer to anything less stays that of a locked name.
func (s *Service) takeTurnByCode(ctx context.Context, a *attempt) error {
	here, err := s.takeTurn(ctx, a.under, true)
	if err == nil && here.wait == 0 {
		a.nameLocked = true
	}
	return err
}

// refuse records a failed attempt and gives the answer to it.
func (s *Service) refuse(ctx context.Context, a *attempt, reason string) error {
	if reason == ReasonLocked {
		return s.refuseLocked(ctx, a)
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, s.failed(a, reason)...)
		return err
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Unauthenticated, "User name or password is wrong.")
}

func (s *Service) refuseLocked(ctx context.Context, a *attempt) error {
	at := refusedAt{reason: ReasonLocked, name: string(a.under.name)}
	if !a.turn.byName {
		at.network = a.place()
	}
	if err := s.recordRefused(ctx, at, s.failed(a, ReasonLocked)[0]); err != nil {
		return err
	}
	locked := fault.New(fault.RateLimited, "Too many failed sign-ins with this name. Wait, then try again.")
	locked.RetryAfter = a.turn.wait
	return locked
}

func (s *Service) failed(a *attempt, reason string) []ledger.Draft {
	failed := s.attempted(a, ledger.AuthSignInFailed)
	failed.Outcome = ledger.Failure
	failed.Details = map[string]any{"reason": reason}
	if a.where != "" {
		failed.Details["where"] = a.where
	}
	if reason == ReasonLocked || a.turn.delay == 0 || a.account == nil {
		return []ledger.Draft{failed}
	}
	lockedOut := s.attempted(a, ledger.AuthLockedOut)
	lockedOut.Outcome = ledger.Denied
	lockedOut.Details = map[string]any{"failures": a.turn.failures, "seconds": int(a.turn.delay / time.Second)}
	return []ledger.Draft{failed, lockedOut}
}

// attempted begins the entry of an attempt by nobody known. The name as typed is sealed under the person whose
// account it names, and where it came from under the month's key, since it may have been somebody else.
func (s *Service) attempted(a *attempt, action string) ledger.Draft {
	var account, person id.ID
	if a.account != nil {
		account, person = a.account.ID, a.account.Person
	}
	now := s.moment()
	d := s.concerning(action, account, person)
	d.Parts = []ledger.Part{ledger.PersonPart(ledger.FieldUsername, person, now, a.typed)}
	if !a.origin.IsZero() {
		d.Parts = append(d.Parts, ledger.OriginPart(id.ID{}, now, a.origin))
	}
	return d
}

// admit begins a session. The row of the session and the entry that says so are one transaction; the session
// manager's own commit, at the end of the request, finds the row there.
func (s *Service) admit(ctx context.Context, a *attempt) (*access.Actor, error) {
	if err := s.learn(ctx, a.account.Person); err != nil {
		return nil, err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return nil, err
	}
	var actor *access.Actor
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		account, err := s.account(ctx, tx, lockAccount, a.account.ID)
		if err != nil {
			return err
		}
		if account == nil || account.DisabledAt.Valid || a.external == nil && account.PasswordHash != a.account.PasswordHash {
			return fault.New(fault.Unauthenticated, "The account was changed just now. Sign in again.")
		}
		if actor, err = s.begin(ctx, tx, account, a); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, s.signedIn(actor, a)...)
		return err
	})
	if err != nil {
		_ = s.sessions.Destroy(ctx) // there is no row: this only keeps the token from being sent
		return nil, err
	}
	return actor, s.trust(ctx, a.typed, a.device)
}

// learn brings department and roles into memory, should another process have made the person just now.
func (s *Service) learn(ctx context.Context, person id.ID) error {
	if _, err := s.people.Lookup(ctx, person); err != nil {
		return err
	}
	return s.access.Reload(ctx, person)
}

// begin stores a session and gives its actor.
func (s *Service) begin(ctx context.Context, tx *mysql.Tx, account *accountRow, a *attempt) (*access.Actor, error) {
	username, err := s.openUsername(ctx, account.ID, account.Person, account.Username)
	if err != nil {
		return nil, err
	}
	roles, err := s.access.RolesOf(ctx, tx, account.Person)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, updateSignedIn, s.moment(), account.ID); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, tx, account, a); err != nil {
		return nil, err
	}
	session, expires, err := s.insertSession(ctx, tx, account, a)
	if err != nil {
		return nil, err
	}
	return s.actor(actorRow{
		Session: session, ExpiresAt: expires, Account: account.ID, Person: account.Person, MustChange: account.MustChange,
	}, username, roles, a.origin), nil
}

// settle forgets failures of the name, and keeps the password's hash at the cost that is set now.
func (s *Service) settle(ctx context.Context, tx *mysql.Tx, account *accountRow, a *attempt) error {
	if err := s.gotIn(ctx, tx, a.under); err != nil {
		return err
	}
	if a.device.trusted() { // other browsers of this network are welcome, too
		network, err := s.countedUnder(ctx, a.typed, a.origin.Network())
		if err != nil {
			return err
		}
		if err := s.gotIn(ctx, tx, network); err != nil {
			return err
		}
	}
	if a.rehashed == "" {
		return nil
	}
	if a.external != nil { // whoever made the account still knows its link
		account.MustChange = false
		if _, err := tx.Exec(ctx, deleteLink, account.ID); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, updatePassword, a.rehashed, account.MustChange, account.ID)
	return err
}

func (s *Service) signedIn(actor *access.Actor, a *attempt) []ledger.Draft {
	now := s.moment()
	entry := func(action string) ledger.Draft {
		d := actor.Draft(ledger.StreamAuth, action, now)
		about := s.concerning(action, actor.Account, actor.Person)
		d.Person, d.Department, d.Entity = about.Person, about.Department, about.Entity
		d.Refs = []ledger.Ref{sessionRef(actor.Session)}
		d.Parts = append(d.Parts, ledger.PersonPart(ledger.FieldUsername, actor.Person, now, a.typed))
		return d
	}
	drafts := []ledger.Draft{entry(ledger.AuthSignedIn)}
	switch {
	case a.external != nil:
		drafts[0].Details = map[string]any{"provider": a.external.Provider, "firstPasswordDropped": a.rehashed != ""}
	case a.rehashed != "":
		drafts[0].Details = map[string]any{"passwordRehashed": true}
	}
	if a.older {
		drafts[0].Details = withOlder(drafts[0].Details)
	}
	for _, role := range actor.Roles {
		if role == RoleRoot {
			drafts = append(drafts, entry(ledger.AuthRootAccessed))
		}
	}
	return drafts
}
