package rules_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/localtime"
	"github.com/keytrail/keytrail/server/workhours/rules"
)

// minutes is what the simulator knows of each minute from a start on.
type minutes struct {
	start              time.Time
	working, estimated []bool
}

// simulate looks at each minute by itself. Every time is a whole minute.
func simulate(reports []rules.Report, corrections []rules.Correction, start time.Time, n int, now time.Time) minutes {
	m := minutes{start, make([]bool, n), make([]bool, n)}
	reports = slices.DeleteFunc(slices.Clone(reports), func(r rules.Report) bool { return r.At.After(now) })
	for i := range n {
		minute := start.Add(time.Duration(i) * time.Minute)
		if minute.Before(now) {
			m.working[i], m.estimated[i] = simulateMinute(reports, minute, now)
		}
		for _, c := range corrections {
			if !minute.Before(c.From) && minute.Before(c.To) {
				m.working[i], m.estimated[i] = c.Working, false
			}
		}
	}
	return m
}

func simulateMinute(reports []rules.Report, minute, now time.Time) (working, estimated bool) {
	estimated = true
	for _, workstation := range []string{"", "a", "b"} {
		var last, next *rules.Report
		for i := range reports {
			r := &reports[i]
			switch {
			case r.Workstation != workstation:
			case r.At.After(minute):
				if next == nil || r.At.Before(next.At) {
					next = r
				}
			case last == nil || r.At.After(last.At) || r.At.Equal(last.At) && stronger(r, last):
				last = r
			}
		}
		if last == nil || !last.Working {
			continue
		}
		limit, grace := last.At.Add(rules.Cap), rules.Cap
		if last.Every > 0 {
			limit, grace = last.At.Add(last.Every), 3*last.Every
		}
		answered := next != nil && next.At.Sub(last.At) < grace
		if answered || minute.Before(limit) {
			working = true
			open := next == nil && now.Before(limit)
			estimated = estimated && last.Every == 0 && !answered && !open
		}
	}
	return working, working && estimated
}

// stronger says which of two reports for one instant counts.
func stronger(a, b *rules.Report) bool {
	if a.Working != b.Working {
		return !a.Working
	}
	return a.Every > 0 && (b.Every == 0 || a.Every < b.Every)
}

type byDate map[string]*[3]int // minutes worked, of them estimated, and blocks

func (m minutes) days(zone *time.Location) byDate {
	days := byDate{}
	day := func(i int) *[3]int {
		date := m.start.Add(time.Duration(i) * time.Minute).In(zone).Format(time.DateOnly)
		if days[date] == nil {
			days[date] = &[3]int{}
		}
		return days[date]
	}
	run := 0
	for i, working := range m.working {
		if !working {
			run = 0
			continue
		}
		day(i)[0]++
		if m.estimated[i] {
			day(i)[1]++
		}
		if run++; run == 40 {
			day(i - 39)[2]++
			run = 0
		}
	}
	return days
}

func daysOf(spans []rules.Span, zone *time.Location) byDate {
	days := byDate{}
	for _, d := range rules.Days(spans, time.Time{}, zone) {
		date := time.Unix(int64(d.Number)*24*3600, 0).UTC().Format(time.DateOnly)
		days[date] = &[3]int{int(d.Working.Minutes()), int(d.Estimated.Minutes()), d.RealHours}
	}
	return days
}

func sameDays(a, b byDate) bool {
	if len(a) != len(b) {
		return false
	}
	for date, one := range a {
		if b[date] == nil || *b[date] != *one {
			return false
		}
	}
	return true
}

// places are zones and a time around which they do something odd.
func places(t interface{ Fatal(...any) }) []place {
	var all []place
	for name, near := range map[string]string{
		"UTC": "2028-02-28 12:00", "Asia/Dubai": "2026-12-31 06:00", "Asia/Kathmandu": "2026-05-01 00:00",
		"Europe/Riga": "2026-03-28 12:00", "America/New_York": "2026-10-31 18:00", "Australia/Lord_Howe": "2026-04-03 18:00",
		"Pacific/Apia": "2011-12-29 12:00", "America/Havana": "2026-03-07 12:00", "Asia/Beirut": "2026-03-28 06:00",
		"Pacific/Chatham": "2026-09-26 00:00",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, place{zone, at(near)})
	}
	slices.SortFunc(all, func(a, b place) int { return a.near.Compare(b.near) })
	return all
}

type place struct {
	zone *time.Location
	near time.Time
}

const simulated = 3 * 24 * 60

func drawReports(t *rapid.T, start time.Time) []rules.Report {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rules.Report {
		return rules.Report{
			At:          start.Add(time.Duration(rapid.IntRange(0, simulated-16*60).Draw(t, "minute")) * time.Minute),
			Workstation: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "workstation"),
			Working:     rapid.IntRange(0, 2).Draw(t, "working") > 0,
			Every:       time.Duration(rapid.SampledFrom([]int{0, 0, 1, 5, 30, 240}).Draw(t, "every")) * time.Minute,
		}
	}), 0, 40).Draw(t, "reports")
}

func drawCorrections(t *rapid.T, start time.Time) []rules.Correction {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rules.Correction {
		from := start.Add(time.Duration(rapid.IntRange(0, simulated-600).Draw(t, "from")) * time.Minute)
		return rules.Correction{
			From: from, To: from.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "length")) * time.Minute),
			Working: rapid.Bool().Draw(t, "working"),
		}
	}), 0, 4).Draw(t, "corrections")
}

func TestTheRulesAgreeWithALookAtEachMinute(t *testing.T) {
	t.Parallel()
	everywhere := places(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(everywhere).Draw(t, "place")
		reports, corrections := drawReports(t, p.near), drawCorrections(t, p.near)
		now := p.near.Add(time.Duration(rapid.SampledFrom([]int{simulated, simulated, 700, 1500}).Draw(t, "now")) * time.Minute)
		got := daysOf(rules.Correct(rules.Work(reports, now), corrections), p.zone)
		want := simulate(reports, corrections, p.near, simulated, now).days(p.zone)
		if !sameDays(got, want) {
			t.Fatalf("in %s: got %v, want %v", p.zone, got, want)
		}
	})
}

func TestOrderRepetitionAndSplittingOfReportsDoNotMatter(t *testing.T) {
	t.Parallel()
	start := at("2026-11-23 00:00")
	rapid.Check(t, func(t *rapid.T) {
		reports, now := drawReports(t, start), start.Add(simulated*time.Minute)
		want := rules.Work(reports, now)
		again := append(slices.Clone(reports), reports[:rapid.IntRange(0, len(reports)).Draw(t, "repeated")]...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if got := rules.Work(again, now); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestOnlyWhatLiesWithinTheCapOfAReportChanges(t *testing.T) {
	t.Parallel()
	start := at("2026-11-23 00:00")
	rapid.Check(t, func(t *rapid.T) {
		reports, now := drawReports(t, start), start.Add(simulated*time.Minute)
		from := start.Add(time.Duration(rapid.IntRange(0, simulated).Draw(t, "from")) * time.Minute)
		to := from.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "length")) * time.Minute)
		near := slices.DeleteFunc(slices.Clone(reports), func(r rules.Report) bool {
			return r.At.Before(from.Add(-rules.Cap)) || r.At.After(to.Add(rules.Cap))
		})
		got, want := rules.Within(rules.Work(near, now), from, to), rules.Within(rules.Work(reports, now), from, to)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		whole := rules.Work(reports, now)
		if replaced := rules.Replace(whole, from, to, got); !slices.Equal(replaced, whole) {
			t.Fatalf("replaced %v, want %v", replaced, whole)
		}
	})
}

func TestBlocksNeverExceedWorkingTimeAndDaysPartitionIt(t *testing.T) {
	t.Parallel()
	everywhere := places(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(everywhere).Draw(t, "place")
		spans := rules.Work(drawReports(t, p.near), p.near.Add(simulated*time.Minute))
		var inSpans, inDays, inBlocks time.Duration
		for i, s := range spans {
			inSpans += s.To.Sub(s.From)
			if !s.From.Before(s.To) || i > 0 && s.From.Before(spans[i-1].To) {
				t.Fatalf("spans overlap: %v", spans)
			}
		}
		for i, d := range rules.Days(spans, time.Time{}, p.zone) {
			inDays += d.Working
			inBlocks += time.Duration(d.RealHours) * rules.Block
			if long := localtime.StartOfDay(d.Number+1, p.zone).Sub(localtime.StartOfDay(d.Number, p.zone)); d.Working > long || d.Estimated > d.Working {
				t.Fatalf("day %d of %v: %v", i, long, d)
			}
		}
		if inDays != inSpans || inBlocks > inSpans {
			t.Fatalf("%v in spans, %v in days, %v in blocks", inSpans, inDays, inBlocks)
		}
	})
}
