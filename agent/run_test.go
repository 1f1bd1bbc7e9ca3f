package main

import (
	"errors"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
	"github.com/keytrail/keytrail/agent/queue"
	"github.com/keytrail/keytrail/agent/settings"
	"github.com/keytrail/keytrail/agent/watch"
)

// desktop is a source that can be broken.
type desktop struct {
	said chan watch.Announcement
	err  error
}

func (d *desktop) Idle() (time.Duration, error)             { return 0, d.err }
func (d *desktop) Announcements() <-chan watch.Announcement { return d.said }
func (d *desktop) Name() string                             { return "a desktop" }
func (d *desktop) Close() error                             { return nil }

// A desktop that does not answer for a moment, as after a sleep, must not cost a day's work.
func TestAnUnlockThatWentUnheardWhileTheDesktopWasAwayKeepsNobodyFromWorking(t *testing.T) {
	t.Parallel()
	q, err := queue.Open(t.TempDir(), 10)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	s := &settings.Settings{Endpoint: &url.URL{Host: "h"}, Rules: presence.Rules{IdleAfter: time.Hour, Poll: time.Hour, Repeat: time.Hour}}
	a := newAgent(s, t.TempDir(), q, slog.New(slog.DiscardHandler), func(string) string { return "" })
	var d *desktop
	a.open = func(func(string) string) (watch.Source, error) {
		d = &desktop{said: make(chan watch.Announcement, 1)}
		return d, nil
	}
	a.look()
	a.hear(presence.Lock)
	if a.machine.Working() || q.Len() != 2 {
		t.Fatalf("locked, and %d reports", q.Len())
	}
	d.err = errors.New("no answer")
	d.said <- watch.Announcement{Event: presence.Unlock, Done: func() {}}
	a.look() // which closes it, with what it says
	a.look()
	if !a.machine.Working() {
		t.Error("nobody works any more")
	}
}
