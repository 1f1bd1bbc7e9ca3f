package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/keytrail/keytrail/agent/lock"
	"github.com/keytrail/keytrail/agent/notice"
	"github.com/keytrail/keytrail/agent/presence"
	"github.com/keytrail/keytrail/agent/queue"
	"github.com/keytrail/keytrail/agent/send"
	"github.com/keytrail/keytrail/agent/settings"
	"github.com/keytrail/keytrail/agent/watch"
)

const lastWords = 3 * time.Second // for delivering the end, before the next start has to

type runCommand struct{}

// Run watches until the context or the session ends.
func (runCommand) Run(p program) error {
	dir, err := settings.StateDir(p.env)
	if err != nil {
		return err
	}
	held, err := lock.Take(dir)
	if err != nil {
		return err
	}
	defer held.Close()
	s, err := settings.Load(settings.ConfigFiles(p.env), p.env)
	if err != nil {
		return err
	}
	token, err := settings.Token(dir)
	if err != nil {
		return err
	}
	client, err := send.Client(s.CAFile)
	if err != nil {
		return err
	}
	waiting, err := queue.Open(dir, queue.DefaultRecords)
	if err != nil {
		return err
	}
	a := newAgent(s, dir, waiting, slog.New(slog.NewTextHandler(p.err, nil)), p.env)
	if err := notice.Tell(dir, s.Notice); err != nil {
		a.log.Warn("the notice could not be shown; it lies in notice.txt", "error", err)
	}
	sender := &send.Sender{Queue: waiting, Client: client, Endpoint: s.Endpoint, Token: token, Agent: "keytrail-agent/" + version,
		Run: a.run, Timeline: a.timeline, Steady: watch.Steady, Wait: send.Wait{First: min(2*time.Second, s.Rules.Interval()),
			Most: min(5*time.Minute, 5*s.Rules.Interval())}, Tell: a.told}
	return errors.Join(a.work(p.ctx, sender), waiting.Close())
}

// agent is one run.
type agent struct {
	settings *settings.Settings
	dir      string
	queue    *queue.Queue
	log      *slog.Logger
	env      func(string) string
	run      string
	timeline *presence.Timeline
	machine  presence.Machine
	more     chan struct{}
	open     func(env func(string) string) (watch.Source, error)
	source   watch.Source // nil while none is found
	opened   bool         // one was found before

	mu     sync.Mutex // of status, which the sender writes too
	status status
}

func newAgent(s *settings.Settings, dir string, q *queue.Queue, log *slog.Logger, env func(string) string) *agent {
	a := &agent{settings: s, dir: dir, queue: q, log: log, env: env, run: rand.Text(), open: watch.Open,
		timeline: presence.NewTimeline(wall(), watch.Steady()), machine: presence.Machine{Rules: s.Rules}, more: make(chan struct{}, 1)}
	a.status = status{Version: version, User: s.User, Workstation: s.Workstation, Server: s.Endpoint.Host, Notice: s.Notice,
		Since: a.timeline.At(watch.Steady()), Lost: q.Damaged()}
	return a
}

// work looks each poll, hears what the system announces, and gives the sender a moment after the end.
func (a *agent) work(ctx context.Context, sender *send.Sender) error {
	sending, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var sent sync.WaitGroup
	sent.Go(func() { sender.Follow(sending, a.more) })
	polls := time.NewTicker(a.settings.Rules.Poll)
	defer polls.Stop()
	a.look()
	for going := true; going; {
		select {
		case <-polls.C:
			a.look()
		case said := <-a.announcements():
			a.hear(said.Event)
			said.Done()
			going = said.Event != presence.End
		case <-ctx.Done():
			a.hear(presence.End)
			going = false
		}
	}
	a.close()
	a.drain()
	stop()
	sent.Wait()
	return a.writeStatus()
}

// drain waits until all is delivered, for a moment.
func (a *agent) drain() {
	end := time.NewTimer(lastWords)
	defer end.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for a.queue.Len() > 0 {
		select {
		case <-again.C:
		case <-end.C:
			return
		}
	}
}

func (a *agent) announcements() <-chan watch.Announcement {
	if a.source == nil {
		return nil
	}
	return a.source.Announcements()
}

// look opens a source where there is none, and looks. What the system said before comes first.
func (a *agent) look() {
	idle, err := a.idle()
	if err != nil {
		a.problem("This computer can't be watched: " + err.Error())
		return
	}
	for waiting := true; waiting; {
		select {
		case said := <-a.announcements():
			a.hear(said.Event)
			said.Done()
		default:
			waiting = false
		}
	}
	a.report(a.machine.Look(presence.Look{At: watch.Steady(), Idle: idle}))
}

func (a *agent) idle() (time.Duration, error) {
	if a.source == nil {
		source, err := a.open(a.env)
		if err != nil {
			return 0, err
		}
		a.source = source
		if a.opened {
			a.hear(presence.Anew)
		}
		a.opened = true
		a.mu.Lock()
		a.status.Sees = source.Name()
		a.mu.Unlock()
	}
	idle, err := a.source.Idle()
	if err != nil {
		a.close()
	}
	return idle, err
}

func (a *agent) close() {
	if a.source != nil {
		a.source.Close() // what can't be closed is of no use any more
		a.source = nil
	}
}

func (a *agent) hear(event presence.Event) { a.report(a.machine.Event(event, watch.Steady())) }

// report stores reports and wakes the sender.
func (a *agent) report(reports []presence.Report) {
	for _, r := range reports {
		err := a.queue.Add(queue.Record{ID: rand.Text(), State: string(r.State), User: a.settings.User, Workstation: a.settings.Workstation,
			Seconds: int((a.settings.Rules.Interval() + time.Second - 1) / time.Second),
			At:      a.timeline.At(r.At), Steady: time.Duration(r.At), Run: a.run})
		a.noted(r, err)
	}
	select {
	case a.more <- struct{}{}:
	default:
	}
	if err := a.writeStatus(); err != nil {
		a.log.Error("the status can't be written", "error", err)
	}
}

func (a *agent) noted(r presence.Report, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if working := r.State == presence.Working; working != a.status.Working {
		a.status.Working, a.status.Since = working, a.timeline.At(r.At)
	}
	if err != nil {
		a.status.Lost++
		a.status.Problem = err.Error()
		a.log.Error("a report is lost", "error", err)
	}
}

// told takes the outcome of an attempt to deliver.
func (a *agent) told(o send.Outcome) {
	a.mu.Lock()
	if o.Delivered {
		a.status.Delivered++
		a.status.Last = a.timeline.At(watch.Steady())
	}
	if o.Dropped {
		a.status.Refused++
	}
	if o.Problem != a.status.Problem && o.Problem != "" {
		a.log.Warn(o.Problem)
	}
	a.status.Problem = o.Problem
	a.mu.Unlock()
	if o.ClockOff {
		a.log.Warn(fmt.Sprintf("this computer's clock is wrong; reports are dated by %s's", a.settings.Endpoint.Host))
	}
	if err := a.writeStatus(); err != nil {
		a.log.Error("the status can't be written", "error", err)
	}
}

func (a *agent) problem(text string) {
	a.mu.Lock()
	known := a.status.Problem == text
	a.status.Problem, a.status.Sees = text, "nothing"
	a.mu.Unlock()
	if !known {
		a.log.Warn(text)
	}
	if err := a.writeStatus(); err != nil {
		a.log.Error("the status can't be written", "error", err)
	}
}

func (a *agent) writeStatus() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.timeline.At(watch.Steady())
	a.status.Written, a.status.Waiting, a.status.ClockOff = now, a.queue.Len(), wall().Sub(now)
	return a.status.write(a.dir)
}
