package signin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// sessionKey is where a session's data holds its public id.
const sessionKey = "session"

// newSessionManager is scs.New without the memory store, whose sweeper would never end.
func newSessionManager(s *Service) *scs.SessionManager {
	return &scs.SessionManager{
		Store:       sessionStore{s},
		Codec:       jsonCodec{},
		IdleTimeout: s.config.SessionTimeout,
		Lifetime:    s.config.SessionLifetime,
		Cookie: scs.SessionCookie{
			Name: CookieName, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
			Secure: s.config.SecureCookie, Persist: true,
		},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			s.log.ErrorContext(r.Context(), "a session cannot be read or kept", "error", err)
			w.Header().Set("Retry-After", "2")
			http.Error(w, "Sessions cannot be read now. Try again in a moment.", http.StatusServiceUnavailable)
		},
	}
}

const (
	sessionColumns = "token, id, account, created_at, expires_at"
	selectData     = "SELECT s.data, " + actorColumns + " FROM session s JOIN account a ON a.id = s.account WHERE s.token = ?"
	insertSession  = "INSERT INTO session (token, id, account, data, created_at, seen_at, expires_at, origin, older) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	// touchSession writes only when the last use on record is older than the grain, or the data differ.
	touchSession = "UPDATE session SET data = ?, seen_at = ?, expires_at = LEAST(?, created_at + INTERVAL ? MICROSECOND)" +
		" WHERE token = ? AND expires_at > ? AND (seen_at <= ? OR data <> ?)"
)

// sessionStore keeps the sessions of an scs.SessionManager in the database, by a hash of their token. It goes by
// the service's clock, and records how sessions end.
type sessionStore struct{ s *Service }

var _ scs.CtxStore = sessionStore{}

// FindCtx implements scs.CtxStore. A session that has expired ends here, should the sweeper not have been by.
func (st sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if !wellFormed(token) {
		st.s.presentedInvalid(ctx, reasonMalformed)
		return nil, false, nil
	}
	row, err := st.s.presented.Get(ctx, hashToken(token))
	if err != nil {
		return nil, false, err
	}
	if row == nil {
		st.s.presentedInvalid(ctx, reasonUnknown)
		return nil, false, nil
	}
	if !st.s.moment().Before(row.ExpiresAt) {
		return nil, false, st.s.expirePresented(ctx, hashToken(token))
	}
	remember(ctx, &row.actorRow)
	return row.Data, true, nil
}

// presented is a session by whose token somebody asks.
type presented struct {
	Data []byte `db:"data"`
	actorRow
}

// readPresented reads a session by the hash of its token, nil when there is none.
func (s *Service) readPresented(ctx context.Context, hash string) (*presented, error) {
	var row presented
	err := s.db.Get(ctx, &row, selectData, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// CommitCtx implements scs.CtxStore. It keeps a session alive and never makes one: SignIn does, and a session that
// was ended while its last request ran stays ended. The expiry that scs computed is not used. By now the request
// was answered, so a failure is only logged: the session ends sooner by what this request would have added.
func (st sessionStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	now, c, hash := st.s.moment(), st.s.config, hashToken(token)
	if n, ok := st.s.noted.Get(hash); ok && now.Sub(n.at) < c.grain() && bytes.Equal(n.data, data) {
		return nil // the statement would find that nothing is due
	}
	result, err := st.s.db.Exec(ctx, touchSession, data, now, now.Add(c.SessionTimeout+c.grain()),
		c.SessionLifetime.Microseconds(), hash, now, now.Add(-c.grain()), data)
	if err != nil {
		st.s.log.WarnContext(ctx, "the use of a session could not be noted", "error", err)
		return nil
	}
	if written, err := result.RowsAffected(); err == nil && written > 0 {
		st.s.noted.Add(hash, noted{now, data})
	}
	return nil
}

// noted is when the use of a session was last written, and with which data.
type noted struct {
	at   time.Time
	data []byte
}

// DeleteCtx implements scs.CtxStore: the person signs out.
func (st sessionStore) DeleteCtx(ctx context.Context, token string) error {
	s := st.s
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.endSessions(ctx, tx, "token = ?", []any{hashToken(token)}, func(e ending) ledger.Draft {
			d := s.concerning(ledger.AuthSignedOut, e.Account, e.person)
			d.Actor = e.person
			if origin := s.config.OriginOf(ctx); !origin.IsZero() {
				d.Parts = []ledger.Part{ledger.OriginPart(e.person, s.moment(), origin)}
			}
			return d
		})
		return err
	})
}

// insertSession stores a new session under the token that ctx holds.
func (s *Service) insertSession(ctx context.Context, tx *mysql.Tx, account *accountRow, a *attempt) (session id.ID, expires time.Time, err error) {
	session = id.New()
	s.sessions.Put(ctx, sessionKey, session.String())
	data, err := s.sessions.Codec.Encode(s.sessions.Deadline(ctx), map[string]any{sessionKey: session.String()})
	if err != nil {
		return session, expires, err
	}
	now := s.moment()
	expires = now.Add(min(s.config.SessionTimeout+s.config.grain(), s.config.SessionLifetime))
	hash := hashToken(s.sessions.Token(ctx))
	from, err := s.sealOrigin(ctx, tx, session, account.Person, a.origin)
	if err != nil {
		return session, expires, err
	}
	_, err = tx.Exec(ctx, insertSession, hash, session, account.ID, data, now, now, expires, from, a.older)
	tx.AfterCommit(func() { s.noted.Add(hash, noted{now, data}) })
	return session, expires, err
}

// Delete implements scs.Store.
func (st sessionStore) Delete(token string) error { return st.DeleteCtx(context.Background(), token) }

// Find implements scs.Store.
func (st sessionStore) Find(token string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (st sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), token, data, expiry)
}

// tokenBytes is the length of the random tokens that scs makes and writes in base64url.
const tokenBytes = 32

func wellFormed(token string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(raw) == tokenBytes && len(token) == base64.RawURLEncoding.EncodedLen(tokenBytes)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// jsonCodec writes a session's data as JSON.
type jsonCodec struct{}

type sessionData struct {
	Deadline time.Time      `json:"deadline"`
	Values   map[string]any `json:"values"`
}

const maxSessionData = 4096

// Encode implements scs.Codec.
func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	data, err := json.Marshal(sessionData{deadline, values})
	if err == nil && len(data) > maxSessionData {
		err = fmt.Errorf("signin: a session's data has %d bytes; at most %d are kept", len(data), maxSessionData)
	}
	return data, err
}

// Decode implements scs.Codec.
func (jsonCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var d sessionData
	err := json.Unmarshal(data, &d)
	return d.Deadline, d.Values, err
}
