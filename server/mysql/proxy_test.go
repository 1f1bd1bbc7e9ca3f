package mysql_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

// cut says what a proxy does with the next COMMIT.
type cut int32

const (
	pass        cut = iota
	dropRequest     // the connection breaks before the server sees the COMMIT
	dropAnswer      // the server commits, and the connection breaks before it answers
)

// proxy stands between keytrail and its database and breaks connections at a COMMIT.
type proxy struct {
	listener net.Listener
	target   string
	atCommit atomic.Int32
	all      sync.WaitGroup
}

// throughProxy leads the serving account of c through a proxy.
func throughProxy(t *testing.T, c mysql.Config) (*proxy, mysql.Config) {
	t.Helper()
	before, rest, _ := strings.Cut(c.Serve, "@unix(")
	socket, schema, _ := strings.Cut(rest, ")/")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: socket}
	p.all.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.all.Wait()
	})
	c.Serve = before + "@" + listener.Addr().String() + "/" + schema
	return p, c
}

func (p *proxy) set(c cut) { p.atCommit.Store(int32(c)) }

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		link := &link{proxy: p, client: client, server: server}
		p.all.Go(link.requests)
		p.all.Go(link.answers)
	}
}

// link is one connection through the proxy.
type link struct {
	proxy          *proxy
	client, server net.Conn
	swallow        atomic.Bool
}

func (l *link) close() {
	_ = l.client.Close()
	_ = l.server.Close()
}

func (l *link) requests() {
	defer l.close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := l.client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.HasSuffix(buffer[:n], []byte("\x03COMMIT")) {
			switch cut(l.proxy.atCommit.Load()) {
			case dropRequest:
				return
			case dropAnswer:
				l.swallow.Store(true)
			}
		}
		if _, err := l.server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (l *link) answers() {
	defer l.close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := l.server.Read(buffer)
		if err != nil || l.swallow.Load() {
			return
		}
		if _, err := l.client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
