package alerts_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

func TestOnlyWhoeverHandlesAllAlertsChangesRulesAndNobodyOverwritesAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	for _, role := range []string{"custodian", "manager", "member", "auditor"} {
		actor := b.Actor(b.Person("Somebody "+role, "Office"), role)
		if _, err := r.Save(t.Context(), actor, alerts.SaveRuleInput{Name: "x", Rule: threshold(2, "order.made")}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s saves: %v", role, err)
		}
		if _, err := r.Mute(t.Context(), actor, alerts.MuteRuleInput{Rule: rule.ID}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s mutes: %v", role, err)
		}
		if _, err := r.Remove(t.Context(), actor, rule.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s removes: %v", role, err)
		}
		if _, err := r.Preview(t.Context(), actor, *threshold(2, "order.made"), ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s previews: %v", role, err)
		}
	}
	if _, err := r.List(t.Context(), b.Actor(b.Person("A member", "Office"), "member"), page.Request{}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	in := alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: "Orders vanish quickly", Rule: threshold(5, "order.deleted")}
	if changed, err := r.Save(t.Context(), b.admin, in); err != nil || changed.Count != 5 || changed.Version != 2 {
		t.Fatal(changed, err)
	}
	if _, err := r.Save(t.Context(), b.admin, in); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
}

func TestARulesNameStandsNowhereInPlainAndGoesWithItsAuthor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	const name = "Watch Valdis Ozoliņš"
	rule := b.save(r, name, threshold(2, "order.deleted"))
	b.did("order.deleted")
	b.did("order.deleted")
	eventually(t, func() bool { return len(b.raisedFor(rule.ID)) == 1 })
	entries, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if bytes.Contains(e.Raw, []byte("Valdis")) {
			t.Errorf("%s tells the name: %s", e.Action, e.Raw)
		}
	}
	b.destroyKeyOf(b.admin.Person)
	if gone := b.rule(r, rule.ID); gone.Name != nil {
		t.Errorf("the name is still %q", *gone.Name)
	}
	if b.raisedFor(rule.ID)[0].CustomRuleName != nil {
		t.Error("the alert still tells the name")
	}
}

func (b *bundle) destroyKeyOf(person id.ID) {
	b.t.Helper()
	err := b.DB.InTx(b.t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(person), person)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.Seal.ForgetAll()
}

func TestWordsStayThoseOfWhoeverWroteThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	rule := b.save(r, "Watch Valdis Ozoliņš", threshold(2, "order.deleted"))
	other := b.Actor(b.Person("Berta Liepa", "Office"), "admin")
	until := b.Clock.Now().Add(time.Hour)
	if _, err := r.Mute(t.Context(), other, alerts.MuteRuleInput{Rule: rule.ID, Until: &until, Reason: "a stocktaking"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Save(t.Context(), other, alerts.SaveRuleInput{ID: rule.ID, Version: &rule.Version, Name: *rule.Name, Rule: threshold(3, "order.deleted")}); err != nil {
		t.Fatal(err)
	}
	b.destroyKeyOf(b.admin.Person)
	if is := b.rule(r, rule.ID); is.Name != nil || is.MuteReason == nil || *is.MuteReason != "a stocktaking" {
		t.Errorf("once its author is erased: %v %v", is.Name, is.MuteReason)
	}
}

func TestADamagedTextHidesNoOtherRuleOrAlert(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	b.follow(r)
	damaged, whole := b.save(r, "Orders vanish", threshold(2, "order.deleted")), b.save(r, "Orders are made", threshold(2, "order.made"))
	for range 2 {
		b.did("order.deleted")
		b.did("order.made")
	}
	eventually(t, func() bool { return len(b.raisedFor(damaged.ID)) == 1 && len(b.raisedFor(whole.ID)) == 1 })
	if _, err := b.DB.Exec(t.Context(), "UPDATE alert_rule SET sealed = REVERSE(sealed) WHERE id = ?", damaged.ID); err != nil {
		t.Fatal(err)
	}
	if is := b.rule(r, damaged.ID); is.Name != nil || is.Problem.IsZero() {
		t.Errorf("%v %s", is.Name, is.Problem)
	}
	var said bytes.Buffer
	b.service.WithLog(slog.New(slog.NewTextHandler(&said, nil)))
	if a := b.raisedFor(damaged.ID)[0]; !a.Unreadable || a.CustomRuleName != nil || !strings.Contains(said.String(), a.ID.String()) {
		t.Errorf("%+v, and the log says %q", a, said.String())
	}
	if a := b.raisedFor(whole.ID)[0]; a.Unreadable || a.CustomRuleName == nil {
		t.Errorf("%+v", a)
	}
	again, err := r.Save(t.Context(), b.admin, alerts.SaveRuleInput{ID: damaged.ID, Version: &damaged.Version, Name: "Orders vanish", Rule: threshold(2, "order.deleted")})
	if err != nil || b.rule(r, again.ID).Name == nil {
		t.Errorf("its name cannot be written anew: %v", err)
	}
}

func TestNoMoreRulesThanMayBeAreMadeByManyAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.process()
	model := b.save(r, "Orders vanish", threshold(2, "order.deleted"))
	for range alerts.MaxCustomRules - 3 {
		if _, err := b.DB.Exec(t.Context(), "INSERT INTO alert_rule (id, subject, sealed, definition, enabled, version, defined_seq, defined_at,"+
			" next_seq, created_at, changed_at, muted_count, problem) SELECT ?, subject, sealed, definition, 0, 1, defined_seq, defined_at, next_seq,"+
			" created_at, changed_at, 0, '' FROM alert_rule WHERE id = ?", id.New(), model.ID); err != nil {
			t.Fatal(err)
		}
	}
	const many = 8
	made := make(chan error, many)
	for range many {
		go func() {
			_, err := r.Save(t.Context(), b.admin, alerts.SaveRuleInput{Name: "One more", Rule: threshold(2, "order.made")})
			made <- err
		}()
	}
	refused := 0
	for range many {
		if err := <-made; fault.Is(err, fault.Conflict) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if refused != many-2 {
		t.Errorf("%d of %d were refused where 2 had room", refused, many)
	}
}
