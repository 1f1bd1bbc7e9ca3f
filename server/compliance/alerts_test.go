package compliance_test

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	alertrules "github.com/keytrail/keytrail/server/alerts/rules"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

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
