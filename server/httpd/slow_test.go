package httpd

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

// largeAnswer is more than the buffers of a connection take.
const largeAnswer = 64 << 20

func TestAClientThatDoesNotReadItsAnswerIsDropped(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	address := startSlow(t, 50*time.Millisecond, func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(make([]byte, largeAnswer))
		ended <- err
	})
	_ = ask(t, address)
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the answer ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the answer still waits for its client")
	}
}

func TestAClientThatReadsSlowlyGetsItsWholeAnswer(t *testing.T) {
	t.Parallel()
	const patience = 2 * time.Second
	started := make(chan struct{})
	address := startSlow(t, patience, func(w http.ResponseWriter, _ *http.Request) {
		close(started)
		_, _ = w.Write(make([]byte, largeAnswer))
	})
	conn := ask(t, address)
	<-started
	var taken int64
	for start := time.Now(); time.Since(start) < patience+patience/2; {
		n, err := io.CopyN(io.Discard, conn, 256<<10)
		if taken += n; err != nil {
			t.Fatalf("dropped after %d bytes: %v", taken, err)
		}
		time.Sleep(50 * time.Millisecond) // what makes the client slow
	}
	rest, err := io.Copy(io.Discard, conn)
	if taken+rest < largeAnswer {
		t.Errorf("only %d bytes came: %v", taken+rest, err)
	}
}

func TestAHandlerMaySetItsOwnDeadline(t *testing.T) {
	t.Parallel()
	took := make(chan time.Duration, 1)
	address := startSlow(t, time.Hour, func(w http.ResponseWriter, _ *http.Request) {
		start := time.Now()
		_ = http.NewResponseController(w).SetWriteDeadline(start.Add(50 * time.Millisecond))
		_, _ = w.Write(make([]byte, largeAnswer))
		took <- time.Since(start)
	})
	_ = ask(t, address)
	select {
	case <-took:
	case <-time.After(20 * time.Second):
		t.Error("the deadline of the handler was forgotten")
	}
}

// startSlow serves /graphql with a handler, to clients that are dropped after patience, and gives its address.
func startSlow(t *testing.T, patience time.Duration, handler http.HandlerFunc) string {
	t.Helper()
	c := testConfig()
	c.GraphQL, c.Timeouts.Write = handler, patience
	made, err := newHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(made)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.Listener.Addr().String()
}

// ask sends a request and reads nothing.
func ask(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	request := bytes.NewBufferString("GET /graphql HTTP/1.1\r\nHost: keytrail\r\nConnection: close\r\n\r\n")
	if _, err := conn.Write(request.Bytes()); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestOneAddressNeverTakesAllConnections(t *testing.T) {
	t.Parallel()
	inner := &dialled{conns: make(chan net.Conn, 16)}
	l := limitConnections(inner, 4)
	first, second := inner.dial("192.0.2.1"), inner.dial("192.0.2.1")
	refused, other := inner.dial("192.0.2.1"), inner.dial("192.0.2.2")
	for _, want := range []*closing{first, second, other} {
		conn, err := l.Accept()
		if err != nil || conn.(*countedConn).Conn != net.Conn(want) {
			t.Fatalf("%v, %v was accepted", conn, err)
		}
		defer func() { _ = conn.Close() }()
	}
	if !refused.closed {
		t.Error("the third connection of one address was kept")
	}
}

func TestAClosedConnectionMakesRoomForItsAddress(t *testing.T) {
	t.Parallel()
	inner := &dialled{conns: make(chan net.Conn, 16)}
	l := limitConnections(inner, 2)
	for range 5 {
		inner.dial("192.0.2.1")
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Close(), conn.Close()
	}
}

// dialled is a listener whose connections come from any address.
type dialled struct {
	net.Listener
	conns chan net.Conn
}

func (d *dialled) dial(host string) *closing {
	c := &closing{address: &net.TCPAddr{IP: net.ParseIP(host), Port: 1000 + len(d.conns)}}
	d.conns <- c
	return c
}

// Accept implements net.Listener.
func (d *dialled) Accept() (net.Conn, error) { return <-d.conns, nil }

type closing struct {
	net.Conn
	address net.Addr
	closed  bool
}

// RemoteAddr implements net.Conn.
func (c *closing) RemoteAddr() net.Addr { return c.address }

// Close implements net.Conn.
func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestTheAddressesOfOneIPv6NetworkCountAsOne(t *testing.T) {
	t.Parallel()
	inner := &dialled{conns: make(chan net.Conn, 16)}
	l := limitConnections(inner, 4)
	kept := []*closing{inner.dial("2001:db8:1:2::1"), inner.dial("2001:db8:1:2:ffff::2")}
	refused := inner.dial("2001:db8:1:2::3")
	kept = append(kept, inner.dial("2001:db8:1:3::1"))
	for _, want := range kept {
		conn, err := l.Accept()
		if err != nil || conn.(*countedConn).Conn != net.Conn(want) {
			t.Fatalf("%v, %v was accepted", conn, err)
		}
		defer func() { _ = conn.Close() }()
	}
	if !refused.closed {
		t.Error("the third connection of one network was kept")
	}
}
