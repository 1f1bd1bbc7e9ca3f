package signin

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// Why a session was ended, in an entry's details under "reason".
const (
	revokedPasswordChanged = "password_changed"
	revokedDisabled        = "account_disabled"
	revokedByOwner         = "ended_by_owner"
	revokedByAdmin         = "ended_by_admin"
)

// Session is a sign-in that still counts.
type Session struct {
	ID      id.ID
	Account id.ID
	// Origin is where the sign-in came from.
	Origin    ledger.Origin
	CreatedAt time.Time
	// SeenAt is the last use, to the grain of Config: a minute, or a tenth of the timeout where that is less.
	SeenAt    time.Time
	ExpiresAt time.Time
	// Current marks the session that asks.
	Current bool
}

const (
	listSessions   = "SELECT id, account, origin, created_at, seen_at, expires_at FROM session WHERE account = ? AND expires_at > ?"
	sessionsBefore = listSessions + " AND id < ? ORDER BY id DESC LIMIT ?"
	sessionsAfter  = listSessions + " AND id > ? ORDER BY id LIMIT ?"
	selectSession  = "SELECT account FROM session WHERE id = ?"
)

// ListSessions gives a page of an account's sessions, the newest first. The zero account is the actor's own; any other
// needs access.manage.
func (s *Service) ListSessions(ctx context.Context, actor *access.Actor, account id.ID, request page.Request) (page.Page[*Session], error) {
	account, err := s.ownOr(ctx, actor, account)
	if err != nil {
		return page.Page[*Session]{}, err
	}
	window, err := request.Window()
	if err != nil {
		return page.Page[*Session]{}, err
	}
	at, err := accountCursor(window)
	if err != nil {
		return page.Page[*Session]{}, err
	}
	query := sessionsBefore
	if window.Backward {
		query = sessionsAfter
	}
	var rows []sessionRow
	if err := s.db.Select(ctx, &rows, query, account, s.moment(), at[:], window.Limit+1); err != nil {
		return page.Page[*Session]{}, err
	}
	sessions, err := s.openSessions(ctx, actor, account, rows)
	return page.Cut(window, sessions, func(one *Session) string { return page.Encode(one.ID[:]) }), err
}

type sessionRow struct {
	ID        id.ID     `db:"id"`
	Account   id.ID     `db:"account"`
	Origin    []byte    `db:"origin"` // sealed
	CreatedAt time.Time `db:"created_at"`
	SeenAt    time.Time `db:"seen_at"`
	ExpiresAt time.Time `db:"expires_at"`
}

// ownOr gives the actor's own account for none, and another's to whoever manages access.
func (s *Service) ownOr(ctx context.Context, actor *access.Actor, account id.ID) (id.ID, error) {
	if actor == nil {
		return account, signInFirst()
	}
	if account.IsZero() || account == actor.Account {
		if actor.Account.IsZero() {
			return account, fault.Field("account", "you have no account of your own: name one")
		}
		return actor.Account, nil
	}
	_, err := s.access.Require(ctx, actor, access.AccessManage)
	return account, err
}

func (s *Service) openSessions(ctx context.Context, actor *access.Actor, account id.ID, rows []sessionRow) ([]*Session, error) {
	owner, err := s.account(ctx, s.db, selectByID, account)
	if err != nil {
		return nil, err
	}
	if owner == nil {
		return nil, fault.New(fault.NotFound, "There is no such account.")
	}
	sessions := make([]*Session, len(rows))
	for i, row := range rows {
		sessions[i] = &Session{
			ID: row.ID, Account: row.Account, CreatedAt: row.CreatedAt, SeenAt: row.SeenAt, ExpiresAt: row.ExpiresAt,
			Current: row.ID == actor.Session,
		}
		if sessions[i].Origin, err = s.openOrigin(ctx, row.ID, owner.Person, row.Origin); err != nil {
			return nil, err
		}
	}
	return sessions, nil
}

func (s *Service) sealOrigin(ctx context.Context, tx *mysql.Tx, session, person id.ID, origin ledger.Origin) ([]byte, error) {
	if origin.IsZero() {
		return nil, nil
	}
	plain, err := json.Marshal(origin)
	if err != nil {
		return nil, err
	}
	return s.seal.Seal(ctx, tx, seal.Person(person), boundToSession(session), plain)
}

func (s *Service) openOrigin(ctx context.Context, session, person id.ID, sealed []byte) (origin ledger.Origin, err error) {
	if len(sealed) == 0 {
		return origin, nil
	}
	plain, err := s.seal.Unseal(ctx, s.db, seal.Person(person), boundToSession(session), sealed)
	if errors.Is(err, seal.ErrDestroyed) {
		return origin, nil // the person was erased
	}
	if err != nil {
		return origin, err
	}
	return origin, json.Unmarshal(plain, &origin)
}

// boundToSession is authenticated with a session's origin: the same bytes in another row do not open.
func boundToSession(session id.ID) []byte { return []byte("session\x00" + session.String()) }

// RevokeSession ends a session: one's own, or with access.manage another's. NOT_FOUND when there is none such.
func (s *Service) RevokeSession(ctx context.Context, actor *access.Actor, session id.ID) error {
	if actor == nil {
		return signInFirst()
	}
	var accounts []id.ID
	if err := s.db.Select(ctx, &accounts, selectSession, session); err != nil {
		return err
	}
	missing := fault.New(fault.NotFound, "There is no such session: it may have ended meanwhile.")
	if len(accounts) == 0 {
		return missing
	}
	reason := revokedByOwner
	if accounts[0] != actor.Account {
		if s.access.ScopeOf(actor, access.AccessManage) == access.None {
			return missing // whether others have such a session is not told
		}
		reason = revokedByAdmin
	}
	s.checked.Remove(session)
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		n, err := s.endSessions(ctx, tx, "id = ?", []any{session}, s.revoked(actor, reason))
		if err == nil && n == 0 {
			return missing
		}
		return err
	})
}

// EndSessions ends every session of an account and gives how many there were: of the actor's own all but the one that
// asks, or with access.manage of another's all.
func (s *Service) EndSessions(ctx context.Context, actor *access.Actor, account id.ID) (ended int, err error) {
	account, err = s.ownOr(ctx, actor, account)
	if err != nil {
		return 0, err
	}
	but, reason := id.ID{}, revokedByAdmin
	if account == actor.Account {
		but, reason = actor.Session, revokedByOwner
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := s.lockKnown(ctx, tx, account); err != nil { // no sign-in slips in between
			return err
		}
		ended, err = s.revokeCounted(ctx, tx, actor, account, but, reason)
		return err
	})
	return ended, err
}

// revoke ends the sessions of an account but one.
func (s *Service) revoke(ctx context.Context, tx *mysql.Tx, by *access.Actor, account, but id.ID, reason string) error {
	_, err := s.revokeCounted(ctx, tx, by, account, but, reason)
	return err
}

func (s *Service) revokeCounted(ctx context.Context, tx *mysql.Tx, by *access.Actor, account, but id.ID, reason string) (int, error) {
	ended := 0
	for {
		n, err := s.endSessions(ctx, tx, "account = ? AND id <> ?", []any{account, but[:]}, s.revoked(by, reason))
		if err != nil {
			return 0, err
		}
		if ended += n; n < sweepBatch {
			return ended, nil
		}
	}
}

func (s *Service) revoked(by *access.Actor, reason string) func(ending) ledger.Draft {
	return func(e ending) ledger.Draft {
		d := s.byActor(by, ledger.AuthSessionRevoked, e.Account, e.person)
		d.Details = map[string]any{"reason": reason}
		return d
	}
}

// IP gives the address of the sign-in; nil when none is known.
func (s *Session) IP() *string { return textOrNil(s.Origin.IP) }

// UserAgent gives the program of the sign-in, in its own words; nil when none is known.
func (s *Session) UserAgent() *string { return textOrNil(s.Origin.UserAgent) }

// Device gives the program of the sign-in in words; nil when none is known.
func (s *Session) Device() *string { return textOrNil(s.Origin.Device) }

// Location gives the place of the sign-in; nil when none is known.
func (s *Session) Location() *string { return textOrNil(s.Origin.Place) }

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
