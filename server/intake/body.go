package intake

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// maxExpanded is the most that one call may send, counted when it is unpacked.
	maxExpanded = 1 << 30
	// Beyond freeExpanded, what is sent may be unpacked to at most maxRatio times its size.
	freeExpanded = 8 << 20
	maxRatio     = 200
	// maxWindow is how far back a zstd frame may refer, which has to be kept in memory.
	maxWindow = 8 << 20
)

// body unpacks what a client sends, as far as it stays within bounds. close gives back what unpacking took.
func body(r *http.Request) (in io.Reader, closing func(), err error) {
	sent := &counted{in: r.Body}
	unpacked := &bounded{sent: sent}
	closing = func() {}
	switch coding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		unpacked.in = sent
	case "gzip", "x-gzip":
		unpacked.in, unpacked.packed = &unzipped{from: sent}, true
	case "zstd":
		decoder, err := zstd.NewReader(sent, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, nil, err
		}
		unpacked.in, unpacked.packed, closing = decoder, true, decoder.Close
	default:
		return nil, nil, fault.New(fault.BadInput, "The Content-Encoding %.40q is not known: send gzip, zstd or none.", coding)
	}
	return unpacked, closing, nil
}

// unzipped unpacks gzip. It reads nothing before it is read: the answer may begin before the body does.
type unzipped struct {
	from   io.Reader
	opened *gzip.Reader
}

// Read implements io.Reader.
func (u *unzipped) Read(p []byte) (int, error) {
	if u.opened == nil {
		var err error
		if u.opened, err = gzip.NewReader(u.from); err != nil {
			return 0, notEOF(err)
		}
	}
	return u.opened.Read(p)
}

// notEOF keeps an empty body, which no packed one is, from passing for one that ended.
func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func errPacked() error {
	return fault.New(fault.BadInput, "The body is cut off, or not packed as its Content-Encoding says.")
}

// counted counts what comes through, and keeps why no more does.
type counted struct {
	in  io.Reader
	n   int64
	err error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	c.err = err
	return n, err
}

// why gives the error that unpacking failed for: what kept the rest from coming, or else how it is packed.
func (c *counted) why() error {
	if c.err != nil && !errors.Is(c.err, io.EOF) {
		return c.err
	}
	return errPacked()
}

// bounded ends a body that grows too large.
type bounded struct {
	in     io.Reader
	sent   *counted
	packed bool
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.n += int64(n)
	if b.packed && err != nil && !errors.Is(err, io.EOF) {
		return n, b.sent.why()
	}
	if b.n > maxExpanded {
		return 0, fault.New(fault.BadInput, "More than %d MiB were sent in one call: send what follows in another.", maxExpanded>>20)
	}
	if b.packed && b.n > freeExpanded && b.n > maxRatio*b.sent.n {
		return 0, fault.New(fault.BadInput, "The body grows to more than %d times its size when it is unpacked.", maxRatio)
	}
	return n, err
}
