package tokens

import (
	"context"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// NewSecret makes a token that is not good yet, and gives its hash, with which InsertPaired makes it good.
func NewSecret() (secret string, hash []byte) {
	secret = newSecret()
	return secret, hashOf(secret)
}

// HashOf gives the hash under which a token is known, nil for a text that can be none.
func HashOf(secret string) []byte {
	if !wellFormed(secret) {
		return nil
	}
	return hashOf(secret)
}

// InsertPaired makes the token good whose hash a display has asked with. The caller has required the right of actor.
func (s *Service) InsertPaired(ctx context.Context, tx *mysql.Tx, actor *access.Actor, hash []byte, in CreateInput) (*Token, error) {
	now := s.moment()
	in.Role = access.RoleWall
	in, err := in.tidy(now)
	if err != nil {
		return nil, err
	}
	made := newToken(actor, in, now)
	if err := s.insert(ctx, tx, hash, made); err != nil {
		return nil, err
	}
	_, err = s.ledger.Append(ctx, tx, createdDraft(actor, made, now))
	return made, err
}

// AuthenticateWall gives the actor whom the token in a display's cookie stands for: nil while nobody has approved it,
// and once it cannot be used any more. The latter is recorded as for every token.
func (s *Service) AuthenticateWall(ctx context.Context, secret string, origin ledger.Origin) (*access.Actor, error) {
	hash := HashOf(secret)
	if hash == nil {
		return nil, nil
	}
	found, err := s.byHash.Get(ctx, string(hash))
	if err != nil || found == nil || found.Role != access.RoleWall {
		return nil, err
	}
	return s.admit(ctx, found, origin)
}

func (s *Service) insert(ctx context.Context, tx *mysql.Tx, hash []byte, made *Token) error {
	_, err := tx.Exec(ctx, insert, made.ID, hash, made.Name, made.Role, made.Source,
		strings.Join(made.Networks, ","), made.CreatedAt, made.CreatedByID, made.ExpiresAt, made.ExpiresAt)
	return err
}

// NameOf gives the name of a token, "" when there is none.
func (s *Service) NameOf(ctx context.Context, token id.ID) (string, error) {
	found, err := one(ctx, s.db, selectByID, token)
	if err != nil || found == nil {
		return "", err
	}
	return found.Name, nil
}
