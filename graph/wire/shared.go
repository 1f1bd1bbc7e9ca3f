package wire

import (
	"context"
	"sync"
	"time"
)

const (
	// sharedFor is how long a result is given to others. What hangs on an entry, such as the name of its holder,
	// may change at any time: a new name, or an erasure, shows in feeds after this time at the latest.
	sharedFor = time.Second
	// sharedBytes bounds all results that are kept, sharedExtra is what one takes besides its text.
	sharedBytes = 16 << 20
	sharedExtra = 256
)

// view is a hash of what an operation shows and of who looks.
type view [32]byte

type sharedKey struct {
	view view
	seq  uint64
}

// shared keeps encoded events for a moment, so that an event is executed once for all who are shown the same of it.
type shared struct {
	now func() time.Time

	mu    sync.Mutex
	known map[sharedKey]*sharing
	kept  []*sharing // those with a text, the oldest first
	bytes int
}

// sharing is an event that is executed by one reader, or was. text and left are set before done is closed.
type sharing struct {
	key  sharedKey
	done chan struct{}
	// text is nil when it is not for others.
	text []byte
	// left is set when the reader who executed it went away meanwhile.
	left bool
	at   time.Time
}

func newShared(now func() time.Time) *shared {
	return &shared{now: now, known: map[sharedKey]*sharing{}}
}

// get gives an event's text, executed by whoever asks first. One that is not common is executed by each. It gives
// nil when ctx ends, or when execute does.
func (s *shared) get(ctx context.Context, key sharedKey, execute func() (text []byte, common bool)) []byte {
	for {
		one, mine := s.join(key)
		if mine {
			return s.lead(ctx, one, execute)
		}
		select {
		case <-one.done:
		case <-ctx.Done():
			return nil
		}
		if one.text != nil {
			return one.text
		}
		if !one.left {
			text, _ := execute()
			return text
		}
	}
}

// join gives the sharing of a key; mine when the caller has to execute it.
func (s *shared) join(key sharedKey) (one *sharing, mine bool) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(now)
	if one = s.known[key]; one != nil {
		return one, false
	}
	one = &sharing{key: key, done: make(chan struct{})}
	s.known[key] = one
	return one, true
}

func (s *shared) lead(ctx context.Context, one *sharing, execute func() (text []byte, common bool)) []byte {
	var text []byte
	common := false
	defer func() { // also when execute panics
		s.mu.Lock()
		defer s.mu.Unlock()
		if common && text != nil {
			one.text, one.at = text, s.now()
			s.kept = append(s.kept, one)
			s.bytes += len(text) + sharedExtra
		} else {
			one.left = ctx.Err() != nil
			delete(s.known, one.key)
		}
		close(one.done)
	}()
	text, common = execute()
	return text
}

// drop forgets what is too old, or too much. It is called with mu held.
func (s *shared) drop(now time.Time) {
	n := 0
	for n < len(s.kept) && (s.bytes > sharedBytes || now.Sub(s.kept[n].at) >= sharedFor) {
		s.bytes -= len(s.kept[n].text) + sharedExtra
		delete(s.known, s.kept[n].key)
		s.kept[n] = nil
		n++
	}
	s.kept = s.kept[n:]
}
