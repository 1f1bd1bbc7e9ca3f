package compliance_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	alertrules "github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/tokens"
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

func TestRolesAreThoseAtTheEndOfThePeriodWhateverCameSince(t *testing.T) {
	t.Parallel()
	b := setup(t)
	persons := map[string]id.ID{}
	for _, name := range []string{"before", "within", "taken within", "taken after", "given after", "gone and back", "by hand", "by hand away"} {
		persons[name] = b.Person(name, "Kitchen").ID
	}
	b.on("2026-11-25 09:00")
	for _, name := range []string{"before", "taken within", "taken after", "gone and back", "by hand away"} {
		b.setRoles(persons[name], "auditor")
	}
	given := b.Entries(ledger.AccessRolesChanged)
	b.on("2026-12-15 09:00")
	b.setRoles(persons["within"], "auditor", "custodian")
	b.setRoles(persons["taken within"])
	b.on("2027-01-05 09:00")
	b.setRoles(persons["taken after"])
	b.setRoles(persons["given after"], "auditor")
	b.setRoles(persons["gone and back"])
	b.on("2027-01-06 09:00")
	b.setRoles(persons["gone and back"], "auditor")
	b.exec("INSERT INTO role_member (person, role) VALUES (?, 'admin')", persons["by hand"])
	b.exec("DELETE FROM role_member WHERE person = ?", persons["by hand away"])

	r := b.report()
	var held []string
	for _, one := range r.Access.Held {
		held = append(held, one.Person.Name+" "+one.Role)
		switch {
		case one.Department != "Kitchen":
			t.Errorf("%+v", one)
		case one.Person.Name == "by hand" && (one.Since != nil || one.Entry != nil):
			t.Errorf("an entry tells of %+v", one)
		case one.Person.Name == "before" && (*one.Entry != given[0].Seq || !one.Since.Equal(given[0].OccurredAt)):
			t.Errorf("entry %d tells of %+v", given[0].Seq, one)
		}
	}
	if want := []string{"before auditor", "by hand admin", "gone and back auditor", "taken after auditor", "within auditor", "within custodian"}; !slices.Equal(held, want) {
		t.Errorf("held: %q", held)
	}
	var differences []string
	for _, one := range r.Access.Differences {
		differences = append(differences, one.Person.Name+" "+one.Role+" "+one.Kind)
	}
	if want := []string{"by hand admin UNRECORDED", "by hand away auditor NOT_IN_FORCE"}; !slices.Equal(differences, want) {
		t.Errorf("differences: %q", differences)
	}
	if changes := r.Access.Changes; len(changes) != 2 || changes[0].By.Name != "Anna Kalniņa" || changes[0].Person.Name != "within" ||
		fmt.Sprint(changes[0].Details["added"]) != "[auditor custodian]" || fmt.Sprint(changes[1].Details["removed"]) != "[auditor]" {
		t.Errorf("changes: %+v", changes)
	}
	if len(r.Access.Roles) < 5 || r.Access.Roles[0].Grants[0].Scope != access.All {
		t.Errorf("roles: %+v", r.Access.Roles)
	}
}

func TestTokensAreThoseThatCouldBeUsedWhenThePeriodEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	create := func(name string, until *time.Time) *tokens.Token {
		_, made, err := b.tokens.Create(t.Context(), b.admin, tokens.CreateInput{Name: name, Role: "integrator", Source: name, ExpiresAt: until, Networks: []string{"192.0.2.0/24"}})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	revoke := func(one *tokens.Token) {
		if _, err := b.tokens.Revoke(t.Context(), b.admin, one.ID); err != nil {
			t.Fatal(err)
		}
	}
	expiry := b.on("2026-12-20 12:00")
	b.on("2026-11-25 09:00")
	create("stays", nil)
	within, after := create("revoked-within", nil), create("revoked-after", nil)
	create("expired", &expiry)
	b.on("2026-12-15 09:00")
	revoke(within)
	create("made-within", nil)
	b.on("2027-01-05 09:00")
	revoke(after)
	create("made-after", nil)
	r := b.report()
	var names []string
	for _, one := range r.Access.Tokens {
		names = append(names, one.Name)
		if one.Role != "integrator" || one.Source != one.Name || len(one.Networks) != 1 || one.CreatedBy.Name != "Anna Kalniņa" {
			t.Errorf("%+v", one)
		}
	}
	if want := []string{"stays", "revoked-after", "made-within"}; !slices.Equal(names, want) {
		t.Errorf("in force: %q", names)
	}
	if c := r.Access.TokenChanges; len(c) != 2 || c[0].Action != ledger.AuthTokenRevoked || c[0].About.Label != "revoked-within" || c[1].About.Label != "made-within" {
		t.Errorf("changes: %+v", c)
	}
}

func TestSignInsAreCountedByTheDaysOfTheDisplayZone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begins, ends := b.on("2026-12-01 00:00"), b.on("2027-01-01 00:00")
	b.on("2027-01-10 12:00")
	for n, action := range []string{
		ledger.AuthSignedIn, ledger.AuthSignInFailed, ledger.AuthExternalFailed, ledger.AuthSecondFactorFailed, ledger.AuthLockedOut, ledger.AuthTokenInvalid, ledger.AccessDenied,
	} {
		for _, at := range slices.Concat([]time.Time{begins.Add(-time.Second), ends}, slices.Repeat([]time.Time{begins, ends.Add(-time.Second)}, n+1)) {
			b.append(ledger.Draft{Stream: ledger.StreamAuth, Action: action, Outcome: ledger.Failure, OccurredAt: at})
		}
	}
	s := b.report().SignIns
	s.Root = nil
	if got := fmt.Sprint(s); got != "{2 4 6 8 10 12 14 []}" {
		t.Errorf("counted: %s", got)
	}
}

func TestARetentionRunTellsWhatItDeletedAndWhereThatIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-11-25 09:00")
	b.append(slices.Repeat([]ledger.Draft{{Stream: ledger.StreamActivity, Action: "paid", OccurredAt: b.Clock.Now()}}, 600)...)
	b.on("2026-12-15 09:00")
	days := 5
	if _, err := b.keeping.Set(t.Context(), b.admin, keeping.SetInput{Stream: ledger.StreamActivity, KeepDays: &days}); err != nil {
		t.Fatal(err)
	}
	asked, err := b.keeping.Ask(t.Context(), b.admin)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.keeping.Tick(t.Context(), b.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	full := fault.Say("The archive cannot be written, so nothing is deleted: see that the disk has room and that keytrail may write to the directory of archives.")
	b.exec("UPDATE retention_run SET problem = ? WHERE id = ?", full.Stored(480), asked.ID)
	b.on("2027-01-10 12:00")
	k := b.report().Keeping
	if len(k.Runs) != 1 || len(k.Policies) != 1 || len(k.Pruned) != 1 {
		t.Fatalf("%+v", k)
	}
	run := k.Runs[0]
	if run.Run != asked.ID.String() || run.Entries < 500 || fmt.Sprint(run.Streams["activity"]) != fmt.Sprint(run.Entries) || len(run.Archives) != 1 || run.Outcome != "success" ||
		run.By.Name != "Anna Kalniņa" || run.CutOff == nil || !run.CutOff.Equal(asked.AsOf) || run.Problem != full.String() ||
		!strings.Contains(run.Why.In(language.Latvian), "diskā ir vieta") {
		t.Errorf("%+v", run)
	}
	if fmt.Sprint(k.Policies[0].Details["keepDays"]) != "5" || k.Pruned[0].Details["manifest"] == "" {
		t.Errorf("%+v %+v", k.Policies, k.Pruned)
	}
}

func TestAnErasureNamesNobodyAndAHoldSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	hold, err := b.keeping.Place(t.Context(), b.admin, keeping.PlaceInput{Person: b.zane.ID, Reason: "a case at court"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.keeping.Release(t.Context(), b.admin, hold.ID); err != nil {
		t.Fatal(err)
	}
	b.append(ledger.Draft{
		Stream: ledger.StreamSystem, Actor: b.admin.Person, Action: ledger.PrivacyErasureAsked, Person: b.zane.ID, Entity: ledger.Entity{Type: "privacyRequest", ID: "r1"},
		Parts: []ledger.Part{ledger.PersonPart(ledger.FieldComment, b.zane.ID, b.Clock.Now(), "she left")},
	})
	b.on("2027-01-10 12:00")
	k := b.report().Keeping
	if len(k.Holds) != 2 || k.Holds[0].Reason != "a case at court" || k.Holds[0].Person.Name != "Zane Ziediņa" || k.Holds[1].Action != ledger.PrivacyHoldReleased {
		t.Errorf("holds: %+v", k.Holds)
	}
	if len(k.Erasures) != 1 || k.Erasures[0].Person != b.zane.ID.String() || k.Erasures[0].Request != "r1" {
		t.Errorf("erasures: %+v", k.Erasures)
	}
	if all := fmt.Sprintf("%+v", k.Erasures); strings.Contains(all, "Zane") || strings.Contains(all, "left") {
		t.Errorf("more than ids and times: %s", all)
	}
	b.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(b.zane.ID), b.admin.Person)
		return err
	})
	if holds := b.report().Keeping.Holds; len(holds) != 2 || holds[0].Reason != "" {
		t.Errorf("behind the erasure: %+v", holds)
	}
}

func TestAlertsSayHowTheyEndedAlsoBehindThePeriod(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	record := func(alert, action string, by id.ID, details map[string]any, parts ...ledger.Part) ledger.Entry {
		return b.append(ledger.Draft{
			Stream: ledger.StreamSystem, System: by.IsZero(), Actor: by, Action: action, Outcome: ledger.Success,
			Entity: ledger.Entity{Type: "alert", ID: alert, Label: "root_used"}, Details: details, Parts: parts,
		})[0]
	}
	anna := b.admin.Person
	for _, alert := range []string{"open", "accepted", "resolved", "itself"} {
		record(alert, ledger.AlertRaised, id.ID{}, map[string]any{"rule": "root_used", "severity": "critical"})
	}
	record("accepted", ledger.AlertAcknowledged, anna, nil)
	record("resolved", ledger.AlertAcknowledged, anna, nil)
	b.on("2027-01-05 09:00")
	resolved := record("resolved", ledger.AlertResolved, anna, nil, ledger.PersonPart("note", anna, b.Clock.Now(), "it was me"))
	record("itself", ledger.AlertResolved, id.ID{}, map[string]any{"ending": "returned"})
	var got []string
	for _, one := range b.report().Integrity.Alerts {
		text := one.ID + " " + one.Rule + " " + one.Severity + " " + one.State
		if one.Ended != nil {
			text += fmt.Sprint(" ", one.Ended.Entry == resolved.Seq, " ", one.Ended.By.Name, " ", one.Ended.Cause, " ", one.Ended.Note)
		}
		got = append(got, text)
	}
	want := []string{
		"open root_used critical OPEN", "accepted root_used critical ACKNOWLEDGED", "resolved root_used critical RESOLVED true Anna Kalniņa  it was me",
		"itself root_used critical RESOLVED false keytrail returned ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAnAlertThatWasOpenedAgainIsOpenHoweverMuchIsRecordedOfIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	say := func(alert, action string, details map[string]any) ledger.Draft {
		return ledger.Draft{
			Stream: ledger.StreamSystem, System: true, Action: action, Outcome: ledger.Success,
			Entity: ledger.Entity{Type: "alert", ID: alert, Label: "custom"}, Details: details,
		}
	}
	for _, alert := range []string{"again", "busy", "handled", "resolved"} {
		b.append(say(alert, ledger.AlertRaised, map[string]any{"rule": "custom", "severity": "notice"}))
		b.append(say(alert, ledger.AlertAcknowledged, nil))
	}
	b.append(say("again", ledger.AlertRepeated, nil), say("again", ledger.AlertRepeated, map[string]any{"reopened": true}), say("again", ledger.AlertRepeated, nil))
	b.append(say("handled", ledger.AlertRepeated, map[string]any{"reopened": true}), say("handled", ledger.AlertAcknowledged, nil), say("handled", ledger.AlertRepeated, nil))
	b.append(say("resolved", ledger.AlertRepeated, map[string]any{"reopened": true}), say("resolved", ledger.AlertResolved, nil))
	for range 5 { // more than one page of entries about one alert
		var many []ledger.Draft
		for range 120 {
			many = append(many, say("busy", ledger.AlertAcknowledged, nil))
		}
		b.append(many...)
	}
	b.append(say("busy", ledger.AlertRepeated, map[string]any{"reopened": true}))
	b.on("2027-01-05 09:00")
	got := map[string]string{}
	for _, one := range b.report().Integrity.Alerts {
		got[one.ID] = one.State
	}
	want := map[string]string{"again": "OPEN", "busy": "OPEN", "handled": "ACKNOWLEDGED", "resolved": "RESOLVED"}
	if !maps.Equal(got, want) {
		t.Errorf("%v", got)
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
		if r, _, err := b.service.Make(t.Context(), c.actor, "pdf", from, to); r != nil || !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(b.Entries(ledger.LogExported)); n != 0 {
		t.Errorf("%d reports are on record that nobody got", n)
	}
	for _, role := range []string{"auditor", "root"} {
		if _, done, err := b.service.Make(t.Context(), b.Actor(b.zane, role), "pdf", from, to); err == nil {
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

func TestOfOneDeletionOnlySomeRangesAreNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	ranges := make([]any, 3000)
	for i := range ranges {
		ranges[i] = []any{2 * i, 2*i + 1}
	}
	b.append(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.LogRestored, Details: map[string]any{"ranges": ranges}})
	b.on("2027-01-10 12:00")
	details := b.report().Keeping.Restores[0].Details
	if named := details["ranges"].([]any); len(named) != 100 || details["rangesInAll"] != 3000 {
		t.Errorf("%d of %v ranges are named", len(named), details["rangesInAll"])
	}
}

func TestTooManyReportsAtOnceWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2027-01-10 12:00")
	release := b.service.Occupy()
	if _, _, err := b.service.Make(t.Context(), b.admin, "json", from, to); !fault.Is(err, fault.Unavailable) {
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

func TestAnAlertOfAnAdminsRuleBearsTheRulesName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	rules := alerts.NewCustomRules(b.alerts, nil, time.UTC, slog.New(slog.DiscardHandler))
	count, window := 2, 5
	saved, err := rules.Save(t.Context(), b.admin, alerts.SaveRuleInput{Name: "Many orders", Rule: &alerts.RuleInput{
		Kind: alertrules.Threshold, Actions: []string{"order.*"}, WindowMinutes: &window, Count: &count, GroupBy: alertrules.ByNone, Severity: ledger.Notice,
	}})
	if err != nil {
		t.Fatal(err)
	}
	alert := id.New()
	b.append(ledger.Draft{
		Stream: ledger.StreamSystem, System: true, Action: ledger.AlertRaised, Outcome: ledger.Success,
		Entity: ledger.Entity{Type: "alert", ID: alert.String(), Label: string(alerts.Custom)}, Details: map[string]any{"rule": "custom", "severity": "notice"},
	})
	b.exec("INSERT INTO alert_of_rule (alert, rule) VALUES (?, ?)", alert, saved.ID)
	b.on("2027-01-05 09:00")
	r := b.report()
	if found := r.Integrity.Alerts; len(found) != 1 || found[0].RuleName != "Many orders" {
		t.Errorf("%+v", found)
	}
	if changes := r.Integrity.RuleChanges; len(changes) != 1 || changes[0].Action != ledger.AlertRuleCreated || changes[0].By.Name != "Anna Kalniņa" {
		t.Errorf("%+v", changes)
	}
}

func TestRolesAreReplayedAsTheyWereRecordedAlsoWhenTheClockWentBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	b.setRoles(b.zane.ID, "auditor")
	b.on("2026-12-15 08:00")
	b.setRoles(b.zane.ID)
	b.on("2026-12-15 08:30")
	b.setRoles(b.zane.ID, "manager")
	b.on("2027-01-05 09:00")
	r := b.report()
	if len(r.Access.Differences) > 0 {
		t.Errorf("%+v", r.Access.Differences)
	}
	if got := rolesHeld(r, b.zane.ID); !slices.Equal(got, []string{"manager"}) {
		t.Errorf("%q", got)
	}
}

// rolesHeld are the rows of a report that say which roles somebody had.
func rolesHeld(r *compliance.Report, person id.ID) (roles []string) {
	for _, one := range r.Access.Held {
		if one.Person.ID == person.String() {
			roles = append(roles, one.Role)
		}
	}
	return roles
}

func TestWhereNotEveryChangeOfRolesIsReadNoDifferenceIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.on("2026-12-15 09:00")
	b.setRoles(b.zane.ID, "auditor")
	b.on("2026-12-16 09:00")
	b.setRoles(b.Person("Laima Liepa", "Kitchen").ID, "manager")
	b.on("2026-12-17 09:00")
	b.setRoles(b.zane.ID, "custodian")
	b.on("2027-01-05 09:00")
	b.service.BoundEver(1)
	r := b.report()
	if len(r.Access.Differences) > 0 || !slices.Equal(r.Cut, []string{"access.held"}) {
		t.Errorf("%+v, cut: %q", r.Access.Differences, r.Cut)
	}
	if got := rolesHeld(r, b.zane.ID); !slices.Equal(got, []string{"custodian"}) {
		t.Errorf("%q", got)
	}
}
