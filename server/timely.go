package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/reminders"
)

// timely is what happens because time passes.
type timely struct {
	mail      *mail.Service
	reminders *reminders.Service
	clock     *alerts.Clock
}

func (s *services) newTimely(c serveCommand) (timely, error) {
	server, err := c.SMTP()
	if err != nil {
		return timely{}, err
	}
	if c.Sample {
		server = config.SMTP{} // nobody is written to at invented addresses
	}
	var t timely
	t.mail, err = mail.New(s.db, s.seal, s.access, mail.Config{
		Host: server.Host, Port: server.Port, Username: server.Username, Password: server.Password,
		ImplicitTLS: server.ImplicitTLS, Loopback: server.Loopback, From: c.SMTPFrom,
	}, time.Now, s.log)
	if err != nil {
		return timely{}, err
	}
	t.reminders, err = reminders.New(s.db, s.ledger, s.people, s.custody, t.mail, reminders.Config{
		Zone: s.zone, Before: c.RemindBefore(), AlertMail: c.AlertMail, AlertLanguage: c.AlertMailLanguage,
	}, time.Now, s.log)
	t.clock = alerts.NewClock(s.alerts, s.custody, alerts.ClockRules{
		Zone: s.zone, EscalateAfter: c.EscalateAfter(), Urgent: t.reminders.Urgent, Looks: s.looks(c.Data, c.AlertDiskPercent),
	}, s.log)
	return t, err
}

func (t timely) run(ctx context.Context, group *errgroup.Group) {
	for _, run := range []func(context.Context) error{t.clock.Run, t.reminders.Run, t.mail.Run} {
		group.Go(func() error { return run(ctx) })
	}
}
