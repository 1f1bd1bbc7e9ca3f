package graphtest

import (
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
)

// SeedBookings adds a key "vault" that needs an approval, a "ring" of keys, a "reservation" of key 101 for
// janis from two to four hours from now, and two approvals that the custodian asked for: "approval" of the vault for
// peteris, and "forJanis".
func (s *Seeded) SeedBookings() {
	s.t.Helper()
	kaspars, ok := s.People.Find(s.IDs["kaspars"])
	if !ok {
		s.t.Fatal("the custodian is gone")
	}
	desk := s.Actor(kaspars, "custodian")
	s.IDs["vault"] = s.KeyOf(custody.CreateKeyInput{Number: "V-1", Label: "Vault", Kind: custody.Master, ApprovalRequired: true}).ID
	s.IDs["r1"], s.IDs["r2"] = s.Key("R-1").ID, s.Key("R-2").ID
	ring, err := s.Custody.SaveRing(s.t.Context(), access.System(), custody.SaveRingInput{Name: "Cellar", Keys: []id.ID{s.IDs["r1"], s.IDs["r2"]}})
	check(s.t, err)
	s.IDs["ring"] = ring.ID
	kept, err := s.Custody.Reserve(s.t.Context(), desk, custody.ReserveInput{
		Keys: []id.ID{s.IDs["key101"]}, Holder: s.IDs["janis"], Comment: "Lesson",
		From: s.Clock.Now().Add(2 * time.Hour), To: s.Clock.Now().Add(4 * time.Hour),
	})
	check(s.t, err)
	s.IDs["reservation"] = kept.Reservations[0].ID
	s.IDs["approval"] = s.askFor(desk, "peteris")
	s.Clock.Advance(time.Second)
	s.IDs["forJanis"] = s.askFor(desk, "janis")
}

func (s *Seeded) askFor(desk *access.Actor, holder string) id.ID {
	s.t.Helper()
	made, err := s.Custody.Issue(s.t.Context(), desk, custody.IssueInput{Keys: []id.ID{s.IDs["vault"]}, Holder: s.IDs[holder], Comment: "Audit"})
	check(s.t, err)
	return made.Approvals[0].ID
}
