// Package tokens lets programs call without a person who signs in: integrators, workstations and screens on a wall.
// A token is shown once and stored as a hash. It has a role of its own, the source whose entries it makes and sees,
// and where wished an expiry and networks from which alone it may be used.
package tokens

import (
	"context"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/lookup"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

// EntityToken is the type of what entries about a token are about.
const EntityToken = "apiToken"

// State says whether a token can be used.
type State string

// The states.
const (
	Active  State = "ACTIVE"
	Expired State = "EXPIRED"
	Revoked State = "REVOKED"
)

// Token is what is known of a token; the token itself is not.
type Token struct {
	ID          id.ID
	Name        string
	Role        string
	Source      string
	Networks    []string
	State       State
	CreatedAt   time.Time
	CreatedByID id.ID
	ExpiresAt   *time.Time
	// LastUsedAt and LastUsedFrom are written once a minute at most.
	LastUsedAt   *time.Time
	LastUsedFrom *string
	RevokedAt    *time.Time
}

// Service makes, checks and revokes tokens. It is safe for concurrent use.
type Service struct {
	db      *mysql.DB
	seal    *seal.Service
	ledger  *ledger.Ledger
	access  *access.Service
	now     func() time.Time
	log     *slog.Logger
	invalid *invalid
	// byHash reads tokens by the hash of their secret: programs send from many threads at once.
	byHash *lookup.Shared[string, *row]
	// checked is when a token was last found good for a feed, and checking lets a token's feeds ask together.
	checked  *lru.Cache[id.ID, time.Time]
	checking singleflight.Group
}

const checkedTokens = 4096

// New makes the service on a migrated database. Run must be running for expiries to be recorded.
func New(db *mysql.DB, sealer *seal.Service, l *ledger.Ledger, acc *access.Service, now func() time.Time, log *slog.Logger) (*Service, error) {
	checked, err := lru.New[id.ID, time.Time](checkedTokens)
	if err != nil {
		return nil, err
	}
	byHash := lookup.New(func(ctx context.Context, hash string) (*row, error) { return one(ctx, db, selectByHash, []byte(hash)) })
	return &Service{db: db, seal: sealer, ledger: l, access: acc, now: now, log: log, invalid: newInvalid(), byHash: byHash, checked: checked}, nil
}

func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// Create makes a token. secret is the token itself, which nobody can be told again.
func (s *Service) Create(ctx context.Context, actor *access.Actor, in CreateInput) (secret string, made *Token, err error) {
	if _, err := s.access.Require(ctx, actor, access.TokensManage); err != nil {
		return "", nil, err
	}
	now := s.moment()
	if in, err = in.tidy(now); err != nil {
		return "", nil, err
	}
	if in.Role == access.RoleWall {
		return "", nil, fault.Field("role", "a display on a wall gets its token by pairing: open its page there, and approve the code that it shows")
	}
	secret = newSecret()
	made = newToken(actor, in, now)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.insert(ctx, tx, hashOf(secret), made); err != nil {
			return err
		}
		_, err := s.ledger.Append(ctx, tx, createdDraft(actor, made, now))
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return secret, made, nil
}

func newToken(actor *access.Actor, in CreateInput, now time.Time) *Token {
	return &Token{
		ID: id.New(), Name: in.Name, Role: in.Role, Source: in.Source, Networks: in.Networks, State: Active,
		CreatedAt: now, CreatedByID: actor.Person, ExpiresAt: in.ExpiresAt,
	}
}

func createdDraft(actor *access.Actor, made *Token, now time.Time) ledger.Draft {
	d := about(actor.Draft(ledger.StreamAuth, ledger.AuthTokenCreated, now), made.ID, made.Name)
	networks := make([]any, len(made.Networks))
	for i, network := range made.Networks {
		networks[i] = network
	}
	d.Details = map[string]any{"role": made.Role, "source": made.Source, "networks": networks}
	if made.ExpiresAt != nil {
		d.Details["expiresAt"] = made.ExpiresAt.Format(ledger.TimeFormat)
	}
	return d
}

// about completes an entry that concerns a token.
func about(d ledger.Draft, token id.ID, name string) ledger.Draft {
	d.Entity = ledger.Entity{Type: EntityToken, ID: token.String(), Label: name}
	return d
}

// Revoke ends a token for good, everywhere within a second. NOT_FOUND when there is none; revoking once more changes
// and records nothing.
func (s *Service) Revoke(ctx context.Context, actor *access.Actor, token id.ID) (*Token, error) {
	if _, err := s.access.Require(ctx, actor, access.TokensManage); err != nil {
		return nil, err
	}
	now := s.moment()
	var found *row
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) (err error) {
		if found, err = one(ctx, tx, lockByID, token); err != nil {
			return err
		}
		if found == nil {
			return fault.New(fault.NotFound, "There is no such token.")
		}
		if found.RevokedAt.Valid {
			return nil
		}
		if _, err = tx.Exec(ctx, setRevoked, now, token); err != nil {
			return err
		}
		found.RevokedAt.Time, found.RevokedAt.Valid = now, true
		_, err = s.ledger.Append(ctx, tx, about(actor.Draft(ledger.StreamAuth, ledger.AuthTokenRevoked, now), token, found.Name))
		return err
	})
	if err != nil {
		return nil, err
	}
	s.checked.Remove(token)
	return s.token(ctx, found)
}

// List gives all tokens, newest first, those that were revoked included.
func (s *Service) List(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Token], error) {
	var none page.Page[*Token]
	if _, err := s.access.Require(ctx, actor, access.TokensManage); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	rows, err := newest(ctx, s.db, w)
	if err != nil {
		return none, err
	}
	tokens := make([]*Token, len(rows))
	for i, r := range rows {
		if tokens[i], err = s.token(ctx, r); err != nil {
			return none, err
		}
	}
	return page.Cut(w, tokens, func(t *Token) string { return page.Encode(t.ID[:]) }), nil
}

func (s *Service) token(ctx context.Context, r *row) (*Token, error) {
	t := &Token{
		ID: r.ID, Name: r.Name, Role: r.Role, Source: r.Source, Networks: r.networks(), State: r.state(s.moment()),
		CreatedAt: r.CreatedAt, CreatedByID: r.CreatedBy, ExpiresAt: timeOrNil(r.ExpiresAt),
		LastUsedAt: timeOrNil(r.UsedAt), RevokedAt: timeOrNil(r.RevokedAt),
	}
	ip, err := s.openAddress(ctx, r)
	if ip != "" {
		t.LastUsedFrom = &ip
	}
	return t, err
}

func (r *row) state(now time.Time) State {
	switch {
	case r.RevokedAt.Valid:
		return Revoked
	case r.ExpiresAt.Valid && !now.Before(r.ExpiresAt.Time):
		return Expired
	}
	return Active
}
