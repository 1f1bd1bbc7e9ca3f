package keeping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/objectstore"
)

// An archive is a ledger file (docs/ledger-file.md), compressed, in which the entries that go have their bodies, sealed as
// they are, and the manifest beside it. The SHA-256 of the manifest stands in the entry log.pruned.

const (
	archiveSuffix  = ".ndjson.zst"
	manifestSuffix = ".manifest.json"
	manifestFormat = "keytrail-archive"
)

// Manifest says what an archive holds. The ledger commits to its bytes.
type Manifest struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Origin  string `json:"origin"`
	File    string `json:"file"`
	// SHA256 is that of the file, in hexadecimal, and Bytes its size.
	SHA256 string `json:"sha256"`
	Bytes  uint64 `json:"bytes"`
	// Ranges are the entries with their bodies, [from, to) each.
	Ranges    [][2]uint64       `json:"ranges"`
	Entries   uint64            `json:"entries"`
	Streams   map[string]uint64 `json:"streams"`
	Oldest    time.Time         `json:"oldest"`
	Newest    time.Time         `json:"newest"`
	CreatedAt time.Time         `json:"createdAt"`
	// Checkpoint is the size of the tree that the file's checkpoint was signed for.
	Checkpoint uint64 `json:"checkpoint"`
}

func (m *Manifest) ranges() []ledger.SeqRange {
	ranges := make([]ledger.SeqRange, len(m.Ranges))
	for i, r := range m.Ranges {
		ranges[i] = ledger.SeqRange{From: r[0], To: r[1]}
	}
	return ranges
}

const (
	insertArchive = "INSERT INTO archive (id, run, state, created_at, from_seq, to_seq, entries, bytes, streams, oldest, newest, damage)" +
		" VALUES (?, ?, 1, ?, ?, ?, ?, 0, ?, ?, ?, '')"
	writtenArchive = "UPDATE archive SET state = 2, bytes = ?, manifest = ?, verified_at = ? WHERE id = ? AND state = 1"
)

// writeArchive writes a batch durably, reads it again as a stranger would, and notes it.
func (s *Service) writeArchive(ctx context.Context, run *RunRecord, b *batch) (*Archive, error) {
	a := &Archive{ID: id.New(), CreatedAt: s.moment(), From: b.from(), To: b.to(), Entries: uint64(b.entries)}
	if _, err := s.db.Exec(ctx, insertArchive, a.ID, run.ID, a.CreatedAt, a.From, a.To, a.Entries, b.streams.text(), b.oldest, b.newest); err != nil {
		return nil, err
	}
	s.reached("archive begun")
	m, err := s.writeFile(ctx, a, b)
	if err != nil {
		return nil, errors.Join(unwritable(err), s.dropArchive(ctx, a.ID))
	}
	s.reached("archive file")
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = s.config.Archives.Put(ctx, manifestName(a.ID), func(w io.Writer) error { _, err := w.Write(text); return err })
	}
	if err != nil {
		return nil, errors.Join(unwritable(err), s.dropArchive(ctx, a.ID))
	}
	s.reached("archive manifest")
	a.Manifest, a.Bytes = sha256.Sum256(text), m.Bytes
	problem, err := s.check(ctx, a.ID, a.Manifest)
	if err == nil && !problem.IsZero() {
		err = fault.New(fault.Unavailable, "What was just archived cannot be read again, so nothing is deleted: %s", problem)
	}
	if err != nil {
		return nil, errors.Join(err, s.dropArchive(ctx, a.ID))
	}
	return a, s.noteWritten(ctx, a)
}

// noteWritten notes that an archive is whole. Where another server has thrown it away meanwhile, what was written since goes, too.
func (s *Service) noteWritten(ctx context.Context, a *Archive) error {
	result, err := s.db.Exec(ctx, writtenArchive, a.Bytes, a.Manifest[:], s.moment(), a.ID)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		return errors.Join(errNotMine, s.deleteObjects(ctx, a.ID))
	}
	s.reached("archive written")
	return err
}

func archiveName(one id.ID) string { return one.String() + archiveSuffix }

func manifestName(one id.ID) string { return one.String() + manifestSuffix }

// unwritable says that the store of archives takes nothing, where that is why.
func unwritable(err error) error {
	of, isStore := objectstore.As(err)
	switch {
	case !isStore:
		return err
	case of.Reason.IsZero():
		return fault.Wrap(err, fault.Unavailable, "The archive cannot be written, so nothing is deleted: see that the disk has room and that keytrail may write to the directory of archives.")
	}
	return fault.Wrap(err, fault.Unavailable, "The archive cannot be written, so nothing is deleted. %s", of.Reason)
}

// writeFile writes the ledger file of a batch, durably.
func (s *Service) writeFile(ctx context.Context, a *Archive, b *batch) (*Manifest, error) {
	sum := &summed{hash: sha256.New()}
	var written *ledger.Exported
	err := s.config.Archives.Put(ctx, archiveName(a.ID), func(to io.Writer) (err error) {
		sum.to = to
		written, err = export(ctx, s.ledger, sum, b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Manifest{
		Format: manifestFormat, Version: 1, Origin: written.Checkpoint.Origin, File: archiveName(a.ID), SHA256: hex.EncodeToString(sum.hash.Sum(nil)),
		Bytes: sum.bytes, Ranges: pairsOf(b.ranges), Entries: b.entries, Streams: countsOf(&b.streams), Oldest: b.oldest.UTC(), Newest: b.newest.UTC(),
		CreatedAt: a.CreatedAt, Checkpoint: written.Checkpoint.Size,
	}, nil
}

func export(ctx context.Context, l *ledger.Ledger, to io.Writer, b *batch) (*ledger.Exported, error) {
	compressed, err := zstd.NewWriter(to, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	written, err := l.Export(ctx, compressed, ledger.ExportOptions{From: b.from(), To: b.to(), Bodies: b.ranges})
	return written, errors.Join(err, compressed.Close())
}

// summed writes on, and keeps the sum and the size of what was taken.
type summed struct {
	to    io.Writer
	hash  hash.Hash
	bytes uint64
}

func (s *summed) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	_, _ = s.hash.Write(p[:n])
	s.bytes += uint64(n)
	return n, err
}

func pairsOf(ranges []ledger.SeqRange) [][2]uint64 {
	pairs := make([][2]uint64, len(ranges))
	for i, r := range ranges {
		pairs[i] = [2]uint64{r.From, r.To}
	}
	return pairs
}

func countsOf(t *tally) map[string]uint64 {
	counts := map[string]uint64{}
	for _, one := range t.list() {
		counts[string(one.Stream)] = one.Entries
	}
	return counts
}
