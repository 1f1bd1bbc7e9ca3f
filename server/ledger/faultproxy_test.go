package ledger_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

// breakage says how a command fails.
type breakage string

const (
	// lost: the connection breaks before the database sees the command.
	lost breakage = "lost"
	// stored: the database carries the command out, and the connection breaks before its answer arrives.
	stored breakage = "stored"
)

// faultProxy stands between a ledger and its database, counts the commands that pass, and breaks one of them.
type faultProxy struct {
	listener net.Listener
	target   string
	all      sync.WaitGroup

	mu     sync.Mutex
	fault  aFault
	hit    string // the command that was broken
	passed []string
	away   bool
	links  map[*faultLink]bool
}

// aFault is what is to happen to one command.
type aFault struct {
	command string // "" is any
	nth     int    // of those commands, from 1; 0 when nothing is to happen
	how     breakage
	then    func() // called at the fault, before the client notices; may be nil
}

func (f *aFault) strike() {
	if f.then != nil {
		f.then()
	}
}

// throughFaults leads the serving account of c through a proxy.
func throughFaults(t testing.TB, c mysql.Config) (*faultProxy, mysql.Config) {
	t.Helper()
	before, rest, _ := strings.Cut(c.Serve, "@unix(")
	socket, schema, _ := strings.Cut(rest, ")/")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultProxy{listener: listener, target: socket, links: map[*faultLink]bool{}}
	p.all.Go(p.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		p.all.Wait()
	})
	c.Serve = before + "@" + listener.Addr().String() + "/" + schema
	return p, c
}

// arm breaks a command from now on.
func (p *faultProxy) arm(f aFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.hit, p.passed = f, "", nil
}

// disarm gives the command that was broken, "" when there was none, and those that passed since it was armed.
func (p *faultProxy) disarm() (hit string, passed []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = aFault{}
	return p.hit, p.passed
}

// count gives how many commands with this part passed since the proxy was armed, and the one that was broken.
func (p *faultProxy) count(part string) (passed int, hit string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, command := range p.passed {
		if strings.Contains(command, part) {
			passed++
		}
	}
	return passed, p.hit
}

// strike counts a command and says whether it is the one to break.
func (p *faultProxy) strike(command string) (f aFault, hit bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault.nth > 0 && (p.fault.command == "" || p.fault.command == command) {
		if p.fault.nth--; p.fault.nth == 0 {
			p.hit = command
			return p.fault, true
		}
	}
	if len(p.passed) < 10_000 {
		p.passed = append(p.passed, command)
	}
	return aFault{}, false
}

// idle reports whether no fault is to come.
func (p *faultProxy) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault.nth == 0
}

// setAway makes the database unreachable, or reachable again.
func (p *faultProxy) setAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
	for link := range p.links {
		if away {
			link.close()
		}
	}
}

// keep remembers a link; false when the database is away.
func (p *faultProxy) keep(l *faultLink) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.away {
		p.links[l] = true
	}
	return !p.away
}

func (p *faultProxy) forget(l *faultLink) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

func (p *faultProxy) serve() {
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
		link := &faultLink{proxy: p, client: client, server: server, statements: map[uint32]string{}}
		if !p.keep(link) {
			link.close()
			continue
		}
		p.all.Go(link.requests)
		p.all.Go(link.answers)
	}
}

// faultLink is one connection through the proxy.
type faultLink struct {
	proxy          *faultProxy
	client, server net.Conn
	// swallow is set when the next answer is not passed on.
	swallow atomic.Pointer[aFault]

	mu         sync.Mutex
	preparing  string
	statements map[uint32]string
}

func (l *faultLink) close() {
	_ = l.client.Close()
	_ = l.server.Close()
}

func (l *faultLink) requests() {
	defer l.proxy.forget(l)
	defer l.close()
	from := bufio.NewReader(l.client)
	for {
		packet, err := readPacket(from)
		if err != nil {
			return
		}
		if command := l.command(packet); command != "" {
			switch f, hit := l.proxy.strike(command); {
			case hit && f.how == lost:
				f.strike()
				return
			case hit:
				l.swallow.Store(&f)
			}
		}
		if _, err := l.server.Write(packet); err != nil {
			return
		}
	}
}

func (l *faultLink) answers() {
	defer l.close()
	from := bufio.NewReader(l.server)
	for {
		packet, err := readPacket(from)
		if err != nil {
			return
		}
		if f := l.swallow.Load(); f != nil {
			f.strike()
			return
		}
		l.prepared(packet)
		if _, err := l.client.Write(packet); err != nil {
			return
		}
	}
}

// Commands of the protocol that are answered: https://mariadb.com/kb/en/2-text-protocol/
const (
	comQuery   = 0x03
	comPing    = 0x0e
	comPrepare = 0x16
	comExecute = 0x17
)

// command gives the text of the command that a client's packet begins; "" for any other packet. What the server
// does not answer (closing a statement, sending long data) cannot be told to have failed, and does not count.
func (l *faultLink) command(packet []byte) string {
	if packet[3] != 0 || len(packet) < 5 { // the numbers of a login's packets do not begin at 0
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch text := packet[5:]; packet[4] {
	case comQuery:
		return string(text)
	case comPing:
		return "PING"
	case comPrepare:
		l.preparing = string(text)
		return "PREPARE " + l.preparing
	case comExecute:
		return l.statements[binary.LittleEndian.Uint32(text)]
	}
	return ""
}

// prepared notes the number that the server gave to the statement that is being prepared.
func (l *faultLink) prepared(answer []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.preparing != "" && len(answer) >= 9 && answer[4] == 0 {
		l.statements[binary.LittleEndian.Uint32(answer[5:])] = l.preparing
	}
	l.preparing = ""
}

// readPacket reads a packet with its header: three bytes of length and a number.
func readPacket(from *bufio.Reader) ([]byte, error) {
	header, err := from.Peek(4)
	if err != nil {
		return nil, err
	}
	length := int(header[0]) | int(header[1])<<8 | int(header[2])<<16
	packet := make([]byte, 4+length)
	_, err = io.ReadFull(from, packet)
	return packet, err
}

// broken collects the commands that were broken, so that a test can ask for those that it must have met.
type broken struct{ commands []string }

func (b *broken) add(command string) {
	if command != "" {
		b.commands = append(b.commands, command)
	}
}

func (b *broken) require(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !slices.ContainsFunc(b.commands, func(c string) bool { return strings.Contains(c, part) }) {
			t.Errorf("%q was never broken: the test does not reach it", part)
		}
	}
}
