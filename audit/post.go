package audit

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/audit/internal/queue"
)

const (
	maxAnswerLine = 64 << 10
	maxComplaint  = 500

	// aheadAtMost is how far keytrail lets an event lie in its future, and farAhead how far one may lie in this machine's to
	// be waited for.
	aheadAtMost = 10 * time.Minute
	farAhead    = 24 * time.Hour
)

// answer is what keytrail said to a batch: the lines that it answered, from the first on without a gap.
type answer struct {
	status     int
	code       string // keytrail's, where the batch as a whole was not taken and keytrail itself said so
	retryAfter time.Duration
	date       time.Time // by keytrail's clock; zero where it does not say
	lines      []answerLine
}

// answerLine is keytrail's answer to one line: its place in the log, or why it was refused.
type answerLine struct {
	Line     int             `json:"line"`
	Seq      json.RawMessage `json:"seq"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	recorded bool
}

// passing reports whether the same line may be taken later.
func (l answerLine) passing() bool {
	return slices.Contains([]string{"UNAVAILABLE", "INTERNAL", "RATE_LIMITED", "UNAUTHENTICATED", "FORBIDDEN"}, l.Code)
}

// tooEarly reports whether a refused event can be recorded later, since it lies in keytrail's future: this machine's clock is
// fast. Once the clock says itself that the event lies days ahead, it was set right, and the event never will be.
func (a answer) tooEarly(l answerLine, event []byte) error {
	var e struct {
		OccurredAt time.Time `json:"occurredAt"`
	}
	if l.Code != badInput || a.date.IsZero() || json.Unmarshal(event, &e) != nil {
		return nil
	}
	ahead := e.OccurredAt.Sub(a.date)
	if ahead <= aheadAtMost || time.Until(e.OccurredAt) > farAhead {
		return nil
	}
	return fmt.Errorf("events lie %s in keytrail's future: set this machine's clock right", ahead.Round(time.Second))
}

// post sends records as NDJSON. An error says that the batch as a whole was not taken, or not answered to its end.
func (s *sender) post(ctx context.Context, records []queue.Record) (answer, error) {
	request, err := s.request(ctx, records)
	if err != nil {
		return answer{}, err
	}
	response, err := s.o.HTTP.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	a := answer{status: response.StatusCode, retryAfter: retryAfter(response.Header)}
	a.date, _ = http.ParseTime(response.Header.Get("Date"))
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswerLine))
		complaint := cut(clean(string(said)), maxComplaint)
		if a.code = codeOf(said); a.refusal() && a.code == "" {
			return a, fmt.Errorf("what answers is not keytrail (is its address right?): %s: %s", response.Status, complaint)
		}
		return a, fmt.Errorf("keytrail answers %s: %s", response.Status, complaint)
	}
	a.lines = readAnswer(response.Body, len(records))
	return a, nil
}

// codeOf reads the code of an answer in keytrail's own form, "" for what others answer.
func codeOf(said []byte) string {
	var own struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(said, &own) != nil {
		return ""
	}
	return own.Code
}

// refusal reports whether a batch was answered as a whole in a way that sending it again may not change.
func (a answer) refusal() bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}, a.status)
}

func (s *sender) request(ctx context.Context, records []queue.Record) (*http.Request, error) {
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	for _, r := range records {
		if _, err := zip.Write(append(r.Payload, '\n')); err != nil {
			return nil, err
		}
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.o.URL+"/intake/activity?partial=true", &body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.o.Token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Content-Encoding", "gzip")
	return request, nil
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 3600)) * time.Second
}

// readAnswer reads the answers to lines 1 to n, as far as they came. The totals at the end have no line.
func readAnswer(r io.Reader, n int) []answerLine {
	answered := make([]answerLine, n)
	scanner := bufio.NewScanner(io.LimitReader(r, int64(n+1)*maxAnswerLine))
	scanner.Buffer(nil, maxAnswerLine)
	for scanner.Scan() {
		var line answerLine
		if json.Unmarshal(scanner.Bytes(), &line) != nil {
			break
		}
		if line.Line >= 1 && line.Line <= n {
			line.recorded = line.Code == "" && len(line.Seq) > 0 && string(line.Seq) != "null"
			answered[line.Line-1] = line
		}
	}
	for i, line := range answered {
		if !line.recorded && line.Code == "" {
			return answered[:i]
		}
	}
	return answered
}
