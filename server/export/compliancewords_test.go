package export

import (
	"maps"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
)

func TestBothLanguagesOfAComplianceReportHaveTheSameWords(t *testing.T) {
	en, lv := englishCompliance(), latvianCompliance()
	for name, pair := range map[string][2]map[string]string{
		"kinds": {en.kinds, lv.kinds}, "roles": {en.roles, lv.roles}, "actions": {en.actions, lv.actions}, "permissions": {en.permissions, lv.permissions},
		"names": {en.names, lv.names}, "severities": {en.severities, lv.severities}, "states": {en.states, lv.states}, "rules": {en.rules, lv.rules}, "endings": {en.endings, lv.endings},
	} {
		a, b := slices.Sorted(maps.Keys(pair[0])), slices.Sorted(maps.Keys(pair[1]))
		if !slices.Equal(a, b) || slices.Contains(slices.Collect(maps.Values(pair[1])), "") {
			t.Errorf("%s: %q and %q", name, a, b)
		}
	}
	if len(en.signIns) != len(lv.signIns) {
		t.Error("sign-ins differ")
	}
}

func TestEveryPermissionAndRuleHasWordsOnAComplianceReport(t *testing.T) {
	say := latvianCompliance()
	for _, p := range access.Permissions() {
		if say.permissions[string(p)] == "" {
			t.Errorf("%s has no words", p)
		}
	}
	for _, rule := range []alerts.Rule{
		alerts.RootUsed, alerts.AccountLockedOut, alerts.SignInsFailing, alerts.NewPlace, alerts.KeyOverdue, alerts.CurfewMissed, alerts.LeaverHoldsKeys,
		alerts.ErasureAsked, alerts.BackupFailed, alerts.WebhookPaused, alerts.RetentionFailed, alerts.ArchiveDamaged, alerts.DiskFull,
	} {
		if say.rules[string(rule)] == "" {
			t.Errorf("%s has no words", rule)
		}
	}
}
