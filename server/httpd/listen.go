package httpd

import (
	"errors"
	"net"
	"sync"
	"syscall"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

func explainListen(err error, address string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.Wrap(err, fault.Unavailable,
			"Another program listens on %s. Stop it, or choose another address with KEYTRAIL_LISTEN.", address)
	case errors.Is(err, syscall.EACCES):
		return fault.Wrap(err, fault.Unavailable,
			"This user may not listen on %s. Choose a port above 1023 with KEYTRAIL_LISTEN.", address)
	}
	return fault.Wrap(err, fault.Unavailable, "keytrail cannot listen on %s: %v. Set KEYTRAIL_LISTEN to an address of this machine.", address, err)
}

// limitConnections accepts no more than limit connections at once; others wait in the kernel's queue. One address, or
// one /64 of IPv6, may hold as many as are still free, and is refused more: alone it gets half, which leaves a proxy
// enough for all its clients, and others always get in.
func limitConnections(l net.Listener, limit int) net.Listener {
	return &limitedListener{
		Listener: l, slots: make(chan struct{}, limit), done: make(chan struct{}), held: map[string]int{},
	}
}

type limitedListener struct {
	net.Listener
	slots  chan struct{}
	done   chan struct{}
	closed sync.Once

	mu   sync.Mutex
	open int
	held map[string]int
}

// Accept implements net.Listener.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		select {
		case l.slots <- struct{}{}:
		case <-l.done:
			return nil, net.ErrClosed
		}
		conn, err := l.Listener.Accept()
		if err != nil {
			<-l.slots
			return nil, err
		}
		if release, ok := l.admit(networkOf(conn.RemoteAddr())); ok {
			return &countedConn{Conn: conn, release: sync.OnceFunc(release)}, nil
		}
		_ = conn.Close()
		<-l.slots
	}
}

// admit counts one more connection of a network, unless it holds its share.
func (l *limitedListener) admit(network string) (release func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if free := cap(l.slots) - l.open; l.held[network] >= free {
		return nil, false
	}
	l.open++
	l.held[network]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open--
		if l.held[network]--; l.held[network] == 0 {
			delete(l.held, network)
		}
		<-l.slots
	}, true
}

// networkOf gives what one client may choose its addresses from.
func networkOf(address net.Addr) string {
	host, _, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	return ledger.Origin{IP: host}.Network()
}

// Close implements net.Listener.
func (l *limitedListener) Close() error {
	l.closed.Do(func() { close(l.done) })
	return l.Listener.Close()
}

type countedConn struct {
	net.Conn
	release func()
}

// Close implements net.Conn.
func (c *countedConn) Close() error {
	err := c.Conn.Close()
	c.release()
	return err
}

// SetWriteBuffer bounds what the kernel holds of what was written, in bytes, where the connection is TCP's.
func (c *countedConn) SetWriteBuffer(bytes int) error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.SetWriteBuffer(bytes)
	}
	return errors.ErrUnsupported
}
