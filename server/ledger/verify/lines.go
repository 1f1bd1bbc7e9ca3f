package verify

import (
	"bufio"
	"errors"
	"io"
)

// lineReader reads lines of a bounded length.
type lineReader struct {
	r    *bufio.Reader
	long []byte
	most int // bytes of a line, its end included
}

// next gives the next line without its end; it is valid until the next call. io.EOF at the end of the file.
func (l *lineReader) next() ([]byte, error) {
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if l.long = append(l.long, part...); len(l.long) > l.most {
				return nil, wrongFile("a line is longer than %d bytes", l.most)
			}
			continue
		}
		if errors.Is(err, io.EOF) && len(part)+len(l.long) > 0 {
			return nil, wrongFile("it was cut off in the middle of a line")
		}
		if err != nil {
			return nil, err
		}
		if len(l.long) > 0 {
			l.long = append(l.long, part...)
			part = l.long
		}
		return part[:len(part)-1], nil
	}
}
