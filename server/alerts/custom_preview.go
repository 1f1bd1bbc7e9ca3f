package alerts

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/localtime"
)

const (
	// PreviewDays is how far back a preview looks.
	PreviewDays = 30
	// previewMost and previewTimeout bound what it reads.
	previewMost     = 100_000
	previewTimeout  = 8 * time.Second
	previewExamples = 20
	maxPurpose      = 500 // as of other looks
	// viewPreview is what looking at a preview is recorded as.
	viewPreview = "previewAlertRule"
)

// Preview is what a rule would have found within PreviewDays.
type Preview struct {
	// Count is how many alerts there would have been if nobody had resolved one in between.
	Count int
	// Days counts them by the days of the display zone, the oldest first; the last is today.
	Days []*PreviewDay
	// Examples are the newest, newest first.
	Examples    []*PreviewAlert
	EntriesRead int
	// EntriesLate is how many of them came too late to count (rules.Late).
	EntriesLate int
	// Truncated says that more entries fit than can be looked at: only those from From on were.
	Truncated bool
	From      time.Time
}

// PreviewDay is a day of a preview.
type PreviewDay struct {
	// Date is as YYYY-MM-DD.
	Date  string
	Count int
}

// PreviewAlert is an alert that would have been.
type PreviewAlert struct {
	At time.Time
	// Group is the source, action or thing where entries are told apart by that; nil else, and for people.
	Group *string
	// Entry is the newest entry it rests on, and Stream that entry's; nil for silence before any.
	Entry  *uint64
	Stream *ledger.Stream
	// Entries is how many entries it rests on: of the first finding, without what joined.
	Entries int
}

// Preview tries a rule on what was recorded within PreviewDays. It is on record as a look at the logs that it reads, and
// stores nothing else. How people worked is read only where the rule names it, and then for a purpose. BAD_USER_INPUT for what
// makes no sense; FORBIDDEN for whoever may not see all of a stream that it reads.
func (r *CustomRules) Preview(ctx context.Context, actor *access.Actor, in RuleInput, purpose string) (*Preview, error) {
	if err := r.requireAll(ctx, actor); err != nil {
		return nil, err
	}
	rule, err := in.rule()
	if err != nil {
		return nil, err
	}
	if purpose, err = purposeOf(&rule.Filter, purpose); err != nil {
		return nil, err
	}
	looked := lookedFor(&rule)
	if len(rule.Filter.Streams) == 0 {
		rule.Filter.Streams = slices.DeleteFunc(ledger.Streams(), func(one ledger.Stream) bool { return one == ledger.StreamWork })
	}
	if err := r.requireStreams(ctx, actor, &rule.Filter); err != nil {
		return nil, err
	}
	if err := r.looks.Looked(ctx, actor, viewPreview, looked, purpose); err != nil {
		return nil, err
	}
	now := r.alerts.moment()
	p := newPreview(now, r.zone)
	from := p.From
	if rule.Kind == rules.FirstSeen {
		from = from.Add(-rule.Window) // what is known by then is not new
	}
	reading, cancel := context.WithTimeout(ctx, previewTimeout)
	defer cancel()
	read, err := r.alerts.pastOf(reading, &rule.Filter, from, 0, previewMost)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.EntriesRead, p.Truncated = len(read.events), read.truncated
	for i := range read.events {
		if read.events[i].IsLate() {
			p.EntriesLate++
		}
	}
	start := p.From
	if read.truncated {
		known := read.from
		if rule.Kind == rules.FirstSeen {
			known = known.Add(rule.Window)
		}
		start = latest(start, earliest(known, now))
	}
	p.try(&rule, read.events, start, now, r.zone)
	p.From = start
	return p, nil
}

// purposeOf checks why somebody looks, which has to be said of how people worked.
func purposeOf(f *rules.Filter, purpose string) (string, error) {
	purpose, err := checkText("purpose", purpose, 0, maxPurpose)
	if err == nil && purpose == "" && slices.Contains(f.Streams, ledger.StreamWork) {
		return "", fault.Field("purpose", "say in purpose why you look into how people worked: it is recorded with the view")
	}
	return purpose, err
}

// requireStreams demands the right to see all of each stream that a filter reads: counts and groups tell of entries, too.
func (r *CustomRules) requireStreams(ctx context.Context, actor *access.Actor, f *rules.Filter) error {
	for _, stream := range streamsOf(f) {
		right := rightToSee(stream)
		scope, err := r.alerts.access.Require(ctx, actor, right)
		if err != nil {
			return err
		}
		if scope != access.All {
			return r.alerts.access.Refuse(ctx, actor, right, "alert_rule",
				fault.Say("This rule cannot be tried: your right %s does not reach all entries. Choose only streams that you see whole.", right))
		}
	}
	return nil
}

func rightToSee(stream ledger.Stream) access.Permission {
	switch stream {
	case ledger.StreamKey:
		return access.LogsKeysView
	case ledger.StreamActivity:
		return access.LogsActionsView
	case ledger.StreamAuth:
		return access.LogsAuthView
	case ledger.StreamWork:
		return access.LogsWorkView
	}
	return access.LogsSystemView
}

// lookedFor gives what a rule looks for as the filters of logs are recorded.
func lookedFor(rule *rules.Rule) map[string]any {
	f := &rule.Filter
	words := map[string]any{"kind": string(rule.Kind), "groupBy": string(rule.Group)}
	if rule.Window > 0 {
		words["windowMinutes"] = strconv.Itoa(int(rule.Window.Minutes()))
	}
	say := func(name string, all []string) {
		if len(all) > 0 {
			words[name] = strings.Join(all, ", ")
		}
	}
	streams := make([]string, len(f.Streams))
	for i, one := range f.Streams {
		streams[i] = string(one)
	}
	say("stream", streams)
	say("action", f.Actions)
	say("source", f.Sources)
	if f.Outcome != "" {
		words["outcome"] = string(f.Outcome)
	}
	return words
}

// newPreview makes one with a day for each day of the zone.
func newPreview(now time.Time, zone *time.Location) *Preview {
	p := &Preview{Days: []*PreviewDay{}, Examples: []*PreviewAlert{}}
	today := localtime.DayOf(now, zone)
	for day := today - PreviewDays + 1; day <= today; day++ {
		p.Days = append(p.Days, &PreviewDay{Date: time.Unix(int64(day)*24*60*60, 0).UTC().Format(time.DateOnly)})
	}
	p.From = localtime.StartOfDay(today-PreviewDays+1, zone)
	return p
}

// try applies a rule to events, and counts what it finds from a time on.
func (p *Preview) try(rule *rules.Rule, events []rules.Event, from, now time.Time, zone *time.Location) {
	v, episodes := rules.NewEvaluator(*rule, zone, from), rules.NewEpisodes(rule)
	streams := make(map[uint64]ledger.Stream, len(events))
	take := func(f *rules.Finding) {
		if f != nil && !f.At.Before(from) && episodes.Begins(f) {
			p.add(rule, f, streams, zone)
		}
	}
	for i := range events {
		streams[events[i].Seq] = events[i].Stream
		take(v.Observe(&events[i]))
	}
	if now.After(from) {
		take(v.Tick(now))
	}
}

func (p *Preview) add(rule *rules.Rule, f *rules.Finding, streams map[uint64]ledger.Stream, zone *time.Location) {
	p.Count++
	first, err := time.Parse(time.DateOnly, p.Days[0].Date)
	if day := localtime.DayOf(f.At, zone) - int(first.Unix()/(24*60*60)); err == nil && day >= 0 && day < len(p.Days) {
		p.Days[day].Count++
	}
	example := &PreviewAlert{At: f.At, Entries: len(f.Evidence), Group: shownGroup(rule.Group, f.Group)}
	if n := len(f.Evidence); n > 0 {
		seq := f.Evidence[n-1]
		stream := streams[seq]
		example.Entry, example.Stream = &seq, &stream
	}
	p.Examples = append([]*PreviewAlert{example}, p.Examples[:min(len(p.Examples), previewExamples-1)]...)
}

// shownGroup gives a group's name where it names nobody.
func shownGroup(by rules.Group, name string) *string {
	switch by {
	case rules.BySource, rules.ByAction:
		return &name
	case rules.ByEntity:
		shown := strings.ReplaceAll(name, "\x00", " ")
		return &shown
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
