package backup

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
)

// RestoreOptions say how a backup is put into a database.
type RestoreOptions struct {
	Opening
	// VerifierKey is the log's, where it is known from somewhere else than the backup; empty believes the backup.
	VerifierKey string
	// Kept gives the checkpoints that were kept outside, by the verifier of the backup's log; nil for none.
	Kept func(ctx context.Context, verifier note.Verifier) (*verify.Kept, error)
	// AcceptLoss goes on although entries are lost for which there are checkpoints.
	AcceptLoss bool
	// AcceptUnsigned loads a backup that nobody signed, as earlier versions made them.
	AcceptUnsigned bool
	Now            func() time.Time
	// Progress is told how many rows are stored; nil for nobody.
	Progress func(rows uint64)
	// Reached is told each step once it is durable, so that tests can stop there; nil for nobody.
	Reached func(step string)
}

// Restored is what a restore has put back.
type Restored struct {
	*Manifest
	// KeptUpTo is the size of the largest checkpoint that was kept outside, 0 for none.
	KeptUpTo uint64
}

// Lost is how many entries are known to have been there that the backup lacks.
func (r *Restored) Lost() uint64 { return r.KeptUpTo - min(r.KeptUpTo, r.Entries) }

// The states of restore_state.
const (
	stateLoading = 1
	stateLoaded  = 2
)

const (
	selectState = "SELECT backup, state FROM restore_state WHERE id = 1"
	beginState  = "INSERT INTO restore_state (id, backup, state, started_at) VALUES (1, ?, 1, ?) ON DUPLICATE KEY UPDATE backup = VALUES(backup), state = 1, started_at = VALUES(started_at)"
	moveState   = "UPDATE restore_state SET state = 2 WHERE id = 1"
	endState    = "DELETE FROM restore_state WHERE id = 1"
	isUsed      = "SELECT EXISTS (SELECT 1 FROM {ledger}.entry) OR EXISTS (SELECT 1 FROM {ledger}.checkpoint) OR EXISTS (SELECT 1 FROM seal_key)" +
		" OR EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM {ledger}.head WHERE size > 0)"
)

// standing is how far a restore is.
type standing struct {
	Backup string `db:"backup"`
	State  int    `db:"state"`
}

func stateOf(ctx context.Context, q mysql.Querier) (*standing, error) {
	var s standing
	err := q.Get(ctx, &s, selectState)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &s, err
}

// Unfinished is a fault when a restore into this database is not over: nobody may serve from it.
func Unfinished(ctx context.Context, q mysql.Querier) error {
	s, err := stateOf(ctx, q)
	if err != nil || s == nil {
		return err
	}
	return fault.New(fault.Unavailable, "A backup was being restored into this database, and that is not over: run keytrail restore again, with the same file.")
}

// Loaded reports whether a backup is in the database already and what was erased since is being erased again: then the master
// key may have been replaced, and the one from the time of the backup opens nothing any more.
func Loaded(ctx context.Context, q mysql.Querier) (bool, error) {
	s, err := stateOf(ctx, q)
	return s != nil && s.State == stateLoaded, err
}

// Load puts a backup into an empty database, by way of the account that owns the tables, and verifies it as a whole: each
// table against the manifest, and the ledger from its bytes up. Until Finish is called, the database is marked as being
// restored. When it is cut off, the same call begins anew or, where all is there already, finds that.
//
// CONFLICT when the database is not empty, and when a checkpoint was kept outside of more entries than the backup has;
// BAD_USER_INPUT for a backup that is not signed, unless that is accepted. Then nothing was changed.
func Load(ctx context.Context, owner *mysql.DB, from io.Reader, o RestoreOptions) (*Restored, error) {
	tables, err := copied(ctx, owner, owner)
	if err != nil {
		return nil, err
	}
	l := &loader{owner: owner, tables: tables, reached: o.Reached, progress: o.Progress}
	r := &restore{owner: owner, opts: o, loader: l}
	l.accept = r.accept
	m, err := Read(ctx, from, o.Opening, r)
	if err != nil {
		return nil, err
	}
	done := &Restored{Manifest: m, KeptUpTo: r.keptUpTo()}
	if r.loaded {
		return done, nil
	}
	if err := errors.Join(l.emptyRest(ctx), l.compare(ctx, m)); err != nil {
		return nil, err
	}
	if err := r.verify(ctx, m); err != nil {
		return nil, err
	}
	_, err = owner.Exec(ctx, moveState)
	r.reached("verified")
	return done, err
}

// Finish takes away the mark, once what was erased since the backup has been erased again, in the transaction in which
// record writes down that it was restored: whoever is killed has recorded nothing, and whoever comes next records it once.
// reached is told as for Load.
func Finish(ctx context.Context, owner *mysql.DB, record func(ctx context.Context, tx *mysql.Tx) error, reached func(step string)) error {
	step := func(name string) {
		if reached != nil {
			reached(name)
		}
	}
	err := owner.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if err := record(ctx, tx); err != nil {
			return err
		}
		step("recorded")
		_, err := tx.Exec(ctx, endState)
		return err
	})
	if err == nil {
		step("finished")
	}
	return err
}

// restore decides whether a backup may be loaded, and passes it to the loader unless it is there already.
type restore struct {
	*loader
	owner    *mysql.DB
	opts     RestoreOptions
	verifier note.Verifier
	kept     *verify.Kept
	loaded   bool
}

func (r *restore) reached(step string) {
	if r.opts.Reached != nil {
		r.opts.Reached(step)
	}
}

// Table, Row and End implement Receiver.
func (r *restore) Table(ctx context.Context, inLedger bool, name string, columns []string) error {
	if r.loaded {
		return nil
	}
	return r.loader.Table(ctx, inLedger, name, columns)
}

func (r *restore) Row(ctx context.Context, values [][]byte) error {
	if r.loaded {
		return nil
	}
	return r.loader.Row(ctx, values)
}

func (r *restore) End(ctx context.Context) error {
	if r.loaded {
		return nil
	}
	return r.loader.End(ctx)
}

// accept looks at the header and at the database, and marks that as being restored.
func (r *restore) accept(ctx context.Context, h *Header) error {
	version, err := mysql.Version(ctx, r.owner)
	if err != nil {
		return err
	}
	if version != h.Schema {
		return fault.New(fault.BadInput, "The backup was made by keytrail %.40s, whose tables are of version %d, and this one's are of version %d: "+
			"restore with the keytrail that made it, and update then.", h.Keytrail, h.Schema, version)
	}
	if h.Version == unsignedVersion && !r.opts.AcceptUnsigned {
		return unsigned()
	}
	if err := r.trust(ctx, h); err != nil {
		return err
	}
	was, err := stateOf(ctx, r.owner)
	if err != nil {
		return err
	}
	if was != nil && was.State == stateLoaded {
		if was.Backup != h.ID {
			return fault.New(fault.Conflict, "This database holds another backup, whose restore is not over: give its file, or use an empty database.")
		}
		r.loaded = true
		return nil
	}
	if was == nil {
		var used bool
		if err := r.owner.Get(ctx, &used, isUsed); err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, "This database is not empty, and a restore never overwrites anything: name an empty one, or another data directory.")
		}
	}
	_, err = r.owner.Exec(ctx, beginState, h.ID, r.opts.Now().UTC())
	r.reached("begun")
	return err
}

// trust checks the log's key, and holds the backup against the checkpoints that were kept outside.
func (r *restore) trust(ctx context.Context, h *Header) (err error) {
	if r.opts.VerifierKey != "" && r.opts.VerifierKey != h.VerifierKey {
		return fault.New(fault.BadInput, "The backup is of another log, %.100s: its checkpoints were signed with another key than the one here.", h.Origin)
	}
	if r.verifier, err = note.NewVerifier(h.VerifierKey); err != nil {
		return damaged(err)
	}
	r.kept = &verify.Kept{}
	if r.opts.Kept != nil {
		if r.kept, err = r.opts.Kept(ctx, r.verifier); err != nil {
			return err
		}
	}
	if kept := r.keptUpTo(); kept > h.Entries && !r.opts.AcceptLoss {
		return rewound(kept, h.Entries)
	}
	return nil
}

func (r *restore) keptUpTo() (size uint64) {
	for _, c := range r.kept.Checkpoints {
		size = max(size, c.Size)
	}
	return size
}

func unsigned() error {
	return fault.New(fault.BadInput, "This backup is not signed: whoever knew its recipients or passphrase could have made it, with accounts and roles of his choice. "+
		"Restore a signed one, or go on with --accept-unsigned when an earlier keytrail made it and nobody else could have since.")
}

func rewound(kept, entries uint64) error {
	return fault.New(fault.Conflict, "This backup would take the log back: a checkpoint was kept of %d entries, and the backup has %d. The %d entries behind it are lost with "+
		"this backup, and whoever kept a checkpoint will see that. Look for a newer backup, or go on with --accept-loss.", kept, entries, kept-entries).
		With("lost", kept-entries)
}

// verify verifies the ledger that was loaded, with those of the checkpoints from outside that it can have.
func (r *restore) verify(ctx context.Context, m *Manifest) error {
	within := &verify.Kept{}
	for _, c := range r.kept.Checkpoints {
		if c.Size <= m.Entries {
			within.Checkpoints = append(within.Checkpoints, c)
		}
	}
	report, err := verify.Run(ctx, verify.WithKept(verify.NewStore(r.owner), within), verify.Options{Verifier: r.verifier})
	if err != nil {
		return err
	}
	if !report.OK() {
		return fault.New(fault.Internal, "The ledger in this backup is NOT intact: %s. There are %d findings.", report.Findings[0].String(), len(report.Findings))
	}
	return nil
}
