package alerts_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestAPreviewCountsWhatWouldHaveBeenRaised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.Clock.Advance(30 * 24 * time.Hour)
	for range 3 { // three bursts, each an alert
		for range 4 {
			b.did("order.deleted")
			b.Clock.Advance(time.Minute)
		}
		b.Clock.Advance(5 * time.Hour)
	}
	b.did("order.made")
	p, err := r.Preview(t.Context(), b.admin, *threshold(3, "order.deleted"))
	if err != nil {
		t.Fatal(err)
	}
	days := 0
	for _, day := range p.Days {
		days += day.Count
	}
	if p.Count != 3 || days != 3 || len(p.Days) != alerts.PreviewDays || len(p.Examples) != 3 || p.EntriesRead != 12 || p.Truncated {
		t.Errorf("%+v", p)
	}
	if e := p.Examples[0]; e.Entry == nil || e.Stream == nil || *e.Stream != ledger.StreamActivity || !e.At.After(p.Examples[2].At) {
		t.Errorf("%+v", e)
	}
	if p, err = r.Preview(t.Context(), b.admin, *silence("shop", 240)); err != nil || p.Count != 4 { // before the first, and behind each burst
		t.Errorf("%+v %v", p, err)
	}
	first := &alerts.RuleInput{Kind: rules.FirstSeen, Sources: []string{"shop"}, WindowMinutes: of(24 * 60), GroupBy: rules.ByAction, Severity: ledger.Notice}
	if p, err = r.Preview(t.Context(), b.admin, *first); err != nil || p.Count != 2 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := r.Preview(t.Context(), b.admin, alerts.RuleInput{Kind: rules.Volume}); !fault.Is(err, fault.BadInput) {
		t.Error(err)
	}
	if _, err := r.Preview(t.Context(), access.System(), *first); err != nil {
		t.Error(err)
	}
}
