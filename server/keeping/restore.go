package keeping

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// RestoreOptions say how an archive's entries are put back.
type RestoreOptions struct {
	// Owner is the database, open with the account that owns the tables.
	Owner *mysql.DB
	// KeepFor is how long they stay although their time is over.
	KeepFor time.Duration
	// Progress is told how many of how many were looked at, if it is set.
	Progress func(done, total uint64)
}

// Restore verifies an archive and puts its entries back at their places (log.restored), and gives how many were not there.
// When it is interrupted, nothing is lost: the same call goes on. NOT_FOUND when there is no such archive, and
// UNAVAILABLE when it is damaged; then nothing is put back.
func (s *Service) Restore(ctx context.Context, actor *access.Actor, one id.ID, opts RestoreOptions) (int, error) {
	if _, err := s.access.Require(ctx, actor, access.LogsDelete); err != nil {
		return 0, err
	}
	a, err := s.VerifyArchive(ctx, actor, one)
	if err != nil {
		return 0, err
	}
	if a.Damage.String() != "" {
		return 0, fault.New(fault.Unavailable, "The archive is not as it was written, so nothing is put back: %s. Use a copy of it.", a.Damage)
	}
	m, problem, err := s.readManifest(ctx, one, a.Manifest)
	if err != nil {
		return 0, err
	}
	if !problem.IsZero() {
		return 0, fault.New(fault.Unavailable, "The archive cannot be used: %s.", problem)
	}
	now := s.moment()
	if _, err := s.db.Exec(ctx, restoredArchive, now, now.Add(opts.KeepFor), one); err != nil { // before they are there
		return 0, err
	}
	r := ledger.NewRestorer(s.ledger, opts.Owner)
	if _, err := r.Begin(ctx, m.ranges(), a.Manifest, actor.Person); err != nil {
		return 0, err
	}
	s.reached("restore recorded")
	f, err := s.config.Archives.Get(ctx, archiveName(one))
	if err != nil {
		return 0, fault.Wrap(err, fault.Unavailable, "The archive's file cannot be read.")
	}
	defer func() { _ = f.Close() }()
	return s.putBack(ctx, r, f, m.Entries, opts.Progress)
}

func (s *Service) putBack(ctx context.Context, r *ledger.Restorer, file io.Reader, total uint64, progress func(done, total uint64)) (int, error) {
	put, seen := 0, uint64(0)
	var some []ledger.Kept
	size := 0
	flush := func() error {
		n, err := r.Put(ctx, some)
		put, seen = put+n, seen+uint64(len(some))
		some, size = nil, 0
		if err == nil {
			s.reached("restoring")
			if progress != nil {
				progress(seen, total)
			}
		}
		return err
	}
	err := bodiesIn(file, func(k ledger.Kept) error {
		some, size = append(some, k), size+len(k.Raw)
		if len(some) == ledger.MaxRestore || size > maxPut {
			return flush()
		}
		return nil
	})
	if err == nil && len(some) > 0 {
		err = flush()
	}
	return put, err
}

const (
	// maxPut bounds the bodies that are put back at a time, and maxLine a line of a ledger file, in bytes.
	maxPut    = 8 << 20
	maxLine   = 2 << 20
	maxMemory = 64 << 20
)

// bodiesIn gives the entries of a compressed ledger file that have their bodies, in order.
func bodiesIn(file io.Reader, each func(ledger.Kept) error) error {
	plain, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxMemory), zstd.WithDecoderMaxMemory(maxMemory))
	if err != nil {
		return err
	}
	defer plain.Close()
	lines := bufio.NewScanner(plain)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		k, ok, err := keptIn(lines.Bytes())
		if err == nil && ok {
			err = each(k)
		}
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

// keptIn reads a line of a ledger file; ok is false for one that holds no body.
func keptIn(line []byte) (k ledger.Kept, ok bool, err error) {
	rest, isEntry := bytes.CutPrefix(line, []byte(`{"seq":`))
	number, raw, hasBody := bytes.Cut(rest, []byte(`,"body":`))
	if !isEntry || !hasBody || bytes.IndexByte(number, ',') >= 0 {
		return k, false, nil
	}
	if k.Seq, err = strconv.ParseUint(string(number), 10, 64); err != nil || len(raw) < 2 {
		return k, false, errors.Join(fmt.Errorf("keeping: %.40q is no line of a ledger file", line), err)
	}
	k.Raw = bytes.Clone(raw[:len(raw)-1])
	return k, true, nil
}
