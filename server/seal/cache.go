package seal

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

const cachedKeys = 100_000

// keyCache holds unwrapped keys. What was forgotten cannot come back by a reader that had fetched the key from the
// database just before it was destroyed there: a reader notes the count of forgettings before it reads, and what it
// read is kept only if nothing was forgotten since.
//
// That is enough, because forget is called after the destruction was committed. A read that began before it may have
// seen the key, and is not kept, since the count differs by then; one that began after it finds the key destroyed.
// A count for all subjects keeps no list that would grow with every destruction; its price is that a key now and
// then is read once more.
type keyCache struct {
	keys *lru.Cache[Subject, *dataKey]

	mu        sync.Mutex
	forgotten uint64
}

func newKeyCache() (*keyCache, error) {
	keys, err := lru.New[Subject, *dataKey](cachedKeys)
	return &keyCache{keys: keys}, err
}

func (c *keyCache) get(subject Subject) (*dataKey, bool) { return c.keys.Get(subject) }

// count is to be noted before a key is read from the database.
func (c *keyCache) count() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forgotten
}

// add keeps a key that was read since count was noted.
func (c *keyCache) add(subject Subject, key *dataKey, count uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgotten == count {
		c.keys.Add(subject, key)
	}
}

func (c *keyCache) forget(subjects ...Subject) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	for _, subject := range subjects {
		c.keys.Remove(subject)
	}
}

func (c *keyCache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	c.keys.Purge()
}
