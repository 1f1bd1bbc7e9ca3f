package queue

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// mendLast cuts off what a crash left of a record at the end of the segment that was written last. An end that cannot be
// read but has whole records behind it was damaged, and stays for Peek to find.
func mendLast(dir string, segments []segment) error {
	last := len(segments) - 1
	for last >= 0 && segments[last].bytes == 0 {
		last--
	}
	if last < 0 {
		return nil
	}
	file, err := os.OpenFile(segmentPath(dir, segments[last].number), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	end, err := tornAt(file, segments[last].bytes)
	if err == nil && end < segments[last].bytes {
		segments[last].bytes = end
		err = errors.Join(file.Truncate(end), file.Sync())
	}
	return errors.Join(err, file.Close())
}

// tornAt gives where the last record ends of a file of so many bytes, when nothing but a torn one follows, and else the
// file's end.
func tornAt(file io.ReaderAt, size int64) (int64, error) {
	reader := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 64<<10)
	for at := int64(0); ; {
		payload, err := readRecord(reader)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, errDamaged):
			return size, nil
		case errors.Is(err, errTorn):
			rest, err := io.ReadAll(io.NewSectionReader(file, at, size-at))
			if err != nil || holdsRecord(rest) {
				return size, err
			}
			return at, nil
		case err != nil:
			return 0, err
		}
		at += int64(headerBytes + len(payload))
	}
}

// holdsRecord reports whether a whole record stands anywhere in some bytes.
func holdsRecord(bytes []byte) bool {
	for ; len(bytes) > headerBytes; bytes = bytes[1:] {
		length := binary.LittleEndian.Uint32(bytes)
		if length == 0 || length > MaxRecord || int(length) > len(bytes)-headerBytes {
			continue
		}
		if checksum(bytes[headerBytes:headerBytes+int(length)]) == binary.LittleEndian.Uint32(bytes[4:]) {
			return true
		}
	}
	return false
}

// onlyZeros reports whether a file holds nothing else from an offset on.
func onlyZeros(path string, from int64) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	reader := bufio.NewReader(io.NewSectionReader(file, from, 1<<62))
	for {
		b, err := reader.ReadByte()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if b != 0 {
			return false
		}
	}
}
