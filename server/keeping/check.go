package keeping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"io/fs"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/objectstore"
)

// maxManifest bounds a manifest, in bytes.
const maxManifest = 4 << 20

// check reads an archive as a stranger would, and says what is wrong with it, nothing when it is as it was written.
// UNAVAILABLE when it cannot be told, because the store of archives does not answer.
func (s *Service) check(ctx context.Context, one id.ID, manifest ledger.Hash) (fault.Text, error) {
	verifier, err := note.NewVerifier(s.ledger.VerifierKey())
	if err != nil {
		return fault.Text{}, err
	}
	m, problem, err := s.readManifest(ctx, one, manifest)
	if err != nil || !problem.IsZero() {
		return problem, err
	}
	f, err := s.config.Archives.Get(ctx, archiveName(one))
	if err != nil {
		return s.missing(ctx, one, manifestName(one), err, fault.Say("the file cannot be read"))
	}
	defer func() { _ = f.Close() }()
	return checkFile(ctx, f, m, verifier)
}

func checkFile(ctx context.Context, f io.Reader, m *Manifest, verifier note.Verifier) (fault.Text, error) {
	read := &reading{from: f, hash: sha256.New()}
	report, err := verify.File(read, verify.FileOptions{Verifier: verifier})
	if err == nil {
		_, err = io.Copy(io.Discard, read)
	}
	switch {
	case read.err != nil:
		return unreadable(ctx, read.err, fault.Say("the file cannot be read"))
	case err != nil:
		return fault.Say("the file cannot be read"), nil
	case len(report.Findings) > 0:
		return damageOf(report.Findings[0]), nil
	case hex.EncodeToString(read.hash.Sum(nil)) != m.SHA256:
		return fault.Say("the file is not the one that the manifest names"), nil
	case report.Bodies != m.Entries || ledger.Entries(m.ranges()) != m.Entries:
		return fault.Say("the file does not hold as many entries as the manifest says"), nil
	}
	return fault.Text{}, nil
}

// damageOf says what the verifier found. Its own words are English: whoever mends the file needs them as they are.
func damageOf(f verify.Finding) fault.Text {
	if f.Seq < 0 {
		return fault.Say("the file does not verify: %s", f.What)
	}
	return fault.Say("entry %d does not verify: %s", f.Seq, f.What)
}

// reading keeps the sum of what is read, and the first error of what it reads from.
type reading struct {
	from io.Reader
	hash hash.Hash
	err  error
}

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	_, _ = r.hash.Write(p[:n])
	if err != nil && !errors.Is(err, io.EOF) && r.err == nil {
		r.err = err
	}
	return n, err
}

// unreadable tells a file that cannot be read from a store that does not answer now.
func unreadable(ctx context.Context, err error, damage fault.Text) (fault.Text, error) {
	if ctx.Err() != nil {
		return fault.Text{}, ctx.Err()
	}
	if of, isStore := objectstore.As(err); isStore && of.Away {
		return fault.Text{}, fault.Wrap(err, fault.Unavailable, "The archive cannot be read now. %s", of.Reason)
	}
	return damage, nil
}

// missing tells damage from a store that is another one than the archive was put into. A wrong address answers "not found",
// too; in a bucket it is damage only where the store works and has the other object of the archive, in a directory also where
// that holds something else.
func (s *Service) missing(ctx context.Context, one id.ID, other string, err error, damage fault.Text) (fault.Text, error) {
	if !errors.Is(err, fs.ErrNotExist) {
		return unreadable(ctx, err, damage)
	}
	checked := s.config.Archives.Check(ctx)
	if checked == nil {
		if _, checked = s.config.Archives.Stat(ctx, other); checked == nil {
			return damage, nil
		}
	}
	if !errors.Is(checked, fs.ErrNotExist) {
		return unreadable(ctx, checked, damage)
	}
	if dir, isDir := s.config.Archives.(objectstore.Dir); isDir && !dir.Empty() {
		return damage, nil
	}
	return fault.Text{}, fault.Wrap(err, fault.Unavailable, "The archive %s is not in %s: see KEYTRAIL_ARCHIVE_S3 and KEYTRAIL_ARCHIVE_DIR.", one, s.config.Archives.Place())
}

func (s *Service) readManifest(ctx context.Context, one id.ID, hash ledger.Hash) (*Manifest, fault.Text, error) {
	f, err := s.config.Archives.Get(ctx, manifestName(one))
	if err != nil {
		problem, err := s.missing(ctx, one, archiveName(one), err, fault.Say("the manifest cannot be read"))
		return nil, problem, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		problem, err := unreadable(ctx, err, fault.Say("the manifest cannot be read"))
		return nil, problem, err
	}
	if sha256.Sum256(text) != hash {
		return nil, fault.Say("the manifest is not the one that the ledger commits to"), nil
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Format != manifestFormat || m.Version != 1 {
		return nil, fault.Say("the manifest is none that this version knows"), nil
	}
	return &m, fault.Text{}, nil
}
