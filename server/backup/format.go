// Package backup copies the whole database into one encrypted file while everybody goes on working, reads such a file
// back, and puts it into an empty database.
//
// A file is encrypted with age (age-encryption.org), for recipients or with a passphrase; inside is a stream compressed
// with Zstandard, which consists of frames: a byte that says what it is, the length of the rest, the rest. The keys that
// open what is sealed and that sign checkpoints are not in it: see KeyFile.
package backup

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	formatName    = "keytrail-backup"
	formatVersion = 2
	// unsignedVersion is that of backups without a signature, which can still be read.
	unsignedVersion = 1
)

// The kinds of frames, in the order in which they come.
const (
	frameHeader byte = 'H'
	frameTable  byte = 'T'
	frameRow    byte = 'R'
	frameEnd    byte = 'E'
	frameSigned byte = 'S'
)

// maxFrame bounds a frame: a row is at most what the database sends at once.
const maxFrame = 64 << 20

// Header begins a backup.
type Header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	// ID names the backup.
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"createdAt"`
	// Keytrail is the version of the program, and Schema the newest migration.
	Keytrail string `json:"keytrail"`
	Schema   int64  `json:"schema"`
	// Origin is the log's name, and VerifierKey checks its checkpoints.
	Origin      string `json:"origin"`
	VerifierKey string `json:"verifierKey"`
	// Checkpoint is a signed note. Everything that was acknowledged before it is in the backup.
	Checkpoint string `json:"checkpoint"`
	// Size is how many entries the checkpoint is for.
	Size uint64 `json:"size"`
	// Entries is the size of the ledger in the backup, at least Size.
	Entries uint64 `json:"entries"`
}

// tableHead stands before the rows of a table.
type tableHead struct {
	Ledger  bool     `json:"ledger"`
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Manifest stands at the end of a backup and says what it holds. Behind it is its signature.
type Manifest struct {
	Header
	Tables []TableSummary `json:"tables"`
	Rows   uint64         `json:"rows"`
	// Signed says that the manifest was signed with the log's key. Backups of earlier versions were not.
	Signed bool `json:"-"`
}

// TableSummary counts a table's rows and names its columns, which tell what a row's values are. SHA256 is that of its
// rows' frames, in hexadecimal.
type TableSummary struct {
	Ledger bool   `json:"ledger"`
	Name   string `json:"name"`
	// Columns are left out by the version that was not signed.
	Columns []string `json:"columns,omitempty"`
	Rows    uint64   `json:"rows"`
	SHA256  string   `json:"sha256"`
}

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := binary.AppendUvarint([]byte{kind}, uint64(len(payload)))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// readFrame reads a frame into buffer, which it makes longer where it has to.
func readFrame(r *bufio.Reader, buffer []byte) (kind byte, payload []byte, err error) {
	if kind, err = r.ReadByte(); err != nil {
		return 0, buffer, unexpected(err)
	}
	size, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, buffer, unexpected(err)
	}
	if size > maxFrame {
		return 0, buffer, fmt.Errorf("a frame has %d bytes", size)
	}
	if uint64(cap(buffer)) < size {
		buffer = make([]byte, size)
	}
	buffer = buffer[:size]
	_, err = io.ReadFull(r, buffer)
	return kind, buffer, unexpected(err)
}

// unexpected makes an end of the file the error that it is: the last frame says that it is the last.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendValue adds a column's value to a row; nil is NULL.
func appendValue(row, value []byte) []byte {
	if value == nil {
		return append(row, 0)
	}
	row = binary.AppendUvarint(row, uint64(len(value))+1)
	return append(row, value...)
}

// splitRow takes a row apart. The values stay in its memory.
func splitRow(row []byte, columns int) ([][]byte, error) {
	values := make([][]byte, 0, columns)
	for len(row) > 0 {
		size, n := binary.Uvarint(row)
		if n <= 0 || size > uint64(len(row)-n)+1 {
			return nil, errors.New("a row is damaged")
		}
		row = row[n:]
		if size == 0 {
			values = append(values, nil)
			continue
		}
		values, row = append(values, row[:size-1:size-1]), row[size-1:]
	}
	if len(values) != columns {
		return nil, fmt.Errorf("a row has %d values in place of %d", len(values), columns)
	}
	return values, nil
}
