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
	// keptFor is how long at most: what another process prunes is then gone from this one's memory, too.
	keptFor = time.Hour
)

// kept are stored entries that were read a short while ago. An entry never changes, and its personal parts are as sealed
// here as in the database. It is safe for concurrent use.
type kept struct {
	cache *fastcache.Cache
	mu    sync.Mutex
	since time.Time
}

func newKept(now time.Time) *kept { return &kept{cache: fastcache.New(keptBytes), since: now} }

// get gives an entry that is kept.
func (k *kept) get(seq uint64) (r row, ok bool) {
	value, ok := k.cache.HasGet(nil, keptKey(seq))
	if !ok || len(value) < len(Hash{}) {
		return row{}, false
	}
	return row{Seq: seq, Leaf: value[:len(Hash{})], Body: value[len(Hash{}):]}, true
}

// add keeps an entry that is on disk. Those of more than 64 KB are left out.
func (k *kept) add(r row) {
	value := make([]byte, 0, len(r.Leaf)+len(r.Body))
	k.cache.Set(keptKey(r.Seq), append(append(value, r.Leaf...), r.Body...))
}

func keptKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

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
