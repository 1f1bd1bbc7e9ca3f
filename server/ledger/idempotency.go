package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// MaxIdempotencyKey is the longest idempotency key, in characters.
const MaxIdempotencyKey = 200

const (
	insertClaim = "INSERT INTO idempotency (request, fingerprint, first_seq, entries) VALUES (?, ?, NULL, 0)"
	selectClaim = "SELECT fingerprint, first_seq, entries FROM idempotency WHERE request = ?"
	settleClaim = "UPDATE idempotency SET first_seq = ?, entries = ? WHERE request = ?"
)

// Claim is a caller's hold on an idempotency key, inside one transaction.
type Claim struct {
	request []byte
	// Replayed is set when the request was answered before; Seqs are the entries that it made then.
	Replayed bool
	Seqs     []uint64
}

// Claim reserves an idempotency key of a caller for a payload, first thing in a transaction. Without a key it
// gives an empty claim. A request that was answered before comes back Replayed; CONFLICT when the key was used
// for another payload. Two requests that come together wait for each other.
func (l *Ledger) Claim(ctx context.Context, tx *mysql.Tx, caller, key string, payload any) (*Claim, error) {
	if key == "" {
		return &Claim{}, nil
	}
	request, sum, err := l.claimOf(ctx, caller, key, payload)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, insertClaim, request, sum)
	if mysql.IsDuplicate(err) {
		return l.replay(ctx, tx, request, sum)
	}
	return &Claim{request: request}, err
}

// claimOf gives the hash of caller and key, and the fingerprint of the payload: keyed, because a short comment could
// be guessed from a plain hash.
func (l *Ledger) claimOf(ctx context.Context, caller, key string, payload any) (request, fingerprint []byte, err error) {
	if n := utf8.RuneCountInString(key); n > MaxIdempotencyKey {
		return nil, nil, fault.Field("idempotencyKey", "the key has %d characters; at most %d are allowed", n, MaxIdempotencyKey)
	}
	text, err := appendValue(make([]byte, 0, roomFor(payload)), payload, 0)
	if err != nil {
		return nil, nil, fault.New(fault.BadInput, "the input cannot be recorded: %v", err)
	}
	sum := sha256.Sum256([]byte(caller + "\x00" + key))
	fingerprint, err = l.seal.BlindIndexOf(ctx, "idempotency", text)
	return sum[:], fingerprint, err
}

// errOtherPayload refuses a key that came with another payload before.
func errOtherPayload() *fault.Error {
	return fault.New(fault.Conflict, "This was sent before with other contents, and carried out then: look at what is true now, and begin anew (with another idempotencyKey).")
}

// replay gives what a request made before, once that is on disk: a transaction that writes nothing would be
// acknowledged without waiting for the one that it repeats.
func (l *Ledger) replay(ctx context.Context, tx *mysql.Tx, request, sum []byte) (*Claim, error) {
	var stored struct {
		Fingerprint []byte        `db:"fingerprint"`
		FirstSeq    sql.NullInt64 `db:"first_seq"`
		Entries     uint64        `db:"entries"`
	}
	if err := tx.Get(ctx, &stored, selectClaim, request); err != nil {
		return nil, err
	}
	if !slices.Equal(stored.Fingerprint, sum) {
		return nil, errOtherPayload()
	}
	if !stored.FirstSeq.Valid {
		return nil, errors.New("ledger: an idempotency key was claimed and never settled")
	}
	c := &Claim{Replayed: true}
	for i := range stored.Entries {
		c.Seqs = append(c.Seqs, uint64(stored.FirstSeq.Int64)+i)
	}
	if stored.Entries == 0 {
		return c, l.AwaitRead(ctx)
	}
	return c, l.AwaitDurable(ctx, uint64(stored.FirstSeq.Int64)+stored.Entries)
}

// Settle keeps with the claim which entries the request made: those of one call of Append, or none when there was
// nothing to record.
func (c *Claim) Settle(ctx context.Context, tx *mysql.Tx, entries []Entry) error {
	if c.request == nil {
		return nil
	}
	var first uint64
	if len(entries) > 0 {
		first = entries[0].Seq
	}
	_, err := tx.Exec(ctx, settleClaim, first, len(entries), c.request)
	return err
}

const selectAnswered = "SELECT request FROM idempotency WHERE request IN (?)"

// Answered tells which of a caller's idempotency keys, at most 1,000, were used before, whatever for.
func (l *Ledger) Answered(ctx context.Context, q mysql.Querier, caller string, keys []string) (map[string]bool, error) {
	requests := make([][]byte, len(keys))
	for i, key := range keys {
		sum := sha256.Sum256([]byte(caller + "\x00" + key))
		requests[i] = sum[:]
	}
	answered := map[string]bool{}
	if len(keys) == 0 {
		return answered, nil
	}
	query, args, err := mysql.In(selectAnswered, requests)
	if err != nil {
		return nil, err
	}
	var found [][]byte
	if err := q.Select(ctx, &found, query, args...); err != nil {
		return nil, err
	}
	for i, request := range requests {
		answered[keys[i]] = slices.ContainsFunc(found, func(one []byte) bool { return slices.Equal(one, request) })
	}
	return answered, nil
}
