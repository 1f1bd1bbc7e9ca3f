package keeping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/verify"
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
	writtenArchive = "UPDATE archive SET state = 2, bytes = ?, manifest = ?, verified_at = ? WHERE id = ?"
	deleteArchive  = "DELETE FROM archive WHERE id = ? AND state < 3"
)

// writeArchive writes a batch to disk, reads it again as a stranger would, and notes it.
func (s *Service) writeArchive(ctx context.Context, run *RunRecord, b *batch) (*Archive, error) {
	a := &Archive{ID: id.New(), CreatedAt: s.moment(), From: b.from(), To: b.to(), Entries: uint64(b.entries)}
	if _, err := s.db.Exec(ctx, insertArchive, a.ID, run.ID, a.CreatedAt, a.From, a.To, a.Entries, b.streams.text(), b.oldest, b.newest); err != nil {
		return nil, err
	}
	s.reached("archive begun")
	m, err := s.writeFile(ctx, a, b)
	if err != nil {
		return nil, errors.Join(err, s.dropArchive(ctx, a.ID))
	}
	s.reached("archive file")
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = writeWhole(s.manifestPath(a.ID), text)
	}
	if err != nil {
		return nil, errors.Join(unwritable(err), s.dropArchive(ctx, a.ID))
	}
	s.reached("archive manifest")
	a.Manifest, a.Bytes = sha256.Sum256(text), m.Bytes
	if problem := s.check(a.ID, a.Manifest); problem != "" {
		return nil, errors.Join(fault.New(fault.Unavailable, "What was just archived cannot be read again, so nothing is deleted: %s", problem), s.dropArchive(ctx, a.ID))
	}
	_, err = s.db.Exec(ctx, writtenArchive, a.Bytes, a.Manifest[:], s.moment(), a.ID)
	s.reached("archive written")
	return a, err
}

func (s *Service) archivePath(one id.ID) string {
	return filepath.Join(s.config.Dir, one.String()+archiveSuffix)
}

func (s *Service) manifestPath(one id.ID) string {
	return filepath.Join(s.config.Dir, one.String()+manifestSuffix)
}

func unwritable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "The archive cannot be written, so nothing is deleted: see that the disk has room and that keytrail may write to the directory of archives.")
}

// writeFile writes the ledger file of a batch, durably.
func (s *Service) writeFile(ctx context.Context, a *Archive, b *batch) (m *Manifest, err error) {
	if err := os.MkdirAll(s.config.Dir, 0o700); err != nil {
		return nil, unwritable(err)
	}
	f, err := os.OpenFile(s.archivePath(a.ID), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unwritable(err)
	}
	sum := &summed{to: f, hash: sha256.New()}
	written, err := export(ctx, s.ledger, sum, b)
	if err = errors.Join(err, sum.err, f.Sync(), f.Close(), syncDir(s.config.Dir)); err != nil {
		if sum.err != nil || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return nil, unwritable(err)
		}
		return nil, err
	}
	return &Manifest{
		Format: manifestFormat, Version: 1, Origin: written.Checkpoint.Origin, File: filepath.Base(f.Name()), SHA256: hex.EncodeToString(sum.hash.Sum(nil)),
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

// summed writes on, and keeps the sum, the size and the first error of what it writes to.
type summed struct {
	to   io.Writer
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	bytes uint64
	err   error
}

func (s *summed) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	_, _ = s.hash.Write(p[:n])
	s.bytes += uint64(n)
	if err != nil && s.err == nil {
		s.err = err
	}
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

// writeWhole writes a new file, durably.
func writeWhole(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(path)))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// dropArchive throws an archive away whose entries stay.
func (s *Service) dropArchive(ctx context.Context, one id.ID) error {
	for _, path := range []string{s.archivePath(one), s.manifestPath(one)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	_, err := s.db.Exec(context.WithoutCancel(ctx), deleteArchive, one)
	return err
}

const selectUnsettled = "SELECT id, state, to_seq, manifest FROM archive WHERE state < 3 ORDER BY state, from_seq, id LIMIT 100"

// settleArchives settles what a kill left: an archive that no entry names is thrown away, and of the others it is noted
// which entry that is.
func (s *Service) settleArchives(ctx context.Context) error {
	var rows []struct {
		ID       id.ID  `db:"id"`
		State    int    `db:"state"`
		To       uint64 `db:"to_seq"`
		Manifest []byte `db:"manifest"`
	}
	if err := s.db.Select(ctx, &rows, selectUnsettled); err != nil {
		return err
	}
	for _, r := range rows {
		var by []uint64
		if r.State == 2 {
			var manifest ledger.Hash
			copy(manifest[:], r.Manifest)
			var err error
			if by, err = s.ledger.PruningsOf(ctx, manifest, r.To); err != nil {
				return err
			}
		}
		if len(by) == 0 {
			if err := s.dropArchive(ctx, r.ID); err != nil {
				return err
			}
			continue
		}
		if _, err := s.db.Exec(ctx, settleArchive, by[0], r.ID); err != nil {
			return err
		}
	}
	return nil
}

// check reads an archive as a stranger would, and says what is wrong with it; empty for nothing.
func (s *Service) check(one id.ID, manifest ledger.Hash) string {
	verifier, err := note.NewVerifier(s.ledger.VerifierKey())
	if err != nil {
		return err.Error()
	}
	_, problem := CheckFile(s.archivePath(one), s.manifestPath(one), manifest, verifier)
	return problem
}

// maxManifest bounds a manifest's file, in bytes.
const maxManifest = 4 << 20

// CheckFile verifies an archive on disk: that its manifest has the hash, that the file is what the manifest says, and
// that its entries have their places in the log. It says what is wrong, empty for nothing.
func CheckFile(file, manifestFile string, hash ledger.Hash, verifier note.Verifier) (*Manifest, string) {
	m, problem := readManifest(manifestFile, hash)
	if problem != "" {
		return nil, problem
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, "the file cannot be read"
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	report, err := verify.File(io.TeeReader(f, sum), verify.FileOptions{Verifier: verifier})
	if err == nil {
		_, err = io.Copy(sum, f)
	}
	switch {
	case err != nil:
		return nil, "the file cannot be read"
	case len(report.Findings) > 0:
		return nil, report.Findings[0].String()
	case hex.EncodeToString(sum.Sum(nil)) != m.SHA256:
		return nil, "the file is not the one that the manifest names"
	case report.Bodies != m.Entries || ledger.Entries(m.ranges()) != m.Entries:
		return nil, "the file does not hold as many entries as the manifest says"
	}
	return m, ""
}

func readManifest(path string, hash ledger.Hash) (*Manifest, string) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "the manifest cannot be read"
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return nil, "the manifest cannot be read"
	}
	if sha256.Sum256(text) != hash {
		return nil, "the manifest is not the one that the ledger commits to"
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Format != manifestFormat || m.Version != 1 {
		return nil, "the manifest is none that this version knows"
	}
	return &m, ""
}
