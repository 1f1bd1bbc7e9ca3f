package custody_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

func (f *movements) offer(t *testing.T, by *access.Actor, keys ...*custody.Key) *custody.Handover {
	t.Helper()
	made := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), by, custody.HandOverInput{Keys: custodytest.IDs(keys...), To: f.marta.ID}))
	return made.Handovers[0]
}

func (f *movements) handover(t *testing.T, one id.ID) *custody.Handover {
	t.Helper()
	all := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), f.desk, custody.HandoverFilter{}, page.Request{}))
	for _, h := range all.Items {
		if h.ID == one {
			return h
		}
	}
	t.Fatal("the handover is not listed")
	return nil
}

func TestAnAcceptedHandoverEndsOneLoanAndBeginsTheNextAtOneInstant(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	due := f.Clock.Now().Add(time.Hour)
	old := f.issueUntil(t, f.key, &due)
	f.Clock.Advance(time.Minute)
	offered := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), f.Actor(f.janis, "member"),
		custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID, Comment: "For the night shift", IdempotencyKey: "h1"}))
	h := offered.Handovers[0]
	if h.State != custody.HandoverPending || h.FromID != f.janis.ID || h.ToID != f.marta.ID || f.state(t, f.key) != custody.Issued || !f.loan(t, old.ID).Open() {
		t.Fatalf("%+v", h)
	}
	at := f.Clock.Advance(time.Minute)
	in := custody.AcceptInput{Handover: h.ID, Accept: true, Note: "Thank you", IdempotencyKey: "a1"}
	made := must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), in))
	again := must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), f.Actor(f.marta, "member"), in))
	before, next := made.Loans[0], made.Loans[1]
	if before.ID != old.ID || *before.End != custody.EndHandedOver || !before.ReturnedAt.Equal(at) || !next.IssuedAt.Equal(at) || !next.Open() ||
		next.HolderID != f.marta.ID || next.Department != f.marta.Department || !next.DueAt.Equal(due) {
		t.Fatalf("%+v, then %+v", before, next)
	}
	if len(again.Loans) != 2 || again.Loans[1].ID != next.ID || again.Handovers[0].State != custody.HandoverAccepted || again.Handovers[0].NewLoanID != next.ID {
		t.Fatalf("%+v", again)
	}
	e := f.only(t, ledger.KeyHandedOver)
	if e.Person != f.marta.ID || e.Ref(custody.RefPreviousHolder) != f.janis.ID.String() || e.Ref(custody.RefPreviousLoan) != old.ID.String() ||
		f.name(t, e, ledger.FieldHolder) != f.marta.Name || f.name(t, e, custody.FieldPreviousHolder) != f.janis.Name || f.part(t, e, ledger.FieldComment) != "Thank you" {
		t.Fatalf("%s", e.Raw)
	}
	for _, e := range append(f.Entries(ledger.KeyHandedOver), f.Entries(ledger.KeyHandoverRequested)...) {
		if strings.Contains(string(e.Raw), "Jānis") || strings.Contains(string(e.Raw), "Marta") || strings.Contains(string(e.Raw), "shift") {
			t.Errorf("something personal stands in plain: %s", e.Raw)
		}
	}
}

func TestOnlyTheReceiverOrWhoHasHisBadgeAcceptsAndNeverTheGiver(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Issue(f.desk, f.janis, f.key)
	h := f.offer(t, f.Actor(f.janis, "member"), f.key)
	giving := f.Actor(f.janis, "custodian") // may issue keys, and is the giver all the same
	tokenOfReceiver := f.Actor(f.marta, "member")
	tokenOfReceiver.Token = id.New()
	accept := func(actor *access.Actor, badge string) error {
		_, err := f.Custody.AcceptHandover(t.Context(), actor, custody.AcceptInput{Handover: h.ID, Accept: true, Badge: badge})
		return err
	}
	for name, c := range map[string]struct {
		actor *access.Actor
		badge string
		want  fault.Kind
	}{
		"the giver":                    {f.Actor(f.janis, "member"), "", fault.Forbidden},
		"the giver, with the badge":    {giving, "00-442", fault.Forbidden},
		"a stranger":                   {f.Actor(f.Person("Zane Zīle", "Kitchen"), "member"), "00-442", fault.NotFound},
		"her manager, with the badge":  {f.Actor(f.Person("Nora Kļava", "Laboratory"), "manager"), "00-442", fault.Forbidden},
		"the desk, without a badge":    {f.desk, "", fault.BadInput},
		"the desk, with another badge": {f.desk, "00-443", fault.BadInput},
		"a program of hers":            {tokenOfReceiver, "", fault.Forbidden},
	} {
		if err := accept(c.actor, c.badge); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f.handover(t, h.ID).State != custody.HandoverPending {
		t.Fatal("a refusal decided")
	}
	var wrong []id.ID
	for _, e := range f.Entries(ledger.AccessDenied) {
		if e.Details["reason"] == "wrong_badge" {
			wrong = append(wrong, e.Person)
		}
	}
	if !slices.Equal(wrong, []id.ID{f.desk.Person}) {
		t.Errorf("wrong badges are on record for %v", wrong)
	}
	if err := accept(f.desk, " 00-442 "); err != nil {
		t.Fatal(err)
	}
	if err := accept(f.Actor(f.marta, "member"), ""); !fault.Is(err, fault.Conflict) {
		t.Fatalf("accepted twice: %v", err)
	}
}

func TestAHandoverEndsWhenItsKeyMovesOrNobodyAccepts(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	giver, receiver := f.Actor(f.janis, "member"), f.Actor(f.marta, "member")
	for name, c := range map[string]struct {
		do   func(h *custody.Handover)
		want custody.HandoverState
	}{
		"return": {func(*custody.Handover) { f.Return(f.desk, f.key) }, custody.HandoverCancelled},
		"loss": {func(*custody.Handover) {
			must[*custody.Report](t)(f.Custody.ReportLost(t.Context(), giver, custody.ReportInput{Key: f.key.ID}))
			must[*custody.Report](t)(f.Custody.ReportFound(t.Context(), f.desk, custody.ReportInput{Key: f.key.ID}))
		}, custody.HandoverCancelled},
		"another handover": {func(*custody.Handover) { f.offer(t, f.desk, f.key); f.Return(f.desk, f.key) }, custody.HandoverCancelled},
		"taken back": {func(h *custody.Handover) {
			must[*custody.Handovers](t)(f.Custody.CancelHandover(t.Context(), giver, custody.CancelInput{Handover: h.ID, Reason: "wrong person"}))
			f.Return(f.desk, f.key)
		}, custody.HandoverCancelled},
		"declined": {func(h *custody.Handover) {
			must[*custody.Handovers](t)(f.Custody.AcceptHandover(t.Context(), receiver, custody.AcceptInput{Handover: h.ID, Note: "not mine"}))
			f.Return(f.desk, f.key)
		}, custody.HandoverDeclined},
		"a day": {func(*custody.Handover) { f.Clock.Advance(custody.HandoverTime); f.Return(f.desk, f.key) }, custody.HandoverExpired},
	} {
		f.Issue(f.desk, f.janis, f.key)
		h := f.offer(t, giver, f.key)
		c.do(h)
		if got := f.handover(t, h.ID).State; got != c.want {
			t.Errorf("%s: %s", name, got)
		}
		if _, err := f.Custody.AcceptHandover(t.Context(), receiver, custody.AcceptInput{Handover: h.ID, Accept: true}); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: it could be accepted: %v", name, err)
		}
		if f.state(t, f.key) != custody.Available {
			t.Errorf("%s: the key is %s", name, f.state(t, f.key))
		}
	}
	if n := f.Count("SELECT COUNT(*) FROM key_handover WHERE pending_key IS NOT NULL"); n != 0 {
		t.Errorf("%d still wait", n)
	}
	returned := f.Entries(ledger.KeyReturned)
	named := 0
	for i := range returned {
		if returned[i].Ref("cancelledHandover") != "" {
			named++
		}
	}
	if named != 2 { // the plain return, and that of the second offer
		t.Errorf("%d returns name the handover that they ended", named)
	}
}

func TestAHandoverThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	due := f.Clock.Now().Add(time.Minute)
	f.issueUntil(t, f.key, &due)
	f.Clock.Advance(time.Hour)
	stranger := f.Actor(f.Person("Zane Zīle", "Kitchen"), "member")
	for name, c := range map[string]struct {
		actor *access.Actor
		in    custody.HandOverInput
		want  fault.Kind
	}{
		"no keys":            {f.desk, custody.HandOverInput{To: f.marta.ID}, fault.BadInput},
		"nobody":             {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.key)}, fault.BadInput},
		"an unknown person":  {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: id.New()}, fault.BadInput},
		"to the holder":      {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.janis.ID}, fault.BadInput},
		"a key that is in":   {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.other), To: f.marta.ID}, fault.Conflict},
		"an overdue key":     {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID}, fault.BadInput},
		"due in the past":    {f.desk, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID, DueAt: &due}, fault.BadInput},
		"not hers to give":   {stranger, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID}, fault.BadInput},
		"seen, but not hers": {f.Actor(f.Person("Māra Kļava", "Facilities"), "manager"), custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID}, fault.Forbidden},
	} {
		if _, err := f.Custody.HandOver(t.Context(), c.actor, c.in); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(f.Entries(ledger.KeyHandoverRequested)); n != 0 {
		t.Errorf("%d entries", n)
	}
}

func TestHandoversAreListedForThoseWhomTheyConcern(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.Issue(f.desk, f.janis, f.key, f.other)
	giver := f.Actor(f.janis, "member")
	h := f.offer(t, giver, f.key)
	f.Clock.Advance(time.Second)
	second := f.offer(t, f.desk, f.other)
	for name, c := range map[string]struct {
		actor  *access.Actor
		filter custody.HandoverFilter
		want   int
	}{
		"the desk":             {f.desk, custody.HandoverFilter{}, 2},
		"the giver":            {giver, custody.HandoverFilter{State: custody.HandoverPending}, 2},
		"the receiver":         {f.Actor(f.marta, "member"), custody.HandoverFilter{Person: f.janis.ID}, 2},
		"her manager":          {f.Actor(f.Person("Nora Kļava", "Laboratory"), "manager"), custody.HandoverFilter{Key: f.key.ID}, 1},
		"another manager":      {f.Actor(f.Person("Uldis Kļava", "Kitchen"), "manager"), custody.HandoverFilter{}, 0},
		"a stranger":           {f.Actor(f.Person("Zane Zīle", "Kitchen"), "member"), custody.HandoverFilter{}, 0},
		"those that are over":  {f.desk, custody.HandoverFilter{State: custody.HandoverExpired}, 0},
		"accepted":             {f.desk, custody.HandoverFilter{State: custody.HandoverAccepted}, 0},
		"of a third person":    {f.desk, custody.HandoverFilter{Person: f.desk.Person}, 0},
		"who asked for one":    {f.themselves(t, f.desk, "member"), custody.HandoverFilter{}, 1},
		"one page of the desk": {f.desk, custody.HandoverFilter{Person: f.marta.ID}, 2},
	} {
		found := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), c.actor, c.filter, page.Request{}))
		if len(found.Items) != c.want {
			t.Errorf("%s: %d", name, len(found.Items))
		}
	}
	newest := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), f.desk, custody.HandoverFilter{}, page.Request{First: ptr(1)}))
	rest := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), f.desk, custody.HandoverFilter{}, page.Request{After: newest.Info.EndCursor}))
	if newest.Items[0].ID != second.ID || len(rest.Items) != 1 || rest.Items[0].ID != h.ID || rest.Info.HasNextPage {
		t.Error("pages do not follow each other")
	}
	f.Clock.Advance(custody.HandoverTime)
	over := must[page.Page[*custody.Handover]](t)(f.Custody.Handovers(t.Context(), f.desk, custody.HandoverFilter{State: custody.HandoverExpired}, page.Request{}))
	waiting := must[map[id.ID]*custody.Handover](t)(f.Custody.PendingHandovers(t.Context(), custodytest.IDs(f.key, f.other)))
	if len(over.Items) != 2 || len(waiting) != 0 {
		t.Errorf("%d expired, %d wait", len(over.Items), len(waiting))
	}
}

func TestAHolderHandsAKeyOverByBadgeWithoutSeeingWhoHasIt(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	f.issueUntil(t, f.key, nil)
	receiver, badge := f.Person("Zane Zīle", ""), "B-77"
	must[*people.Person](t)(f.People.Update(t.Context(), access.System(), people.UpdateInput{ID: receiver.ID, Badge: &badge}))
	giver := f.Actor(f.janis, "member")
	made := must[*custody.Handovers](t)(f.Custody.HandOver(t.Context(), giver, custody.HandOverInput{Keys: custodytest.IDs(f.key), ToBadge: " b-77 "}))
	if made.Handovers[0].ToID != receiver.ID {
		t.Fatalf("%+v", made.Handovers[0])
	}
	stranger := f.Actor(f.Person("Juris Svešs", ""), "member")
	for name, c := range map[string]struct {
		by    *access.Actor
		in    custody.HandOverInput
		want  fault.Kind
		field string
	}{
		"of nobody":         {giver, custody.HandOverInput{ToBadge: "B-78"}, fault.Forbidden, "toBadge"},
		"a part of one":     {giver, custody.HandOverInput{ToBadge: "B-7"}, fault.Forbidden, "toBadge"},
		"and an id as well": {giver, custody.HandOverInput{ToBadge: "B-77", To: f.marta.ID}, fault.BadInput, ""},
		"not hers to give":  {stranger, custody.HandOverInput{ToBadge: "B-78"}, fault.BadInput, ""},
	} {
		c.in.Keys = custodytest.IDs(f.key)
		_, err := f.Custody.HandOver(t.Context(), c.by, c.in)
		if refused, ok := fault.As(err); !ok || refused.Kind != c.want || c.field != "" && refused.Data["field"] != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(f.Entries(ledger.AccessDenied)); n != 1 { // the second within the window is counted with the first
		t.Errorf("%d refusals of badges are on record", n)
	}
}
