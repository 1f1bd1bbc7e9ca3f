package compliance_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
)

func TestAPeriodIsWholeDaysOfTheZone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC) // the 23rd in Riga
	for _, c := range []struct{ from, to, begins, ends string }{
		{"2026-10-01", "2026-10-31", "2026-09-30T21:00:00Z", "2026-10-31T22:00:00Z"}, // clocks are moved within
		{"2026-03-29", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"}, // 23 hours
		{"2026-11-23", "2026-11-23", "2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z"},
		{"2024-01-01", "2024-12-31", "2023-12-31T22:00:00Z", "2024-12-31T22:00:00Z"}, // 366 days
	} {
		p, err := compliance.NewPeriod(c.from, c.to, custodytest.Riga(t), now)
		if err != nil || p.Begins.Format(time.RFC3339) != c.begins || p.Ends.Format(time.RFC3339) != c.ends || p.TimeZone != "Europe/Riga" {
			t.Errorf("%s to %s is %+v: %v", c.from, c.to, p, err)
		}
	}
	for name, c := range map[string]struct{ from, to, field string }{
		"no beginning":    {"", "2026-10-31", "from"},
		"no end":          {"2026-10-01", "", "to"},
		"no dates":        {"1.10.2026", "2026-10-31", "from"},
		"no such day":     {"2026-02-01", "2026-02-30", "to"},
		"backwards":       {"2026-10-02", "2026-10-01", "to"},
		"367 days":        {"2025-10-01", "2026-10-02", "to"},
		"tomorrow":        {"2026-11-23", "2026-11-24", "to"},
		"before all time": {"0001-01-01", "0001-01-02", "from"},
	} {
		_, err := compliance.NewPeriod(c.from, c.to, custodytest.Riga(t), now)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
