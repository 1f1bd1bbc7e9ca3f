package graph_test

import (
	"context"
	"io"
	"net"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/httpd"
)

// answeredWithin is how long a normal query may take while the server is attacked.
const answeredWithin = time.Second * slowdown

// attackMemory is what the server and its attacker together may take beyond what they took before, in bytes.
const attackMemory = 320 << 20

func TestHalfOpenRequestsAndIdleSocketsAreClosedAndKeepNobodyWaiting(t *testing.T) {
	const halfOpen, idle, patience = 800, 500, 4 * time.Second
	limits := wire.DefaultLimits()
	limits.Caller, limits.Init = 2*idle, patience
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits, Timeouts: httpd.Timeouts{Header: patience, Body: patience}})
	member := s.As("member")
	memory := watchMemory(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()

	slow := make([]net.Conn, halfOpen)
	var open sync.WaitGroup
	for i := range slow {
		begun := "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: keytrail\r\nX-Slow: "
		if i%2 == 1 {
			begun = "POST /graphql HTTP/1.1\r\nHost: keytrail\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
		}
		slow[i] = dialRaw(ctx, t, s.URL, begun)
		open.Go(func() { _, _ = io.Copy(io.Discard, slow[i]) }) // until the server closes it
	}
	for range idle {
		socket, _ := s.Anonymous().Dial(t, nil, wire.Protocol)
		if socket == nil {
			t.Fatal("a socket was refused")
		}
		open.Go(func() {
			if code := socket.CloseCode(); code != 4408 {
				t.Errorf("an idle socket was closed with %d", code)
			}
		})
	}
	closed := make(chan struct{})
	go func() { open.Wait(); close(closed) }()
	go drip(slow, closed)
	asked := 0
	for over := false; !over; asked++ {
		wantAnswerInTime(t, member)
		select {
		case <-closed:
			over = true
		case <-ctx.Done():
			t.Fatal("the server keeps connections that do not get on")
		case <-time.After(20 * time.Millisecond): // between a client's queries
		}
	}
	wantAnswerInTime(t, member)
	memory.wantBelow(t, attackMemory)
	t.Logf("%d queries were answered meanwhile", asked)
}

// drip sends a byte a second on each connection, until over.
func drip(conns []net.Conn, over <-chan struct{}) {
	seconds := time.NewTicker(time.Second)
	defer seconds.Stop()
	for {
		select {
		case <-over:
			return
		case <-seconds.C:
			for _, conn := range conns {
				_, _ = conn.Write([]byte("x")) // which fails once the server has closed it
			}
		}
	}
}

// dialRaw opens a connection and sends a text as it is.
func dialRaw(ctx context.Context, t *testing.T, address, text string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := conn.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func wantAnswerInTime(t *testing.T, client *graphtest.Client) {
	t.Helper()
	start := time.Now()
	answer := client.Do(t, "{ viewer { roles } keys(first: 1) { totalCount } }", nil)
	if took := time.Since(start); answer.Code() != "" || took > answeredWithin {
		t.Errorf("a normal query took %v: %s", took, answer.Text)
	}
}

// memoryWatch looks at how much the process's heap takes, again and again.
type memoryWatch struct {
	before uint64
	peak   chan uint64
	stop   chan struct{}
	end    func()
}

func watchMemory(t *testing.T) *memoryWatch {
	t.Helper()
	m := &memoryWatch{before: heapInUse(), peak: make(chan uint64, 1), stop: make(chan struct{})}
	m.end = sync.OnceFunc(func() { close(m.stop) })
	go func() {
		ticks := time.NewTicker(10 * time.Millisecond)
		defer ticks.Stop()
		for peak := m.before; ; peak = max(peak, heapInUse()) {
			select {
			case <-m.stop:
				m.peak <- max(peak, heapInUse())
				return
			case <-ticks.C:
			}
		}
	}()
	t.Cleanup(m.end)
	return m
}

// wantBelow ends the watch and complains when more than so many bytes were taken.
func (m *memoryWatch) wantBelow(t *testing.T, bytes uint64) {
	t.Helper()
	m.end()
	if grown := <-m.peak - m.before; grown > bytes {
		t.Errorf("memory grew by %d MiB", grown>>20)
	} else {
		t.Logf("memory grew by %d MiB", grown>>20)
	}
}

// heapInUse gives the bytes of objects on the heap, dead ones not yet collected among them.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
