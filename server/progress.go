package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

const (
	terminalPause = time.Second / 5
	plainPause    = 10 * time.Second
)

// progress says how far a long command is: on a terminal in one line that changes, elsewhere in a line now and then.
type progress struct {
	out      io.Writer
	now      func() time.Time
	start    time.Time
	shown    time.Time
	terminal bool
	// what is counted.
	what string
}

func newProgress(out io.Writer, now func() time.Time) *progress {
	start := now()
	return &progress{out: out, now: now, start: start, shown: start, terminal: isTerminal(out), what: "entries"}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) took() time.Duration { return p.now().Sub(p.start) }

// show tells that done of total entries are done, unless it has just told.
func (p *progress) show(done, total uint64) {
	now, pause := p.now(), plainPause
	if p.terminal {
		pause = terminalPause
	}
	if now.Sub(p.shown) < pause || done == 0 {
		return
	}
	p.shown = now
	rate := float64(done) / now.Sub(p.start).Seconds()
	left := time.Duration(float64(total-min(done, total)) / rate * float64(time.Second))
	line := fmt.Sprintf("%d of %d %s, %.0f/s, %s left", done, total, p.what, rate, left.Round(time.Second))
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// end leaves the line that changes.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
