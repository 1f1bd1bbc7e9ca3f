package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	fanoutRate     = 200 // events a second
	fanoutPatience = 60 * time.Second
	// stuckSeconds is when the stuck subscriber reads again. A kernel resets a connection that was closed and is not
	// read for much longer.
	stuckSeconds = 3
	fanoutFeed   = `subscription($after: Cursor, $filter: LogFilter) { keyFeed(after: $after, filter: $filter) {
		seq cursor action occurredAt entity { label } key { number state } holder { name department { name } } actor { name } } }`
	// heavyFeed makes some KiB of each entry, so that whoever does not read is stuck soon.
	heavyFeed = `subscription($after: Cursor) { keyFeed(after: $after) { seq cursor a: body b: body c: body d: body e: body f: body g: body h: body i: body j: body } }`
)

// fanoutSize is how many subscribers there are, and for how long: 100 and 3 s, or what KEYTRAIL_FANOUT says, such as
// 500x60.
func fanoutSize(t *testing.T) (subscribers, seconds int) {
	t.Helper()
	subscribers, seconds = 100, 3
	if size := os.Getenv("KEYTRAIL_FANOUT"); size != "" {
		if n, err := fmt.Sscanf(size, "%dx%d", &subscribers, &seconds); err != nil || n != 2 || subscribers < 1 || seconds < 1 {
			t.Fatalf("KEYTRAIL_FANOUT is %q: write subscribers and seconds, such as 500x60", size)
		}
	}
	return subscribers, seconds
}

// movements makes entries of the key stream about a few keys and people, at an even rate.
type movements struct {
	*graphtest.Seeded
	keys, holders []string

	mu   sync.Mutex
	made []movement // in order
}

type movement struct {
	seq        uint64
	key        string
	action     string
	person     id.ID
	department id.ID
	at         time.Time // before it was appended
}

func newMovements(s *graphtest.Seeded) *movements {
	return &movements{Seeded: s, keys: []string{"9", "10", "11", "101"}, holders: []string{"janis", "peteris", "marta", "kaspars"}}
}

// make appends the entries from one number to before another, and gives an error to the caller's goroutine.
func (m *movements) make(ctx context.Context, from, to int) error {
	ticks := time.NewTicker(time.Second / fanoutRate)
	defer ticks.Stop()
	for i := from; i < to; i++ {
		<-ticks.C
		one := m.movement(i)
		err := m.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			entries, err := m.Ledger.Append(ctx, tx, ledger.Draft{
				Stream: ledger.StreamKey, Action: one.action, Actor: m.IDs["kaspars"], Person: one.person, Department: one.department,
				Entity: ledger.Entity{Type: "key", ID: m.IDs["key"+one.key].String(), Label: one.key},
			})
			if err == nil {
				one.seq = entries[0].Seq
			}
			return err
		})
		if err != nil {
			return err
		}
		m.mu.Lock()
		m.made = append(m.made, one)
		m.mu.Unlock()
	}
	return nil
}

func (m *movements) movement(i int) movement {
	holder := m.holders[i/3%len(m.holders)]
	department := m.IDs["of Office"]
	if holder == "janis" || holder == "marta" {
		department = m.IDs["of Laboratory"]
	}
	action := ledger.KeyIssued
	if i%2 == 1 {
		action = ledger.KeyReturned
	}
	return movement{key: m.keys[i/2%len(m.keys)], action: action, person: m.IDs[holder], department: department, at: time.Now()}
}

// wish is a filter, and the same as a rule.
type wish struct {
	filter map[string]any
	wants  func(movement) bool
}

func (m *movements) wishes() []wish {
	all := []wish{{nil, func(movement) bool { return true }}}
	for _, key := range m.keys {
		all = append(all, wish{map[string]any{"keyNumber": key}, func(o movement) bool { return o.key == key }})
	}
	for _, action := range []string{ledger.KeyIssued, ledger.KeyReturned} {
		all = append(all, wish{map[string]any{"action": action}, func(o movement) bool { return o.action == action }})
	}
	for _, holder := range m.holders {
		person := m.IDs[holder]
		all = append(all, wish{map[string]any{"person": person, "action": ledger.KeyReturned}, func(o movement) bool {
			return (o.person == person || person == m.IDs["kaspars"]) && o.action == ledger.KeyReturned
		}})
	}
	office := m.IDs["of Office"]
	return append(all, wish{map[string]any{"department": office}, func(o movement) bool { return o.department == office }})
}

// follower is one subscriber and what came.
type follower struct {
	wish
	socket *graphtest.Socket
	seqs   []uint64
	at     []time.Time
	err    error
}

// read reads until n entries have come. None may take longer than the patience.
func (f *follower) read(n int) {
	for len(f.seqs) < n {
		_ = f.socket.SetReadDeadline(time.Now().Add(fanoutPatience))
		_, text, err := f.socket.ReadMessage()
		if err != nil {
			f.err = err
			return
		}
		seq := seqOf(text)
		if seq == 0 && !bytes.Contains(text, []byte(`"ping"`)) {
			f.err = fmt.Errorf("came %s", text)
			return
		}
		if seq != 0 {
			f.seqs, f.at = append(f.seqs, seq), append(f.at, time.Now())
		}
	}
}

// seqOf finds "seq":"123" in a message; 0 when there is none.
func seqOf(text []byte) uint64 {
	const name = `"seq":"`
	i := bytes.Index(text, []byte(name))
	if i < 0 {
		return 0
	}
	digits, _, _ := bytes.Cut(text[i+len(name):], []byte(`"`))
	seq, _ := strconv.ParseUint(string(digits), 10, 64)
	return seq
}

func TestEverySubscriberGetsExactlyItsEventsAndAStuckOneHarmsNobody(t *testing.T) {
	subscribers, seconds := fanoutSize(t) // not in parallel, so that memory and time are its own
	limits := wire.DefaultLimits()
	limits.Caller, limits.Write = 4096, 500*time.Millisecond
	s := graphtest.SeedWith(t, graphtest.Options{Limits: limits})
	m := newMovements(s)
	unused := memoryInUse()
	start := seeded{s}.newest(t)
	stuck := openStuck(t, s, start)
	followers := m.subscribe(t, subscribers, start)
	t.Logf("memory of server and client for each of %d subscribers: %d KiB", subscribers, (memoryInUse()-unused)/1024/subscribers)

	count := seconds * fanoutRate
	var reading sync.WaitGroup
	for _, f := range followers {
		expected := 0
		for i := range count {
			if f.wants(m.movement(i)) {
				expected++
			}
		}
		reading.Go(func() { f.read(expected) })
	}
	var before stuckReading
	stuckFor := min(count, stuckSeconds*fanoutRate)
	if err := m.make(t.Context(), 0, stuckFor); err != nil {
		t.Fatal(err)
	}
	reading.Go(func() { before = readStuck(t, stuck) })
	if err := m.make(t.Context(), stuckFor, count); err != nil {
		t.Fatal(err)
	}
	reading.Wait()
	for i, f := range followers {
		m.compare(t, fmt.Sprintf("subscriber %d with %v", i, f.filter), f.wish, f.seqs)
		if f.err != nil {
			t.Fatalf("subscriber %d with %v: %v", i, f.filter, f.err)
		}
	}
	m.logLatency(t, followers)
	m.resumeStuck(t, before)
}

// memoryInUse is the heap and the stacks, in bytes.
func memoryInUse() int {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first only marked as pooled
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc + stats.StackInuse)
}

// subscribe opens the sockets, of people who all see all movements, with each wish in turn.
func (m *movements) subscribe(t *testing.T, n int, start string) []*follower {
	t.Helper()
	wishes, names := m.wishes(), []string{"admin", "custodian", "auditor"}
	followers := make([]*follower, n)
	for i := range followers {
		f := &follower{wish: wishes[i%len(wishes)], socket: m.As(names[i%len(names)]).Socket(t)}
		f.socket.Subscribe("feed", fanoutFeed, map[string]any{"after": start, "filter": f.filter})
		followers[i] = f
	}
	return followers
}

// compare checks that what came is exactly what the wish wants, in order.
func (m *movements) compare(t *testing.T, who string, w wish, got []uint64) {
	t.Helper()
	var want []uint64
	for _, one := range m.made {
		if w.wants(one) {
			want = append(want, one.seq)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %d entries, want %d; the first difference is at %d", who, len(got), len(want), difference(got, want))
	}
}

func difference(a, b []uint64) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func (m *movements) logLatency(t *testing.T, followers []*follower) {
	t.Helper()
	made := map[uint64]time.Time{}
	for _, one := range m.made {
		made[one.seq] = one.at
	}
	var all []time.Duration
	for _, f := range followers {
		for i, seq := range f.seqs {
			all = append(all, f.at[i].Sub(made[seq]))
		}
	}
	slices.Sort(all)
	t.Logf("%d frames; from before the append to the frame read: median %s, p99 %s, longest %s",
		len(all), all[len(all)/2], all[len(all)*99/100], all[len(all)-1])
}

// openStuck gives a subscriber who does not read, with little room for what he does not.
func openStuck(t *testing.T, s *graphtest.Seeded, start string) *graphtest.Socket {
	t.Helper()
	socket := s.As("manager").Socket(t)
	if err := socket.NetConn().(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	socket.Subscribe("stuck", heavyFeed, map[string]any{"after": start})
	return socket
}

// stuckReading is what came before a stuck subscriber was closed, and the cursor with which he was.
type stuckReading struct {
	seqs   []uint64
	cursor string
}

// readStuck lets the stuck subscriber read until he finds that he was closed.
func readStuck(t *testing.T, socket *graphtest.Socket) (r stuckReading) {
	last := ""
	for {
		message, err := socket.TryNext(fanoutPatience)
		if closed, ok := err.(*websocket.CloseError); ok {
			if closed.Code != websocket.CloseTryAgainLater || last == "" || r.cursor != last {
				t.Errorf("closed with %d %q; the cursor is %q, the last entry's %q", closed.Code, closed.Text, r.cursor, last)
			}
			return r
		}
		if err != nil {
			t.Errorf("after %d entries: %v", len(r.seqs), err)
			return r
		}
		if message.Type == "error" {
			r.cursor = cursorOfError(t, message.Payload)
			continue
		}
		r.seqs, last = append(r.seqs, seqOf(message.Payload)), cursorIn(t, message.Payload)
	}
}

// resumeStuck has the subscriber who was stuck get the rest behind his cursor.
func (m *movements) resumeStuck(t *testing.T, before stuckReading) {
	t.Helper()
	mine := wish{nil, func(o movement) bool { return o.department == m.IDs["of Laboratory"] || o.person == m.IDs["marta"] }}
	if len(before.seqs) == 0 {
		t.Fatal("nothing came before the stuck subscriber was closed")
	}
	again := &follower{wish: mine, socket: m.As("manager").Socket(t)}
	again.socket.Subscribe("feed", fanoutFeed, map[string]any{"after": before.cursor})
	missing := 0
	for _, one := range m.made {
		if mine.wants(one) && one.seq > before.seqs[len(before.seqs)-1] {
			missing++
		}
	}
	if missing == 0 {
		t.Error("the stuck subscriber had everything before it was closed: the test shows nothing")
	}
	again.read(missing)
	m.compare(t, "the stuck subscriber", mine, append(before.seqs, again.seqs...))
}

func cursorIn(t *testing.T, payload []byte) string {
	t.Helper()
	var result struct {
		Data struct{ KeyFeed struct{ Cursor string } }
	}
	if err := json.Unmarshal(payload, &result); err != nil {
		t.Error(err)
	}
	return result.Data.KeyFeed.Cursor
}

func cursorOfError(t *testing.T, payload []byte) string {
	t.Helper()
	var errors []struct{ Extensions struct{ Code, Cursor string } }
	if err := json.Unmarshal(payload, &errors); err != nil || len(errors) != 1 || errors[0].Extensions.Code != "UNAVAILABLE" {
		t.Errorf("%s, %v", payload, err)
		return ""
	}
	return errors[0].Extensions.Cursor
}
