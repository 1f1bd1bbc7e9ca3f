package httpd

import (
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// certificateInterval is how often the files of a certificate are looked at.
const certificateInterval = 10 * time.Second

// Certificate is a certificate in files that others renew while the server runs. It is safe for concurrent use.
type Certificate struct {
	cert, key string
	current   atomic.Pointer[tls.Certificate]
	seen      [2]stamp // Watch's alone once it runs
	interval  time.Duration
	log       *slog.Logger
}

// stamp tells one content of a file from another, as far as that can be told without reading it.
type stamp struct {
	at   time.Time
	size int64
}

// LoadCertificate reads a certificate chain and its key, both PEM. BAD_USER_INPUT when they cannot be read or do not
// belong together.
func LoadCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, interval: certificateInterval, log: log}
	c.seen = c.stamps()
	if err := c.load(); err != nil {
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

// Watch takes over what stands in the files whenever they change, until ctx ends. While they do not fit together, as
// when only one was written yet, the former certificate stays in use.
func (c *Certificate) Watch(ctx context.Context) error {
	ticks := time.NewTicker(c.interval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			c.reload()
		}
	}
}

func (c *Certificate) reload() {
	now := c.stamps()
	if now == c.seen {
		return
	}
	if err := c.load(); err != nil {
		c.log.Warn("the certificate was changed and cannot be used yet; the former one stays in use", "error", err)
		return
	}
	c.seen = now
	c.log.Info("the certificate was changed and is in use")
}

func (c *Certificate) stamps() (seen [2]stamp) {
	for i, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			seen[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return seen
}
