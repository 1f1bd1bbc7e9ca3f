package ledger

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
)

// Checkpoint is a signed statement of the ledger's size and root (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin      string
	Size        uint64
	Root        Hash
	SignedAt    time.Time
	Note        string
	VerifierKey string
}

// signing holds the signer and the newest checkpoint. One caller at a time signs, so that those who come
// together share a checkpoint.
type signing struct {
	signer   note.Signer
	verifier string
	turns    turn
	newest   *Checkpoint // of whoever has the turn
}

// GenerateKey makes a private key for signing checkpoints of the log named origin, as one line.
func GenerateKey(origin string) (string, error) {
	if !validOrigin(origin) {
		return "", fault.New(fault.BadInput, "%q cannot name the log: use a name without spaces and plus signs, such as example.org/keytrail", origin)
	}
	private, _, err := note.GenerateKey(rand.Reader, origin)
	return private, err
}

func validOrigin(origin string) bool {
	return origin != "" && !strings.ContainsAny(origin, " +\t\r\n")
}

func newSigning(origin, key string) (*signing, error) {
	key = strings.TrimSpace(key)
	signer, err := note.NewSigner(key)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the key that signs checkpoints cannot be read: put back its copy")
	}
	if signer.Name() != origin {
		return nil, fault.New(fault.Unavailable,
			"the checkpoint key belongs to the log %q and KEYTRAIL_LOG_NAME says %q: set it back, since a log keeps its name for good", signer.Name(), origin)
	}
	verifier, err := VerifierOf(key)
	if err != nil {
		return nil, err
	}
	return &signing{signer: signer, verifier: verifier, turns: newTurn()}, nil
}

// VerifierKey is the line with which anybody can check the signatures (note.NewVerifier).
func (l *Ledger) VerifierKey() string { return l.signing.verifier }

const insertCheckpoint = "INSERT INTO {ledger}.checkpoint (size, signed_at, root, note) VALUES (?, ?, ?, ?)"

// Checkpoint gives a signed checkpoint that covers every entry committed before the call. It is stored before
// it is given away, so that consistency with it can always be proved.
func (l *Ledger) Checkpoint(ctx context.Context) (*Checkpoint, error) {
	if err := l.signing.turns.take(ctx); err != nil {
		return nil, err
	}
	defer l.signing.turns.giveBack()
	h, err := l.durableHead(ctx)
	if err != nil {
		return nil, err
	}
	if c := l.signing.newest; c != nil && c.Size == h.Size {
		return c, nil
	}
	c, err := l.sign(h.Size, rootOf(h.frontier))
	if err != nil {
		return nil, err
	}
	if _, err := l.db.Exec(ctx, insertCheckpoint, c.Size, c.SignedAt, c.Root[:], []byte(c.Note)); err != nil {
		return nil, err
	}
	l.signing.newest = c
	return c, nil
}

// durableHead reads a head that is on disk: one within what is known to be, or the one of a new beat.
func (l *Ledger) durableHead(ctx context.Context) (*head, error) {
	h, err := readHead(ctx, l.db, selectHead)
	if err != nil || h.Size <= l.durable.Load() {
		return h, err
	}
	return l.beat(ctx)
}

func (l *Ledger) sign(size uint64, root Hash) (*Checkpoint, error) {
	origin := l.signing.signer.Name()
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, l.signing.signer)
	if err != nil {
		return nil, fmt.Errorf("ledger: sign a checkpoint: %w", err)
	}
	return &Checkpoint{
		Origin: origin, Size: size, Root: root, SignedAt: l.now().UTC().Truncate(time.Microsecond),
		Note: string(signed), VerifierKey: l.signing.verifier,
	}, nil
}
