package ledger

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/VictoriaMetrics/fastcache"
)

const (
	// keptBytes bounds what is kept, outside of Go's heap: some 80,000 entries of usual length.
	keptBytes = 64 << 20
	// longestKept is the longest body of which a packed entry, which is shorter, is kept: the cache takes no more.
	longestKept = 64 << 10
	// keptFor is how long at most: what another process prunes is then gone from this one's memory, too.
	keptFor = time.Hour
)

// kept are entries that were read a short while ago, packed. An entry never changes, and its personal parts are as sealed
// here as in the database. It is safe for concurrent use.
type kept struct {
	cache *fastcache.Cache
	mu    sync.Mutex
	since time.Time
}

func newKept(now time.Time) *kept { return &kept{cache: fastcache.New(keptBytes), since: now} }

// get reads an entry that is kept into e, whose parts are in the page's memory.
func (k *kept) get(seq uint64, e *Entry, into *pageMemory) bool {
	key := keptKey(seq)
	packed, ok := k.cache.HasGet(into.room(), key[:])
	if !ok {
		return false
	}
	into.take(len(packed))
	e.Seq = seq
	unpack(packed, e, into.repeated)
	return true
}

// pageMemory has room for many entries at once: one piece of memory for each would cost more than copying them.
type pageMemory struct {
	free     []byte
	repeated *seen
}

const (
	pageMemoryBytes = 24 << 10 // of more, Go makes a large object, which costs more
	usualEntryBytes = 2 << 10
)

// room gives where an entry of usual length has room; longer ones get memory of their own by append.
func (m *pageMemory) room() []byte {
	if cap(m.free) < usualEntryBytes {
		m.free = make([]byte, 0, pageMemoryBytes)
	}
	return m.free
}

// take says that so many bytes are used, unless they did not fit.
func (m *pageMemory) take(n int) {
	if n <= cap(m.free) {
		m.free = m.free[n:n:cap(m.free)]
	}
}

// add keeps an entry that is on disk, if it is not too long and can be packed.
func (k *kept) add(e *Entry) {
	if len(e.Raw) > longestKept {
		return
	}
	if packed := pack(e); packed != nil {
		key := keptKey(e.Seq)
		k.cache.Set(key[:], packed)
	}
}

func keptKey(seq uint64) (key [8]byte) {
	binary.BigEndian.PutUint64(key[:], seq)
	return key
}

// forgetOld forgets everything once some of it may be older than keptFor.
func (k *kept) forgetOld(now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.since); age >= 0 && age < keptFor {
		return
	}
	k.since = now
	k.cache.Reset()
}

func (k *kept) forget() { k.cache.Reset() }
