package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/audit/internal/queue"
)

// gap is what was lost and not told yet: events that could not be taken, and bytes of queue files that were damaged.
type gap struct {
	Lost    uint64    `json:"lost"`
	Damaged int64     `json:"damaged"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

func (g gap) isNone() bool { return g.Lost == 0 && g.Damaged == 0 }

// lose counts an event that could not be taken. The first of a gap is logged.
func (c *Client) lose(at time.Time, why error) {
	c.lost.Add(1)
	c.gapMu.Lock()
	defer c.gapMu.Unlock()
	if c.gap.Lost++; c.gap.Lost == 1 && !c.lostLate {
		c.lostLate = c.gapClosed
		c.o.Logger.Error("audit events are lost: they cannot be taken into the queue", "error", why, "dir", c.o.Dir)
	}
	c.widen(at)
}

// loseDamaged counts what stood in a file of the queue that was damaged, and tells of it.
func (c *Client) loseDamaged(bytes int64) {
	c.gapMu.Lock()
	c.gap.Damaged += bytes
	c.widen(time.Now())
	c.gapMu.Unlock()
	c.reportGap()
}

// widen has the gap reach to a time, and keeps it. The caller holds gapMu.
func (c *Client) widen(to time.Time) {
	to = believed(to)
	c.gap.reach(to)
	c.keepGap()
}

func (g *gap) reach(to time.Time) {
	if g.From.IsZero() || to.Before(g.From) {
		g.From = to
	}
	if to.After(g.To) {
		g.To = to
	}
}

// believed gives when a lost event happened. What lies ahead, or so far back that keytrail takes no event of it, as that of an
// event that is lost for its time, means now: a gap must be taken.
func believed(at time.Time) time.Time {
	now := time.Now()
	if at.After(now) || at.Year() <= 1970 {
		return now
	}
	return at
}

// keepGap has the gap outlive the program. The caller holds gapMu.
func (c *Client) keepGap() {
	keep := func() error { return c.gapFile.keep(c.gap) }
	if c.gapClosed {
		keep = c.keepLate
	}
	if err := keep(); err != nil && !c.gapUnkept {
		c.gapUnkept = true
		c.o.Logger.Error("how many audit events are lost cannot be kept: it is told while the program runs only", "error", err, "dir", c.o.Dir)
	}
}

// closeGap leaves the gap to whoever opens the folder next. It may be called again.
func (c *Client) closeGap() error {
	c.gapMu.Lock()
	defer c.gapMu.Unlock()
	if c.gapClosed {
		return nil
	}
	c.gapClosed, c.gap = true, gap{}
	return c.gapFile.close()
}

// keepLate adds what was lost after Close, such as by requests that went on, to what is told at the next Open. It fails where
// the folder is open again. The caller holds gapMu.
func (c *Client) keepLate() error {
	release, err := queue.Lock(c.o.Dir)
	if err != nil {
		return err
	}
	file, kept, err := openGapFile(c.gapPath())
	if err == nil {
		kept.Lost += c.gap.Lost
		kept.reach(c.gap.From)
		kept.reach(c.gap.To)
		err = errors.Join(file.keep(kept), file.close())
	}
	if err = errors.Join(err, release()); err == nil {
		c.gap = gap{}
	}
	return err
}

func (c *Client) gapPath() string { return filepath.Join(c.o.Dir, "gap.json") }

// reportGap tells in the log itself that events are missing, as soon as there is room to.
func (c *Client) reportGap() {
	c.gapMu.Lock()
	defer c.gapMu.Unlock()
	if c.gap.isNone() {
		return
	}
	from, to := believed(c.gap.From), believed(c.gap.To) // also of what was kept while the clock was fast
	if from.After(to) {
		from = to
	}
	missing := map[string]any{"from": from.UTC(), "to": to.UTC()}
	if c.gap.Lost > 0 {
		missing["lost"] = c.gap.Lost
	}
	if c.gap.Damaged > 0 {
		missing["damagedBytes"] = c.gap.Damaged
	}
	e := Event{Action: Gap, Outcome: Failure, OccurredAt: to.UTC().Truncate(time.Microsecond), Metadata: missing}
	e.Fill(context.Background())
	line, err := e.line()
	if err != nil {
		return
	}
	if _, err := c.queue.Append(line); err == nil {
		c.gap = gap{}
		c.keepGap()
	}
}

// gapBytes is the size of a gap's file: always the same, so that a full disk has room for it.
const gapBytes = 256

// gapFile keeps a gap until it was told; after a crash it may be told twice. It is not flushed.
type gapFile struct{ file *os.File }

// openGapFile opens the file, makes it where it is missing, and gives the gap in it.
func openGapFile(path string) (gapFile, gap, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return gapFile{}, gap{}, err
	}
	f, text, kept := gapFile{file}, make([]byte, gapBytes), gap{}
	n, _ := file.ReadAt(text, 0)
	if json.Unmarshal(text[:n], &kept) != nil {
		kept = gap{}
	}
	return f, kept, f.keep(kept)
}

func (f gapFile) keep(g gap) error {
	text, err := json.Marshal(g)
	if err != nil {
		return err
	}
	_, err = f.file.WriteAt(append(text, bytes.Repeat([]byte{' '}, max(gapBytes-len(text), 0))...), 0)
	return err
}

func (f gapFile) close() error { return f.file.Close() }
