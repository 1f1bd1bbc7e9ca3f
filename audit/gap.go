package audit

import (
	"context"
	"time"
)

// gap is what was lost and not told yet.
type gap struct {
	lost     uint64
	from, to time.Time
}

// lose counts an event that could not be taken. The first of a gap is logged.
func (c *Client) lose(at time.Time, why error) {
	c.lost.Add(1)
	c.gapMu.Lock()
	defer c.gapMu.Unlock()
	if at.IsZero() {
		at = time.Now()
	}
	if c.gap.lost++; c.gap.lost == 1 {
		c.gap.from = at
		c.o.Logger.Error("audit events are lost: they cannot be taken into the queue", "error", why, "dir", c.o.Dir)
	}
	c.gap.to = at
}

// reportGap tells in the log itself that events are missing, as soon as there is room to.
func (c *Client) reportGap() {
	c.gapMu.Lock()
	defer c.gapMu.Unlock()
	if c.gap.lost == 0 {
		return
	}
	e := Event{
		Action: Gap, Outcome: Failure, OccurredAt: c.gap.to.UTC().Truncate(time.Microsecond),
		Metadata: map[string]any{"lost": c.gap.lost, "from": c.gap.from.UTC(), "to": c.gap.to.UTC()},
	}
	e.Fill(context.Background())
	line, err := e.line()
	if err != nil {
		return
	}
	if _, err := c.queue.Append(line); err == nil {
		c.gap = gap{}
	}
}
