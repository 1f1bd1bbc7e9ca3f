package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// sink is a place outside the database that keeps checkpoints.
type sink interface {
	// name says where it is, without credentials.
	name() string
	// keep returns once the checkpoint is kept there.
	keep(ctx context.Context, c *Checkpoint) error
	close()
}

// fileSink appends to a file: each signed note (text, an empty line, signatures), followed by an empty line. What a
// crash left half written is closed off by an empty line, so that it spoils nothing behind it.
type fileSink struct{ path string }

func (s fileSink) name() string { return "file:" + s.path }

func (s fileSink) close() {}

func (s fileSink) keep(_ context.Context, c *Checkpoint) (err error) {
	_, missing := os.Stat(s.path)
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	gap, err := gapBehind(f)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(gap + c.Note + "\n"); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if errors.Is(missing, os.ErrNotExist) {
		return syncDirectory(filepath.Dir(s.path))
	}
	return nil
}

// gapBehind gives what has to be written so that a new note begins behind an empty line.
func gapBehind(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", nil
	}
	tail := make([]byte, min(info.Size(), 2))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return "", err
	}
	switch end := string(tail); {
	case end == "\n\n":
		return "", nil
	case strings.HasSuffix(end, "\n"):
		return "\n", nil
	}
	return "\n\n", nil
}

func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

const postTimeout = 10 * time.Second

// urlSink posts the signed note as text/plain; any 2xx answer means that it is kept. It is shown by scheme and host,
// and the beginning of a hash of the whole: path and query of such an address are often its password.
type urlSink struct {
	address string
	shown   string
	client  *http.Client
}

func newURLSink(address string) (*urlSink, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.BadInput, "a place for checkpoints is no http or https address, such as https://example.org/checkpoints")
	}
	print := sha256.Sum256([]byte(address))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxConnsPerHost = 1, 1
	return &urlSink{address: address, shown: fmt.Sprintf("%s://%s (%x)", u.Scheme, u.Host, print[:4]), client: &http.Client{
		Transport: transport, Timeout: postTimeout,
		// The operator named this place and no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (s *urlSink) name() string { return s.shown }

func (s *urlSink) close() { s.client.CloseIdleConnections() }

func (s *urlSink) keep(ctx context.Context, c *Checkpoint) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, strings.NewReader(c.Note))
	if err != nil {
		return errors.New("no request can be made of the address")
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	response, err := s.client.Do(request)
	if err != nil {
		return withoutAddress(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
	switch status := response.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return fmt.Errorf("it answered %d and points elsewhere: name the place where checkpoints are really kept", status)
	default:
		return fmt.Errorf("it answered %d %s", status, http.StatusText(status))
	}
}

// withoutAddress leaves out the address that net/http puts in front, since it may hold credentials.
func withoutAddress(err error) error {
	var u *url.Error
	if !errors.As(err, &u) {
		return err
	}
	if u.Timeout() {
		return fmt.Errorf("no answer within %s", postTimeout)
	}
	return u.Err
}
