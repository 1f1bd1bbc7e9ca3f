package signin_test

import (
	"context"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// manyNames is how many names must fail from one address to be a case.
const manyNames = 5

// alertWatch is the rules of alerts at work on what signin records.
type alertWatch struct {
	b       *bundle
	service *alerts.Service
}

func (b *bundle) watchAlerts(t *testing.T) *alertWatch {
	t.Helper()
	w := &alertWatch{b, alerts.New(b.DB, b.Seal, b.Ledger, b.access, b.clock.now)}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.service.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return w
}

// wantOneForEachCase compares the open alerts with what is on record: one for each account that was locked, one for
// each address from which many names failed, and no entry for evidence beyond what an alert may name.
func (w *alertWatch) wantOneForEachCase(t *testing.T) {
	t.Helper()
	locked, from := map[string]bool{}, map[string]map[string]bool{}
	for _, e := range w.b.entries(t, ledger.AuthLockedOut) {
		locked[e.Entity.ID] = true
	}
	for _, e := range w.b.entries(t, ledger.AuthSignInFailed) {
		var origin ledger.Origin
		if _, err := w.b.Ledger.Unseal(t.Context(), &e, ledger.FieldActor, &origin); err != nil {
			t.Fatal(err)
		}
		if from[origin.IP] == nil {
			from[origin.IP] = map[string]bool{}
		}
		from[origin.IP][strings.ToLower(w.b.unsealed(t, e, ledger.FieldUsername))] = true
	}
	addresses := 0
	for _, names := range from {
		if len(names) >= manyNames {
			addresses++
		}
	}
	if len(locked) == 0 || addresses == 0 {
		t.Fatalf("%d accounts locked, %d addresses with many names: there is nothing to be alerted of", len(locked), addresses)
	}
	w.awaitRead(t)
	raised, found := map[alerts.Rule]int{}, w.list(t)
	for _, a := range found {
		raised[a.Rule]++
	}
	if raised[alerts.AccountLockedOut] != len(locked) || raised[alerts.SignInsFailing] != addresses || len(found) != len(locked)+addresses {
		t.Errorf("alerts %v for %d locked accounts and %d addresses with many names", raised, len(locked), addresses)
	}
	if n := len(w.b.entries(t, ledger.AlertRaised)); n != len(found) {
		t.Errorf("%d entries for %d alerts", n, len(found))
	}
	if n := len(w.b.entries(t, ledger.AlertRepeated)); n > alerts.MaxEvidence*len(found) {
		t.Errorf("%d entries say that %d alerts go on", n, len(found))
	}
	t.Logf("%d locked accounts, %d addresses with many names, %d entries that alerts go on", len(locked), addresses, len(w.b.entries(t, ledger.AlertRepeated)))
}

// awaitRead returns once the rules have read all that concerns them.
func (w *alertWatch) awaitRead(t *testing.T) {
	t.Helper()
	var last uint64
	for _, e := range w.b.entries(t, ledger.AuthLockedOut, ledger.AuthSignInFailed, ledger.AuthSignedIn) {
		last = e.Seq
	}
	eventually(t, func() bool {
		var next uint64
		if err := w.b.DB.Get(t.Context(), &next, "SELECT next_seq FROM alert_reader WHERE id = 1"); err != nil {
			t.Fatal(err)
		}
		return next > last
	})
}

func (w *alertWatch) list(t *testing.T) []*alerts.Alert {
	t.Helper()
	all := page.MaxSize
	found, _, err := w.service.List(t.Context(), access.System(), alerts.Filter{}, page.Request{First: &all})
	if err != nil {
		t.Fatal(err)
	}
	return found.Items
}
