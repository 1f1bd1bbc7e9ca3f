package rules_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/workhours/rules"
)

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

func works(text string, every time.Duration) rules.Report {
	return rules.Report{At: at(text), Working: true, Every: every}
}

func stops(text string) rules.Report { return rules.Report{At: at(text)} }

func (s sum) String() string { return s.working.String() + " (" + s.estimated.String() + " estimated)" }

type sum struct {
	working, estimated time.Duration
	realHours          int
}

func total(spans []rules.Span) (s sum) {
	for _, d := range rules.Days(spans, time.Time{}, time.UTC) {
		s.working, s.estimated, s.realHours = s.working+d.Working, s.estimated+d.Estimated, s.realHours+d.RealHours
	}
	return s
}

func TestWhatReportsMean(t *testing.T) {
	t.Parallel()
	now := at("2026-11-25 00:00")
	elsewhere := func(r rules.Report) rules.Report { r.Workstation = "b"; return r }
	for name, c := range map[string]struct {
		reports []rules.Report
		now     time.Time
		want    sum
	}{
		"nothing":              {nil, now, sum{}},
		"until it stops":       {[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 10:00")}, now, sum{2 * time.Hour, 0, 3}},
		"39 minutes":           {[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 08:39")}, now, sum{39 * time.Minute, 0, 0}},
		"40 minutes":           {[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 08:40")}, now, sum{40 * time.Minute, 0, 1}},
		"a break parts blocks": {[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 08:39"), works("2026-11-23 08:40", 0), stops("2026-11-23 09:19")}, now, sum{78 * time.Minute, 0, 0}},
		"no end is 12 hours":   {[]rules.Report{works("2026-11-23 08:00", 0)}, now, sum{12 * time.Hour, 12 * time.Hour, 18}},
		"an end that comes too late": {
			[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 22:00")}, now, sum{12 * time.Hour, 12 * time.Hour, 18},
		},
		"still at work":        {[]rules.Report{works("2026-11-23 08:00", 0)}, at("2026-11-23 09:30"), sum{90 * time.Minute, 0, 2}},
		"silence":              {[]rules.Report{works("2026-11-23 08:00", 10*time.Minute)}, now, sum{10 * time.Minute, 0, 0}},
		"two intervals missed": {[]rules.Report{works("2026-11-23 08:00", 10*time.Minute), stops("2026-11-23 08:29")}, now, sum{29 * time.Minute, 0, 0}},
		"three intervals": {
			[]rules.Report{works("2026-11-23 08:00", 10*time.Minute), works("2026-11-23 08:30", 10*time.Minute)}, now, sum{20 * time.Minute, 0, 0},
		},
		"within the interval": {[]rules.Report{works("2026-11-23 08:00", 10*time.Minute)}, at("2026-11-23 08:04"), sum{4 * time.Minute, 0, 0}},
		"two workstations are merged": {
			[]rules.Report{works("2026-11-23 08:00", 0), elsewhere(works("2026-11-23 08:30", 0)), stops("2026-11-23 09:00"), elsewhere(stops("2026-11-23 10:00"))},
			now, sum{2 * time.Hour, 0, 3},
		},
		"one workstation's stop is not the other's": {
			[]rules.Report{works("2026-11-23 08:00", 0), elsewhere(stops("2026-11-23 08:30")), stops("2026-11-23 09:00")}, now, sum{time.Hour, 0, 1},
		},
		"what is known elsewhere is not estimated": {
			[]rules.Report{works("2026-11-23 08:00", 0), elsewhere(works("2026-11-23 08:00", 0)), elsewhere(stops("2026-11-23 12:00"))},
			now, sum{12 * time.Hour, 8 * time.Hour, 18},
		},
		"a stop counts at its instant": {[]rules.Report{works("2026-11-23 08:00", 0), stops("2026-11-23 08:00")}, now, sum{}},
		"the future does not count":    {[]rules.Report{works("2026-11-25 00:05", 0)}, now, sum{}},
	} {
		if got := total(rules.Work(c.reports, c.now)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestALaterCorrectionCountsMore(t *testing.T) {
	t.Parallel()
	spans := rules.Work([]rules.Report{works("2026-11-23 08:00", 0)}, at("2026-11-25 00:00"))
	spans = rules.Correct(spans, []rules.Correction{
		{From: at("2026-11-23 12:00"), To: at("2026-11-23 20:00")},
		{From: at("2026-11-23 13:00"), To: at("2026-11-23 14:00"), Working: true},
		{From: at("2026-11-23 13:30"), To: at("2026-11-23 13:40")},
		{From: at("2026-11-23 15:00"), To: at("2026-11-23 15:00"), Working: true},
	})
	if got, want := total(spans), (sum{4*time.Hour + 50*time.Minute, 4 * time.Hour, 6}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if len(spans) != 3 || spans[0].Corrected || !spans[1].Corrected || !spans[2].Corrected {
		t.Errorf("%v", spans)
	}
}

func TestABlockCountsForTheDateOnWhichItBegins(t *testing.T) {
	t.Parallel()
	spans := rules.Work([]rules.Report{works("2026-11-23 23:30", 0), stops("2026-11-24 01:00")}, at("2026-11-25 00:00"))
	days := rules.Days(spans, time.Time{}, time.UTC)
	if len(days) != 2 || days[0].RealHours != 1 || days[1].RealHours != 1 || days[0].Working != 30*time.Minute || days[1].Working != time.Hour {
		t.Errorf("%v", days)
	}
}

func TestWhoIsAtWorkNow(t *testing.T) {
	t.Parallel()
	now := at("2026-11-23 09:00")
	for name, c := range map[string]struct {
		last     rules.Report
		at, open bool
	}{
		"stopped":           {stops("2026-11-23 08:59"), false, false},
		"reports changes":   {works("2026-11-22 21:01", 0), true, true},
		"no more":           {works("2026-11-22 21:00", 0), false, false},
		"repeats":           {works("2026-11-23 08:59", 2*time.Minute), true, true},
		"missed one":        {works("2026-11-23 08:57", 2*time.Minute), true, false},
		"silent":            {works("2026-11-23 08:54", 2*time.Minute), false, false},
		"ahead of the time": {works("2026-11-23 09:05", time.Minute), true, true},
	} {
		_, open := rules.Unsettled([]rules.Report{c.last}, now)
		if c.last.AtWork(now) != c.at || open != c.open {
			t.Errorf("%s: at work %v, unsettled %v", name, c.last.AtWork(now), open)
		}
	}
}

func TestALaterPartOfWorkHasTheBlocksOfTheWhole(t *testing.T) {
	t.Parallel()
	whole := []rules.Span{{From: at("2026-11-22 21:50"), To: at("2026-11-24 01:00")}}
	want := rules.Days(whole, time.Time{}, time.UTC)[1:]
	got := rules.Days(rules.Within(whole, at("2026-11-23 00:00"), at("2026-11-25 00:00")), whole[0].From, time.UTC)
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%v, want %v", got, want)
	}
}
