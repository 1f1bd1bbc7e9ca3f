package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/reported"
)

// broken is a body that ends with an error.
type broken struct {
	text io.Reader
	err  error
}

func (b broken) Read(p []byte) (int, error) {
	n, err := b.text.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return n, err
}

func handler(t *testing.T) *Handler {
	t.Helper()
	h, err := New(nil, nil, nil, Limits{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestOnlyPostIsAllowed(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		w := httptest.NewRecorder()
		handler(t).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/intake/activity", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s is answered %d, Allow %q: %s", method, w.Code, w.Header().Get("Allow"), w.Body)
		}
	}
}

func TestABodyThatStopsToComeIsNotCalledWronglyPacked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		err  error
		want fault.Kind
	}{
		"nothing came in time":   {"", os.ErrDeadlineExceeded, fault.Unavailable},
		"it stopped in a header": {"\x1f\x8b\x08", os.ErrDeadlineExceeded, fault.Unavailable},
		"it stopped behind one":  {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", os.ErrDeadlineExceeded, fault.Unavailable},
		"it is no gzip":          {"no gzip at all", io.EOF, fault.BadInput},
	} {
		r := &http.Request{Header: http.Header{"Content-Encoding": {"gzip"}}, Body: io.NopCloser(broken{strings.NewReader(c.text), c.err})}
		in, closing, err := body(r)
		if err == nil {
			_, err = io.Copy(io.Discard, in)
			closing()
		}
		if f, ok := fault.As(handler(t).readable(err)); !ok || f.Kind != c.want {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
}

// oneOf makes a stream of lines that records nothing.
func oneOf(lines string) *stream {
	return &stream{
		lines: newLineReader(strings.NewReader(lines)), parse: native, none: func(int) {},
		record: func(context.Context, []*activity.Input, bool) (*reported.Recorded, error) {
			return nil, errors.New("nothing is to be recorded")
		},
	}
}

func TestAnEventThatHoldsTooMuchDoesNotWaitInMemory(t *testing.T) {
	t.Parallel()
	s := oneOf(`{"eventId":"1","action":"a","after":[` + strings.Repeat("0,", 20_000) + `0]}` + "\n")
	if _, err := s.read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if one := s.gathered[0]; one.event != nil || one.answer.Code != string(fault.BadInput) {
		t.Errorf("it waits: %+v", one.answer)
	}
}

func TestACallThatIsAllOrNothingIsBounded(t *testing.T) {
	t.Parallel()
	line := `{"eventId":"1","action":"a","after":"` + strings.Repeat("x", 60<<10) + `"}` + "\n"
	_, err := oneOf(strings.Repeat(line, 5<<20/len(line))).whole(t.Context())
	if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || !strings.Contains(f.Message, "4 MiB") {
		t.Errorf("5 MiB are answered %v", err)
	}
}

func TestAddressesThatCannotBeReadAreRefusedBeforeLinesAreReadOtherwise(t *testing.T) {
	t.Parallel()
	for query, refused := range map[string]bool{
		"format=django-audit&timeZone=Europe/Riga":                false,
		"format=django-audit&timeZone=Europe%2":                   true,
		"format=django-audit&timeZone=Europe/Riga;userInfo=email": true,
		"format=django-audit&app=yes":                             true,
		"format=django-audit&app=1":                               false,
		"format=%":                                                true,
		"partial=true":                                            false,
	} {
		r := &http.Request{Header: http.Header{}, URL: &url.URL{RawQuery: query}}
		if _, err := parserOf(r); fault.Is(err, fault.BadInput) != refused || err != nil && !refused {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestWhatIsNeitherTrueNorFalseIsRefusedRatherThanTakenForFalse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "false", "partial=true": "true", "partial=0": "false", "partial=yes": "BAD_USER_INPUT", "partial=on": "BAD_USER_INPUT"} {
		asked, _ := url.ParseQuery(text)
		is, err := isAsked(asked, "partial")
		got := strconv.FormatBool(is)
		if f, ok := fault.As(err); ok {
			got = string(f.Kind)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
