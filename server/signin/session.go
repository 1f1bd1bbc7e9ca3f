package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	actorColumns = "s.id AS session, s.expires_at, s.older, a.id AS account, a.person, a.username, a.must_change, a.disabled_at"
	selectActor  = "SELECT " + actorColumns + " FROM session s JOIN account a ON a.id = s.account WHERE s.id = ?"
)

type actorRow struct {
	Session    id.ID        `db:"session"`
	ExpiresAt  time.Time    `db:"expires_at"`
	Account    id.ID        `db:"account"`
	Person     id.ID        `db:"person"`
	Username   []byte       `db:"username"` // sealed
	MustChange bool         `db:"must_change"`
	Older      bool         `db:"older"`
	DisabledAt sql.NullTime `db:"disabled_at"`
}

// ActorOf gives who asks, from the session that was loaded into ctx; nil when nobody is signed in, or only at the
// older systems' endpoints.
func (s *Service) ActorOf(ctx context.Context, origin ledger.Origin) (*access.Actor, error) {
	actor, older, err := s.actorOf(ctx, origin)
	if older {
		return nil, err
	}
	return actor, err
}

// OlderActorOf is ActorOf for the older systems' endpoints, which every session reaches.
func (s *Service) OlderActorOf(ctx context.Context, origin ledger.Origin) (*access.Actor, error) {
	actor, _, err := s.actorOf(ctx, origin)
	return actor, err
}

func (s *Service) actorOf(ctx context.Context, origin ledger.Origin) (actor *access.Actor, older bool, err error) {
	session, err := id.Parse(s.sessions.GetString(ctx, sessionKey))
	if err != nil {
		return nil, false, nil
	}
	row, err := s.loaded(ctx, session)
	if row == nil || err != nil {
		return nil, false, err
	}
	username, err := s.openUsername(ctx, row.Account, row.Person, row.Username)
	if err != nil {
		return nil, false, err
	}
	if _, err := s.people.Lookup(ctx, row.Person); err != nil { // so that the department is known
		return nil, false, err
	}
	return s.actor(*row, username, s.access.Roles(row.Person), origin), row.Older, nil
}

// loaded is live for a session that may just have been read.
func (s *Service) loaded(ctx context.Context, session id.ID) (*actorRow, error) {
	if row := recall(ctx, session); row != nil {
		return s.ifGood(row), nil
	}
	return s.live(ctx, session)
}

// live reads a session that is still good, nil when it has ended or its account is disabled.
func (s *Service) live(ctx context.Context, session id.ID) (*actorRow, error) {
	var row actorRow
	err := s.db.Get(ctx, &row, selectActor, session)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.ifGood(&row), nil
}

func (s *Service) ifGood(row *actorRow) *actorRow {
	if row.DisabledAt.Valid || !s.moment().Before(row.ExpiresAt) {
		return nil
	}
	return row
}

func (s *Service) actor(row actorRow, username string, roles []string, origin ledger.Origin) *access.Actor {
	if origin.Name == "" {
		origin.Name = username
	}
	department, _ := s.people.DepartmentOf(row.Person)
	return &access.Actor{
		Person: row.Person, Merged: s.people.MergedFrom(row.Person), Department: department, Account: row.Account, Session: row.Session, Username: username,
		Roles: roles, Source: ledger.SourceKeytrail, Origin: origin, MustChangePassword: row.MustChange,
		SessionExpiresAt: row.ExpiresAt,
	}
}

// validFor is how long a session that was found valid is not asked for again by open feeds.
const validFor = 400 * time.Millisecond

// StillValid gives, for a feed that stays open, the actor as he is now. UNAUTHENTICATED when his session has ended
// or his account is disabled. It does not keep the session alive. changed says that something about him was
// recorded just now: nothing that is remembered counts then.
func (s *Service) StillValid(ctx context.Context, actor *access.Actor, changed bool) (*access.Actor, error) {
	if actor == nil {
		return nil, signInFirst()
	}
	if changed {
		if err := s.relearn(ctx, actor.Person); err != nil {
			return nil, err
		}
	}
	if err := s.checkSession(ctx, actor, changed); err != nil {
		return nil, err
	}
	return s.asOfNow(actor), nil
}

// relearn reads department and roles anew, which may have been changed by another process just now.
func (s *Service) relearn(ctx context.Context, person id.ID) error {
	if err := s.people.Reread(ctx, person); err != nil {
		return err
	}
	return s.access.Reload(ctx, person)
}

func (s *Service) checkSession(ctx context.Context, actor *access.Actor, changed bool) error {
	if actor.Session.IsZero() {
		return nil
	}
	now := s.now()
	if at, ok := s.checked.Get(actor.Session); ok && !changed && now.Sub(at) < validFor && now.Before(actor.SessionExpiresAt) {
		return nil
	}
	found, err := s.liveTogether(ctx, actor.Session, changed)
	if err != nil {
		return err
	}
	if !found {
		s.checked.Remove(actor.Session)
		return fault.New(fault.Unauthenticated, "Your session has ended. Sign in again.")
	}
	s.checked.Add(actor.Session, now)
	return nil
}

// checkTimeout bounds a check that several feeds wait for.
const checkTimeout = 10 * time.Second

// liveTogether reports whether a session is still good. A session's feeds, which ask at the same time, share the
// answer; alone is for one that must not be older than the question.
func (s *Service) liveTogether(ctx context.Context, session id.ID, alone bool) (bool, error) {
	if alone {
		row, err := s.live(ctx, session)
		return row != nil, err
	}
	found := s.checking.DoChan(session.String(), func() (any, error) {
		// Others share this call: it must not end because its first caller leaves.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
		defer cancel()
		row, err := s.live(ctx, session)
		return row != nil, err
	})
	select {
	case one := <-found:
		return one.Err == nil && one.Val.(bool), one.Err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// asOfNow gives the actor with the department and roles that he has now.
func (s *Service) asOfNow(actor *access.Actor) *access.Actor {
	if _, known := s.people.Find(actor.Person); !known || actor.Account.IsZero() {
		return actor
	}
	fresh := *actor
	fresh.Department, _ = s.people.DepartmentOf(actor.Person)
	fresh.Merged = s.people.MergedFrom(actor.Person)
	fresh.Roles = s.access.Roles(actor.Person)
	return &fresh
}

// SignOut ends the actor's session. Nobody may sign out, too.
func (s *Service) SignOut(ctx context.Context, actor *access.Actor) error {
	if actor == nil {
		return nil
	}
	s.checked.Remove(actor.Session)
	return s.sessions.Destroy(ctx)
}

func signInFirst() error { return fault.New(fault.Unauthenticated, "Sign in first.") }
