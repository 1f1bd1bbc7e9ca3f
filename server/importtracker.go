package main

import (
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/workhours"
	"github.com/keytrail/keytrail/server/worktracker"
)

type importTrackerCommand struct {
	config.Store `embed:""`
	File         string `arg:"" help:"The tracker's database with the table work_events, or that table as CSV with a line of column names." type:"path"`
	TimeZone     string `help:"Where the tracker stood, for times without an offset: an IANA name." default:"Asia/Dubai"`
	DryRun       bool   `help:"Say what would be imported and skipped, and change nothing." xor:"what"`
	Compare      bool   `help:"Import nothing: hold the tracker's own sums (user_real_work_summary, in the database or as CSV) against what keytrail counts." xor:"what"`
}

// Help says what becomes of the tracker's data.
func (importTrackerCommand) Help() string {
	return `The file is only read. The server may run meanwhile, and the import may be repeated: what was imported is recorded once.
Users are found by their external names of the source workstation; add them to people before or afterwards. Each line
"skipped" names an event and why it was left out. The tracker's own sums are not taken over: hours are computed from the
events, by keytrail process-real-hours or by the server; --compare says afterwards where the two differ.`
}

// Run imports a tracker's events. Events that are skipped do not make it fail; a file that is none does.
func (c importTrackerCommand) Run(p program) error {
	zone, err := config.Serve{TimeZone: c.TimeZone}.Zone()
	if err != nil {
		return err
	}
	o := worktracker.Options{File: c.File, Zone: zone, Out: p.out, DryRun: c.DryRun}
	if c.DryRun {
		report, err := worktracker.Import(p.ctx, nil, o)
		if err == nil {
			tellTracked(p, report)
			fmt.Fprintln(p.out, "Nothing was changed.")
		}
		return err
	}
	if c.Compare {
		return withCore(p, c.Store, func(s *services) error { return c.compare(p, s, o) })
	}
	return withCore(p, c.Store, func(s *services) error {
		work := workhours.New(s.db, s.seal, s.ledger, s.access, s.people, workhours.Config{Zone: zone}, time.Now, p.log)
		report, err := worktracker.Import(p.ctx, work, o)
		tellTracked(p, report)
		return err
	})
}

func tellTracked(p program, r worktracker.Report) {
	fmt.Fprintf(p.out, "Events: %d; on record: %d; skipped: %d\n", r.Events, r.Imported, r.Skipped)
	if !r.First.IsZero() {
		fmt.Fprintf(p.out, "They lie between %s and %s.\n", r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
	}
}

// compare computes what is not computed yet, and holds it against the tracker's sums.
func (c importTrackerCommand) compare(p program, s *services, o worktracker.Options) error {
	zone, err := hoursZone(p.ctx, s, "")
	if err != nil {
		return err
	}
	if zone.String() != o.Zone.String() {
		return fault.New(fault.BadInput, "The tracker counted by dates of %s and keytrail by those of %s: run keytrail process-real-hours --time-zone %s first, on a copy if need be.", o.Zone, zone, o.Zone)
	}
	work := workhours.New(s.db, s.seal, s.ledger, s.access, s.people, workhours.Config{Zone: zone}, time.Now, p.log)
	if _, err := work.Process(p.ctx, nil, nil); err != nil {
		return err
	}
	found, err := worktracker.Compare(p.ctx, work, s.people, o)
	fmt.Fprintf(p.out, "Sums: %d; the same: %d; different: %d; skipped: %d\n", found.Sums, found.Same, found.Different, found.Skipped)
	return err
}
