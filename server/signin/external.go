package signin

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// ExternalIdentity is whom an identity provider vouches for. It was verified by the caller.
type ExternalIdentity struct {
	// Provider is the provider's name for people; issuer and subject together name the user for good.
	Provider, Issuer, Subject string
	// Email is "" unless the provider has verified it.
	Email    string
	Name     string
	Username string
}

// ExternalRules say what becomes of a user of an identity provider who is linked to no account yet.
type ExternalRules struct {
	// LinkByEmail gives him the account of the one person with his verified e-mail address.
	LinkByEmail bool
	// CreateRole is the role of an account that is made for him; "" makes none.
	CreateRole string
}

// Why a sign-in with an identity provider failed, in an entry's details under "reason".
const (
	ReasonNotLinked         = "not_linked"
	ReasonAmbiguous         = "ambiguous"
	ReasonHasSecondFactor   = "has_second_factor"
	ReasonRefusedByProvider = "refused_by_provider"
	ReasonNotVerifiable     = "not_verifiable"
)

const (
	externalPurpose = "external_identity"
	selectExternal  = "SELECT account FROM external_identity WHERE identity_index = ?"
	insertExternal  = "INSERT INTO external_identity (identity_index, account, created_at) VALUES (?, ?, ?)"
	selectOf        = "SELECT " + accountColumns + " FROM account WHERE person = ?"
)

// SignInExternal begins a session for whom an identity provider vouches for: with the account that he is linked to,
// or by the rules. The provider stands in for password and second factor. NOT_FOUND when the rules give him no
// account, FORBIDDEN when it is disabled, RATE_LIMITED when too many come from his network. ctx is as for SignIn.
func (s *Service) SignInExternal(ctx context.Context, who ExternalIdentity, origin ledger.Origin) (*access.Actor, error) {
	a := &attempt{typed: who.shown(), origin: origin, external: &who}
	if err := s.keepPace(ctx, a); err != nil {
		return nil, err
	}
	reason, err := s.findExternal(ctx, a)
	if fault.Is(err, fault.Conflict) { // he came twice at once: by now he has the account that the other one got
		reason, err = s.findExternal(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	if reason == "" && a.account.DisabledAt.Valid {
		reason = ReasonDisabled
	}
	if reason != "" {
		return nil, s.refuseExternal(ctx, a, reason)
	}
	if a.typed, err = s.openUsername(ctx, a.account.ID, a.account.Person, a.account.Username); err != nil {
		return nil, err
	}
	if a.under, err = s.countedUnder(ctx, a.typed, a.place()); err != nil {
		return nil, err
	}
	if a.account.MustChange { // he need not know the first password, and nobody is to use it any more
		if a.rehashed, _, err = s.firstPassword(ctx, a.typed, ""); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	return s.admit(ctx, a)
}

// shown is what names the user in an entry, sealed.
func (who *ExternalIdentity) shown() string {
	for _, name := range []string{who.Email, who.Username, who.Subject} {
		if name != "" {
			return name
		}
	}
	return ""
}

// FailedExternal records that somebody came back from an identity provider without success.
func (s *Service) FailedExternal(ctx context.Context, provider, reason string, origin ledger.Origin) error {
	a := &attempt{origin: origin, external: &ExternalIdentity{Provider: provider}}
	return s.recordRefused(ctx, refusedAt{reason: reason, network: origin.Network()}, s.failedExternal(a, reason))
}

func (s *Service) refuseExternal(ctx context.Context, a *attempt, reason string) error {
	at := refusedAt{reason: reason, name: a.typed, network: a.origin.Network()}
	if err := s.recordRefused(ctx, at, s.failedExternal(a, reason)); err != nil {
		return err
	}
	if reason == ReasonDisabled {
		return fault.New(fault.Forbidden, "Your account is disabled. Ask an administrator of keytrail.")
	}
	return fault.New(fault.NotFound, "No account belongs to you. Ask an administrator of keytrail for one.")
}

func (s *Service) failedExternal(a *attempt, reason string) ledger.Draft {
	d := s.attempted(a, ledger.AuthExternalFailed)
	d.Outcome = ledger.Failure
	d.Details = map[string]any{"reason": reason, "provider": a.external.Provider}
	if a.typed == "" {
		d.Parts = d.Parts[1:]
	}
	return d
}

// findExternal finds the account of a user, and links or makes it as the rules say; the reason says why there is none.
func (s *Service) findExternal(ctx context.Context, a *attempt) (reason string, err error) {
	index, err := s.seal.BlindIndex(ctx, externalPurpose, a.external.Issuer+"\x00"+a.external.Subject)
	if err != nil {
		return "", err
	}
	if a.account, err = s.linked(ctx, s.db, index); err != nil || a.account != nil {
		return "", err
	}
	rules := s.config.External
	var known []id.ID
	if rules.LinkByEmail {
		known = s.people.WithEmail(a.external.Email)
	}
	if len(known) > 1 {
		return ReasonAmbiguous, nil
	}
	if len(known) == 1 {
		if a.account, err = s.account(ctx, s.db, selectOf, known[0]); err != nil {
			return "", err
		}
	}
	switch {
	case a.account != nil:
		return s.linkExisting(ctx, a, index)
	case rules.CreateRole == "":
		return ReasonNotLinked, nil
	}
	return "", s.createExternal(ctx, a, index, known)
}

func (s *Service) linked(ctx context.Context, q mysql.Querier, index []byte) (*accountRow, error) {
	var account id.ID
	err := q.Get(ctx, &account, selectExternal, index)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.account(ctx, q, selectByID, account)
}

// linkExisting links by e-mail. An account with a second factor is not linked by itself: whoever can have an address
// verified would get around it.
func (s *Service) linkExisting(ctx context.Context, a *attempt, index []byte) (reason string, err error) {
	if a.account.DisabledAt.Valid {
		return ReasonDisabled, nil
	}
	factor, err := s.confirmedFactor(ctx, s.db, selectFactor, a.account.ID)
	if err != nil {
		return "", err
	}
	if factor != nil {
		return ReasonHasSecondFactor, nil
	}
	return "", s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.link(ctx, tx, a, index, "email") })
}

// link stores that a user of the provider has an account, and records it.
func (s *Service) link(ctx context.Context, tx *mysql.Tx, a *attempt, index []byte, rule string) error {
	_, err := tx.Exec(ctx, insertExternal, index, a.account.ID, s.moment())
	if mysql.DuplicateIndex(err) != "" {
		return fault.New(fault.Conflict, "You were linked to an account just now. Sign in again.")
	}
	if err != nil {
		return err
	}
	d := s.attempted(a, ledger.AuthExternalLinked)
	d.Details = map[string]any{"provider": a.external.Provider, "rule": rule}
	_, err = s.ledger.Append(ctx, tx, d)
	return err
}

const namesTried = 3

// createExternal makes an account with a password that nobody knows, for a known person or a new one.
func (s *Service) createExternal(ctx context.Context, a *attempt, index []byte, known []id.ID) error {
	var err error
	for n := range namesTried {
		username := a.external.usernameFor(n)
		var hash string
		if hash, _, err = s.firstPassword(ctx, username, ""); err != nil {
			return err
		}
		err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			return s.insertExternal(ctx, tx, a, index, known, username, hash)
		})
		f, isFault := fault.As(err)
		if !isFault || f.Kind != fault.Conflict || f.Data["field"] != "username" {
			return err
		}
	}
	return err
}

func (s *Service) insertExternal(ctx context.Context, tx *mysql.Tx, a *attempt, index []byte, known []id.ID, username, hash string) error {
	in := CreateAccountInput{Username: username, Roles: []string{s.config.External.CreateRole}}
	if len(known) == 1 {
		in.Person = known[0]
		held, err := s.access.RolesOf(ctx, tx, in.Person)
		if err != nil {
			return err
		}
		if len(held) > 0 { // what somebody gave him stays
			in.Roles = held
		}
	} else {
		made, err := s.people.Insert(ctx, tx, access.System(), s.moment(), []people.CreateInput{a.external.person()})
		if err != nil {
			return err
		}
		in.Person = made[0].ID
	}
	account, err := s.insertAccount(ctx, tx, access.System(), in, hash)
	if err != nil {
		return err
	}
	if a.account, err = s.account(ctx, tx, selectByID, account.ID); err != nil {
		return err
	}
	return s.link(ctx, tx, a, index, "created")
}

func (who *ExternalIdentity) person() people.CreateInput {
	name := who.Name
	if name == "" {
		name = who.shown()
	}
	return people.CreateInput{Name: name, Email: who.Email}
}

// usernameFor gives the nth name to try for a new account: as the provider says, the address, or one that is free.
func (who *ExternalIdentity) usernameFor(n int) string {
	base, err := newUsername(who.Username)
	if err != nil || IsRoot(base) {
		base = "user"
	}
	if email, err := newUsername(who.Email); err == nil && (n == 1 || n == 0 && base == "user") {
		return email
	}
	if n == 0 && base != "user" {
		return base
	}
	if len(base) > MaxUsername-8 {
		base = "user"
	}
	return base + "-" + strings.ToLower(rand.Text()[:6])
}
