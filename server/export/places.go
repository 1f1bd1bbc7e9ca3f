package export

import (
	"context"
	"io"
	"sync"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// places are those of the case bundles that may be made at once, one for each who asks. It is safe for concurrent use.
type places struct {
	mu    sync.Mutex
	taken map[id.ID]bool
}

// take takes a place, which leave gives back. UNAVAILABLE when he has one already, and when all are taken.
func (p *places) take(who id.ID) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[who] {
		return nil, fault.New(fault.Unavailable, "A case bundle is being made for you already. Try again once you have it.")
	}
	if len(p.taken) >= maxBundles {
		return nil, fault.New(fault.Unavailable, "Case bundles are being made for others, as many as are made at once. Try again in a minute.")
	}
	if p.taken == nil {
		p.taken = map[id.ID]bool{}
	}
	p.taken[who] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.taken, who)
	}, nil
}

// timed is a writer that takes nothing more once a context has ended.
type timed struct {
	ctx context.Context
	to  io.Writer
}

// Write implements io.Writer.
func (t timed) Write(text []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.to.Write(text)
}
