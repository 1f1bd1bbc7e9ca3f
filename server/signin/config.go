package signin

import (
	"cmp"
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/keytrail/keytrail/server/ledger"
)

// Config is what an operator may set, and what the packages above provide. The zero Config works.
type Config struct {
	// SessionTimeout ends a session after so long without a request; 0 means an hour.
	SessionTimeout time.Duration
	// SessionLifetime ends a session so long after its sign-in whatever is done; 0 means 12 hours, or SessionTimeout
	// where that is longer.
	SessionLifetime time.Duration
	// SecureCookie keeps browsers from sending the session over plain HTTP.
	SecureCookie bool
	// Argon2 sets the cost of a password hash; nil means DefaultArgon2. Each hash in progress takes its Memory.
	Argon2 *argon2id.Params
	// Hashes is how many passwords are hashed at once; 0 means one a core.
	Hashes int
	// OriginOf gives where a request comes from, for what is noticed while its session is loaded; nil knows nothing.
	OriginOf func(ctx context.Context) ledger.Origin
	// Cookies reads and sets cookies of the request of a context, for browsers that are trusted; nil ones trust none.
	Cookies Cookies
	// External says who may sign in with an identity provider; the zero rules let in who is linked already.
	External ExternalRules
	// PasswordChanged is called after somebody changed his own password; nil calls nobody.
	PasswordChanged func(username string)
}

// CookieName is the name of the session cookie.
const CookieName = "keytrail_session"

const (
	defaultTimeout  = time.Hour
	defaultLifetime = 12 * time.Hour
	longestGrain    = time.Minute
)

// DefaultArgon2 follows OWASP's password storage cheat sheet for Argon2id: 19 MiB, two passes, one lane.
func DefaultArgon2() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func (c Config) withDefaults() Config {
	c.SessionTimeout = cmp.Or(c.SessionTimeout, defaultTimeout)
	c.SessionLifetime = cmp.Or(c.SessionLifetime, max(defaultLifetime, c.SessionTimeout))
	c.Hashes = cmp.Or(c.Hashes, runtime.GOMAXPROCS(0))
	if c.Argon2 == nil {
		c.Argon2 = DefaultArgon2()
	}
	if c.OriginOf == nil {
		c.OriginOf = func(context.Context) ledger.Origin { return ledger.Origin{} }
	}
	if c.Cookies.Get == nil || c.Cookies.Set == nil {
		c.Cookies = Cookies{func(context.Context, string) string { return "" }, func(context.Context, *http.Cookie) {}}
	}
	if c.PasswordChanged == nil {
		c.PasswordChanged = func(string) {}
	}
	return c
}

// grain is how far a session's last use may lie behind what the database says, so that not every request
// writes. Sessions live so much longer instead, and never shorter than SessionTimeout.
func (c Config) grain() time.Duration { return min(longestGrain, c.SessionTimeout/10) }
