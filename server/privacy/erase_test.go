package privacy_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/seal"
)

type bed struct {
	*graphtest.Seeded
	t          *testing.T
	asks, says *access.Actor
	leaver     *people.Person
}

func open(t *testing.T) *bed {
	t.Helper()
	b := &bed{Seeded: graphtest.Seed(t), t: t}
	b.asks = b.admin("Ada Admin", "ada")
	b.says = b.admin("Berta Admin", "berta")
	var err error
	b.leaver, err = b.People.Create(t.Context(), access.System(), people.CreateInput{
		Name: "Zigurds Planted", Email: "zigurds@planted.example", Badge: "B-77", EmployeeNumber: "E-77",
		ExternalNames: []people.ExternalName{{Source: "erp", Name: "zplanted"}},
	})
	check(t, err)
	b.Account(b.leaver, "zigurds", "member")
	return b
}

// admin adds an admin who has just signed in.
func (b *bed) admin(name, username string) *access.Actor {
	p := b.Person(name, "")
	b.Account(p, username, "admin")
	b.Server.As(username)
	var session id.ID
	check(b.t, b.DB.Get(b.t.Context(), &session, "SELECT id FROM session WHERE account = ?", b.Accounts[username]))
	return &access.Actor{Person: p.ID, Account: b.Accounts[username], Session: session, Roles: []string{"admin"}, Source: ledger.SourceKeytrail}
}

func (b *bed) ask() *privacy.Request {
	b.t.Helper()
	asked, err := b.Privacy.AskErasure(b.t.Context(), b.asks, privacy.AskInput{Person: b.leaver.ID, Reason: "he left"})
	check(b.t, err)
	return asked
}

func (b *bed) erase() *privacy.Request {
	b.t.Helper()
	decided, err := b.Privacy.Decide(b.t.Context(), b.says, privacy.DecideInput{Request: b.ask().ID, Approve: true})
	check(b.t, err)
	return decided
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) *fault.Error {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	return f
}

func TestAPersonIsErasedOnceASecondPersonApproves(t *testing.T) {
	t.Parallel()
	b := open(t)
	his := b.Server.As("zigurds")
	decided := b.erase()
	if decided.State != privacy.Erasing || decided.Reason != nil {
		t.Errorf("%+v", decided)
	}
	if p, ok := b.People.Find(b.leaver.ID); !ok || !p.Erased || p.Name != "" || !p.Department.IsZero() {
		t.Errorf("he is still %+v", p)
	}
	if got := his.Do(t, "{ viewer { person { name } } }", nil); string(got.Text) != `{"data":{"viewer":null}}` {
		t.Errorf("his session goes on: %s", got.Text)
	}
	for table, where := range map[string]string{
		"account": "person = ?", "role_member": "person = ?", "person_unique": "person = ?", "person": "id = ? AND profile <> ''",
	} {
		if n := b.Count("SELECT COUNT(*) FROM "+table+" WHERE "+where, b.leaver.ID); n != 0 {
			t.Errorf("%d rows of %s are his", n, table)
		}
	}
	before, err := os.ReadFile(b.MasterPath)
	check(t, err)
	if n, err := b.Privacy.Finish(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d were completed, %v", n, err)
	}
	if n, err := b.Privacy.Finish(t.Context()); err != nil || n != 0 {
		t.Errorf("%d were completed again, %v", n, err)
	}
	if after, err := os.ReadFile(b.MasterPath); err != nil || slices.Equal(before, after) {
		t.Errorf("the master key is the old one: %v", err)
	}
	found, err := b.Privacy.List(t.Context(), b.asks, privacy.Filter{States: []privacy.State{privacy.Erased}}, page.Request{})
	check(t, err)
	if len(found.Items) != 1 || found.Items[0].CompletedAt == nil || found.Items[0].Reason != nil || found.Items[0].MayDecide {
		t.Errorf("%+v", found.Items)
	}
	for _, action := range []string{
		ledger.PrivacyErasureAsked, ledger.PrivacyErasureApproved, ledger.PrivacyErasureCompleted, ledger.PrivacyKeyDestroyed,
		ledger.AccessAccountDisabled, ledger.SystemMasterKeyRotated,
	} {
		if n := len(b.Entries(action)); n != 1 {
			t.Errorf("%s is on record %d times", action, n)
		}
	}
	b.everythingVerifies()
}

func (b *bed) everythingVerifies() {
	b.t.Helper()
	verifier, err := note.NewVerifier(b.Ledger.VerifierKey())
	check(b.t, err)
	report, err := verify.Run(b.t.Context(), verify.NewStore(b.DB), verify.Options{Verifier: verifier})
	check(b.t, err)
	if !report.OK() {
		b.t.Errorf("%+v", report.Findings)
	}
}

func TestWhatElseWasAskedOfOneWhoWasMergedIsDecidedWithIt(t *testing.T) {
	t.Parallel()
	b := open(t)
	twin := b.Person("Z. Planted", "")
	first := b.ask()
	second, err := b.Privacy.AskErasure(t.Context(), b.asks, privacy.AskInput{Person: twin.ID, Reason: "he left"})
	check(t, err)
	_, err = b.Signin.MergePersons(t.Context(), access.System(), people.MergeInput{From: twin.ID, Into: b.leaver.ID, Reason: "the same badge"})
	check(t, err)
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: first.ID, Approve: true})
	check(t, err)
	_, err = b.Privacy.Finish(t.Context())
	check(t, err)
	listed, err := b.Privacy.List(t.Context(), b.says, privacy.Filter{States: []privacy.State{privacy.Erased}}, page.Request{})
	check(t, err)
	if len(listed.Items) != 2 || listed.Items[0].ID != second.ID || listed.Items[0].DecidedByID != b.says.Person {
		t.Errorf("%d of 2 requests are complete: %+v", len(listed.Items), listed.Items)
	}
}

func TestNobodyDecidesWhatHeAskedForHimselfOrWhatIsAboutHim(t *testing.T) {
	t.Parallel()
	b := open(t)
	asked := b.ask()
	for _, approve := range []bool{true, false} {
		_, err := b.Privacy.Decide(t.Context(), b.asks, privacy.DecideInput{Request: asked.ID, Approve: approve})
		wantKind(t, err, fault.Forbidden)
	}
	about, err := b.Privacy.AskErasure(t.Context(), b.asks, privacy.AskInput{Person: b.says.Person, Reason: "he left"})
	check(t, err)
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: about.ID, Approve: true})
	wantKind(t, err, fault.Forbidden)
	if p, ok := b.People.Find(b.leaver.ID); !ok || p.Erased {
		t.Error("he was erased all the same")
	}
}

func TestWhoMayNotManagePrivacyNeitherAsksNorDecidesNorSees(t *testing.T) {
	t.Parallel()
	b := open(t)
	asked := b.ask()
	member := &access.Actor{Person: b.leaver.ID, Roles: []string{"custodian", "auditor", "manager"}, Source: ledger.SourceKeytrail}
	_, err := b.Privacy.AskErasure(t.Context(), member, privacy.AskInput{Person: b.leaver.ID, Reason: "please"})
	wantKind(t, err, fault.Forbidden)
	_, err = b.Privacy.Decide(t.Context(), member, privacy.DecideInput{Request: asked.ID})
	wantKind(t, err, fault.Forbidden)
	_, err = b.Privacy.List(t.Context(), member, privacy.Filter{}, page.Request{})
	wantKind(t, err, fault.Forbidden)
}

func TestApprovalNeedsAPasswordEnteredLately(t *testing.T) {
	t.Parallel()
	b := open(t)
	asked := b.ask()
	b.Clock.Advance(11 * time.Minute)
	_, err := b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Approve: true})
	if f := wantKind(t, err, fault.Forbidden); f.Data["required"] != "confirmPassword" {
		t.Errorf("%+v", f)
	}
}

func TestARefusalKeepsThePersonAndLetsItBeAskedAgain(t *testing.T) {
	t.Parallel()
	b := open(t)
	asked := b.ask()
	_, err := b.Privacy.AskErasure(t.Context(), b.says, privacy.AskInput{Person: b.leaver.ID, Reason: "again"})
	wantKind(t, err, fault.Conflict)
	refused, err := b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Note: "he came back"})
	check(t, err)
	if refused.State != privacy.Refused || refused.Note == nil || *refused.Note != "he came back" || *refused.Reason != "he left" {
		t.Errorf("%+v", refused)
	}
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Approve: true})
	wantKind(t, err, fault.Conflict)
	b.ask()
}

func TestWhateverBindsAPersonKeepsHimFromBeingErased(t *testing.T) {
	t.Parallel()
	b := open(t)
	desk := b.Custodian()
	key := b.Key("77")
	obstacles := func(err error) []string {
		t.Helper()
		return wantKind(t, err, fault.Conflict).Data["obstacles"].([]string)
	}
	tryTo := func() error {
		_, err := b.Privacy.AskErasure(t.Context(), b.asks, privacy.AskInput{Person: b.leaver.ID, Reason: "he left"})
		return err
	}
	from := b.Clock.Now().Add(time.Hour)
	_, err := b.Custody.Reserve(t.Context(), desk, custody.ReserveInput{Keys: custodytest.IDs(key), Holder: b.leaver.ID, From: from, To: from.Add(time.Hour)})
	check(t, err)
	if got := obstacles(tryTo()); !slices.Equal(got, []string{"RESERVATIONS"}) {
		t.Errorf("reserved: %v", got)
	}
	b.Clock.Advance(3 * time.Hour)
	b.Server.As("ada")
	asked := b.ask()
	b.Issue(desk, b.leaver, key)
	check(t, b.freshPassword())
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Approve: true})
	if got := obstacles(err); !slices.Equal(got, []string{"HOLDS_KEYS"}) {
		t.Errorf("holding: %v", got)
	}
	b.Return(desk, key)
	held := true
	b.Privacy.Held = func(context.Context, mysql.Querier, id.ID) (bool, error) { return held, nil }
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Approve: true})
	if got := obstacles(err); !slices.Equal(got, []string{"LEGAL_HOLD"}) {
		t.Errorf("held: %v", got)
	}
	held = false
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: asked.ID, Approve: true})
	check(t, err)
	_, err = b.Custody.Issue(t.Context(), desk, custody.IssueInput{Keys: custodytest.IDs(key), Holder: b.leaver.ID})
	if err == nil {
		t.Error("an erased person was given a key")
	}
}

// freshPassword marks the deciding session as if its password was entered now.
func (b *bed) freshPassword() error {
	_, err := b.DB.Exec(b.t.Context(), "UPDATE session SET confirmed_at = ? WHERE id = ?", b.Clock.Now(), b.says.Session)
	return err
}

func TestRootAndTheLastAdminCannotBeErased(t *testing.T) {
	t.Parallel()
	b := open(t)
	_, _, err := b.Signin.EnsureRoot(t.Context(), "a long root password")
	check(t, err)
	_, err = b.DB.Exec(t.Context(), "INSERT INTO role_member (role, person) VALUES ('root', ?)", b.leaver.ID)
	check(t, err)
	_, err = b.Privacy.Decide(t.Context(), b.says, privacy.DecideInput{Request: b.ask().ID, Approve: true})
	wantKind(t, err, fault.Conflict)
}

func TestWhoIsErasedAgainInWhatWasRestoredMayHaveBeenRootThen(t *testing.T) {
	t.Parallel()
	b := open(t)
	_, err := b.DB.Exec(t.Context(), "INSERT INTO role_member (role, person) VALUES ('root', ?)", b.leaver.ID)
	check(t, err)
	n, err := b.Privacy.Replay(t.Context(), []seal.Subject{seal.Person(b.leaver.ID)})
	check(t, err)
	if p, _ := b.People.Find(b.leaver.ID); n != 1 || !p.Erased {
		t.Errorf("%d were erased again, and he is %+v", n, p)
	}
}

func TestAnErasedPersonIsNotMadeAnewByWhatProgramsStillReport(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.erase()
	met, err := b.People.Meet(t.Context(), access.System(), []people.Stranger{{External: people.ExternalName{Source: "erp", Name: "zplanted"}, Name: "Zigurds Planted"}})
	check(t, err)
	if !met[0].IsZero() {
		t.Error("he is somebody again")
	}
	if _, err := b.People.Create(t.Context(), access.System(), people.CreateInput{Name: "Successor", Badge: "B-77", EmployeeNumber: "E-77"}); err != nil {
		t.Errorf("his badge is not free: %v", err)
	}
}

func TestOneAlertTellsOfARequestAndNamesNobody(t *testing.T) {
	t.Parallel()
	b := open(t)
	ctx, leave := context.WithTimeout(t.Context(), 30*time.Second)
	defer leave()
	told, follows := make(chan struct{}), make(chan struct{}, 1)
	go func() {
		_ = b.Alerts.Follow(ctx, b.says, func(context.Context, bool) (*access.Actor, error) {
			select {
			case follows <- struct{}{}:
			default:
			}
			return b.says, nil
		}, func(a *alerts.Alert) bool {
			if a.Rule == alerts.ErasureAsked {
				close(told)
			}
			return a.Rule != alerts.ErasureAsked
		})
	}()
	b.RunAlerts()
	<-follows
	asked := b.ask()
	select {
	case <-told:
	case <-ctx.Done():
		t.Fatalf("nobody was told of %v", asked.ID)
	}
	if n := b.Count("SELECT COUNT(*) FROM alert WHERE rule = 'erasure_requested' AND person IS NULL AND department IS NULL"); n != 1 {
		t.Errorf("%d alerts", n)
	}
}
