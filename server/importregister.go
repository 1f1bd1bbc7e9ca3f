package main

import (
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/keyregister"
)

type importCommand struct {
	KeyRegister importRegisterCommand `cmd:"" help:"Import people, keys, groups and movements from the key register's SQLite database."`
	DjangoAudit importDjangoCommand   `cmd:"" help:"Import the lines of a Django application's audit log."`
}

type importRegisterCommand struct {
	config.Store `embed:""`
	File         string `arg:"" optional:"" help:"The register's database; may be left out when its config.json names it." type:"path"`
	OldConfig    string `name:"config-json" help:"The register's config.json." type:"path"`
	TimeZone     string `help:"Where the register stood, for times without a zone: an IANA name such as Europe/Riga. Default: the system's zone." env:"KEYTRAIL_TIME_ZONE"`
	DryRun       bool   `help:"Say what would be imported and skipped, and change nothing."`
}

// Help says what becomes of the register's data.
func (importRegisterCommand) Help() string {
	return `The file is only read. Accounts and passwords are not taken over. The server may run meanwhile, and the import may be
repeated: what was imported stays as it is. Each line "skipped" names a row of the register and why it was left out.`
}

// Run imports a register. Rows that are skipped do not make it fail; a file that is none does.
func (c importRegisterCommand) Run(p program) error {
	if err := c.readConfig(p); err != nil {
		return err
	}
	if c.File == "" {
		return fault.New(fault.BadInput, "Name the register's database file, or its configuration with --config-json.")
	}
	zone, err := config.Serve{TimeZone: c.TimeZone}.Zone()
	if err != nil {
		return err
	}
	o := keyregister.Options{File: c.File, Zone: zone, Out: p.out}
	if c.DryRun {
		report, err := keyregister.Check(p.ctx, o, time.Now())
		if err == nil {
			tellFound(p, report)
			fmt.Fprintln(p.out, "Nothing was changed.")
		}
		return err
	}
	return withCore(p, c.Store, func(s *services) error { return c.importInto(p, s, o) })
}

// readConfig tells which settings take the place of the register's.
func (c *importRegisterCommand) readConfig(p program) error {
	if c.OldConfig == "" {
		return nil
	}
	old, err := keyregister.ReadConfig(c.OldConfig)
	if err != nil {
		return err
	}
	if seconds := old.ClientSessions.TimeoutSeconds; seconds > 0 {
		fmt.Fprintf(p.out, "client_sessions.timeout_seconds is KEYTRAIL_SESSION_TIMEOUT_SECONDS=%d here\n", seconds)
	}
	if old.DB.File != "" {
		fmt.Fprintf(p.out, "db.db_file is %s; keytrail keeps its own data in KEYTRAIL_DATA\n", old.DB.File)
	}
	if c.File == "" {
		c.File = old.DB.File
	}
	return nil
}

func (c importRegisterCommand) importInto(p program, s *services, o keyregister.Options) error {
	shown := newProgress(p.out, time.Now)
	o.Progress = func(done, total int) { shown.show(uint64(done), uint64(total)) }
	into := keyregister.Services{
		Seal: s.seal, People: s.people, Custody: custody.New(s.db, s.ledger, s.access, s.people, o.Zone, time.Now), Now: time.Now,
	}
	report, err := keyregister.Import(p.ctx, into, o)
	shown.end()
	if err != nil {
		return err
	}
	tellFound(p, report)
	fmt.Fprintf(p.out, "Loans imported now: %d; come back since an earlier import: %d; there already: %d\n", report.Stored, report.Closed, report.Repeated)
	return nil
}

func tellFound(p program, r keyregister.Report) {
	fmt.Fprintf(p.out, "In the register: %d people, %d keys, %d groups, %d movements, which make %d loans; %d keys are out\n",
		r.People, r.Keys, r.Groups, r.Movements, r.Loans, r.Out)
	fmt.Fprintf(p.out, "Returns that nobody had noted, before somebody else took the key: %d\n", r.Inferred)
	fmt.Fprintf(p.out, "Skipped: %d\nAccounts and passwords were not taken over: make accounts with keytrail admin create-account or in the app.\n", r.Skipped)
}
