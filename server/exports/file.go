package exports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// chunkSize is how many bytes of a file go into one chunk, before it is packed.
const chunkSize = 1 << 20

var (
	// errTaken says that the file is nobody's who writes it: it was cancelled, or another server makes it.
	errTaken = errors.New("the export is not this server's any more")
	errLarge = errors.New("the export is too large")
)

func chunkBound(job id.ID, n int) []byte { return fmt.Appendf(nil, "export_chunk/%s/%d", job, n) }

// fileWriter keeps what is written to it in chunks. It holds one chunk in memory.
type fileWriter struct {
	ctx     context.Context
	s       *Service
	run     id.ID
	job     *jobRow
	packer  *zstd.Encoder
	pending []byte
	chunks  int
}

func (s *Service) newFileWriter(ctx context.Context, run id.ID, job *jobRow) (*fileWriter, error) {
	// Nothing refers beyond its chunk, and twice the window is kept in memory.
	packer, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(chunkSize))
	return &fileWriter{ctx: ctx, s: s, run: run, job: job, packer: packer}, err
}

// Write implements io.Writer.
func (w *fileWriter) Write(b []byte) (int, error) {
	written := 0
	for len(b) > 0 {
		n := min(len(b), chunkSize-len(w.pending))
		w.pending = append(w.pending, b[:n]...)
		b, written = b[n:], written+n
		if len(w.pending) == chunkSize {
			if err := w.flush(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// flush stores what is pending.
func (w *fileWriter) flush() error {
	if len(w.pending) == 0 {
		return nil
	}
	sealed, err := w.s.Seal.Seal(w.ctx, w.s.db, seal.Person(w.job.Person), chunkBound(w.job.ID, w.chunks), w.packer.EncodeAll(w.pending, nil))
	if err != nil {
		return err
	}
	err = w.s.db.InTx(w.ctx, func(ctx context.Context, tx *mysql.Tx) error {
		bytes, err := lockRunOf(ctx, tx, w.job.ID, w.run)
		if err != nil {
			return err
		}
		if bytes+int64(len(sealed)) > MaxFile {
			return errLarge
		}
		if _, err := tx.Exec(ctx, addChunk, w.job.ID, w.chunks, sealed); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, grownRun, len(w.pending), len(sealed), w.chunks+1, w.job.ID, w.run)
		return err
	})
	if err != nil {
		return err
	}
	w.chunks++
	w.pending = w.pending[:0]
	return nil
}

// lockRunOf locks a file that is being made and gives its bytes so far; errTaken when somebody ended it.
func lockRunOf(ctx context.Context, tx *mysql.Tx, job, run id.ID) (bytes int64, err error) {
	if err = tx.Get(ctx, &bytes, lockRun, job, run); errors.Is(err, sql.ErrNoRows) {
		return 0, errTaken
	}
	return bytes, err
}

// Read gives the parts of a finished file to send, in their order. It holds one in memory. UNAVAILABLE when a part is gone,
// since the file was removed meanwhile.
func (s *Service) Read(ctx context.Context, person id.ID, job *Job, send func([]byte) error) error {
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*chunkSize))
	if err != nil {
		return err
	}
	defer unpacker.Close()
	for n := range job.chunks {
		var sealed []byte
		err := s.db.Get(ctx, &sealed, selectChunk, job.ID, n)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Unavailable, "The export was removed meanwhile. Start it again.")
		}
		if err != nil {
			return err
		}
		packed, err := s.Seal.Unseal(ctx, s.db, seal.Person(person), chunkBound(job.ID, n), sealed)
		if err != nil {
			return err
		}
		part, err := unpacker.DecodeAll(packed, nil)
		if err != nil {
			return err
		}
		if err := send(part); err != nil {
			return err
		}
	}
	return nil
}
