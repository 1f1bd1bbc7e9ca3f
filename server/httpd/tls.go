package httpd

import (
	"context"
	"crypto/tls"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/reload"
)

// Certificate is a certificate in files that others renew while the server runs. It is safe for concurrent use.
type Certificate struct {
	cert, key string
	current   atomic.Pointer[tls.Certificate]
	watcher   *reload.Watcher
	interval  time.Duration
}

// LoadCertificate reads a certificate chain and its key, both PEM. BAD_USER_INPUT when they cannot be read or do not
// belong together.
func LoadCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, interval: reload.Interval}
	var err error
	if c.watcher, err = reload.New("certificate", []string{cert, key}, c.load, log); err != nil {
		return nil, fault.Wrap(err, fault.BadInput,
			"KEYTRAIL_TLS_CERT and KEYTRAIL_TLS_KEY cannot be used: %v. Name a certificate chain and its key, both in PEM.", err)
	}
	return c, nil
}

func (c *Certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err == nil {
		c.current.Store(&pair)
	}
	return err
}

// Config is what a TLS listener needs: TLS 1.2 and later, HTTP/2 and HTTP/1.1.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}

// Watch takes over what stands in the files whenever they change, until ctx ends.
func (c *Certificate) Watch(ctx context.Context) error { return c.watcher.Run(ctx, c.interval) }
