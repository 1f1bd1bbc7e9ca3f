package webhooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// maxAnswer bounds what is read of an answer, and answerKept what is kept of one that is no success.
	maxAnswer  = 64 << 10
	answerKept = 500
	// maxHeaders bounds an answer's headers.
	maxHeaders = 16 << 10
	idleFor    = 30 * time.Second
)

// Answer is how one try went.
type Answer struct {
	// Status is that of the answer, 0 where there was none.
	Status int
	// Problem says in English why nothing was delivered; "" where it was.
	Problem string
	// Text is the beginning of what was answered, where that was no success.
	Text         string
	Milliseconds int
	// sent says that the receiver may have the event, whatever it answered.
	sent bool
	// RetryAfter is how long the receiver wants to be left alone.
	retryAfter time.Duration
}

// OK reports whether the receiver has taken the event.
func (a *Answer) OK() bool { return a.Problem == "" }

func (s *Service) newClient() *http.Client {
	return &http.Client{
		Timeout: s.config.Timeout,
		Transport: &http.Transport{
			// No proxy: it would look names up anew, behind the guard.
			DialContext: s.dialer().DialContext, TLSClientConfig: &tls.Config{RootCAs: s.config.Roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true, MaxIdleConns: MaxWebhooks, MaxIdleConnsPerHost: 1, IdleConnTimeout: idleFor,
			MaxResponseHeaderBytes: maxHeaders, DisableCompression: true,
		},
		// Whoever made the webhook named this address and no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// send tries once to deliver a text.
func (s *Service) send(ctx context.Context, h *Webhook, message string, text []byte) *Answer {
	start := time.Now()
	a := s.post(ctx, h, message, text)
	a.Milliseconds = int(time.Since(start).Milliseconds())
	return a
}

func (s *Service) post(ctx context.Context, h *Webhook, message string, text []byte) *Answer {
	if _, err := s.checkURL(h.URL); err != nil { // what is allowed may have changed since it was saved
		return &Answer{Problem: "the address is not allowed any more"}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(text))
	if err != nil {
		return &Answer{Problem: "no request can be made of the address"}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "keytrail-webhooks/1")
	now := s.now()
	sign(request.Header, h.secrets(now), message, now, text)
	var sent atomic.Bool
	request = request.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(wrote httptrace.WroteRequestInfo) { sent.Store(wrote.Err == nil) },
	}))
	response, err := s.client.Do(request)
	if err != nil {
		return &Answer{Problem: s.problemOf(err), sent: sent.Load()}
	}
	defer func() { _ = response.Body.Close() }()
	a := answerOf(response, s.now())
	a.sent = true
	return a
}

// answerOf reads an answer as far as it is kept, and a little further, so that the connection can be used again.
func answerOf(response *http.Response, now time.Time) *Answer {
	if response.StatusCode < http.StatusOK { // a connection that was taken over: nothing ends its body
		return &Answer{Status: response.StatusCode, Problem: fmt.Sprintf("it answered %d and wants another protocol", response.StatusCode)}
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	a := &Answer{Status: response.StatusCode}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return a
	case a.Status >= 300 && a.Status < 400:
		a.Problem = fmt.Sprintf("it answered %d and points elsewhere: name the address that takes events itself", a.Status)
	default:
		a.Problem = strings.TrimSpace(fmt.Sprintf("it answered %d %s", a.Status, http.StatusText(a.Status)))
	}
	a.retryAfter = retryAfter(response.Header.Get("Retry-After"), now)
	a.Text = strings.ToValidUTF8(string(body[:min(len(body), answerKept)]), "")
	return a
}

// retryAfter reads how long a receiver wants to be left alone, in seconds or as a date (RFC 9110, section 10.2.3).
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(usualLongestPause/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), usualLongestPause)
}

// problemOf says in words why there was no answer. It leaves the address out, which may hold a password.
func (s *Service) problemOf(err error) string {
	var closed errClosed
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case errors.As(err, &closed):
		return closed.Error()
	case errors.As(err, &name):
		return "the name of its host could not be looked up"
	case errors.As(err, &certificate), errors.As(err, &unknown):
		return "its certificate is not to be trusted"
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("no answer within %s", s.config.Timeout)
	}
	return "no connection could be made, or it broke off"
}
