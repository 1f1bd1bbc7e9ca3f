// Package send delivers what waits in the queue to the server: one report after the other, again until it is answered.
package send

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
	"github.com/keytrail/keytrail/agent/queue"
)

const (
	answerWithin = 20 * time.Second
	maxAnswer    = 16 << 10
	timeFormat   = "2006-01-02T15:04:05.000Z07:00"
)

// Outcome is what became of one attempt.
type Outcome struct {
	Delivered bool
	Dropped   bool   // the server will never take this report
	ClockOff  bool   // the server's clock was found to differ, and is followed from now on
	Problem   string // in words for the person, empty when all is well
}

// Sender delivers reports. All fields must be set.
type Sender struct {
	Queue    *queue.Queue
	Client   *http.Client
	Endpoint *url.URL
	Token    string
	Agent    string // the program's name and version
	Run      string // of which records may be dated by Timeline
	Timeline *presence.Timeline
	Steady   func() presence.Steady
	Wait     Wait
	Tell     func(Outcome) // is called after each attempt
}

// Wait is how long to wait after failures in a row: from First, doubled up to Most.
type Wait struct{ First, Most time.Duration }

// Client gives one that verifies the server, with the certificates in caFile besides the system's if it is not "".
func Client(caFile string) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		text, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("read CA_FILE: %w", err)
		}
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificate in PEM form", caFile)
		}
		config.RootCAs = pool
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, ForceAttemptHTTP2: true,
		MaxIdleConns: 1, IdleConnTimeout: 5 * time.Minute, TLSHandshakeTimeout: 10 * time.Second}
	return &http.Client{Transport: transport, Timeout: answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}

// Follow delivers until ctx ends. A value on more means that something was added.
func (s *Sender) Follow(ctx context.Context, more <-chan struct{}) {
	var body []byte // of the oldest record: what was tried once is never sent differently
	var bodyOf string
	asked, failures := false, 0
	for ctx.Err() == nil {
		record, ok := s.Queue.Oldest()
		if !ok {
			select {
			case <-more:
			case <-ctx.Done():
			}
			continue
		}
		if !asked {
			asked = s.askTheTime(ctx)
		}
		if bodyOf != record.ID {
			body, bodyOf = s.compose(record), record.ID
		}
		outcome, after := s.attempt(ctx, record.ID, body)
		if ctx.Err() != nil && !outcome.Delivered {
			return
		}
		s.Tell(outcome)
		if outcome.Delivered || outcome.Dropped {
			failures = 0
			continue
		}
		failures++
		pause(ctx, max(after, s.Wait.after(failures)))
	}
}

// after gives a time around First, doubled with each failure, so that many agents don't come back at once.
func (w Wait) after(failures int) time.Duration {
	d := min(w.First<<min(failures-1, 20), w.Most)
	return d/2 + rand.N(d/2+1)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (s *Sender) compose(r queue.Record) []byte {
	at := r.At
	if r.Run == s.Run {
		at = s.Timeline.At(presence.Steady(r.Steady))
	}
	body, err := json.Marshal(struct {
		User        string `json:"user"`
		State       string `json:"state"`
		At          string `json:"ts"`
		Workstation string `json:"workstation"`
		Seconds     int    `json:"interval_seconds"`
		ID          string `json:"event_id"`
	}{r.User, r.State, at.Format(timeFormat), r.Workstation, r.Seconds, r.ID})
	if err != nil {
		panic(err) // strings and numbers always can be written
	}
	return body
}

// askTheTime hears the server's clock before anything is dated by this machine's. It tells whether it was heard.
func (s *Sender) askTheTime(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, s.Endpoint.String(), nil)
	if err != nil {
		return true
	}
	asked := s.Steady()
	response, err := s.Client.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	if s.learn(response, asked) {
		s.Tell(Outcome{ClockOff: true})
	}
	return true
}

// learn takes the server's time from an answer that was asked for at asked.
func (s *Sender) learn(response *http.Response, asked presence.Steady) bool {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return false
	}
	now := s.Steady()
	middle := asked.Add(now.Sub(asked) / 2)
	return s.Timeline.Learn(date.Add(500*time.Millisecond), middle) // Date drops the fraction of a second
}

// attempt sends one report, and gives how long the server wants to be left alone.
func (s *Sender) attempt(ctx context.Context, id string, body []byte) (Outcome, time.Duration) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return Outcome{Problem: err.Error()}, s.Wait.Most
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.Token)
	request.Header.Set("User-Agent", s.Agent)
	asked := s.Steady()
	response, err := s.Client.Do(request)
	if err != nil {
		var invalid *tls.CertificateVerificationError
		if errors.As(err, &invalid) {
			return Outcome{Problem: "The server's certificate is not trusted: " + invalid.Err.Error()}, s.Wait.Most
		}
		return Outcome{Problem: "The server can't be reached: " + err.Error()}, 0
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) // an answer cut short is judged by its status
	outcome, after := s.judge(response, text)
	outcome.ClockOff = s.learn(response, asked)
	if outcome.Delivered || outcome.Dropped {
		if err := s.Queue.Done(id); err != nil {
			outcome.Problem = "The queue can't be written: " + err.Error()
		}
	}
	return outcome, after
}

func (s *Sender) judge(response *http.Response, text []byte) (Outcome, time.Duration) {
	switch code := response.StatusCode; {
	case code == http.StatusCreated || code == http.StatusOK && succeeded(text), code == http.StatusConflict && refuses(text):
		return Outcome{Delivered: true}, 0
	case refuses(text) && (code == http.StatusBadRequest || code == http.StatusRequestEntityTooLarge || code == http.StatusUnprocessableEntity):
		return Outcome{Dropped: true, Problem: "The server refused a report: " + message(response, text)}, 0
	case code == http.StatusTooManyRequests, code >= 500:
		return Outcome{Problem: "The server can't take reports now: " + message(response, text)}, s.retryAfter(response)
	case code == http.StatusForbidden: // such as while no purpose is stated
		return Outcome{Problem: "The server takes no reports from here for now; they are kept until it does: " + message(response, text)}, s.Wait.Most
	case code == http.StatusUnauthorized:
		return Outcome{Problem: "The server doesn't accept this workstation's token: " + message(response, text)}, s.Wait.Most
	}
	return Outcome{Problem: "This is no address for reports (check API_ENDPOINT): " + message(response, text)}, s.Wait.Most
}

// refuses reports whether an answer is a refusal in keytrail's own form: a proxy, or another server at this address, refuses
// anything, and has no report dropped.
func refuses(text []byte) bool {
	var answer struct{ Success *bool }
	return json.Unmarshal(text, &answer) == nil && answer.Success != nil && !*answer.Success
}

func succeeded(text []byte) bool {
	var answer struct{ Success bool }
	return json.Unmarshal(text, &answer) == nil && answer.Success
}

// message gives what the server says, on one line and not too long.
func message(response *http.Response, text []byte) string {
	var answer struct{ Message string }
	if json.Unmarshal(text, &answer) != nil || answer.Message == "" {
		return response.Status
	}
	words := strings.Join(strings.Fields(answer.Message), " ")
	if runes := []rune(words); len(runes) > 200 {
		words = string(runes[:200]) + "…"
	}
	return words
}

// retryAfter reads seconds; a server may ask for an hour at most.
func (s *Sender) retryAfter(response *http.Response) time.Duration {
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 3600)) * time.Second
}
