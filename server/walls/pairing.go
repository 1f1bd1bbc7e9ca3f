package walls

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/tokens"
)

const (
	// codeLasts is how long a code can be approved.
	codeLasts = 10 * time.Minute
	// mostWaiting bounds how many displays wait at once in all, and mostFromAddress from one address,
	// or one network of IPv6, out of which one display may choose any.
	mostWaiting     = 500
	mostFromAddress = 20
	addressPurpose  = "wall_pairing"
	originSource    = "wall"
)

const (
	deleteExpired   = "DELETE FROM wall_pairing WHERE expires_at <= ? LIMIT 1000"
	countWaiting    = "SELECT COUNT(*) FROM wall_pairing WHERE expires_at > ?"
	countFrom       = "SELECT COUNT(*) FROM wall_pairing WHERE asked_from = ? AND expires_at > ?"
	insertPairing   = "INSERT INTO wall_pairing (id, code_hash, secret_hash, asked_from, origin, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
	pairingColumns  = "SELECT id, secret_hash, origin, asked_at, expires_at FROM wall_pairing"
	selectPairing   = pairingColumns + " WHERE code_hash = ? AND expires_at > ?"
	lockPairing     = selectPairing + " FOR UPDATE"
	selectWaits     = "SELECT COUNT(*) FROM wall_pairing WHERE secret_hash = ? AND expires_at > ?"
	deletePairing   = "DELETE FROM wall_pairing WHERE id = ?"
	secondsOfMinute = 60
)

// Pairing is a display that waits to be approved.
type Pairing struct {
	// Code is what the display shows.
	Code      string
	ExpiresAt time.Time
}

// PairingRequest is what an admin is shown of a display before he approves it.
type PairingRequest struct {
	Code    string
	AskedAt time.Time
	// IP, Device and Location say where the display is; nil where that is not known.
	IP, Device, Location *string
}

type pairingRow struct {
	ID         id.ID     `db:"id"`
	SecretHash []byte    `db:"secret_hash"`
	Origin     []byte    `db:"origin"` // sealed
	AskedAt    time.Time `db:"asked_at"`
	ExpiresAt  time.Time `db:"expires_at"`
}

// Request begins a pairing. secret goes into the display's cookie and becomes its token once the code is approved.
// RATE_LIMITED when too many displays wait.
func (s *Service) Request(ctx context.Context, origin ledger.Origin) (secret string, made *Pairing, err error) {
	now := s.moment()
	from, sealed, err := s.sealOrigin(ctx, origin, now)
	if err != nil {
		return "", nil, err
	}
	secret, hash := tokens.NewSecret()
	made = &Pairing{Code: newCode(), ExpiresAt: now.Add(codeLasts)}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, deleteExpired, now); err != nil {
			return err
		}
		if err := s.checkWaiting(ctx, tx, from, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertPairing, id.New(), hashOfCode(made.Code), hash, from, sealed, now, made.ExpiresAt)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return secret, made, nil
}

func (s *Service) checkWaiting(ctx context.Context, tx *mysql.Tx, from []byte, now time.Time) error {
	var here, everywhere int
	if err := tx.Get(ctx, &here, countFrom, from, now); err != nil {
		return err
	}
	if err := tx.Get(ctx, &everywhere, countWaiting, now); err != nil {
		return err
	}
	if here >= mostFromAddress || everywhere >= mostWaiting {
		return fault.New(fault.RateLimited, "Too many displays wait to be approved. Try again in a few minutes.").
			With("retryAfterSeconds", secondsOfMinute)
	}
	return nil
}

// Waits reports whether a display's cookie belongs to a code that can still be approved.
func (s *Service) Waits(ctx context.Context, secret string) (bool, error) {
	hash := tokens.HashOf(secret)
	if hash == nil {
		return false, nil
	}
	var found int
	err := s.db.Get(ctx, &found, selectWaits, hash, s.moment())
	return found > 0, err
}

// Find gives the display that shows a code, nil when there is none: so that an admin sees what he approves.
func (s *Service) Find(ctx context.Context, actor *access.Actor, typed string) (*PairingRequest, error) {
	if _, err := s.access.Require(ctx, actor, access.TokensManage); err != nil {
		return nil, err
	}
	code, err := tidyCode(typed)
	if err != nil {
		return nil, err
	}
	row, err := onePairing(ctx, s.db, selectPairing, code, s.moment())
	if err != nil || row == nil {
		return nil, err
	}
	return s.shown(ctx, code, row)
}

func onePairing(ctx context.Context, q mysql.Querier, query, code string, now time.Time) (*pairingRow, error) {
	var row pairingRow
	err := q.Get(ctx, &row, query, hashOfCode(code), now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// originBound is authenticated with where a display asked from: the same bytes in another place do not open.
func originBound() []byte { return []byte("wall_pairing") }

func (s *Service) sealOrigin(ctx context.Context, origin ledger.Origin, now time.Time) (from, sealed []byte, err error) {
	if origin.IP != "" {
		if from, err = s.seal.BlindIndex(ctx, addressPurpose, origin.Network()); err != nil {
			return nil, nil, err
		}
	}
	origin.UserAgent = "" // of any length, and nobody is shown it: Device says it in words
	text, err := json.Marshal(origin)
	if err != nil {
		return nil, nil, err
	}
	sealed, err = s.seal.Seal(ctx, s.db, seal.Source(originSource, now), originBound(), text)
	return from, sealed, err
}

func (s *Service) shown(ctx context.Context, code string, row *pairingRow) (*PairingRequest, error) {
	text, err := s.seal.Unseal(ctx, s.db, seal.Source(originSource, row.AskedAt), originBound(), row.Origin)
	if err != nil {
		return nil, err
	}
	var origin ledger.Origin
	if err := json.Unmarshal(text, &origin); err != nil {
		return nil, err
	}
	return &PairingRequest{
		Code: code, AskedAt: row.AskedAt,
		IP: present(origin.IP), Device: present(origin.Device), Location: present(origin.Place),
	}, nil
}

func present(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
