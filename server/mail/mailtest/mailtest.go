// Package mailtest gives tests an SMTP server that keeps what it is sent.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	stdmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/keytrail/keytrail/server/mail"
)

// Letter is an e-mail as it came.
type Letter struct {
	To      string
	Header  stdmail.Header
	Subject string
	Text    string
}

// Server is an SMTP server on loopback with STARTTLS.
type Server struct {
	t       testing.TB
	address string
	tls     *tls.Config
	roots   *x509.CertPool

	mu      sync.Mutex
	running *smtp.Server
	letters []Letter
	answer  func(to string) error
	sender  error // to MAIL FROM
	// OnData is called when a letter was taken and before that is said.
	onData  func()
	hangUp  bool
	secured int
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, address: "127.0.0.1:0"}
	s.tls, s.roots = certificate(t)
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// Up has the server answer, at the address that it had before.
func (s *Server) Up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	running := smtp.NewServer(s)
	running.Domain, running.TLSConfig = "localhost", s.tls
	running.ReadTimeout, running.WriteTimeout = 10*time.Second, 10*time.Second
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address, s.running = listener.Addr().String(), running
	go func() { _ = running.Serve(listener) }()
}

// Down has nobody answer any more.
func (s *Server) Down() {
	s.mu.Lock()
	running := s.running
	s.running = nil
	s.mu.Unlock()
	if running != nil {
		_ = running.Close()
	}
}

// Config leads to the server, as to one elsewhere: with STARTTLS, name and password.
func (s *Server) Config() mail.Config {
	address, err := net.ResolveTCPAddr("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	return mail.Config{
		Host: "127.0.0.1", Port: address.Port, Username: "keytrail", Password: "secret", Roots: s.roots, From: "Keys <keys@example.org>",
	}
}

// Answering has recipients answered with an error; nil takes everybody.
func (s *Server) Answering(answer func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// AnsweringSender has whoever sends answered with an error; nil takes everybody.
func (s *Server) AnsweringSender(answer error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sender = answer
}

// OnData has f called when a letter was taken and before the sender is told.
func (s *Server) OnData(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onData = f
}

// HangUp has the connection end as soon as it was said that a letter is taken.
func (s *Server) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp = true
}

// Letters gives what came.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Secured says how many letters came by TLS.
func (s *Server) Secured() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secured
}

// NewSession implements smtp.Backend.
func (s *Server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c}, nil
}

type session struct {
	server *Server
	conn   *smtp.Conn
	to     string
}

var _ smtp.AuthSession = (*session)(nil)

// AuthMechanisms implements smtp.AuthSession.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (*session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "keytrail" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(string, *smtp.MailOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return s.server.sender
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.to = to
	if s.server.answer != nil {
		return s.server.answer(to)
	}
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return err
	}
	letter, err := read(s.to, raw)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	s.server.letters = append(s.server.letters, letter)
	if _, secure := s.conn.TLSConnectionState(); secure {
		s.server.secured++
	}
	onData := s.server.onData
	s.server.mu.Unlock()
	if onData != nil {
		onData()
	}
	return nil
}

// Reset implements smtp.Session.
func (s *session) Reset() {
	s.server.mu.Lock()
	hangUp := s.server.hangUp && s.to != ""
	s.server.mu.Unlock()
	if s.to = ""; hangUp {
		_ = s.conn.Conn().Close()
	}
}

// Logout implements smtp.Session.
func (*session) Logout() error { return nil }

func read(to string, raw []byte) (Letter, error) {
	parsed, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return Letter{}, err
	}
	body := parsed.Body
	if strings.EqualFold(parsed.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	return Letter{To: to, Header: parsed.Header, Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")}, err
}

func certificate(t testing.TB) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}
