package tlog_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// do sends any request and gives the answer with its body read.
func (l *log) do(method, path string) (*http.Response, string) {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return response, string(body)
}

func TestWhatNeverChangesMayBeKeptForEverAndNothingElse(t *testing.T) {
	t.Parallel()
	l := publish(t)
	l.grow(300)
	immutable := []string{"tile/0/000", "tile/0/001.p/44", "tile/0/000.p/7", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/3"}
	for _, path := range immutable {
		response, body := l.do(http.MethodGet, path)
		if got := response.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %q", path, got)
		}
		if response.Header.Get("Content-Type") != "application/octet-stream" || response.ContentLength != int64(len(body)) {
			t.Errorf("%s: %v, %d bytes", path, response.Header, len(body))
		}
	}
	for _, path := range []string{"checkpoint", "tile/0/001", "tile/0/001.p/45", "tile/entries/001", "tile/x/000", "tile/0/0", "secret", ""} {
		response, _ := l.do(http.MethodGet, path)
		if got := response.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: %d %q", path, response.StatusCode, got)
		}
	}
	l.grow(300)
	if response, _ := l.do(http.MethodGet, "tile/0/001"); response.StatusCode != http.StatusOK {
		t.Errorf("a tile that has become full: %d", response.StatusCode)
	}
}

func TestAHeadRequestTellsTheLengthAndOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	l := publish(t)
	l.grow(256)
	for path, length := range map[string]int{"tile/0/000": 256 * 32, "tile/entries/000": 256 * 34, "tile/1/000.p/1": 32} {
		response, body := l.do(http.MethodHead, path)
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Length") != strconv.Itoa(length) || body != "" {
			t.Errorf("%s: %d %v", path, response.StatusCode, response.Header)
		}
	}
	for _, path := range []string{"checkpoint", "tile/0/000", "tile/entries/000", "vkey"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			response, _ := l.do(method, path)
			if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" || response.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d %v", method, path, response.StatusCode, response.Header)
			}
		}
	}
}

func TestTheCheckpointIsTextOfThreeLinesAndASignature(t *testing.T) {
	t.Parallel()
	l := publish(t)
	l.grow(3)
	response, body := l.do(http.MethodGet, "checkpoint")
	text, signatures, _ := strings.Cut(body, "\n\n")
	if response.Header.Get("Content-Type") != "text/plain; charset=utf-8" || strings.Count(text, "\n") != 2 ||
		!strings.HasPrefix(signatures, "— ") || strings.Count(signatures, "\n") != 1 || response.ContentLength != int64(len(body)) {
		t.Errorf("%v\n%s", response.Header, body)
	}
}
