package worktracker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/workhours"
)

// Zone is where the tracker stood: its PostgreSQL stored local time.
const Zone = "Asia/Dubai"

// Options say which file is imported, and how.
type Options struct {
	File string
	// Zone is for times without an offset.
	Zone *time.Location
	// Out is told what is skipped and why, in a line each that names nobody.
	Out io.Writer
	// Progress, if it is not nil, is told how many events are done.
	Progress func(done uint64)
	// DryRun reads and counts only.
	DryRun bool
}

// Report counts what an import found and did. What was imported before is counted as imported again, and recorded once.
type Report struct {
	Events, Imported, Skipped int
	// First and Last are between which times the events lie.
	First, Last time.Time
}

// Import brings the tracker's events into keytrail, as reports of the source of workstations. It may be repeated: after it
// was cut off, or when the tracker has gone on. BAD_USER_INPUT when the file is none of the tracker.
func Import(ctx context.Context, work *workhours.Service, o Options) (Report, error) {
	i := &importing{work: work, o: o}
	if err := events().read(ctx, o.File, func(e record) error { return i.take(ctx, e) }); err != nil {
		return i.report, err
	}
	return i.report, i.flush(ctx)
}

type importing struct {
	work   *workhours.Service
	o      Options
	report Report
	batch  []*workhours.ReportInput
	places []string
}

// take takes one event, or says why it cannot be taken.
func (i *importing) take(ctx context.Context, e record) error {
	i.report.Events++
	in, problem := inputOf(e, i.o.Zone)
	if problem != "" {
		i.skip(e.place, problem)
		return nil
	}
	if i.report.First.IsZero() || in.At.Before(i.report.First) {
		i.report.First = *in.At
	}
	if in.At.After(i.report.Last) {
		i.report.Last = *in.At
	}
	i.batch, i.places = append(i.batch, in), append(i.places, e.place)
	if len(i.batch) < workhours.MaxReports {
		return nil
	}
	return i.flush(ctx)
}

func (i *importing) flush(ctx context.Context) error {
	defer func() { i.batch, i.places = nil, nil }()
	if i.o.DryRun || len(i.batch) == 0 {
		return nil
	}
	made, err := i.work.Import(ctx, i.batch)
	if err != nil {
		return err
	}
	for _, refused := range made.Refused {
		i.skip(i.places[refused.Index], refused.Message(ctx))
	}
	i.report.Imported += made.Recorded
	if i.o.Progress != nil {
		i.o.Progress(uint64(i.report.Events))
	}
	return nil
}

func (i *importing) skip(place, why string) {
	i.report.Skipped++
	fmt.Fprintf(i.o.Out, "skipped %s: %s\n", place, why)
}

// inputOf gives an event as a report, or says what is wrong with it. Its id is what it says, so that the same event of
// another file, or of a table that was numbered anew, is recorded once.
func inputOf(e record, zone *time.Location) (*workhours.ReportInput, string) {
	states := map[string]workhours.State{
		"working": workhours.Working, "work": workhours.Working, "active": workhours.Working, "stopped": workhours.Stopped, "stop": workhours.Stopped, "idle": workhours.Stopped,
	}
	user := e.parts["user"]
	state, ok := states[strings.ToLower(e.parts["state"])]
	at, read := moment(e.parts["at"], zone)
	switch {
	case user == "":
		return nil, "it names no user"
	case !ok:
		return nil, "its state is neither working nor stopped"
	case !read:
		return nil, "its time cannot be read"
	}
	sum := sha256.Sum256([]byte(strings.ToLower(user) + "\x00" + string(state) + "\x00" + at.Format(time.RFC3339Nano)))
	return &workhours.ReportInput{EventID: "tracker/" + hex.EncodeToString(sum[:16]), User: user, State: state, At: &at}, ""
}

func withOffset() []string {
	return []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z07:00"}
}

func withoutOffset() []string { return []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05"} }

// moment reads a time with an offset, or local in the zone; fractions of a second may follow.
func moment(text string, zone *time.Location) (time.Time, bool) {
	for _, form := range withOffset() {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC().Truncate(time.Microsecond), true
		}
	}
	for _, form := range withoutOffset() {
		if at, err := time.Parse(form, text); err == nil {
			return localtime.At(at, zone).Truncate(time.Microsecond), true
		}
	}
	return time.Time{}, false
}

func itoa(n int) string { return strconv.Itoa(n) }

// short gives the beginning of what stands where an id should.
func short(text string) string {
	if len(text) > 40 || strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return "with an odd id"
	}
	return text
}
