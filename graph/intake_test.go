package graph_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/intake"
	"github.com/keytrail/keytrail/server/tokens"
)

type intakeAnswer struct {
	Line              int
	Seq               *uint64
	Code, Message     string
	Lines             *int
	Recorded, Refused int
	Skipped           int
	status            int
	raw               string
}

// send posts a body to the intake as a caller and gives what was answered, line by line.
func send(t *testing.T, c *graphtest.Client, query string, body io.Reader, headers ...string) []intakeAnswer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/intake/activity"+query, body)
	if err != nil {
		t.Fatal(err)
	}
	c.Authorise(r.Header)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return answersIn(t, response)
}

func answersIn(t *testing.T, response *http.Response) []intakeAnswer {
	t.Helper()
	var answers []intakeAnswer
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		a := intakeAnswer{status: response.StatusCode, raw: lines.Text()}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%d: %q: %v", response.StatusCode, lines.Text(), err)
		}
		answers = append(answers, a)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return answers
}

// told writes answers short: the line and what became of it, and the totals.
func told(answers []intakeAnswer) string {
	var b strings.Builder
	for _, a := range answers {
		switch {
		case a.Lines != nil && a.Code != "":
			fmt.Fprintf(&b, "%s; ", a.Code)
			fallthrough
		case a.Lines != nil:
			fmt.Fprintf(&b, "of %d: %d, %d, %d", *a.Lines, a.Recorded, a.Refused, a.Skipped)
		case a.Line == 0:
			fmt.Fprintf(&b, "%d %s", a.status, a.Code)
		case a.Seq != nil:
			fmt.Fprintf(&b, "%d ok; ", a.Line)
		default:
			fmt.Fprintf(&b, "%d %s; ", a.Line, a.Code)
		}
	}
	return b.String()
}

const goodLine = `{"eventId": "%d", "action": "order.read", "entityType": "order", "entity": "%d"}` + "\n"

func goodLines(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, goodLine, i, i)
	}
	return b.String()
}

func TestEachLineOfTheIntakeIsAnswered(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	till := s.As("till")
	deep := `{"eventId": "d", "action": "a", "metadata": ` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + "}\n"
	body := goodLines(1, 1) + "\n{\"eventId\": \"2\"\n" + `{"eventId": "3", "action": "a", "colour": 1}` + "\n" +
		strings.Repeat("x", 200<<10) + "\n" + "{\"eventId\": \"\xff\", \"action\": \"a\"}\n" + deep +
		`{"eventId": "7", "action": "a", "occurredAt": "9999-01-01T00:00:00Z"}` + "\n" + `{"action": "a"}` + "\r\n" + `{"eventId": "1", "action": "b"}` + "\n" + goodLines(10, 10)
	answers := send(t, till, "?partial=true", strings.NewReader(body))
	const bad = "BAD_USER_INPUT"
	if got := told(answers); got != "1 ok; 3 "+bad+"; 4 "+bad+"; 5 "+bad+"; 6 "+bad+"; 7 "+bad+"; 8 "+bad+"; 9 "+bad+"; 10 CONFLICT; 11 ok; of 10: 2, 8, 0" {
		t.Error(got)
	}
	for i, want := range map[int]string{1: "cut off", 2: "colour", 3: "longer than 128 KiB", 4: "UTF-8", 5: "nested", 6: "future", 7: "eventId"} {
		if !strings.Contains(answers[i].Message, want) {
			t.Errorf("line %d: %s", answers[i].Line, answers[i].Message)
		}
	}
	if got := told(send(t, till, "", strings.NewReader(body))); got != "3 "+bad+"; 4 "+bad+"; 5 "+bad+"; 6 "+bad+"; 7 "+bad+"; of 10: 0, 5, 0" {
		t.Errorf("all or none: %s", got)
	}
	if got := told(send(t, till, "", strings.NewReader(goodLines(20, 21)+`{"eventId": "22", "action": "key.issued"}`))); got != "3 "+bad+"; of 3: 0, 1, 0" {
		t.Errorf("all or none: %s", got)
	}
	if got := told(send(t, till, "", strings.NewReader(goodLines(20, 21)))); got != "1 ok; 2 ok; of 2: 2, 0, 0" {
		t.Errorf("all or none: %s", got)
	}
	if got := told(send(t, till, "", strings.NewReader(goodLines(1, 1002)))); got != "400 "+bad {
		t.Errorf("too many at once: %s", got)
	}
}

func TestARepeatOfACallIsHarmless(t *testing.T) {
	t.Parallel()
	till := graphtest.Seed(t).As("till")
	const body = `{"action": "a"}` + "\n" + `{"action": "b"}` + "\n"
	first := send(t, till, "?partial=true", strings.NewReader(body), "X-Request-Id", "r1")
	again := send(t, till, "?partial=true", strings.NewReader(body), "X-Request-Id", "r1")
	other := send(t, till, "?partial=true", strings.NewReader(body), "X-Request-Id", "r2")
	if *first[0].Seq != *again[0].Seq || *first[1].Seq != *again[1].Seq || *other[0].Seq == *first[0].Seq {
		t.Errorf("%+v\n%+v\n%+v", first, again, other)
	}
}

func TestOnlyWhoMayRecordIsTakenIn(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for who, want := range map[string]string{"wall": "403 FORBIDDEN", "member": "403 FORBIDDEN", "admin": "1 ok; of 1: 1, 0, 0"} {
		if got := told(send(t, s.As(who), "", strings.NewReader(goodLines(1, 1)))); got != want {
			t.Errorf("%s: %s", who, got)
		}
	}
	if got := told(send(t, s.As(""), "", strings.NewReader(goodLines(1, 1)))); got != "401 UNAUTHENTICATED" {
		t.Errorf("nobody: %s", got)
	}
	if got := send(t, s.As("admin"), "", strings.NewReader(goodLines(1, 1)), "Origin", "https://evil.example.org"); got[0].status != http.StatusForbidden {
		t.Errorf("from elsewhere: %+v", got)
	}
}

func packed(t *testing.T, coding string, write func(io.Writer)) io.Reader {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if coding == "zstd" {
		encoder, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w = encoder
	}
	write(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

// repeated gives a body so many times, one after the other.
func repeated(t *testing.T, body io.Reader, times int) io.Reader {
	t.Helper()
	once, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(bytes.Repeat(once, times))
}

func TestPackedBodiesAreReadAndBombsStopped(t *testing.T) {
	t.Parallel()
	till := graphtest.Seed(t).As("till")
	for i, coding := range []string{"gzip", "zstd"} {
		good := packed(t, coding, func(w io.Writer) { _, _ = io.WriteString(w, goodLines(10*i+1, 10*i+3)) })
		if got := told(send(t, till, "?partial=true", good, "Content-Encoding", coding)); got != "1 ok; 2 ok; 3 ok; of 3: 3, 0, 0" {
			t.Errorf("%s: %s", coding, got)
		}
		mebibyte := packed(t, coding, func(w io.Writer) { _, _ = w.Write(make([]byte, 1<<20)) })
		bomb := repeated(t, mebibyte, 300) // packed parts one after the other are one packed whole
		if got := told(send(t, till, "?partial=true", bomb, "Content-Encoding", coding)); got != "BAD_USER_INPUT; of 0: 0, 0, 0" {
			t.Errorf("a bomb of %s: %s", coding, got)
		}
		if got := told(send(t, till, "", strings.NewReader(goodLines(1, 1)), "Content-Encoding", coding)); got != "400 BAD_USER_INPUT" {
			t.Errorf("what is no %s: %s", coding, got)
		}
	}
	if got := told(send(t, till, "", strings.NewReader("x"), "Content-Encoding", "br")); got != "400 BAD_USER_INPUT" {
		t.Errorf("an unknown coding: %s", got)
	}
}

func TestAHugeLineIsRefusedByItsNumberAndTheNextIsRead(t *testing.T) {
	t.Parallel()
	till := graphtest.Seed(t).As("till")
	huge := io.MultiReader(strings.NewReader(goodLines(1, 1)), io.LimitReader(endless('x'), 100<<20), strings.NewReader("\n"+goodLines(2, 2)))
	if got := told(send(t, till, "?partial=true", huge)); got != "1 ok; 2 BAD_USER_INPUT; 3 ok; of 3: 2, 1, 0" {
		t.Error(got)
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestACallIsAnsweredBeforeItsFirstLineAndEachLineBeforeTheNext(t *testing.T) {
	t.Parallel()
	till := graphtest.Seed(t).As("till")
	_ = openCall(t, till, "Content-Encoding", "zstd").in.Close()
	call := openCall(t, till)
	for i := 1; i <= 3; i++ {
		if got := call.report(t, goodLines(i, i)); !strings.Contains(got, fmt.Sprintf(`{"line":%d,"seq":`, i)) {
			t.Fatalf("%d: %q", i, got)
		}
	}
	_ = call.in.Close()
	if got := call.next(t); got != `{"lines":3,"recorded":3,"refused":0,"skipped":0}` {
		t.Errorf("the totals are %q", got)
	}
}

// openedCall is a call of the intake that stays open.
type openedCall struct {
	in    *io.PipeWriter
	lines *bufio.Scanner
}

// openCall returns once the head of the answer is there, before anything was sent.
func openCall(t *testing.T, c *graphtest.Client, headers ...string) *openedCall {
	t.Helper()
	out, in := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/intake/activity?partial=true", out)
	if err != nil {
		t.Fatal(err)
	}
	c.Authorise(r.Header)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return &openedCall{in, bufio.NewScanner(response.Body)}
}

// report sends text and gives the next line of the answer.
func (c *openedCall) report(t *testing.T, text string) string {
	t.Helper()
	if _, err := io.WriteString(c.in, text); err != nil {
		t.Fatal(err)
	}
	return c.next(t)
}

func (c *openedCall) next(t *testing.T) string {
	t.Helper()
	if !c.lines.Scan() {
		t.Fatalf("the answer ends: %v", c.lines.Err())
	}
	return c.lines.Text()
}

func TestATokenThatIsRevokedDuringACallRecordsNothingMore(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, token := s.NewToken(tokens.CreateInput{Name: "Shop", Role: access.RoleIntegrator})
	call := openCall(t, s.Holding(secret))
	if got := call.report(t, goodLines(1, 1)); !strings.Contains(got, `{"line":1,"seq":`) {
		t.Fatal(got)
	}
	if _, err := s.Tokens.Revoke(t.Context(), access.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	if got := call.report(t, goodLines(2, 2)); !strings.Contains(got, `"code":"UNAUTHENTICATED"`) || !strings.Contains(got, `"recorded":1`) {
		t.Errorf("the line behind it is answered %q", got)
	}
	_ = call.in.Close()
}

func TestAServerThatStopsEndsTheCallsThatStayOpen(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	call := openCall(t, s.As("till"))
	packed := openCall(t, s.As("till"), "Content-Encoding", "gzip") // which begins with a head of its own
	if got := call.report(t, goodLines(1, 1)); !strings.Contains(got, `{"line":1,"seq":`) {
		t.Fatal(got)
	}
	zip := gzip.NewWriter(packed.in)
	_, _ = io.WriteString(zip, goodLines(2, 2))
	_ = zip.Flush()
	if got := packed.next(t); !strings.Contains(got, `{"line":1,"seq":`) {
		t.Fatal(got)
	}
	s.Intake.Stop()
	for _, one := range []*openedCall{call, packed} {
		if got := one.next(t); !strings.Contains(got, `"code":"UNAVAILABLE"`) || !strings.Contains(got, "The server stops") || !strings.Contains(got, `"recorded":1`) {
			t.Errorf("a call that is open is answered %q", got)
		}
		_ = one.in.Close()
	}
	after := openCall(t, s.As("till"))
	if got := after.next(t); !strings.Contains(got, "The server stops") {
		t.Errorf("a call behind it is answered %q", got)
	}
	_ = after.in.Close()
}

func TestWhoStopsSendingIsToldWhatIsOnRecord(t *testing.T) {
	t.Parallel()
	till := graphtest.SeedWith(t, graphtest.Options{Intake: intake.Limits{Patience: 200 * time.Millisecond}}).As("till")
	out, in := io.Pipe()
	defer func() { _ = in.Close() }()
	go func() { _, _ = io.WriteString(in, goodLines(1, 2)+`{"eventId": `) }()
	if got := told(send(t, till, "?partial=true", out)); got != "1 ok; 2 ok; UNAVAILABLE; of 2: 2, 0, 0" {
		t.Error(got)
	}
}

func TestCloudEventsAreTakenInOneByOneAndInBatches(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	till := s.As("till")
	one := `{"specversion": "1.0", "id": "1", "source": "/till/3", "type": "Order.Paid", "subject": "17", "time": "2026-11-22T09:00:00Z", "authid": "u-17", "data": {"sum": 12.5}}`
	for _, c := range []struct{ kind, query, body, want string }{
		{"application/cloudevents+json", "", strings.ReplaceAll(one, ", ", ",\n"), "1 ok; of 1: 1, 0, 0"},
		{"application/cloudevents-batch+json", "?partial=true", "[" + one + ",\n {}]", "1 ok; 2 BAD_USER_INPUT; of 2: 1, 1, 0"},
		{"application/x-ndjson", "?format=cloudevents", one, "1 ok; of 1: 1, 0, 0"},
		{"application/cloudevents-batch+json", "", "{", "400 BAD_USER_INPUT"},
	} {
		if got := told(send(t, till, c.query, strings.NewReader(c.body), "Content-Type", c.kind)); got != c.want {
			t.Errorf("%s: %s", c.kind, got)
		}
	}
	const query = `{ activityLog { edges { node { action module entity { id } occurredAt metadata actor { name } } } } }`
	const want = `{"data":{"activityLog":{"edges":[{"node":{"action":"order.paid","module":"/till/3","entity":{"id":"17"},"occurredAt":"2026-11-22T09:00:00.000000Z","metadata":{"data":{"sum":12.5}},"actor":{"name":"u-17"}}}]}}}`
	if a := s.As("admin").Do(t, query, nil); string(a.Text) != want {
		t.Errorf("%s", a.Text)
	}
}

func TestLinesOfADjangoAuditLogAreTakenInAsTheyAre(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	text, err := os.ReadFile("testdata/django-audit.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	till := s.As("till")
	for range 2 {
		if got := told(send(t, till, "?partial=true&format=django-audit&timeZone=Europe/Riga", bytes.NewReader(text))); got != "1 ok; 2 ok; 3 ok; 4 SKIPPED; of 4: 3, 0, 1" {
			t.Error(got)
		}
	}
	const query = `{ activityLog(filter: {source: "till", entityType: "User"}) { edges { node { action entity { type id } occurredAt metadata changes { path before after } } } }
		requests: activityLog(filter: {source: "till", action: "http.request"}) { edges { node { outcome request { direction method service url path } response { status durationMs } metadata } } } }`
	const want = `{"data":{"activityLog":{"edges":[{"node":{"action":"create","entity":{"type":"User","id":"6f77b814-f9c1-4cab-a737-6677734bc303"},"occurredAt":"2025-08-16T14:06:32.403000Z","metadata":null,` +
		`"changes":[{"path":"/created_at","before":null,"after":"2025-08-29T08:18:54Z"},{"path":"/is_active","before":null,"after":true},{"path":"/name","before":null,"after":"Test Model"},{"path":"/updated_at","before":null,"after":"2025-08-29T08:18:54Z"}]}}]},` +
		`"requests":{"edges":[{"node":{"outcome":"SUCCESS","request":{"direction":"incoming","method":"GET","service":"review_board","url":null,"path":"/api/v1/health/"},"response":{"status":200,"durationMs":5376.734018325806},"metadata":null}},` +
		`{"node":{"outcome":"SUCCESS","request":{"direction":"outgoing","method":"GET","service":"apollo","url":"example.com","path":null},"response":{"status":200,"durationMs":5168.09344291687},"metadata":null}}]}}}`
	if a := s.As("admin").Do(t, query, nil); string(a.Text) != want {
		t.Errorf("%s", a.Text)
	}
}
