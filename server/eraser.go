package main

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/workhours"
)

// eraser makes what erases people outside of a server: everything in which something of a person is kept.
func (s *services) eraser(ctx context.Context) (*privacy.Service, error) {
	var err error
	if s.signin, err = signin.New(ctx, s.db, s.seal, s.ledger, s.access, s.people, signin.Config{}, time.Now, s.log); err != nil {
		return nil, err
	}
	s.custody = custody.New(s.db, s.ledger, s.access, s.people, time.UTC, time.Now)
	if s.logbook, err = logbook.New(s.db, s.seal, s.ledger, s.access, s.custody, s.people, time.UTC, time.Now); err != nil {
		return nil, err
	}
	s.alerts = alerts.New(s.db, s.seal, s.ledger, s.access, time.Now).WithLog(s.log)
	s.work = workhours.New(s.db, s.seal, s.ledger, s.access, s.people, workhours.Config{Zone: time.UTC, Purpose: config.WorkHours{}.Purpose()}, time.Now, s.log)
	s.exports = exports.New(s.db, exports.Services{
		Seal: s.seal, Ledger: s.ledger, Access: s.access, Logbook: s.logbook, Work: s.work, ActorOf: s.signin.ActorOfAccount,
	}, time.Now, s.log)
	if s.mail, err = mail.New(s.db, s.seal, s.access, mail.Config{}, time.Now, s.log); err != nil {
		return nil, err
	}
	return privacy.New(s.db, privacy.Parts{
		Ledger: s.ledger, Access: s.access, People: s.people, Signin: s.signin, Custody: s.custody, Work: s.work,
		Logbook: s.logbook, Alerts: s.alerts, Mail: s.mail, Exports: s.exports,
	}, time.Now, s.log), nil
}
