package ledger

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Ledger appends to the record and reads it. It is safe for concurrent use, and any number of processes may
// run one on the same database.
type Ledger struct {
	db      *mysql.DB
	seal    *seal.Service
	now     func() time.Time
	log     *slog.Logger
	process id.ID

	edges    edgeCache
	tiles    *lru.Cache[tileKey, []Hash]
	tree     *treeCache
	tail     *tail
	signing  *signing
	group    *group
	promises *promises
	fresh    fresh
	kept     *kept
	durable  atomic.Uint64
	beats    turn
	// steppedBack is set while the clock is behind the last recording time and an entry says so.
	steppedBack atomic.Bool
	// notice is the last such entry that was written, committed or not.
	notice  atomic.Pointer[written]
	actions map[string]bool
}

// Options are what a ledger needs besides its database.
type Options struct {
	// Origin is the log's name in checkpoints, and Key the signer's private key (note.GenerateKey).
	Origin string
	Key    string
	Now    func() time.Time
	Logger *slog.Logger
}

const cachedTiles = 2048 // of 8 KiB each

// New makes a ledger on a migrated database. Run must be running for Follow to see what is appended.
func New(db *mysql.DB, sealer *seal.Service, opts Options) (*Ledger, error) {
	signing, err := newSigning(opts.Origin, opts.Key)
	if err != nil {
		return nil, err
	}
	tiles, err := lru.New[tileKey, []Hash](cachedTiles)
	if err != nil {
		return nil, err
	}
	tree, err := newTreeCache()
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		db: db, seal: sealer, now: opts.Now, log: opts.Logger, process: id.New(),
		tiles: tiles, tree: tree, tail: newTail(), kept: newKept(opts.Now()), beats: newTurn(), signing: signing, actions: map[string]bool{},
	}
	l.group, l.promises = &group{commit: l.commitBatch}, newPromises()
	for _, a := range Actions() {
		l.actions[a.Code] = true
	}
	return l, nil
}

// Unseal reads a sealed part of an entry into dest. found is false when the entry has no such part.
// seal.ErrDestroyed when the subject's key is gone.
func (l *Ledger) Unseal(ctx context.Context, e *Entry, field string, dest any) (found bool, err error) {
	for i := range e.Sealed {
		part := &e.Sealed[i]
		if part.Field != field {
			continue
		}
		box, err := part.Box.decoded()
		if err != nil {
			return true, fault.Wrap(err, fault.Internal, "a sealed part of entry %d cannot be read: run keytrail verify", e.Seq)
		}
		plain, err := l.seal.Unseal(ctx, l.db, part.Subject, aad(e.ID, part), box)
		if err != nil {
			return true, err
		}
		if err := readPart(plain, dest); err != nil {
			return true, fault.Wrap(err, fault.Internal, "a sealed part of entry %d cannot be read", e.Seq)
		}
		return true, nil
	}
	return false, nil
}
