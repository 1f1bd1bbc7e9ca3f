package workhours

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reported"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	// MaxReports is the most reports that are taken in one call.
	MaxReports     = 500
	maxEventID     = 190
	maxUser        = 128
	maxWorkstation = 128
	// aheadAtMost is how far a workstation's clock may be ahead of the server's.
	aheadAtMost = 10 * time.Minute
)

// State is what a report says of somebody.
type State string

// The states.
const (
	Working State = "working"
	Stopped State = "stopped"
)

// ReportInput says that somebody works, or stopped, from a time on until his next report.
type ReportInput struct {
	// EventID is the program's name of the report: the same one again is recorded once. "" records it as often as it comes.
	EventID string
	// User is whom the program means: an external name of a person, such as DOMAIN\user.
	User  string
	State State
	// At is when, nil for now.
	At *time.Time
	// Workstation is the machine's name, "" for the one that the program does not name.
	Workstation string
	// IntervalSeconds is how often the program repeats its state, 0 for one that reports only changes.
	IntervalSeconds int
}

// Report records reports of the actor's program, all or none unless partial, and returns when they are on disk.
// BAD_USER_INPUT names the first report that cannot be recorded and its field ("3.at"); CONFLICT an event id that was
// used for another report; RATE_LIMITED when too many users that nobody knows wait for review; FORBIDDEN for a token of
// one workstation that names another, and while no purpose is stated.
func (s *Service) Report(ctx context.Context, actor *access.Actor, reports []*ReportInput, partial bool) (*reported.Recorded, error) {
	if _, err := s.access.Require(ctx, actor, access.WorkReport); err != nil {
		return nil, err
	}
	if err := s.requirePurpose(); err != nil {
		return nil, err
	}
	if len(reports) == 0 || len(reports) > MaxReports {
		return nil, fault.Field("reports", "send 1 to %d reports at once", MaxReports)
	}
	if err := s.requireOwnDevice(ctx, actor, reports); err != nil {
		return nil, err
	}
	return s.record(ctx, intake{source: actor.Source, caller: actor.Caller()}, reports, partial)
}

// Import records reports of an older program, each once, whoever of their users is known by now. It needs no purpose: what
// is imported was collected before. Reports that cannot be recorded are refused one by one.
func (s *Service) Import(ctx context.Context, reports []*ReportInput) (*reported.Recorded, error) {
	return s.record(ctx, intake{source: SourceWorkstation, caller: "import/" + SourceWorkstation, old: true}, reports, true)
}

// intake is where reports come from.
type intake struct {
	source, caller string
	// origin is set for reports that nobody vouches for.
	origin ledger.Origin
	// unverified marks them.
	unverified bool
	// old lets reports through that any number of unknown users made: of an import.
	old bool
}

func (s *Service) record(ctx context.Context, from intake, reports []*ReportInput, partial bool) (*reported.Recorded, error) {
	erased, err := s.people.Gone(ctx, usersOf(from, reports))
	if err != nil {
		return nil, err
	}
	b := &reported.Batch{}
	now := s.moment()
	if _, err := b.Checked(len(reports), partial, func(i int) error {
		item, err := s.item(ctx, from, reports[i], now, erased)
		if err == nil {
			b.Add(i, item)
		}
		return err
	}); err != nil {
		return nil, err
	}
	receipts, err := s.ledger.Record(ctx, b.Items, partial)
	if err != nil {
		return nil, err
	}
	return b.Finish(receipts), nil
}

// usersOf gives whom reports name, as external names of their source.
func usersOf(from intake, reports []*ReportInput) []people.ExternalName {
	users := make([]people.ExternalName, len(reports))
	for i, in := range reports {
		users[i] = people.ExternalName{Source: from.source, Name: in.User}
	}
	return users
}

func (in *ReportInput) check(now time.Time) error {
	for _, text := range []struct {
		field, value string
		most         int
	}{{"eventId", in.EventID, maxEventID}, {"user", in.User, maxUser}, {"workstation", in.Workstation, maxWorkstation}} {
		if !utf8.ValidString(text.value) || utf8.RuneCountInString(text.value) > text.most || strings.ContainsFunc(text.value, isControl) {
			return fault.Field(text.field, "%s may have at most %d characters without line breaks", text.field, text.most)
		}
	}
	switch {
	case strings.TrimSpace(in.User) == "":
		return fault.Field("user", "user is missing: say who works, such as DOMAIN\\user")
	case in.State != Working && in.State != Stopped:
		return fault.Field("state", "state must be %s or %s", Working, Stopped)
	case in.IntervalSeconds < 0 || in.IntervalSeconds > int(rules.MaxEvery/time.Second):
		return fault.Field("intervalSeconds", "intervalSeconds must be 0 to %d", int(rules.MaxEvery/time.Second))
	case in.At != nil && in.At.After(now.Add(aheadAtMost)):
		return fault.Field("at", "the report lies in the future: set the workstation's clock right")
	case in.At != nil && in.At.UTC().Year() < 1972:
		return fault.Field("at", "the report is from before 1972: set the workstation's clock right")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// payload is what is compared when an event id comes again.
func (in *ReportInput) payload() map[string]any {
	payload := map[string]any{
		"reportWork": string(in.State), "user": in.User, "workstation": in.Workstation, "intervalSeconds": int64(in.IntervalSeconds),
	}
	if in.At != nil {
		payload["at"] = in.At.UTC().Format(ledger.TimeFormat)
	}
	return payload
}
