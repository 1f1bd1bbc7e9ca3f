package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
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
	// The rest is of whoever has the turn.
	newest *Checkpoint // nil before the first
	loaded bool        // the newest that is stored was looked for
	broken bool        // the log says that the tree does not continue newest
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

const (
	insertCheckpoint = "INSERT INTO {ledger}.checkpoint (size, signed_at, root, note) VALUES (?, ?, ?, ?)"
	newestCheckpoint = "SELECT size, signed_at, root, note FROM {ledger}.checkpoint ORDER BY size DESC, signed_at DESC LIMIT 1"
)

// Checkpoint gives a signed checkpoint that covers every entry committed before the call. It is stored before
// it is given away, so that consistency with it can always be proved.
//
// INTERNAL when the tree cannot continue the newest checkpoint: nothing is signed then.
func (l *Ledger) Checkpoint(ctx context.Context) (*Checkpoint, error) {
	if err := l.signing.turns.take(ctx); err != nil {
		return nil, err
	}
	defer l.signing.turns.giveBack()
	newest, err := l.newestSigned(ctx) // before the head, which therefore must reach it
	if err != nil {
		return nil, err
	}
	h, err := l.durableHead(ctx)
	if err != nil {
		return nil, err
	}
	root := rootOf(h.frontier)
	if newest != nil && h.Size <= newest.Size {
		if h.Size < newest.Size || root != newest.Root {
			return nil, l.refuseToSign(newest, h.Size)
		}
		return newest, nil
	}
	c, err := l.sign(h.Size, root)
	if err != nil {
		return nil, err
	}
	if _, err := l.db.Exec(ctx, insertCheckpoint, c.Size, c.SignedAt, c.Root[:], []byte(c.Note)); err != nil {
		return nil, err
	}
	l.signing.newest = c
	return c, nil
}

// newestSigned gives the newest checkpoint that this process knows of: at first the newest that is stored. One that
// is not what it says is left to keytrail verify, which names it.
func (l *Ledger) newestSigned(ctx context.Context) (*Checkpoint, error) {
	s := l.signing
	if s.loaded {
		return s.newest, nil
	}
	stored, err := l.newestStored(ctx)
	if err != nil {
		return nil, err
	}
	s.loaded, s.newest = true, stored
	return s.newest, nil
}

// newestStored gives the newest checkpoint that is stored, nil where that is none that was signed with this key.
func (l *Ledger) newestStored(ctx context.Context) (*Checkpoint, error) {
	s := l.signing
	var stored struct {
		Size     uint64    `db:"size"`
		SignedAt time.Time `db:"signed_at"`
		Root     []byte    `db:"root"`
		Note     string    `db:"note"`
	}
	err := l.db.Get(ctx, &stored, newestCheckpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil || len(stored.Root) != len(Hash{}) {
		return nil, err
	}
	c := &Checkpoint{
		Origin: s.signer.Name(), Size: stored.Size, Root: Hash(stored.Root), SignedAt: stored.SignedAt,
		Note: stored.Note, VerifierKey: s.verifier,
	}
	if !s.made(c) {
		return nil, nil
	}
	return c, nil
}

// made reports whether a checkpoint's note was signed with this key, and says what the checkpoint says.
func (s *signing) made(c *Checkpoint) bool {
	verifier, err := note.NewVerifier(s.verifier)
	if err != nil {
		return false
	}
	signed, err := note.Open([]byte(c.Note), note.VerifierList(verifier))
	return err == nil && signed.Text == checkpointText(c.Origin, c.Size, c.Root)
}

// refuseToSign tells that the tree is not the one that newest was signed for, or one that grew from it.
func (l *Ledger) refuseToSign(newest *Checkpoint, size uint64) error {
	if !l.signing.broken {
		l.signing.broken = true
		l.log.Error("the database shows fewer or other entries than were signed; nothing is signed any more", "signed", newest.Size, "entries", size)
	}
	return fault.New(fault.Internal,
		"the database shows fewer or other entries than the %d that were signed: run keytrail verify --checkpoint with a file of kept checkpoints", newest.Size)
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
	signed, err := note.Sign(&note.Note{Text: checkpointText(origin, size, root)}, l.signing.signer)
	if err != nil {
		return nil, fmt.Errorf("ledger: sign a checkpoint: %w", err)
	}
	return &Checkpoint{
		Origin: origin, Size: size, Root: root, SignedAt: l.now().UTC().Truncate(time.Microsecond),
		Note: string(signed), VerifierKey: l.signing.verifier,
	}, nil
}

func checkpointText(origin string, size uint64, root Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
}

// SignStatement signs a text that is no checkpoint with the log's key, as a note. The first of its lines, each of which has
// an end, must tell what kind of statement it is.
func (l *Ledger) SignStatement(text string) (string, error) {
	signer := l.signing.signer
	if kind, _, _ := strings.Cut(text, "\n"); kind == signer.Name() {
		return "", fmt.Errorf("ledger: a statement of the kind %q could be taken for a checkpoint", kind)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	return string(signed), err
}
