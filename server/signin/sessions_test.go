package signin_test

import (
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/signin"
)

func TestEverybodySeesAndEndsHisOwnSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	here, actor := b.mustSignIn(t, "anna")
	there, elsewhere := b.mustSignIn(t, "anna")
	p, err := b.signin.ListSessions(t.Context(), actor, id.ID{}, page.Request{})
	if err != nil || len(p.Items) != 2 {
		t.Fatal(p, err)
	}
	newest, first := p.Items[0], p.Items[1]
	if newest.ID != elsewhere.Session || newest.Current || first.ID != actor.Session || !first.Current {
		t.Errorf("%+v, %+v", newest, first)
	}
	if *first.IP() != "192.0.2.7" || *first.UserAgent() != "Firefox/140" || !first.CreatedAt.Equal(b.clock.now()) {
		t.Errorf("%+v", first)
	}
	if n := b.count(t, "SELECT COUNT(*) FROM session WHERE origin LIKE '%192.0.2.7%' OR data LIKE '%192.0.2.7%'"); n != 0 {
		t.Error("an address is stored in plain")
	}
	if err := b.signin.RevokeSession(t.Context(), actor, elsewhere.Session); err != nil {
		t.Fatal(err)
	}
	if there.use(t) || !here.use(t) {
		t.Error("the wrong session ended")
	}
	wantKind(t, b.signin.RevokeSession(t.Context(), actor, elsewhere.Session), fault.NotFound)
	if got := b.reasons(t, ledger.AuthSessionRevoked); !slices.Equal(got, []string{"ended_by_owner"}) {
		t.Errorf("the reasons are %v", got)
	}
}

func TestWhoTakesOutHisDataGetsHisSessionsAndNobodyElses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner := b.account(t, "anna", "member")
	b.account(t, "bruno", "member")
	_, first := b.mustSignIn(t, "anna")
	_, _ = b.mustSignIn(t, "bruno")
	_, second := b.mustSignIn(t, "anna")
	var got []id.ID
	err := b.signin.EachSession(t.Context(), []id.ID{owner.Person}, func(one *signin.Session) error {
		if got = append(got, one.ID); *one.IP() != "192.0.2.7" || one.Account != owner.ID {
			t.Errorf("%+v", one)
		}
		return nil
	})
	if err != nil || !slices.Equal(got, []id.ID{first.Session, second.Session}) {
		t.Errorf("%v %v, want %v and %v", got, err, first.Session, second.Session)
	}
}

func TestSignOutEverywhereLeavesTheSessionThatAsks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "member")
	here, actor := b.mustSignIn(t, "anna")
	others := []*browser{}
	for range 3 {
		w, _ := b.mustSignIn(t, "anna")
		others = append(others, w)
	}
	if ended, err := b.signin.EndSessions(t.Context(), actor, id.ID{}); err != nil || ended != 3 {
		t.Fatal(ended, err)
	}
	for _, w := range others {
		if w.use(t) {
			t.Error("another session goes on")
		}
	}
	if !here.use(t) {
		t.Error("this session ended")
	}
}

func TestOnlyAdminsSeeAndEndSessionsOfOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, "anna", "admin")
	b.account(t, "marta", "manager", "auditor")
	janis := b.account(t, "janis", "member")
	_, admin := b.mustSignIn(t, "anna")
	_, other := b.mustSignIn(t, "marta")
	w, owner := b.mustSignIn(t, "janis")
	_, err := b.signin.ListSessions(t.Context(), other, janis.ID, page.Request{})
	wantKind(t, err, fault.Forbidden)
	_, err = b.signin.EndSessions(t.Context(), other, janis.ID)
	wantKind(t, err, fault.Forbidden)
	wantKind(t, b.signin.RevokeSession(t.Context(), other, owner.Session), fault.NotFound)
	_, err = b.signin.ListSessions(t.Context(), admin, id.New(), page.Request{})
	wantKind(t, err, fault.NotFound)
	if p, err := b.signin.ListSessions(t.Context(), admin, janis.ID, page.Request{}); err != nil || len(p.Items) != 1 {
		t.Fatal(p, err)
	}
	if ended, err := b.signin.EndSessions(t.Context(), admin, janis.ID); err != nil || ended != 1 || w.use(t) {
		t.Error(ended, err)
	}
	if got := b.reasons(t, ledger.AuthSessionRevoked); !slices.Equal(got, []string{"ended_by_admin"}) {
		t.Errorf("the reasons are %v", got)
	}
}
