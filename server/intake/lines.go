package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

const (
	// maxLine is the longest line that is read: an event may hold half of it, and JSON may write each byte as several.
	maxLine = 128 << 10
	// readAhead is how much is read of a body before it is looked at.
	readAhead = 64 << 10
)

// errLongLine says that a line was skipped since it is too long.
var errLongLine = errors.New("the line is too long")

// lineReader gives lines one by one, never more than one of them in memory.
type lineReader struct {
	in     *bufio.Reader
	number int
	line   []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(r, readAhead), line: make([]byte, 0, 4096)}
}

// next gives the next line that is not blank, without its end; it is good until the next call. errLongLine
// for one that was skipped, io.EOF at the end, and what the reader below says.
func (l *lineReader) next() ([]byte, error) {
	for {
		line, err := l.one()
		if err != nil || len(line) > 0 {
			return line, err
		}
	}
}

// ready reports whether a line can be had without waiting for more.
func (l *lineReader) ready() bool {
	ahead, _ := l.in.Peek(l.in.Buffered())
	return bytes.IndexByte(ahead, '\n') >= 0
}

func (l *lineReader) one() ([]byte, error) {
	l.line = l.line[:0]
	tooLong := false
	for {
		piece, err := l.in.ReadSlice('\n')
		if len(l.line)+len(piece) > maxLine {
			tooLong = true
		}
		if !tooLong {
			l.line = append(l.line, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(piece) == 0 && len(l.line) == 0 && !tooLong:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		l.number++
		if tooLong {
			return nil, errLongLine
		}
		return bytes.TrimSpace(l.line), nil
	}
}
