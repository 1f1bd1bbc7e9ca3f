// Package reload takes over files that others replace while the server runs.
package reload

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"time"
)

// Interval is how often files are looked at where nothing else is wanted.
const Interval = 10 * time.Second

// Watcher looks at files that belong together, and has them read when one was changed. Not safe for concurrent use:
// after New it is Run's alone.
type Watcher struct {
	what  string
	paths []string
	seen  []stamp
	load  func() error
	log   *slog.Logger
}

// stamp tells one content of a file from another, as far as that can be told without reading it.
type stamp struct {
	at   time.Time
	size int64
}

// New reads the files with load for the first time, and gives what reads them again; what says in the log which they are.
func New(what string, paths []string, load func() error, log *slog.Logger) (*Watcher, error) {
	w := &Watcher{what: what, paths: paths, load: load, log: log}
	w.seen = w.stamps() // before reading: a change meanwhile is then seen
	return w, load()
}

// Run reads the files whenever they change, until ctx ends. While they cannot be used, as when only one of them was
// written yet, what was read before stays in use.
func (w *Watcher) Run(ctx context.Context, interval time.Duration) error {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			w.look()
		}
	}
}

func (w *Watcher) look() {
	now := w.stamps()
	if slices.Equal(now, w.seen) {
		return
	}
	if err := w.load(); err != nil {
		w.log.Warn("a file was changed and cannot be used yet; the former one stays in use", "file", w.what, "error", err)
		return
	}
	w.seen = now
	w.log.Info("a file was changed and is in use", "file", w.what)
}

func (w *Watcher) stamps() []stamp {
	seen := make([]stamp, len(w.paths))
	for i, path := range w.paths {
		if info, err := os.Stat(path); err == nil {
			seen[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return seen
}
