package main

import (
	"context"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/workhours"
)

type processHoursCommand struct {
	config.Store `embed:""`
	TimeZone     string `help:"Display zone, by whose dates hours are counted: an IANA name such as Europe/Riga. Default: the one that the server used last, or the system's. A server that shows another leaves hours to this one for a day, or until it is started anew." env:"KEYTRAIL_TIME_ZONE"`
	All          bool   `help:"Compute everything anew, and not only what was reported since the last time."`
}

// Run computes working hours from what was reported by now. It may run beside a server, and beside others of its kind.
func (c processHoursCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) error {
		zone, err := hoursZone(p.ctx, s, c.TimeZone)
		if err != nil {
			return err
		}
		return c.process(p, workhours.New(s.db, s.seal, s.ledger, s.access, s.people, workhours.Config{Zone: zone}, time.Now, p.log))
	})
}

// hoursZone is the zone that was named, else the one by which hours were computed last, else the system's.
func hoursZone(ctx context.Context, s *services, name string) (*time.Location, error) {
	if name == "" {
		stored, err := workhours.StoredZone(ctx, s.db)
		if err != nil {
			return nil, err
		}
		name = stored
	}
	return config.Serve{TimeZone: name}.Zone()
}

func (c processHoursCommand) process(p program, hours *workhours.Service) error {
	do := hours.Process
	if c.All {
		do = hours.ProcessAll
	}
	reading, computing := newProgress(p.out, time.Now), newProgress(p.out, time.Now)
	computing.what = "days"
	days, err := do(p.ctx, reading.show, computing.show)
	computing.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%d days of people were computed in %s.\n", days, reading.took().Round(time.Millisecond))
	return err
}
