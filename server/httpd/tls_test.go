package httpd

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// writeCertificate writes a self-signed certificate for 127.0.0.1 and gives what trusts it.
func writeCertificate(t *testing.T, cert, key string, serial int64) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "keytrail"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return pool
}

func TestTheServerSpeaksTLSAndTakesOverANewCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := writeCertificate(t, cert, key, 1)
	c, err := LoadCertificate(cert, key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	config := testConfig()
	config.TLS = c
	server, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = Serve(server, listener) }()
	t.Cleanup(func() { _ = server.Close() })
	address := "https://" + listener.Addr().String()

	if serial, proto := askTLS(t, address, first); serial != 1 || proto != "HTTP/2.0" {
		t.Errorf("serial %d over %s", serial, proto)
	}
	c.interval = time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	watched := make(chan error, 1)
	go func() { watched <- c.Watch(ctx) }()
	before := c.current.Load()
	second := writeCertificate(t, cert, key, 22)
	for start := time.Now(); c.current.Load() == before; time.Sleep(time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatal("the new certificate is not in use")
		}
	}
	if serial, _ := askTLS(t, address, second); serial != 22 {
		t.Errorf("serial %d after the change", serial)
	}
	stop()
	if err := <-watched; err != nil {
		t.Error(err)
	}
}

// askTLS gives the serial number of the server's certificate, and the protocol.
func askTLS(t *testing.T, address string, trusted *x509.CertPool) (serial int64, proto string) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over TLS")
	}
	return response.TLS.PeerCertificates[0].SerialNumber.Int64(), response.Proto
}

func TestFilesThatAreNoCertificateAreExplained(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if _, err := LoadCertificate(cert, key, slog.New(slog.DiscardHandler)); !fault.Is(err, fault.BadInput) {
		t.Errorf("no files: %v", err)
	}
	writeCertificate(t, cert, key, 1)
	writeCertificate(t, filepath.Join(dir, "other.pem"), key, 2)
	if _, err := LoadCertificate(cert, key, slog.New(slog.DiscardHandler)); !fault.Is(err, fault.BadInput) {
		t.Errorf("a key of another certificate: %v", err)
	}
}
