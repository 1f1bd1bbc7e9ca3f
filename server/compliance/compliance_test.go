package compliance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// listed gives the numbers of the entries of each list that is made of entries, by the actions that belong into it.
func listed(r *compliance.Report) map[string][]uint64 {
	lists := map[string][]uint64{}
	add := func(action string, entry uint64) { lists[action] = append(lists[action], entry) }
	for _, events := range [][]compliance.Event{
		r.Access.Changes, r.Access.Accounts, r.Access.TokenChanges, r.SignIns.Root, r.Keeping.Policies, r.Keeping.Pruned, r.Keeping.Holds,
		r.Keeping.Restores, r.Keeping.Backups, r.Integrity.Outages, r.Integrity.RuleChanges,
	} {
		for _, one := range events {
			add(one.Action, one.Entry)
		}
	}
	for _, one := range r.Keeping.Runs {
		add(ledger.LogRetentionRun, one.Entry)
	}
	for _, one := range r.Keeping.Erasures {
		add(one.Action, one.Entry)
	}
	for _, one := range r.Integrity.Verifications {
		add(ledger.SystemVerified, one.Entry)
	}
	for _, one := range r.Integrity.Alerts {
		add(ledger.AlertRaised, one.Entry)
	}
	return lists
}

func authActions() []string {
	return []string{
		ledger.AuthRootInitialised, ledger.AccessAccountCreated, ledger.AccessAccountDisabled, ledger.AccessAccountEnabled, ledger.AccessAccountMoved,
		ledger.AccessAccountUnlocked, ledger.AccessPasswordReset, ledger.AuthTokenCreated, ledger.AuthTokenRevoked, ledger.AuthTokenExpired, ledger.AuthRootAccessed,
	}
}

func systemActions() []string {
	return []string{
		ledger.AccessRolesChanged, ledger.LogRetentionSet, ledger.LogRetentionRun, ledger.LogRestored, ledger.PrivacyHoldPlaced,
		ledger.PrivacyHoldReleased, ledger.PrivacyErasureAsked, ledger.PrivacyErasureRefused, ledger.PrivacyErasureApproved, ledger.PrivacyErasureCompleted,
		ledger.SystemRestored, ledger.SystemBackedUp, ledger.SystemVerified, ledger.SystemCheckpointNotKept, ledger.AlertRaised,
		ledger.AlertRuleCreated, ledger.AlertRuleChanged, ledger.AlertRuleMuted, ledger.AlertRuleUnmuted, ledger.AlertRuleRemoved,
	}
}

func TestAReportTellsWhatOccurredInItsDaysAndNothingJustOutside(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begins, ends := b.on("2026-12-01 00:00"), b.on("2027-01-01 00:00")
	b.on("2027-01-10 12:00")
	inside := []time.Time{begins, ends.Add(-time.Microsecond)}
	var drafts []ledger.Draft
	of := func(stream ledger.Stream, actions []string) {
		for _, action := range actions {
			for n, at := range []time.Time{begins.Add(-time.Microsecond), inside[0], inside[1], ends} {
				drafts = append(drafts, ledger.Draft{
					Stream: stream, System: true, Action: action, Outcome: ledger.Success, OccurredAt: at, Person: b.zane.ID,
					Entity: ledger.Entity{Type: "thing", ID: fmt.Sprint(action, n), Label: "thing"},
				})
			}
		}
	}
	of(ledger.StreamAuth, authActions())
	of(ledger.StreamSystem, systemActions())
	want := map[string][]uint64{}
	for i, e := range b.append(drafts...) {
		if i%4 == 1 || i%4 == 2 {
			want[e.Action] = append(want[e.Action], e.Seq)
		}
	}
	got := listed(b.report())
	for action, seqs := range want {
		if !slices.Equal(got[action], seqs) {
			t.Errorf("%s: the report has %v; want %v", action, got[action], seqs)
		}
		delete(got, action)
	}
	if len(got) > 0 {
		t.Errorf("nobody recorded %v", got)
	}
}

func TestAReportIsTiedToTheLedgerAndOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-31 12:00")
	v, _, err := b.Ledger.BeginVerification(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	v.Entries, v.Root, v.OK = 7, []byte{0xab, 0xcd}, true
	if err := b.Ledger.FinishVerification(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if err := b.Ledger.ReleaseVerification(t.Context(), v, false); err != nil {
		t.Fatal(err)
	}
	b.exec("INSERT INTO checkpoint_sink (place, size, error, reported) VALUES ('file:/kept', 5, '', 0)")
	r := b.report()
	exported := b.Entries(ledger.LogExported)
	if len(exported) != 1 || exported[0].Seq != r.Made.Entry || exported[0].Entity.ID != compliance.List || exported[0].Details["from"] != from || exported[0].Details["format"] != "json" {
		t.Fatalf("%+v", exported)
	}
	c, err := b.Ledger.Checkpoint(t.Context())
	if err != nil || r.Ledger.Checkpoint.Note != c.Note || r.Ledger.Entries != c.Size || r.Made.Entry >= r.Ledger.Entries || r.Organisation != c.Origin || r.Made.By.Name != "Anna Kalniņa" {
		t.Errorf("%+v %+v: %v", r.Made, r.Ledger, err)
	}
	checks := r.Integrity.Verifications
	if len(checks) != 2 || checks[0].TreeSize != 7 || checks[0].Root != "abcd" || !checks[0].Finished || checks[0].Outcome != "success" || checks[1].Finished || checks[1].Outcome != "failure" {
		t.Errorf("%+v", checks)
	}
	if places := r.Integrity.Places; len(places) != 1 || places[0].Place != "file:/kept" || places[0].Size != 5 || places[0].KeptAt != nil {
		t.Errorf("%+v", places)
	}
}

func TestOnlyWhoMaySeeEverybodyMakesReports(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2027-01-10 12:00")
	for name, c := range map[string]struct {
		actor *access.Actor
		want  fault.Kind
	}{
		"nobody":                {nil, fault.Unauthenticated},
		"a member":              {b.Actor(b.zane, "member"), fault.Forbidden},
		"a custodian":           {b.Actor(b.zane, "custodian"), fault.Forbidden},
		"a manager":             {b.Actor(b.zane, "manager"), fault.Forbidden},
		"a program":             {&access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}, fault.Forbidden},
		"with a first password": {&access.Actor{Person: b.zane.ID, Roles: []string{"admin"}, MustChangePassword: true}, fault.Forbidden},
	} {
		if r, _, err := b.service.Make(t.Context(), c.actor, compliance.Order{Format: "pdf", From: from, To: to}); r != nil || !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(b.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d reports are on record that nobody got", n)
	}
	for _, role := range []string{"auditor", "root"} {
		if _, done, err := b.service.Make(t.Context(), b.Actor(b.zane, role), compliance.Order{Format: "pdf", From: from, To: to}); err == nil {
			done()
		} else {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestWhatIsTooLongIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	for range 4 {
		b.append(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemBackedUp})
	}
	b.append(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.LogRestored})
	b.on("2027-01-10 12:00")
	b.service.Bound(3)
	r := b.report()
	if backups := r.Keeping.Backups; len(backups) != 3 || backups[0].Entry > backups[2].Entry || !slices.Equal(r.Cut, []string{"keeping.backups"}) {
		t.Errorf("%d backups, cut: %q", len(backups), r.Cut)
	}
}

func TestTooManyReportsAtOnceWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2027-01-10 12:00")
	release := b.service.Occupy()
	if _, _, err := b.service.Make(t.Context(), b.admin, compliance.Order{Format: "json", From: from, To: to}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	release()
	b.report()
	b.report()
	b.report()
}

func TestEntriesAreFoundAlongTheIndexOfActionsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 50 {
		b.append(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemBackedUp})
	}
	begin, end := b.Clock.Now().Add(-time.Hour), b.Clock.Now().Add(time.Hour)
	for i, args := range [][]any{{ledger.SystemBackedUp, begin, end, 9}, {ledger.SystemBackedUp, begin, begin, 1, 9}} {
		rows, err := b.DB.Query(t.Context(), "EXPLAIN "+compliance.Statements()[i], args...)
		if err != nil {
			t.Fatal(err)
		}
		if !rows.Next() {
			t.Fatal("there is no plan")
		}
		plan := map[string]any{}
		if err := rows.MapScan(plan); err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		key, extra := fmt.Sprintf("%s", plan["key"]), fmt.Sprintf("%s", plan["Extra"])
		if key != "action_time" || !strings.Contains(extra, "Using index") || strings.Contains(extra, "filesort") {
			t.Errorf("statement %d goes along %s: %s", i, key, extra)
		}
	}
}
