package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/intake"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/programs"
)

type importDjangoCommand struct {
	config.Store `embed:""`
	File         string   `arg:"" help:"The log, one JSON object a line." type:"existingfile"`
	Source       string   `help:"The program under whose name the entries are recorded, as its tokens have it, such as shop." required:""`
	TimeZone     string   `help:"Where the application's clock stood: an IANA name such as Europe/Riga. Default: the system's zone." env:"KEYTRAIL_TIME_ZONE"`
	UserInfo     []string `help:"Members of user_info to keep, such as first_name,last_name; all others are dropped."`
	App          bool     `help:"Take in lines that are no audit records, too."`
	MaskFields   []string `help:"Further names of fields and headers whose values are masked." env:"KEYTRAIL_MASK_FIELDS"`
}

// Help says what becomes of the lines.
func (importDjangoCommand) Help() string {
	return `The file is only read. The server may run meanwhile, and the import may be repeated: a line that was imported stays as it is.
Each line "refused" names a line of the file by its number, and says why it was left out. Users become persons with their id as
external name of the source; what is known of them otherwise is dropped unless --user-info lists it.`
}

// Run imports a file. Lines that are refused do not make it fail.
func (c importDjangoCommand) Run(p program) error {
	if !ledger.IsSource(c.Source) || c.Source == ledger.SourceKeytrail {
		return fault.New(fault.BadInput, "--source is %q: a source has %s", c.Source, ledger.SourceRule)
	}
	zone, err := config.Serve{TimeZone: c.TimeZone}.Zone()
	if err != nil {
		return err
	}
	masks, err := activity.NewMasks(c.MaskFields)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	total, err := intake.CountLines(file)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return withCore(p, c.Store, func(s *services) error {
		declared, err := programs.New(p.ctx, s.db, s.ledger, s.access, time.Now)
		if err != nil {
			return err
		}
		service := activity.New(s.db, s.ledger, s.access, s.people, activity.Rules{
			Describe: func(o ledger.Origin) ledger.Origin { return o }, Masks: masks, Plain: declared.Plain,
		}, time.Now)
		return c.importInto(p, service, file, intake.Django{Zone: zone, UserInfo: c.UserInfo, App: c.App}, total)
	})
}

func (c importDjangoCommand) importInto(p program, service *activity.Service, file io.Reader, lines intake.Django, total int) error {
	actor := access.System()
	actor.Source = c.Source
	shown := newProgress(p.out, time.Now)
	said, err := intake.File{
		Django: lines,
		Refused: func(a intake.Answer) {
			shown.end()
			fmt.Fprintf(p.out, "refused: line %d: %s\n", a.Line, a.Message)
		},
		Progress: func(done int) { shown.show(uint64(done), uint64(total)) },
	}.Import(p.ctx, service, actor, file)
	shown.end()
	service.StoreCounts(p.ctx)
	fmt.Fprintf(p.out, "Lines: %d; on record: %d; refused: %d; left out: %d\n", said.Lines, said.Recorded, said.Refused, said.Skipped)
	return err
}
