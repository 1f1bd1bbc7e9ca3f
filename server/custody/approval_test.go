package custody_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// vault is a fixture with a key that a second person has to approve.
type vault struct {
	*custodytest.Fixture
	t           *testing.T
	desk, other *access.Actor
	janis, anna *people.Person
	key         *custody.Key
}

func openVault(t *testing.T) *vault {
	f := custodytest.Open(t)
	return &vault{
		Fixture: f, t: t, desk: f.Granted(f.Custodian()), other: f.Actor(f.Person("Olga Otrā", ""), "custodian"),
		janis: f.Person("Jānis Bērziņš", "Facilities"), anna: f.Person("Anna Kalniņa", "Security"),
		key: f.KeyOf(custody.CreateKeyInput{Number: "V-1", ApprovalRequired: true}),
	}
}

// asked asks for an issue that has to wait.
func (v *vault) asked(in custody.IssueInput) *custody.Approval {
	v.t.Helper()
	if in.Keys == nil {
		in.Keys = custodytest.IDs(v.key)
	}
	if in.Holder.IsZero() {
		in.Holder = v.janis.ID
	}
	made := must[*custody.Movement](v.t)(v.Custody.Issue(v.t.Context(), v.desk, in))
	if len(made.Loans) != 0 || len(made.Approvals) != 1 || len(made.Entries) != len(in.Keys) {
		v.t.Fatalf("%+v", made)
	}
	return made.Approvals[0]
}

func (v *vault) decide(by *access.Actor, a *custody.Approval, approve bool) (*custody.Movement, error) {
	return v.Custody.Decide(v.t.Context(), by, custody.DecideInput{Approval: a.ID, Approve: approve, Note: "Seen his badge"})
}

func TestAMarkedKeyIsIssuedOnceASecondPersonApproves(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	plain, due := v.Key("1"), hours(v.Fixture, 4)
	a := v.asked(custody.IssueInput{Keys: custodytest.IDs(plain, v.key), DueAt: &due, Comment: "Audit"})
	if a.State != custody.ApprovalPending || a.MayDecide || stateOf(t, v.Fixture, plain) != custody.Available || !a.ExpiresAt.Equal(a.RequestedAt.Add(24*time.Hour)) {
		t.Fatalf("%+v", a)
	}
	asked := v.Entries(ledger.KeyApprovalRequested)
	if len(asked) != 2 || asked[1].Person != v.janis.ID || asked[1].Ref(custody.RefApproval) != a.ID.String() || strings.Contains(string(asked[1].Raw), "Audit") {
		t.Fatalf("%+v", asked)
	}
	v.Clock.Advance(time.Hour)
	made := must[*custody.Movement](t)(v.decide(v.other, a, true))
	done := made.Approvals[0]
	if done.State != custody.ApprovalApproved || done.DecidedByID != v.other.Person || done.Note == nil || *done.Note != "Seen his badge" || done.Comment == nil || *done.Comment != "Audit" {
		t.Fatalf("%+v", done)
	}
	if len(made.Loans) != 2 || !cmp.Equal(done.LoanIDs, []id.ID{made.Loans[0].ID, made.Loans[1].ID}) || made.Loans[0].KeyID != plain.ID || !made.Loans[1].DueAt.Equal(due) {
		t.Fatalf("%+v", made.Loans)
	}
	for _, e := range v.Entries(ledger.KeyIssued) {
		var comment string
		_, err := v.Ledger.Unseal(t.Context(), &e, ledger.FieldComment, &comment)
		if e.ActorID() != v.desk.Person || e.Ref(custody.RefApprover) != v.other.Person.String() || e.Ref(custody.RefApproval) != a.ID.String() || comment != "Audit" || err != nil {
			t.Errorf("%+v %q %v", e.Body, comment, err)
		}
	}
	granted := v.Entries(ledger.KeyApprovalGranted)
	if len(granted) != 2 || granted[0].ActorID() != v.other.Person || stateOf(t, v.Fixture, v.key) != custody.Issued {
		t.Fatalf("%+v", granted)
	}
	if _, err := v.decide(v.other, a, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("decided twice: %v", err)
	}
}

func TestNobodyApprovesHisOwn(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	holder := v.Actor(v.janis, "custodian")
	a := v.asked(custody.IssueInput{})
	for name, by := range map[string]*access.Actor{"who asked": v.desk, "who is to hold it": holder} {
		if _, err := v.decide(by, a, true); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := v.decide(by, a, false); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s refuses: %v", name, err)
		}
	}
	if denied := v.Entries(ledger.AccessDenied); len(denied) != 2 || denied[0].Details["reason"] != "own_request" {
		t.Errorf("%+v", denied)
	}
	if stateOf(t, v.Fixture, v.key) != custody.Available {
		t.Error("it was issued")
	}
	if _, err := v.decide(v.Actor(v.anna, "member"), a, true); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a member: %v", err)
	}
	stranger, own := v.Actor(v.anna, "manager"), v.Actor(v.Person("Māra Liepa", "Facilities"), "manager")
	if _, err := v.decide(stranger, a, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a manager of another department: %v", err)
	}
	must[*custody.Movement](t)(v.decide(own, a, true))
}

func TestEverythingIsCheckedAgainAtTheDecision(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	due := hours(v.Fixture, 2)
	a := v.asked(custody.IssueInput{DueAt: &due})
	r := reserved(t, v.Fixture, v.other, v.anna, v.key, 1, 2)
	if _, err := v.decide(v.other, a, true); detail(t, err, fault.Conflict, "required") != nil {
		t.Errorf("an override is asked for that nobody can give: %v", err)
	}
	must[*custody.ReservationChange](t)(v.Custody.CancelReservation(t.Context(), v.other, custody.CancelReservationInput{Reservation: r.ID}))
	must[*custody.KeyGroup](t)(v.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{
		Name: "Vault", Keys: custodytest.IDs(v.key), Takers: &[]custody.Taker{{PersonID: v.anna.ID}},
	}))
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("who may not take it any more: %v", err)
	}
	must[*custody.KeyGroup](t)(v.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{Name: "Second", Keys: custodytest.IDs(v.key), Takers: &[]custody.Taker{{PersonID: v.janis.ID}}}))
	if _, err := v.decide(v.other, v.asked(custody.IssueInput{}), true); err != nil {
		t.Fatal(err)
	}
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key that is out: %v", err)
	}
	v.Return(v.desk, v.key)
	v.Clock.Advance(3 * time.Hour)
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.BadInput) {
		t.Errorf("a due time that passed: %v", err)
	}
	must[*custody.Movement](t)(v.decide(v.other, a, false))
	if waiting := must[*custody.Approval](t)(v.Custody.Approval(t.Context(), v.desk, a.ID)); waiting.State != custody.ApprovalRefused {
		t.Errorf("%+v", waiting)
	}
}

func TestNothingIsIssuedForWhoeverMayNotIssueAnyMore(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	a := v.asked(custody.IssueInput{})
	v.desk.Roles = []string{"member"}
	v.Granted(v.desk)
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("he lost the right to issue keys: %v", err)
	}
	if stateOf(t, v.Fixture, v.key) != custody.Available {
		t.Error("it was issued")
	}
	v.desk.Roles = []string{"manager"} // of no department
	v.Granted(v.desk)
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("his right does not reach the holder: %v", err)
	}
	v.desk.Roles = []string{"custodian"}
	v.Granted(v.desk)
	must[*custody.Movement](t)(v.decide(v.other, a, true))
}

func TestNobodyOverridesRulesWithARightThatHeLost(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	admin := v.Granted(v.Actor(v.Person("Ādams Kļava", ""), "admin"))
	must[*custody.KeyGroup](t)(v.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{
		Name: "Vault", Keys: custodytest.IDs(v.key), Takers: &[]custody.Taker{{PersonID: v.anna.ID}},
	}))
	made := must[*custody.Movement](t)(v.Custody.Issue(t.Context(), admin, custody.IssueInput{Keys: custodytest.IDs(v.key), Holder: v.janis.ID, OverrideReason: "Leak"}))
	admin.Roles = []string{"custodian"}
	v.Granted(admin)
	if _, err := v.decide(v.other, made.Approvals[0], true); !fault.Is(err, fault.Conflict) {
		t.Errorf("he may issue keys, but not against the rules of their groups: %v", err)
	}
	admin.Roles = []string{"admin"}
	v.Granted(admin)
	must[*custody.Movement](t)(v.decide(v.other, made.Approvals[0], true))
}

func TestAnApprovalExpiresOrIsTakenBack(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	a := v.asked(custody.IssueInput{})
	if _, err := v.Custody.CancelApproval(t.Context(), v.other, a.ID, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else takes it back: %v", err)
	}
	back := must[*custody.Movement](t)(v.Custody.CancelApproval(t.Context(), v.desk, a.ID, "c"))
	again := must[*custody.Movement](t)(v.Custody.CancelApproval(t.Context(), v.desk, a.ID, "c"))
	if back.Approvals[0].State != custody.ApprovalCancelled || again.Approvals[0].State != custody.ApprovalCancelled || len(v.Entries(ledger.KeyApprovalCancelled)) != 1 {
		t.Errorf("%+v", back.Approvals[0])
	}
	if _, err := v.decide(v.other, a, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("it is decided all the same: %v", err)
	}
	late := v.asked(custody.IssueInput{})
	v.Clock.Advance(24 * time.Hour)
	if _, err := v.decide(v.other, late, true); !fault.Is(err, fault.Conflict) {
		t.Errorf("it is decided after a day: %v", err)
	}
	expired := must[page.Page[*custody.Approval]](t)(v.Custody.Approvals(t.Context(), v.other, custody.ApprovalFilter{States: []custody.ApprovalState{custody.ApprovalExpired}}, page.Request{}))
	if len(expired.Items) != 1 || expired.Items[0].ID != late.ID || expired.Items[0].MayDecide {
		t.Errorf("%+v", expired.Items)
	}
}

func TestTheListOfApprovalsSaysWhichOneMayDecide(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	first := v.asked(custody.IssueInput{Comment: "Audit"})
	v.Clock.Advance(time.Minute)
	second := v.asked(custody.IssueInput{Holder: v.anna.ID})
	yes, no := true, false
	for name, c := range map[string]struct {
		by     *access.Actor
		filter custody.ApprovalFilter
		want   []id.ID
	}{
		"a custodian":                      {v.other, custody.ApprovalFilter{}, []id.ID{second.ID, first.ID}},
		"what he may decide":               {v.other, custody.ApprovalFilter{MayDecide: &yes}, []id.ID{second.ID, first.ID}},
		"what who asked may decide":        {v.desk, custody.ApprovalFilter{MayDecide: &yes}, nil},
		"and what not":                     {v.desk, custody.ApprovalFilter{MayDecide: &no}, []id.ID{second.ID, first.ID}},
		"by holder":                        {v.other, custody.ApprovalFilter{Holder: v.anna.ID}, []id.ID{second.ID}},
		"by key":                           {v.other, custody.ApprovalFilter{Key: v.key.ID}, []id.ID{second.ID, first.ID}},
		"by another key":                   {v.other, custody.ApprovalFilter{Key: id.New()}, nil},
		"a member, about himself":          {v.Actor(v.janis, "member"), custody.ApprovalFilter{}, []id.ID{first.ID}},
		"and may decide none":              {v.Actor(v.janis, "member"), custody.ApprovalFilter{MayDecide: &yes}, nil},
		"a manager of the department":      {v.Actor(v.Person("Māra Liepa", "Facilities"), "manager"), custody.ApprovalFilter{MayDecide: &yes}, []id.ID{first.ID}},
		"keytrail itself":                  {access.System(), custody.ApprovalFilter{MayDecide: &yes}, []id.ID{second.ID, first.ID}},
		"in a state that none is":          {v.other, custody.ApprovalFilter{States: []custody.ApprovalState{custody.ApprovalRefused}}, nil},
		"in one of two states, given once": {v.other, custody.ApprovalFilter{States: []custody.ApprovalState{custody.ApprovalPending, custody.ApprovalExpired}}, []id.ID{second.ID, first.ID}},
	} {
		found := must[page.Page[*custody.Approval]](t)(v.Custody.Approvals(t.Context(), c.by, c.filter, page.Request{}))
		var got []id.ID
		for _, a := range found.Items {
			got = append(got, a.ID)
			if c.filter.MayDecide != nil && a.MayDecide != *c.filter.MayDecide {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	one := 1
	newest := must[page.Page[*custody.Approval]](t)(v.Custody.Approvals(t.Context(), v.other, custody.ApprovalFilter{}, page.Request{First: &one}))
	next := must[page.Page[*custody.Approval]](t)(v.Custody.Approvals(t.Context(), v.other, custody.ApprovalFilter{}, page.Request{First: &one, After: newest.Info.EndCursor}))
	if len(next.Items) != 1 || next.Items[0].ID != first.ID || next.Info.HasNextPage || next.Items[0].Comment == nil || *next.Items[0].Comment != "Audit" {
		t.Errorf("%+v", next)
	}
	if _, err := v.Custody.Issue(t.Context(), v.desk, custody.IssueInput{
		Keys: custodytest.IDs(v.key), Holder: v.janis.ID, OccurredAt: ptr(v.Clock.Now().Add(-time.Hour)), Reason: "paper",
	}); !fault.Is(err, fault.BadInput) {
		t.Errorf("recorded afterwards: %v", err)
	}
}

func TestADecisionThatIsRepeatedDecidesOnce(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	in := custody.IssueInput{Keys: custodytest.IDs(v.key), Holder: v.janis.ID, IdempotencyKey: "i"}
	a := v.asked(in)
	if again := v.asked(in); again.ID != a.ID || len(v.Entries(ledger.KeyApprovalRequested)) != 1 {
		t.Fatalf("%+v", again)
	}
	decide := custody.DecideInput{Approval: a.ID, Approve: true, IdempotencyKey: "d"}
	first := must[*custody.Movement](t)(v.Custody.Decide(t.Context(), v.other, decide))
	again := must[*custody.Movement](t)(v.Custody.Decide(t.Context(), v.other, decide))
	if diff := cmp.Diff(first.Loans, again.Loans); diff != "" || len(again.Entries) != 2 || again.Approvals[0].State != custody.ApprovalApproved {
		t.Fatal(diff)
	}
}

func TestAnApprovalFeedTellsThoseWhoMayDecide(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	told := make(chan *custody.Approval)
	ended := make(chan error, 1)
	ready := make(chan struct{}, 1)
	recheck := func(actor *access.Actor) feeds.Recheck {
		return func(ctx context.Context, _ bool) (*access.Actor, error) {
			select {
			case ready <- struct{}{}:
			default:
			}
			return actor, ctx.Err()
		}
	}
	manager := v.Actor(v.Person("Māra Liepa", "Facilities"), "manager")
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		ended <- v.Custody.FollowApprovals(ctx, manager, recheck(manager), func(a *custody.Approval) bool {
			select {
			case told <- a:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	<-ready // it follows
	v.asked(custody.IssueInput{Holder: v.anna.ID})
	a := v.asked(custody.IssueInput{})
	if got := <-told; got.ID != a.ID || got.State != custody.ApprovalPending || !got.MayDecide {
		t.Errorf("%+v", got)
	}
	must[*custody.Movement](t)(v.decide(v.other, a, false))
	if got := <-told; got.ID != a.ID || got.State != custody.ApprovalRefused || got.MayDecide {
		t.Errorf("%+v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := v.Custody.FollowApprovals(t.Context(), v.Actor(v.anna, "member"), recheck(nil), nil); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestAnApprovalWhoseDueTimeHasPassedSaysSoAndWaits(t *testing.T) {
	t.Parallel()
	v := openVault(t)
	due := hours(v.Fixture, 1)
	a := v.asked(custody.IssueInput{DueAt: &due})
	v.Clock.Advance(time.Hour)
	_, err := v.decide(v.other, a, true)
	if found, ok := fault.As(err); !ok || found.Kind != fault.BadInput || found.Field != "" || strings.Contains(found.Message, "dueAt") {
		t.Fatalf("who decides chose no due time: %v", err)
	}
	must[*custody.Movement](t)(v.decide(v.other, a, false))
}
