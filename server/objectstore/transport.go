package objectstore

import (
	"context"
	"net"
	"net/http"
	"time"
)

const connectPatience = 10 * time.Second

// transport makes connections that end when nothing moves on them for some time, however long a transfer takes as a whole.
func transport(silence time.Duration) http.RoundTripper {
	dialer := &net.Dialer{Timeout: connectPatience}
	http1 := &http.Protocols{}
	http1.SetHTTP1(true) // connections with several requests at a time would extend each other's deadlines
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, Protocols: http1, TLSHandshakeTimeout: connectPatience, ResponseHeaderTimeout: silence,
		IdleConnTimeout: silence, MaxIdleConnsPerHost: 4, DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &moving{Conn: c, silence: silence}, nil
		},
	}
}

// moving is a connection whose deadline moves with its traffic. What is written counts for reading, too: whoever uploads
// is answered afterwards.
type moving struct {
	net.Conn
	silence time.Duration
}

func (m *moving) Read(p []byte) (int, error) {
	if err := m.SetDeadline(time.Now().Add(m.silence)); err != nil {
		return 0, err
	}
	return m.Conn.Read(p)
}

func (m *moving) Write(p []byte) (int, error) {
	if err := m.SetDeadline(time.Now().Add(m.silence)); err != nil {
		return 0, err
	}
	return m.Conn.Write(p)
}
