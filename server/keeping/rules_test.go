package keeping

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/ledger"
)

func days(n int) *int { return &n }

func TestTheNarrowestPolicyDecides(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	r := rulesOf([]*Policy{
		{Stream: ledger.StreamActivity, KeepDays: days(365)},
		{Stream: ledger.StreamActivity, Source: "erp", KeepDays: days(30)},
		{Stream: ledger.StreamActivity, EntityType: "invoice"},
		{Stream: ledger.StreamActivity, Source: "erp", EntityType: "invoice", KeepDays: days(10)},
		{Stream: ledger.StreamAuth, KeepDays: days(90)},
		{Stream: ledger.StreamSystem, KeepDays: days(1)},
	}, now, 7*24*time.Hour)
	for name, c := range map[string]struct {
		about
		old  int
		goes bool
	}{
		"a year":                       {about{Stream: ledger.StreamActivity}, 366, true},
		"not yet a year":               {about{Stream: ledger.StreamActivity}, 364, false},
		"of a program":                 {about{Stream: ledger.StreamActivity, Source: "erp"}, 31, true},
		"of another program":           {about{Stream: ledger.StreamActivity, Source: "shop"}, 31, false},
		"about a type that stays":      {about{Stream: ledger.StreamActivity, Source: "shop", EntityType: "invoice"}, 9999, false},
		"of a program about that type": {about{Stream: ledger.StreamActivity, Source: "erp", EntityType: "invoice"}, 11, true},
		"a stream without a policy":    {about{Stream: ledger.StreamKey}, 9999, false},
		"what was pruned":              {about{Stream: ledger.StreamSystem, Action: ledger.LogPruned}, 9999, false},
		"a destroyed key":              {about{Stream: ledger.StreamSystem, Action: ledger.PrivacyKeyDestroyed}, 9999, false},
		"what was put back":            {about{Stream: ledger.StreamSystem, Action: ledger.LogRestored}, 9999, false},
		"days that are not over":       {about{Stream: ledger.StreamSystem}, 6, false},
	} {
		at := now.AddDate(0, 0, -c.old)
		c.OccurredAt, c.RecordedAt = at, at
		if got := r.goes(&c.about); got != c.goes {
			t.Errorf("%s: %v", name, got)
		}
	}
	ahead := about{Stream: ledger.StreamAuth, OccurredAt: now.AddDate(50, 0, 0), RecordedAt: now.AddDate(0, 0, -91)}
	if !r.goes(&ahead) {
		t.Error("what is dated ahead stays for good")
	}
	behind := about{Stream: ledger.StreamAuth, OccurredAt: now.AddDate(-5, 0, 0), RecordedAt: now.AddDate(0, 0, -1)}
	if r.goes(&behind) {
		t.Error("what is dated back goes before anybody could see it")
	}
}

// TestALimitKeepsTheNewestHoursThatFit compares with adding up hour by hour.
func TestALimitKeepsTheNewestHoursThatFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hours := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) hour {
			return hour{rapid.Int64Range(400_000, 400_050).Draw(t, "hour"), rapid.Uint64Range(1, 9).Draw(t, "entries"), rapid.Uint64Range(1, 900).Draw(t, "bytes")}
		}), 0, 30, func(h hour) int64 { return h.Hour }).Draw(t, "hours")
		entries, bytes := rapid.Uint64Range(0, 60).Draw(t, "max entries"), rapid.Uint64Range(0, 6000).Draw(t, "max bytes")
		from := limitOf(slices.Clone(hours), &entries, &bytes)
		var kept, gone, keptBytes uint64
		var newestGone hour
		for _, h := range hours {
			if time.Unix(h.Hour*3600, 0).Before(from) {
				if gone += h.Entries; h.Hour > newestGone.Hour {
					newestGone = h
				}
			} else {
				kept, keptBytes = kept+h.Entries, keptBytes+h.Bytes
			}
		}
		if kept > entries || keptBytes > bytes {
			t.Fatalf("%d entries and %d bytes are kept", kept, keptBytes)
		}
		if gone > 0 && kept+newestGone.Entries <= entries && keptBytes+newestGone.Bytes <= bytes {
			t.Fatalf("the hour %v would have fit", newestGone)
		}
	})
}

func TestRunsBeginAtTheirHourAlsoWhenClocksAreMoved(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	daily, weekly := Config{Zone: riga, Hour: 3, Every: Daily}, Config{Zone: riga, Hour: 3, Every: Weekly}
	for _, c := range []struct {
		Config
		now, want string
	}{
		{daily, "2026-11-26T00:59:00Z", "2026-11-26T01:00:00Z"},
		{daily, "2026-11-26T01:00:00Z", "2026-11-27T01:00:00Z"},
		{daily, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"}, // 3:00 is left out: 4:00
		{daily, "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z"}, // 3:00 comes twice
		{weekly, "2026-11-26T00:00:00Z", "2026-11-30T01:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if next := c.next(now).UTC().Format(time.RFC3339); next != c.want {
			t.Errorf("after %s comes %s, and not %s", c.now, next, c.want)
		}
	}
}
