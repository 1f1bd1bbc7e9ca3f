package tokens

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	columns      = "id, name, role, source, networks, created_at, created_by, expires_at, used_at, used_from, revoked_at"
	selectByHash = "SELECT " + columns + " FROM api_token WHERE hash = ?"
	selectByID   = "SELECT " + columns + " FROM api_token WHERE id = ?"
	lockByID     = selectByID + " FOR UPDATE"
	insert       = "INSERT INTO api_token (id, hash, name, role, source, networks, created_at, created_by, expires_at, expiring_at)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	setRevoked    = "UPDATE api_token SET revoked_at = ?, expiring_at = NULL WHERE id = ?"
	setFirstUse   = "UPDATE api_token SET used_at = ?, used_from = ? WHERE id = ? AND used_at IS NULL"
	setUse        = "UPDATE api_token SET used_at = ?, used_from = ? WHERE id = ? AND used_at <= ?"
	lockExpired   = "SELECT " + columns + " FROM api_token WHERE expiring_at <= ? ORDER BY expiring_at, id LIMIT 100 FOR UPDATE"
	expiryWritten = "UPDATE api_token SET expiring_at = NULL WHERE id IN (?)"
)

// row is a token as it is stored, without its hash.
type row struct {
	ID        id.ID        `db:"id"`
	Name      string       `db:"name"`
	Role      string       `db:"role"`
	Source    string       `db:"source"`
	Networks  string       `db:"networks"`
	CreatedAt time.Time    `db:"created_at"`
	CreatedBy id.ID        `db:"created_by"`
	ExpiresAt sql.NullTime `db:"expires_at"`
	UsedAt    sql.NullTime `db:"used_at"`
	UsedFrom  []byte       `db:"used_from"` // sealed
	RevokedAt sql.NullTime `db:"revoked_at"`
}

// one reads a token by one of the queries above, nil when there is none.
func one(ctx context.Context, q mysql.Querier, query string, key any) (*row, error) {
	var r row
	err := q.Get(ctx, &r, query, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &r, nil
}

func (r *row) networks() []string {
	if r.Networks == "" {
		return []string{}
	}
	return strings.Split(r.Networks, ",")
}

// newest gives a window of all tokens, newest first.
func newest(ctx context.Context, q mysql.Querier, w page.Window) ([]*row, error) {
	comparison, order := "<", "DESC"
	if w.Backward {
		comparison, order = ">", "ASC"
	}
	where := &mysql.Where{}
	if w.Cursor != "" {
		at, err := placeOf(w)
		if err != nil {
			return nil, err
		}
		where.And("id "+comparison+" ?", at)
	}
	var rows []*row
	err := q.Select(ctx, &rows, "SELECT "+columns+" FROM api_token"+where.SQL()+" ORDER BY id "+order+" LIMIT ?", where.Args(w.Limit+1)...)
	return rows, err
}

// placeOf reads a cursor: the id of a token, which begins with the time at which it was made.
func placeOf(w page.Window) (id.ID, error) {
	field := "after"
	if w.Backward {
		field = "before"
	}
	payload, err := page.Decode(field, w.Cursor)
	if err != nil {
		return id.ID{}, err
	}
	var at id.ID
	copy(at[:], payload)
	return at, nil
}

// usedFromSubject is whose key seals where a token was used from: its program's, in the month of the use.
func usedFromSubject(source string, at time.Time) seal.Subject { return seal.Source(source, at) }

// boundTo is authenticated with a token's last address: the same bytes in another row do not open.
func boundTo(token id.ID) []byte { return []byte("api_token\x00" + token.String()) }

func (s *Service) sealAddress(ctx context.Context, token id.ID, source, ip string, at time.Time) ([]byte, error) {
	return s.seal.Seal(ctx, s.db, usedFromSubject(source, at), boundTo(token), []byte(ip))
}

// openAddress gives where a token was last used from, "" when it was not used or the key is gone.
func (s *Service) openAddress(ctx context.Context, r *row) (string, error) {
	if !r.UsedAt.Valid || len(r.UsedFrom) == 0 {
		return "", nil
	}
	ip, err := s.seal.Unseal(ctx, s.db, usedFromSubject(r.Source, r.UsedAt.Time), boundTo(r.ID), r.UsedFrom)
	if errors.Is(err, seal.ErrDestroyed) {
		return "", nil
	}
	return string(ip), err
}

func timeOrNil(t sql.NullTime) *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time
}
