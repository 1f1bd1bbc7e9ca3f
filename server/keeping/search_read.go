package keeping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
)

const (
	// mostHeld bounds the bodies of the hits of one call, and mostDoubted those that wait to be held against the ledger, in
	// bytes. One alone may be longer.
	mostHeld    = 32 << 20
	mostDoubted = 4 << 20
	// doubtedAtOnce is how many hits are held against the ledger at a time.
	doubtedAtOnce = 250
	// checkEvery is after how many entries it is looked at the clock.
	checkEvery = 64
)

// archiveSearch reads one archive from its beginning to its end and keeps the newest hits before a place.
type archiveSearch struct {
	keeping *Service
	sieve   *logbook.Sieve
	archive *Archive
	before  uint64
	// stop says that the time is over.
	stop func() bool
	kept newest
	// doubted are hits that are still to be held against the ledger.
	doubted      []ledger.Entry
	doubtedBytes int
	seen         int
	damage       fault.Text
}

// errDamaged ends the reading of a file that is not as it was written.
var errDamaged = errors.New("keeping: the archive is not as it was written")

// read gives what is wrong with the archive, nothing when every byte is as it was written: only then is kept good. Errors
// are those of check, and errBudgetSpent.
func (a *archiveSearch) read(ctx context.Context) (fault.Text, error) {
	s := a.keeping
	m, problem, err := s.readManifest(ctx, a.archive.ID, a.archive.Manifest)
	if err != nil || !problem.IsZero() {
		return problem, err
	}
	f, err := s.config.Archives.Get(ctx, archiveName(a.archive.ID))
	if err != nil {
		return s.missing(ctx, a.archive.ID, manifestName(a.archive.ID), err, fault.Say("the file cannot be read"))
	}
	defer func() { _ = f.Close() }()
	from := &reading{from: f, hash: sha256.New()}
	err = bodiesIn(from, func(k ledger.Kept) error { return a.entry(ctx, k) })
	if err == nil {
		err = a.settle(ctx)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, from)
	}
	switch {
	case ctx.Err() != nil:
		return fault.Text{}, ctx.Err()
	case from.err != nil:
		return unreadable(ctx, from.err, fault.Say("the file cannot be read"))
	case errors.Is(err, errDamaged):
		return a.damage, nil
	case errors.Is(err, errBudgetSpent) || isOurs(err):
		return fault.Text{}, err
	case err != nil:
		return fault.Say("the file cannot be read"), nil
	case hex.EncodeToString(from.hash.Sum(nil)) != m.SHA256:
		return fault.Say("the file is not the one that the manifest names"), nil
	}
	s.reached("archive searched")
	return fault.Text{}, nil
}

// ours marks an error that says nothing about the file.
type ours struct{ error }

func (o ours) Unwrap() error { return o.error }

func isOurs(err error) bool {
	var one ours
	return errors.As(err, &one)
}

// entry looks at one entry of the file. Decoding it stands before everything: only what can be read can be passed over.
func (a *archiveSearch) entry(ctx context.Context, k ledger.Kept) error {
	if a.seen++; a.seen%checkEvery == 0 {
		if ctx.Err() != nil {
			return ours{ctx.Err()}
		}
		if a.stop() {
			return errBudgetSpent
		}
	}
	if k.Seq >= a.before {
		return nil
	}
	body, err := ledger.Decode(k.Raw)
	if err != nil {
		return a.damaged(k.Seq)
	}
	e := ledger.Entry{Seq: k.Seq, Raw: k.Raw, Leaf: ledger.LeafHash(k.Raw), Body: *body}
	admitted, err := a.sieve.Admits(ctx, &e)
	if err != nil {
		// A sealed part that does not open may be forged: then the file is damaged, and else the ledger is. An entry that is
		// not this archive's to show is passed over: the sum of the file tells whether it was changed.
		mine := false
		if other := a.compare(ctx, []ledger.Entry{e}, func(*ledger.Entry) { mine = true }); other != nil {
			return other
		}
		if !mine {
			return nil
		}
		return ours{err}
	}
	if !admitted {
		return nil
	}
	a.doubted, a.doubtedBytes = append(a.doubted, e), a.doubtedBytes+len(e.Raw)
	if len(a.doubted) >= doubtedAtOnce || a.doubtedBytes >= mostDoubted {
		return a.settle(ctx)
	}
	return nil
}

// settle keeps those of the hits that are still missing in the log because of this archive.
func (a *archiveSearch) settle(ctx context.Context) error {
	err := a.compare(ctx, a.doubted, func(e *ledger.Entry) { a.kept.add(*e) })
	clear(a.doubted)
	a.doubted, a.doubtedBytes = a.doubted[:0], 0
	return err
}

// compare holds entries against what the ledger kept of them. Those that the log has again, or that went again into another
// archive since, are that one's to show.
func (a *archiveSearch) compare(ctx context.Context, entries []ledger.Entry, good func(*ledger.Entry)) error {
	seqs := make([]uint64, len(entries))
	for i := range entries {
		seqs[i] = entries[i].Seq
	}
	gone, err := a.keeping.ledger.GoneAmong(ctx, seqs)
	if err != nil {
		return ours{err}
	}
	of := make(map[uint64]ledger.Gone, len(gone))
	for _, one := range gone {
		of[one.Seq] = one
	}
	for i := range entries {
		e := &entries[i]
		one, found := of[e.Seq]
		if !found || one.By != a.archive.PrunedBy {
			continue
		}
		if ledger.LeafData(e.Raw) != one.LeafData {
			return a.damaged(e.Seq)
		}
		good(e)
	}
	return nil
}

func (a *archiveSearch) damaged(seq uint64) error {
	a.damage = fault.Say("entry %d is not what was recorded", seq)
	return errDamaged
}

// newest keeps the last so many of entries that are added in the order of their places, as far as they fit.
type newest struct {
	limit, most int
	entries     []ledger.Entry
	bytes       int
	// dropped says that there were more.
	dropped bool
}

func (n *newest) add(e ledger.Entry) {
	n.entries, n.bytes = append(n.entries, e), n.bytes+len(e.Raw)
	for len(n.entries) > 1 && (len(n.entries) > n.limit || n.bytes > n.most) {
		n.bytes -= len(n.entries[0].Raw)
		n.entries[0] = ledger.Entry{}
		n.entries, n.dropped = n.entries[1:], true
	}
}

// noteDamage keeps that an archive was not as it was written, as verify does.
func (s *Service) noteDamage(ctx context.Context, a *Archive, damage fault.Text) error {
	now := s.moment()
	a.VerifiedAt, a.Damage = &now, damage
	_, err := s.db.Exec(ctx, verifiedArchive, now, damage.Stored(maxProblem), a.ID)
	return err
}
