package graphtest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/tokens"
	"github.com/keytrail/keytrail/server/walls"
)

// Seeded is a server with a small organisation in it, and the names of its ids.
type Seeded struct {
	*Server
	// IDs maps names such as "key9" and "janis" to ids.
	IDs map[string]id.ID
}

// Seed runs a server with five accounts, one for each role, a newcomer, keys 9, 10, 11 and 101, a group, one
// returned loan and two open ones, of which one is overdue.
func Seed(t testing.TB) *Seeded {
	t.Helper()
	return SeedWith(t, Options{Limits: wire.DefaultLimits()})
}

// SeedWith is Seed with options.
func SeedWith(t testing.TB, o Options) *Seeded {
	t.Helper()
	s := &Seeded{Server: StartWith(t, o), IDs: map[string]id.ID{}}
	anna, kaspars := s.someone("anna", "Anna Kalniņa", "Office"), s.someone("kaspars", "Kaspars Ozols", "Office")
	marta, aivars := s.someone("marta", "Marta Liepa", "Laboratory"), s.someone("aivars", "Aivars Zars", "Office")
	janis, peteris := s.someone("janis", "Jānis Bērziņš", "Laboratory"), s.someone("peteris", "Pēteris Lācis", "Office")
	s.Account(anna, "admin", "admin")
	s.Account(kaspars, "custodian", "custodian")
	s.Account(marta, "manager", "manager")
	s.Account(aivars, "auditor", "auditor")
	s.Account(janis, "member", "member")
	s.newcomer()
	s.keysAndLoans(s.Actor(kaspars, "custodian"), janis, peteris)
	check(t, s.Ledger.IndexWords(t.Context()))
	return s
}

// SeedAlerts locks the account of a member and waits for the alert that this raises, "lockout". Then the clock raises one
// for the key that is overdue, "overdue".
func (s *Seeded) SeedAlerts() {
	s.t.Helper()
	stranger := s.Anonymous()
	for range 5 {
		stranger.Do(s.t, "mutation { signIn(input: {username: \"member\", password: \"not the password\"}) { viewer { roles } } }", nil)
	}
	s.RunAlerts()
	for start := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		found, _, err := s.Alerts.List(s.t.Context(), access.System(), alerts.Filter{}, page.Request{})
		check(s.t, err)
		if len(found.Items) == 1 {
			s.IDs["lockout"] = found.Items[0].ID
			break
		}
		if time.Since(start) > 30*time.Second {
			s.t.Fatal("no alert was raised")
		}
	}
	clock := alerts.NewClock(s.Alerts, s.Custody, alerts.ClockRules{Zone: time.UTC, EscalateAfter: time.Hour}, slog.New(slog.DiscardHandler))
	check(s.t, clock.Tick(s.t.Context(), s.Clock.Now()))
	found, _, err := s.Alerts.List(s.t.Context(), access.System(), alerts.Filter{Severities: []ledger.Severity{ledger.Notice}}, page.Request{})
	check(s.t, err)
	s.IDs["overdue"] = found.Items[0].ID
}

func (s *Seeded) someone(name, fullName, department string) *people.Person {
	p, err := s.People.Create(s.t.Context(), access.System(), people.CreateInput{
		Name: fullName, Department: department, EmployeeNumber: "E-" + name, Email: name + "@example.org", Badge: "B-" + name, Language: "lv",
	})
	check(s.t, err)
	s.IDs[name] = p.ID
	s.IDs["of "+department] = p.Department
	return p
}

// As gives the client of an account or of a token: "till" is an integrator's, "wall" a screen's and "display" that of a
// paired display. A token is made when somebody first asks with it, so that the record of all others stays as it is.
func (s *Seeded) As(name string) *Client {
	if name == "display" {
		return s.Holding(s.paired())
	}
	role, isToken := map[string]string{"till": access.RoleIntegrator, "wall": access.RoleScreen}[name]
	if !isToken {
		return s.Server.As(name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients[name] == nil {
		secret, token := s.NewToken(tokens.CreateInput{Name: name, Role: role})
		s.IDs[name] = token.ID
		s.clients[name] = s.Holding(secret)
	}
	return s.clients[name]
}

func (s *Seeded) newcomer() {
	p := s.Person("Nora Newcomer", "")
	s.IDs["nora"] = p.ID
	_, _, err := s.Signin.CreateAccount(s.t.Context(), access.System(), signin.CreateAccountInput{
		Person: p.ID, Username: "newcomer", Password: Password, Roles: []string{"admin"}, MustChange: true,
	})
	check(s.t, err)
}

func (s *Seeded) keysAndLoans(by *access.Actor, janis, peteris *people.Person) {
	keys := map[string]*custody.Key{}
	for _, number := range []string{"9", "10", "11", "101"} {
		keys[number] = s.KeyOf(custody.CreateKeyInput{Number: number, Label: "Room " + number, Building: "Main", Category: "Room"})
		s.IDs["key"+number] = keys[number].ID
	}
	s.IDs["laboratory"] = s.Group("Laboratory", keys["9"], keys["10"]).ID
	s.Issue(by, janis, keys["9"])
	s.Return(by, keys["9"])
	s.Clock.Advance(time.Second)
	soon := s.Clock.Now().Add(30 * time.Minute)
	_, err := s.Custody.Issue(s.t.Context(), by, custody.IssueInput{
		Keys: []id.ID{keys["10"].ID}, Holder: peteris.ID, DueAt: &soon, Comment: "Room 204 usage",
	})
	check(s.t, err)
	s.Clock.Advance(time.Hour)
	s.Issue(by, janis, keys["11"])
	s.Clock.Advance(time.Minute)
}

// paired gives the token of a display that was approved.
func (s *Seeded) paired() string {
	secret, pairing, err := s.Walls.Request(s.t.Context(), ledger.Origin{})
	check(s.t, err)
	_, err = s.Walls.Approve(s.t.Context(), access.System(), walls.ApproveInput{Code: pairing.Code, Name: "Lodge"})
	check(s.t, err)
	return secret
}
