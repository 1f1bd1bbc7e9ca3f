package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	fetchTimeout = 30 * time.Second
	fetchTries   = 5
	firstRetry   = 250 * time.Millisecond
	maxRedirects = 3
)

// errMissing is the error of what the log says it does not have.
var errMissing = errors.New("the log does not have it")

// fetcher reads from a log over HTTP. It trusts nothing that the server says of lengths.
type fetcher struct {
	base   *url.URL
	client *http.Client
	retry  time.Duration
}

func newFetcher(address string, retry time.Duration) (*fetcher, error) {
	u, err := url.Parse(strings.TrimSuffix(address, "/") + "/")
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a log, such as https://example.org/tlog/", address)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = fetchWorkers
	client := &http.Client{Transport: transport, Timeout: fetchTimeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects || r.URL.Host != via[0].URL.Host {
			return fmt.Errorf("it points to %s: give the address where the log really is", r.URL.Host)
		}
		return nil
	}}
	return &fetcher{base: u, client: client, retry: retry}, nil
}

func (f *fetcher) close() { f.client.CloseIdleConnections() }

// get reads what lies at a path below the log's address, of at most limit bytes, and tries again after failures that
// may pass. errMissing when the log does not have it.
func (f *fetcher) get(ctx context.Context, path string, limit int64) ([]byte, error) {
	for try := 1; ; try++ {
		body, passing, err := f.once(ctx, path, limit)
		if err == nil || !passing || try == fetchTries || ctx.Err() != nil {
			return body, err
		}
		wait := time.NewTimer(f.retry << (try - 1))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return nil, ctx.Err()
		}
	}
}

// once asks once. passing says that the failure may pass.
func (f *fetcher) once(ctx context.Context, path string, limit int64) (body []byte, passing bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.base.JoinPath(path).String(), nil)
	if err != nil {
		return nil, false, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, true, err
	}
	defer func() { _ = response.Body.Close() }()
	switch status := response.StatusCode; {
	case status == http.StatusNotFound || status == http.StatusGone:
		return nil, false, fmt.Errorf("%s: %w", path, errMissing)
	case status == http.StatusTooManyRequests || status >= 500:
		return nil, true, fmt.Errorf("%s: the server answered %d", path, status)
	case status != http.StatusOK:
		return nil, false, fmt.Errorf("%s: the server answered %d", path, status)
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, true, fmt.Errorf("%s: %w", path, err)
	}
	if int64(len(body)) > limit {
		return nil, false, fmt.Errorf("%s: the server answers with more than the %d bytes that it can have", path, limit)
	}
	return body, false, nil
}

// tilePath gives the address of a tile (C2SP tlog-tiles): kind is a level or "entries".
func tilePath(kind string, number uint64, width int) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number /= 1000; number > 0; number /= 1000 {
		path = fmt.Sprintf("x%03d/", number%1000) + path
	}
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return "tile/" + kind + "/" + path
}

// tile reads width records of a tile, each of size bytes. A partial tile may have been replaced by the full one.
func (f *fetcher) tile(ctx context.Context, kind string, number uint64, width, size int) ([]byte, error) {
	body, err := f.get(ctx, tilePath(kind, number, width), int64(width*size))
	if errors.Is(err, errMissing) && width < tileWidth {
		if full, fullErr := f.get(ctx, tilePath(kind, number, tileWidth), int64(tileWidth*size)); fullErr == nil {
			body, err = full[:min(len(full), width*size)], nil
		}
	}
	return body, err
}
