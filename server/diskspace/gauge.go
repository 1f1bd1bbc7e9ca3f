package diskspace

import (
	"context"
	"fmt"
	"time"
)

// patience is how long a file system may take to answer.
const patience = 5 * time.Second

// Gauge asks how much room a disk has left, and waits for no file system that hangs. It is safe for concurrent use.
type Gauge struct {
	dir  string
	free func(dir string) (float64, error)
	// asked has the place of the one question that may be open: what hangs in the kernel cannot be called off.
	asked    chan struct{}
	patience time.Duration
}

// NewGauge makes the gauge of the file system with a directory.
func NewGauge(dir string) *Gauge {
	return &Gauge{dir: dir, free: Free, asked: make(chan struct{}, 1), patience: patience}
}

// Free is Free that fails after 5 seconds without an answer, and at once while an earlier question has none.
func (g *Gauge) Free(ctx context.Context) (share float64, err error) {
	select {
	case g.asked <- struct{}{}:
	default:
		return 0, fmt.Errorf("diskspace: the file system of %s has not answered yet", g.dir)
	}
	type answer struct {
		share float64
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		share, err := g.free(g.dir)
		<-g.asked
		answered <- answer{share, err}
	}()
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case a := <-answered:
		return a.share, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-timer.C:
		return 0, fmt.Errorf("diskspace: the file system of %s does not answer", g.dir)
	}
}
