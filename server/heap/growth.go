// Package heap bounds how far the heap grows between two collections of garbage.
//
// A percentage alone (GOGC) serves badly: high enough to collect seldom while little is in use, it multiplies whatever is
// in use for a moment, such as the memory in which a password is hashed, to several times that.
package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	// room is how far the heap grows where a percentage alone would let it grow further, in bytes.
	room = 32 << 20
	// leastPercent is how far it grows even beyond room, so that a large heap is not collected all the time.
	leastPercent = 200

	liveBytes = "/gc/heap/live:bytes"
)

// Growth sets how far the heap grows, anew after each collection.
type Growth struct {
	percent int
	mu      sync.Mutex
	current int
	stopped bool
}

// Bound lets the heap grow by percent of what is in use, and by less where that would be more than 32 MiB, but by at
// least 200 percent, or percent if that is less. It ends with Stop.
func Bound(percent int) *Growth {
	g := &Growth{percent: percent, current: percent}
	debug.SetGCPercent(percent)
	g.watch()
	return g
}

// Stop leaves the heap as it is bounded now.
func (g *Growth) Stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopped = true
}

// watch has what a collection left looked at after it: the finalizer of something that nobody holds runs then.
func (g *Growth) watch() {
	type mark struct{ _ *byte } // with a pointer, or it would share memory with others and be finalized late
	runtime.SetFinalizer(&mark{}, func(*mark) {
		if g.adjust() {
			g.watch()
		}
	})
}

// adjust sets the growth for what is in use; false when it was stopped.
func (g *Growth) adjust() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false
	}
	live := []metrics.Sample{{Name: liveBytes}}
	metrics.Read(live)
	// Setting it stops everything for some microseconds, which small differences are not worth.
	if next := percentFor(live[0].Value.Uint64(), g.percent); next*10 < g.current*9 || next*9 > g.current*10 {
		debug.SetGCPercent(next)
		g.current = next
	}
	return true
}

// percentFor gives by how much of what is in use the heap may grow.
func percentFor(live uint64, percent int) int {
	if live == 0 {
		return percent
	}
	return int(min(uint64(percent), max(room*100/live, leastPercent)))
}
