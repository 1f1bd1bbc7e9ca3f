package queue

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A record is its payload's length and CRC-32C, four bytes each in little endian, and the payload.
const headerBytes = 8

// MaxRecord is the most bytes that a payload may have.
const MaxRecord = 1 << 20

var (
	// errTorn says that a file ends within a record, or in zeros: what a crash leaves of the last write.
	errTorn = errors.New("the file ends within a record")
	// errDamaged says that a record is whole but is not what was written.
	errDamaged = errors.New("a record differs from its checksum")
)

func checksum(payload []byte) uint32 {
	return crc32.Checksum(payload, crc32.MakeTable(crc32.Castagnoli))
}

// appendRecord adds a payload's record to a buffer.
func appendRecord(buffer, payload []byte) []byte {
	buffer = binary.LittleEndian.AppendUint32(buffer, uint32(len(payload)))
	buffer = binary.LittleEndian.AppendUint32(buffer, checksum(payload))
	return append(buffer, payload...)
}

// readRecord reads the next payload. io.EOF at the end, errTorn or errDamaged for what is no record; memory is
// bounded by MaxRecord whatever the bytes say.
func readRecord(r *bufio.Reader) ([]byte, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errTorn
		}
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header[:4])
	switch {
	case length == 0:
		return nil, errTorn
	case length > MaxRecord:
		return nil, errDamaged
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(r, payload); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, errTorn
		}
		return nil, err
	}
	if checksum(payload) != binary.LittleEndian.Uint32(header[4:]) {
		return nil, errDamaged
	}
	return payload, nil
}
