package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

func samples(f *testing.F) {
	f.Helper()
	text, err := os.ReadFile("../../graph/testdata/django-audit.ndjson")
	if err != nil {
		f.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		f.Add(line)
	}
	for _, line := range []string{
		`{"eventId":"1","action":"a","before":{"a":1},"after":{"a":[null,{"b":"c"}]},"actor":{"externalId":"1"}}`,
		`{"specversion":"1.0","id":"1","source":"s","type":"T","time":"2026-11-22T09:00:00Z","data":{}}`,
		`[{"specversion":"1.0"}]`, `{"a":"` + "\xff" + `"}`, `{"occurredAt":"9999-12-31T23:59:59Z"}`, `[[[[[[`, `1e999`, "\x00", `{} {}`,
	} {
		f.Add([]byte(line))
	}
}

func FuzzParsers(f *testing.F) {
	samples(f)
	parsers := []parser{native, cloudEvents, Django{Zone: time.UTC}.parse, Django{Zone: time.UTC, App: true, UserInfo: []string{"email"}}.parse}
	f.Fuzz(func(t *testing.T, line []byte) {
		for i, parse := range parsers {
			in, err := parse(line)
			if _, isFault := fault.As(err); err != nil && !isFault {
				t.Fatalf("parser %d fails with %v", i, err)
			}
			if in == nil {
				continue
			}
			if _, err := json.Marshal(in); err != nil {
				t.Fatalf("parser %d made what cannot be written: %v", i, err)
			}
		}
	})
}

func FuzzLines(f *testing.F) {
	samples(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, read := newLineReader(bytes.NewReader(text)), 0
		for {
			line, err := lines.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil && !errors.Is(err, errLongLine) {
				t.Fatal(err)
			}
			if bytes.ContainsRune(line, '\n') || len(line) > maxLine {
				t.Fatalf("%q is no line", line)
			}
			read++
		}
		want := 0
		for line := range bytes.Lines(text) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		if read != want {
			t.Fatalf("%d lines were read of %d", read, want)
		}
	})
}

func FuzzBodies(f *testing.F) {
	samples(f)
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, coding := range []string{"", "gzip", "zstd"} {
			for _, kind := range []string{"", cloudEvent, cloudEventBatch} {
				r := &http.Request{Header: http.Header{"Content-Encoding": {coding}, "Content-Type": {kind}}, Body: io.NopCloser(bytes.NewReader(text))}
				in, closing, err := body(r)
				if err != nil {
					continue
				}
				if in, err = linesOf(r, in); err == nil {
					_, err = io.Copy(io.Discard, in)
				}
				if _, isFault := fault.As(err); err != nil && !isFault {
					t.Fatalf("%q fails with %v", coding, err)
				}
				closing()
			}
		}
	})
}

func TestALongLineIsSkippedAndCounted(t *testing.T) {
	t.Parallel()
	lines := newLineReader(strings.NewReader("a\n" + strings.Repeat("x", maxLine+1) + "\n\n b \r\n" + strings.Repeat("y", 3*maxLine)))
	for i, want := range []struct {
		line   string
		number int
		err    error
	}{{"a", 1, nil}, {"", 2, errLongLine}, {"b", 4, nil}, {"", 5, errLongLine}, {"", 5, io.EOF}} {
		line, err := lines.next()
		if string(line) != want.line || lines.number != want.number || !errors.Is(err, want.err) {
			t.Errorf("%d: line %d, %.20q, %v", i, lines.number, line, err)
		}
	}
}
