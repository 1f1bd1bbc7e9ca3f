package sample

import (
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/workhours"
)

func TestEveryPageHasSomethingToShow(t *testing.T) {
	t.Parallel()
	f := custodytest.Open(t)
	s := servicesOn(t, f)
	if err := Load(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	ctx, all := t.Context(), access.System()
	approvals, err := f.Custody.Approvals(ctx, all, custody.ApprovalFilter{States: []custody.ApprovalState{custody.ApprovalPending}}, page.Request{})
	if err != nil || len(approvals.Items) != 1 {
		t.Errorf("%d approvals wait: %v", len(approvals.Items), err)
	}
	handovers, err := f.Custody.Handovers(ctx, all, custody.HandoverFilter{}, page.Request{})
	if err != nil || len(handovers.Items) != 1 || handovers.Items[0].State != custody.HandoverPending {
		t.Errorf("%+v are offered: %v", handovers.Items, err)
	}
	rings, err := f.Custody.Rings(ctx, all, page.Request{})
	if err != nil || len(rings.Items) != 1 {
		t.Errorf("%d rings: %v", len(rings.Items), err)
	}
	reservations, err := f.Custody.Reservations(ctx, all, custody.ReservationFilter{States: custody.ReservationStates()}, page.Request{})
	states := map[custody.ReservationState]int{}
	for _, r := range reservations.Items {
		states[r.State]++
	}
	if err != nil || len(reservations.Items) != 5 || len(states) != 3 {
		t.Errorf("reservations %v: %v", states, err)
	}
	for action, fewest := range map[string]int{"ticket.opened": 60, "asset.moved": 40, "assets.counted": 3, "assets.exported": 3} {
		if n := len(f.Entries(action)); n < fewest {
			t.Errorf("%d times %s", n, action)
		}
	}
	if n := len(f.Entries(ledger.KeyCorrected)); n != 1 {
		t.Errorf("%d corrections", n)
	}
	if n := len(f.Entries(ledger.WorkWorking)); n < 800 {
		t.Errorf("%d times somebody began to work", n)
	}
	if working, err := s.Work.AtWork(ctx, all, workhours.Filter{}, page.Request{}); err != nil || len(working.Items) == 0 {
		t.Errorf("%d are at work: %v", len(working.Items), err)
	}
	if err := Load(t.Context(), s); err != nil {
		t.Errorf("loading it again: %v", err)
	}
}
