package alerts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

func TestEachSessionOfRootRaisesAnAlertOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	root := b.account("Root", "")
	first, second := b.rootUsed(root, id.New()), b.rootUsed(root, id.New())
	b.run(b.service)
	eventually(t, func() bool { return len(b.of(alerts.RootUsed)) == 2 })
	found := b.of(alerts.RootUsed)
	if !slices.Equal(found[1].Evidence, []uint64{first}) || !slices.Equal(found[0].Evidence, []uint64{second}) {
		t.Errorf("evidence %v and %v", found[1].Evidence, found[0].Evidence)
	}
	if a := found[0]; a.Severity != ledger.Critical || a.State != alerts.Open || a.PersonID != root.person.ID || a.Title() == "" {
		t.Errorf("%+v", a)
	}
}

func TestALockoutThatGoesOnJoinsTheOpenAlert(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	a, other := b.account("Jānis", "Laboratory"), b.account("Pēteris", "Office")
	seqs := []uint64{b.lockedOut(a)}
	b.settle()
	b.lockedOut(other)
	seqs = append(seqs, b.lockedOut(a))
	b.settle()
	found := b.of(alerts.AccountLockedOut)
	if len(found) != 2 || !slices.Equal(found[1].Evidence, seqs) || found[1].EvidenceCount != 2 {
		t.Fatalf("%d alerts, %+v", len(found), found)
	}
	if b.count(ledger.AlertRepeated) != 1 {
		t.Errorf("%d entries say that it was repeated", b.count(ledger.AlertRepeated))
	}
	if _, err := b.service.Resolve(t.Context(), b.admin, found[1].ID, "He forgot his password."); err != nil {
		t.Fatal(err)
	}
	b.lockedOut(a)
	b.settle()
	if n := len(b.of(alerts.AccountLockedOut)); n != 3 {
		t.Errorf("%d alerts: after a resolved one there must be a new one", n)
	}
}

func TestAnAlertNamesNoMoreThanFiftyEntriesAndCountsTheRest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.account("Jānis", "")
	for range alerts.MaxEvidence + 20 {
		b.lockedOut(a)
	}
	b.run(b.service)
	b.settle()
	found := b.of(alerts.AccountLockedOut)
	if len(found) != 1 || len(found[0].Evidence) != alerts.MaxEvidence || found[0].EvidenceCount != alerts.MaxEvidence+20 {
		t.Fatalf("%d alerts, %d entries, %d counted", len(found), len(found[0].Evidence), found[0].EvidenceCount)
	}
	if n := b.count(ledger.AlertRepeated); n != alerts.MaxEvidence-1 {
		t.Errorf("%d entries say that it was repeated", n)
	}
}

func TestWhatHappensAgainOpensAnAlertThatWasAcknowledgedAnHourAgoAlsoWhenItNamesNoMoreEntries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.account("Jānis", "")
	many := make([]ledger.Draft, alerts.MaxEvidence)
	for i := range many {
		many[i] = b.entry(ledger.AuthLockedOut, "192.0.2.7", a, "somebody")
	}
	b.record(many...)
	b.run(b.service)
	b.settle()
	is := func() *alerts.Alert { return b.of(alerts.AccountLockedOut)[0] }
	acknowledge := func() {
		t.Helper()
		if _, err := b.service.Acknowledge(t.Context(), b.admin, is().ID); err != nil {
			t.Fatal(err)
		}
	}
	acknowledge()
	before := b.count(ledger.AlertRepeated)
	b.Clock.Advance(59 * time.Minute)
	b.lockedOut(a)
	b.settle()
	if is().State != alerts.Acknowledged || b.count(ledger.AlertRepeated) != before {
		t.Fatalf("within the hour: %s", is().State)
	}
	b.Clock.Advance(time.Minute)
	b.lockedOut(a)
	b.lockedOut(a)
	b.settle()
	if is().State != alerts.Open || b.count(ledger.AlertRepeated) != before+1 {
		t.Errorf("after an hour it is %s, and %d entries say so", is().State, b.count(ledger.AlertRepeated)-before)
	}
	acknowledge()
	b.lockedOut(a)
	b.settle()
	if is().State != alerts.Acknowledged {
		t.Error("it was opened again right after it was acknowledged anew")
	}
}

func TestFailuresUnderFiveNamesFromOneAddressWithinTenMinutesAreOneAlert(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	var seqs []uint64
	for i := range 4 {
		seqs = append(seqs, b.failed(fmt.Sprint("name", i), "198.51.100.9"))
	}
	for range 5 {
		b.failed("forgetful", "203.0.113.1") // one name, however often
	}
	for i := range 6 {
		b.failed(fmt.Sprint("name", i), fmt.Sprint("192.0.2.", i)) // many names, one from each address
	}
	b.settle()
	if n := len(b.of(alerts.SignInsFailing)); n != 0 {
		t.Fatalf("%d alerts too early", n)
	}
	seqs = append(seqs, b.failed("name4", "198.51.100.9"))
	b.settle()
	found := b.of(alerts.SignInsFailing)
	if len(found) != 1 || !slices.Equal(found[0].Evidence, seqs) || found[0].Severity != ledger.Critical {
		t.Fatalf("%+v, want evidence %v", found, seqs)
	}
	seqs = append(seqs, b.failed("name5", "198.51.100.9"))
	b.settle()
	if found = b.of(alerts.SignInsFailing); len(found) != 1 || !slices.Equal(found[0].Evidence, seqs) || found[0].EvidenceCount != 6 {
		t.Errorf("%+v, want evidence %v", found[0], seqs)
	}
}

func TestFailuresThatAreSpreadOverTimeAreNoAlert(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 10 {
		b.failed(fmt.Sprint("name", i), "2001:db8::1")
		b.Clock.Advance(3 * time.Minute)
	}
	b.run(b.service)
	b.settle()
	if n := len(b.of(alerts.SignInsFailing)); n != 0 {
		t.Errorf("%d alerts", n)
	}
}

func TestTheAddressesOfOneIPv6NetworkCountAsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		b.failed(fmt.Sprint("name", i), fmt.Sprintf("2001:db8::%d", i+1))
	}
	b.run(b.service)
	b.settle()
	if n := len(b.of(alerts.SignInsFailing)); n != 1 {
		t.Errorf("%d alerts", n)
	}
}

func TestASignInFromANetworkNotSeenForNinetyDaysRaisesAnAlert(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	a := b.account("Jānis", "Laboratory")
	b.signedIn(a, "192.0.2.7") // the very first
	b.signedIn(a, "192.0.2.200")
	b.settle()
	if n := len(b.of(alerts.NewPlace)); n != 0 {
		t.Fatalf("%d alerts at the first place", n)
	}
	elsewhere := b.signedIn(a, "198.51.100.1")
	b.settle()
	b.signedIn(a, "198.51.100.2") // known by now
	b.settle()
	if found := b.of(alerts.NewPlace); len(found) != 1 || !slices.Equal(found[0].Evidence, []uint64{elsewhere}) || found[0].Severity != ledger.Notice {
		t.Fatalf("%+v", found)
	}
	b.Clock.Advance(91 * 24 * time.Hour)
	again := b.signedIn(a, "192.0.2.7")
	b.settle()
	if found := b.of(alerts.NewPlace); len(found) != 2 || !slices.Equal(found[0].Evidence, []uint64{again}) {
		t.Errorf("after 90 days: %+v", found)
	}
}

func TestTwoServersRaiseEachAlertOnceAndOneThatWasStoppedGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sealer, l := b.Another(t, b.Clock.Now)
	other := alerts.New(b.DB, sealer, l, b.Access, b.Clock.Now)
	stop := b.run(b.service)
	b.run(other)
	root, a := b.account("Root", ""), b.account("Jānis", "")
	for i := range 40 {
		b.rootUsed(root, id.New())
		b.lockedOut(a)
		if i == 20 {
			stop() // and the other goes on
		}
	}
	b.run(alerts.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now))
	b.settle()
	if n := len(b.of(alerts.RootUsed)); n != 41 {
		t.Errorf("%d alerts of 41 sessions", n)
	}
	found := b.of(alerts.AccountLockedOut)
	if len(found) != 1 || found[0].EvidenceCount != 40 || len(found[0].Evidence) != 40 {
		t.Errorf("%+v", found)
	}
	if n := b.count(ledger.AlertRaised); n != 42 {
		t.Errorf("%d entries say that an alert was raised", n)
	}
}

func TestWhatIsLongPastIsLearnedFromAndRaisesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.account("Jānis", "")
	b.signedIn(a, "192.0.2.7")
	b.signedIn(a, "198.51.100.1")
	b.lockedOut(a)
	b.Clock.Advance(8 * 24 * time.Hour)
	b.run(b.service)
	b.signedIn(a, "198.51.100.9")
	b.settle()
	if all := b.list(alerts.Filter{}); len(all) != 1 {
		t.Errorf("%d alerts, want only the one of root", len(all))
	}
}

func TestAnAlertIsAcknowledgedAndResolvedWithANoteOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	b.lockedOut(b.account("Jānis", "Laboratory"))
	b.settle()
	open := b.of(alerts.AccountLockedOut)[0]
	b.Clock.Advance(time.Minute)
	for range 2 { // the second time nothing changes
		a, err := b.service.Acknowledge(t.Context(), b.admin, open.ID)
		if err != nil || a.State != alerts.Acknowledged || a.ChangedByID != b.admin.Person || !a.ChangedAt.Equal(b.Clock.Now()) {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	for _, note := range []string{"", "  ", strings.Repeat("x", 2001)} {
		if _, err := b.service.Resolve(t.Context(), b.admin, open.ID, note); !fault.Is(err, fault.BadInput) {
			t.Errorf("note of %d characters: %v", len(note), err)
		}
	}
	if _, err := b.service.Resolve(t.Context(), b.admin, open.ID, " He called. "); err != nil {
		t.Fatal(err)
	}
	resolved, err := b.service.Get(t.Context(), b.admin, open.ID)
	if err != nil || resolved.State != alerts.Resolved || resolved.Note == nil || *resolved.Note != "He called." {
		t.Fatalf("%+v, %v", resolved, err)
	}
	if _, err := b.service.Acknowledge(t.Context(), b.admin, open.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("acknowledging a resolved alert: %v", err)
	}
	if _, err := b.service.Resolve(t.Context(), b.admin, open.ID, "Again."); !fault.Is(err, fault.Conflict) {
		t.Errorf("resolving a resolved alert: %v", err)
	}
	if b.count(ledger.AlertAcknowledged) != 1 || b.count(ledger.AlertResolved) != 1 {
		t.Error("each change of state must be one entry")
	}
}

func TestAlertsReachAsFarAsTheScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	b.lockedOut(b.account("Jānis", "Laboratory"))
	b.lockedOut(b.account("Pēteris", "Office"))
	b.settle()
	marta := b.Actor(b.Person("Marta", "Laboratory"), "manager")
	aivars := b.Actor(b.Person("Aivars", "Office"), "auditor")
	custodian, nobody := b.Custodian(), b.Actor(b.Person("Nora", "Office"), "member")
	for who, want := range map[*access.Actor]int{b.admin: 3, aivars: 3, marta: 1, custodian: 0} {
		p, total, err := b.service.List(t.Context(), who, alerts.Filter{}, page.Request{})
		if err != nil || total != want || len(p.Items) != want {
			t.Errorf("%v sees %d of %d, want %d: %v", who.Roles, len(p.Items), total, want, err)
		}
	}
	if _, _, err := b.service.List(t.Context(), nobody, alerts.Filter{}, page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("%v: %v", nobody.Roles, err)
	}
	office := b.of(alerts.AccountLockedOut)[0]
	if a, err := b.service.Get(t.Context(), marta, office.ID); err != nil || a != nil {
		t.Errorf("an alert of another department: %v, %v", a, err)
	}
	for _, who := range []*access.Actor{aivars, marta} {
		if _, err := b.service.Acknowledge(t.Context(), who, office.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%v may only look: %v", who.Roles, err)
		}
	}
	if _, err := b.service.Acknowledge(t.Context(), b.admin, id.New()); !fault.Is(err, fault.NotFound) {
		t.Errorf("an alert that there is not: %v", err)
	}
}

func TestPagesGiveOpenOnesFirstAndTheMoreSevereBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	a := b.account("Jānis", "")
	b.signedIn(a, "192.0.2.7")
	b.signedIn(a, "198.51.100.1")
	for range 3 {
		b.lockedOut(b.account("Somebody", ""))
	}
	b.settle()
	done := b.of(alerts.AccountLockedOut)[2]
	if _, err := b.service.Resolve(t.Context(), b.admin, done.ID, "Nothing."); err != nil {
		t.Fatal(err)
	}
	all := b.list(alerts.Filter{})
	var rules []alerts.Rule
	for _, one := range all {
		rules = append(rules, one.Rule)
	}
	want := []alerts.Rule{alerts.RootUsed, alerts.AccountLockedOut, alerts.AccountLockedOut, alerts.NewPlace, alerts.AccountLockedOut}
	if !slices.Equal(rules, want) || all[4].ID != done.ID {
		t.Fatalf("%v", rules)
	}
	two := 2
	var forward, backward []id.ID
	for r := (page.Request{First: &two}); ; {
		p, _, err := b.service.List(t.Context(), b.admin, alerts.Filter{}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range p.Items {
			forward = append(forward, one.ID)
		}
		if r.After = p.Info.EndCursor; !p.Info.HasNextPage {
			break
		}
	}
	for r := (page.Request{Last: &two}); ; {
		p, _, err := b.service.List(t.Context(), b.admin, alerts.Filter{}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range slices.Backward(p.Items) {
			backward = append(backward, one.ID)
		}
		if r.Before = p.Info.StartCursor; !p.Info.HasPreviousPage {
			break
		}
	}
	slices.Reverse(backward)
	if len(forward) != 5 || !slices.Equal(forward, backward) {
		t.Errorf("forward %v, backward %v", forward, backward)
	}
	f := alerts.Filter{States: []alerts.State{alerts.Open, alerts.Open}, Severities: []ledger.Severity{ledger.Warning}}
	if n := len(b.list(f)); n != 2 {
		t.Errorf("%d open warnings", n)
	}
}

func TestAFeedGivesAlertsWhenTheyAreRaisedAndChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.run(b.service)
	marta := b.Actor(b.Person("Marta", "Laboratory"), "manager")
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	got, ended, checked := make(chan *alerts.Alert), make(chan error, 1), make(chan struct{}, 1)
	go func() {
		ended <- b.service.Follow(ctx, marta, func(context.Context, bool) (*access.Actor, error) {
			select {
			case checked <- struct{}{}:
			default:
			}
			return marta, nil
		}, func(a *alerts.Alert) bool { got <- a; return true })
	}()
	<-checked // it runs
	b.lockedOut(b.account("Pēteris", "Office"))
	b.lockedOut(b.account("Jānis", "Laboratory"))
	raised := next(t, got)
	if raised.Rule != alerts.AccountLockedOut || raised.DepartmentID != marta.Department || raised.State != alerts.Open {
		t.Fatalf("%+v", raised)
	}
	if _, err := b.service.Acknowledge(t.Context(), b.admin, raised.ID); err != nil {
		t.Fatal(err)
	}
	if changed := next(t, got); changed.ID != raised.ID || changed.State != alerts.Acknowledged {
		t.Errorf("%+v", changed)
	}
	leave()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func next(t *testing.T, got <-chan *alerts.Alert) *alerts.Alert {
	t.Helper()
	select {
	case a := <-got:
		return a
	case <-time.After(patience):
		t.Fatal("no alert came")
	}
	return nil
}

func TestAnEntryThatIsDamagedKeepsNoRuleFromThoseThatFollow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.account("Jānis", "")
	b.signedIn(a, "192.0.2.7")
	if _, err := b.DB.Exec(t.Context(), "DELETE FROM seal_key WHERE subject = ?", "person/"+a.person.ID.String()); err != nil {
		t.Fatal(err)
	}
	b.Seal.ForgetAll()
	b.run(b.service)
	b.settle() // for which an alert is raised by what follows
}
