package signin

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
)

const slotTimeout = 10 * time.Second

// hasher hashes passwords, a bounded number at once, since each takes a core and much memory.
type hasher struct {
	params *argon2id.Params
	slots  *semaphore.Weighted
}

func newHasher(c Config) *hasher {
	return &hasher{params: c.Argon2, slots: semaphore.NewWeighted(int64(c.Hashes))}
}

// slot waits for a turn to hash. The caller gives it back. UNAVAILABLE when too many are waiting.
func (h *hasher) slot(ctx context.Context) (done func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, slotTimeout)
	defer cancel()
	if err := h.slots.Acquire(waiting, 1); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		busy := fault.Wrap(err, fault.Unavailable, "Too many people are signing in at once. Try again in a moment.")
		busy.RetryAfter = slotTimeout
		return nil, busy
	}
	return func() { h.slots.Release(1) }, nil
}

// hash hashes a password. The caller holds a slot.
func (h *hasher) hash(password string) (string, error) {
	return argon2id.CreateHash(norm.NFKC.String(password), h.params)
}

// matches compares a password with a hash. Without one, as for a name that no account has, the work is the same, since
// comparing is hashing. The caller holds a slot.
func (h *hasher) matches(password, hash string) (bool, error) {
	if hash == "" {
		_, err := h.hash(password)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(norm.NFKC.String(password), hash)
}

// rehash hashes a password that was right anew when its hash has other parameters than those set now, and gives ""
// when it has them. The caller holds a slot.
func (h *hasher) rehash(password, hash string) (string, error) {
	params, _, _, err := argon2id.DecodeHash(hash)
	if err != nil || *params == *h.params {
		return "", err
	}
	return h.hash(password)
}
