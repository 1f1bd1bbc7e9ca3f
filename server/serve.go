package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/heap"
	"github.com/keytrail/keytrail/server/httpd"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/sample"
)

// stopTimeout is how long requests that run may take to end once the server is told to stop.
const stopTimeout = 8 * time.Second

type serveCommand struct {
	config.Store     `embed:""`
	config.Serve     `embed:""`
	config.Integrity `embed:""`
	config.OIDC      `embed:""`
	config.Alerts    `embed:""`
	config.Activity  `embed:""`
	config.WorkHours `embed:""`
	config.Keeping   `embed:""`
	config.Backups   `embed:""`
	config.Webhooks  `embed:""`
}

// Run runs the server until it is told to stop.
func (c serveCommand) Run(p program) (err error) {
	if err := errors.Join(c.Store.Validate(), c.Serve.Validate(), c.Integrity.Validate(), c.OIDC.Validate(), c.Alerts.Validate(), c.Activity.Validate(), c.WorkHours.Validate(), c.Keeping.Validate(), c.Backups.Validate(), c.Webhooks.Validate()); err != nil {
		return err
	}
	defer heap.Bound(c.GCPercent).Stop()
	debug.SetMemoryLimit(int64(c.MemoryLimitMiB) << 20)
	listener, err := httpd.Listen(p.ctx, c.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	older, err := c.listenOlder(p.ctx)
	if err != nil {
		return err
	}
	if older != nil {
		defer func() { _ = older.Close() }()
	}
	opened, err := openOwned(p.ctx, c.Store, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	s, err := newServices(p.ctx, opened, c, p.log)
	if err != nil {
		return err
	}
	return c.serve(p, s, listeners{listener, older})
}

// serve runs everything that works in the background, makes what the first start needs, and answers requests.
// The background outlives the last request, so that nothing is cut off.
func (c serveCommand) serve(p program, s *services, at listeners) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(p.ctx))
	defer stopBackground()
	group, background := errgroup.WithContext(background)
	s.run(background, group)
	err := c.answer(p, s, at, background)
	stopBackground()
	return errors.Join(err, group.Wait())
}

// answer serves until p.ctx or the background ends.
func (c serveCommand) answer(p program, s *services, at listeners, background context.Context) error {
	if err := c.firstStart(p, s); err != nil {
		return err
	}
	handler := s.graphql(version, c)
	oidc, err := s.oidc(c)
	if err != nil {
		return err
	}
	front, err := s.http(c, handler, oidc)
	if err != nil {
		return err
	}
	servers, err := at.servers(front)
	if err != nil {
		return err
	}
	if err := s.recordLife(p.ctx, ledger.SystemStarted, version); err != nil {
		return err
	}
	ctx, stopFront := context.WithCancel(p.ctx)
	defer stopFront()
	answering, ctx := errgroup.WithContext(ctx)
	servers.serve(answering)
	if front.TLS != nil {
		answering.Go(func() error { return front.TLS.Watch(ctx) })
	}
	if c.Sample {
		answering.Go(func() error { return sample.NewTrickle(s.sample()).Run(ctx) })
	}
	c.greet(p, s, at)
	select {
	case <-ctx.Done():
	case <-background.Done():
		p.log.Error("a part of the server ended by itself")
	}
	p.log.Info("stopping")
	stopFront()
	err = stop(servers, handler, front.Intake)
	if failed := answering.Wait(); !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	s.recordStop(p, version)
	return err
}

// stop takes no new requests, ends the feeds and the calls that stay open, and waits for the requests that run.
func stop(servers fronts, handler *graph.Handler, intake httpd.Intake) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	handler.Stop()
	intake.Stop()
	err := servers.shutdown(ctx)
	handler.Wait(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return servers.close()
	}
	return err
}

// firstStart makes the sample organisation, or the account of root, where there is none yet.
func (c serveCommand) firstStart(p program, s *services) error {
	if c.Sample {
		return sample.Load(p.ctx, s.sample())
	}
	if err := sample.Refuse(p.ctx, s.sample()); err != nil {
		return err
	}
	return c.firstRoot(p, s)
}

// firstRoot makes the account of root. Its one-time password is on disk before the account is: a file that is left
// behind by an interrupted start is replaced at the next, or is the right one.
func (c serveCommand) firstRoot(p program, s *services) error {
	path := c.RootPasswordPath()
	if c.RootPassword != "" {
		created, _, err := s.signin.EnsureRoot(p.ctx, c.RootPassword)
		if f, ok := fault.As(err); ok && f.Kind == fault.BadInput {
			return f.Saying(fault.Say("KEYTRAIL_ROOT_PASSWORD cannot be used: %s.", f.Text()))
		}
		if err == nil && created {
			return removeIfThere(path)
		}
		return err
	}
	kept := false
	created, err := s.signin.EnsureRootWith(p.ctx, func(oneTime string) error {
		kept = true
		return errors.Join(removeIfThere(path), writeSecret(path, oneTime+"\n"))
	})
	if err == nil && kept && !created { // another process was faster
		return removeIfThere(path)
	}
	return err
}

func (c serveCommand) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

// greet says where the server is and how to sign in.
func (c serveCommand) greet(p program, s *services, at listeners) {
	fmt.Fprintf(p.out, "\nkeytrail %s answers at %s://%s\n", version, c.scheme(), at.main.Addr())
	if at.older != nil {
		fmt.Fprintf(p.out, "The older systems' endpoints alone are at http://%s/api/\n", at.older.Addr())
	}
	if c.Sample {
		names := make([]string, 0, 5)
		for _, a := range sample.Accounts() {
			names = append(names, a.Username)
		}
		fmt.Fprintf(p.out, "This is the sample organisation. Sign in as %s with the password %s\n\n", strings.Join(names, ", "), sample.Password)
		return
	}
	if fileExists(c.RootPasswordPath()) {
		fmt.Fprintf(p.out, "Sign in as root with the one-time password in %s\n", c.RootPasswordPath())
	}
	fmt.Fprintln(p.out)
}
