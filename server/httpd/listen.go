package httpd

import (
	"errors"
	"net"
	"sync"
	"syscall"

	"github.com/keytrail/keytrail/server/fault"
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

// limitConnections accepts no more than limit connections at once; others wait in the kernel's queue.
func limitConnections(l net.Listener, limit int) net.Listener {
	return &limitedListener{Listener: l, slots: make(chan struct{}, limit), done: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	slots  chan struct{}
	done   chan struct{}
	closed sync.Once
}

// Accept implements net.Listener.
func (l *limitedListener) Accept() (net.Conn, error) {
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
	return &countedConn{Conn: conn, release: sync.OnceFunc(func() { <-l.slots })}, nil
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
