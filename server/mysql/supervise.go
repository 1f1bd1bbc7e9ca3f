package mysql

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	longestBackoff  = 10 * time.Second
	adoptionPause   = 150 * time.Millisecond
	livenessPolling = 100 * time.Millisecond
)

// adoptOrStart gives a server that answers: one that still runs, or a new one.
func (p *Private) adoptOrStart(ctx context.Context, program program) (*child, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if server, err := p.adopt(ctx); server != nil || err != nil {
		return server, err
	}
	return p.start(ctx, program)
}

// adopt takes over a server that an earlier keytrail left behind. One that is going down is waited for, and one that
// an older version started, without an account that is needed now, is ended.
func (p *Private) adopt(ctx context.Context) (*child, error) {
	pid := readPid(p.paths.pid)
	for pid != 0 && isServerOf(pid, p.paths.data) {
		if p.answersTwice(ctx) {
			if hasNumber(ping(ctx, p.Config().Retain), accessDenied) {
				p.cfg.Logger.Info("the private database that was still running lacks an account and is started again", "pid", pid)
				end(ctx, watch(pid, p.paths.data), stopTimeout)
				return nil, nil
			}
			p.cfg.Logger.Info("adopted the private database that was still running", "pid", pid)
			p.setPid(pid)
			return watch(pid, p.paths.data), nil
		}
		if err := sleep(ctx, pollInterval); err != nil {
			return nil, fault.Wrap(err, fault.Unavailable,
				"The MariaDB with pid %d that uses %s neither answers nor ends. End it and start keytrail again.", pid, p.paths.data)
		}
	}
	return nil, nil
}

// answersTwice asks twice because a server whose keytrail was just killed may only be about to get its signal.
func (p *Private) answersTwice(ctx context.Context) bool {
	return ping(ctx, p.Config().Migrate) == nil &&
		sleep(ctx, adoptionPause) == nil &&
		ping(ctx, p.Config().Migrate) == nil
}

// start runs a new server and waits until it answers.
func (p *Private) start(ctx context.Context, program program) (*child, error) {
	setup := filepath.Join(p.paths.run, "accounts.sql")
	if err := os.WriteFile(setup, []byte(accountsScript(p.accounts)), 0o600); err != nil {
		return nil, unwritable(p.paths.run, err)
	}
	defer os.Remove(setup)
	log, err := openLog(p.paths.log)
	if err != nil {
		return nil, unwritable(filepath.Dir(p.paths.log), err)
	}
	defer log.Close() // the child has its own
	args := append(serverFlags(p.paths.data, p.paths.tmp, p.cfg),
		"--socket="+p.paths.socket, "--pid-file="+p.paths.pid, "--init-file="+setup)
	server, err := spawn(program.mariadbd, args, log)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "%s could not be started: %v.", program.mariadbd, err)
	}
	p.setPid(server.pid)
	if err := p.awaitReady(ctx, server); err != nil {
		end(context.WithoutCancel(ctx), server, stopTimeout)
		return nil, err
	}
	return server, nil
}

func (p *Private) awaitReady(ctx context.Context, server *child) error {
	for {
		err := ping(ctx, p.Config().Migrate)
		if err == nil {
			return nil
		}
		timer := time.NewTimer(pollInterval)
		select {
		case <-server.exited:
			timer.Stop()
			return fault.Wrap(server.err, fault.Unavailable, "The private database ended while it started. The end of %s:\n%s",
				p.paths.log, tail(p.paths.log))
		case <-ctx.Done():
			timer.Stop()
			return fault.Wrap(errors.Join(ctx.Err(), err), fault.Unavailable,
				"The private database did not answer in time. The end of %s:\n%s", p.paths.log, tail(p.paths.log))
		case <-timer.C:
		}
	}
}

// supervise starts the server again whenever it ends, until Stop. It owns the server.
func (p *Private) supervise(ctx context.Context, program program, server *child) {
	defer close(p.stopped)
	for {
		select {
		case <-ctx.Done():
			end(p.patience, server, stopTimeout)
			return
		case <-server.exited:
		}
		p.cfg.Logger.Error("the private database ended unexpectedly and is started again", "pid", server.pid)
		p.announceEnd()
		if server = p.startAgain(ctx, program); server == nil {
			return
		}
		p.cfg.Logger.Info("the private database is back", "pid", server.pid)
	}
}

// startAgain tries until the server is up, with longer and longer pauses; nil when it was stopped first.
func (p *Private) startAgain(ctx context.Context, program program) *child {
	for backoff := 50 * time.Millisecond; ; backoff = min(2*backoff, longestBackoff) {
		server, err := p.adoptOrStart(ctx, program)
		if err == nil {
			return server
		}
		if ctx.Err() != nil {
			return nil
		}
		p.announceEnd()
		p.cfg.Logger.Error("the private database does not start", "error", err, "nextAttemptIn", backoff)
		if sleep(ctx, backoff) != nil {
			return nil
		}
	}
}

func (p *Private) announceEnd() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.done)
	p.done = make(chan struct{})
}

func (p *Private) setPid(pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pid = pid
}

// awaitStopped waits for the supervisor to end the server.
func (p *Private) awaitStopped(ctx context.Context) error {
	select {
	case <-p.stopped:
	case <-ctx.Done():
		p.force()
		<-p.stopped
	}
	p.force()
	_ = os.Remove(p.paths.run) // only when it is empty
	return p.lock.Close()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
