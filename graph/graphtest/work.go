package graphtest

import (
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/workhours"
)

// SeedWork has janis work since three hours ago and still, marta from five to two hours ago, and a guest whom nobody knows.
// The program "till" calls them LAB\janis, LAB\marta and LAB\guest.
func (s *Seeded) SeedWork() {
	s.t.Helper()
	for _, name := range []string{"janis", "marta"} {
		names := []people.ExternalName{{Source: "till", Name: `LAB\` + name}, {Source: workhours.SourceWorkstation, Name: `LAB\` + name}}
		_, err := s.People.Update(s.t.Context(), access.System(), people.UpdateInput{ID: s.IDs[name], ExternalNames: &names})
		check(s.t, err)
	}
	at := func(before time.Duration) *time.Time { moment := s.Clock.Now().Add(-before); return &moment }
	program := &access.Actor{Token: id.New(), Roles: []string{access.RoleIntegrator}, Source: "till"}
	_, err := s.Work.Report(s.t.Context(), program, []*workhours.ReportInput{
		{User: `LAB\janis`, State: workhours.Working, At: at(3 * time.Hour), Workstation: "LAB-1"},
		{User: `LAB\marta`, State: workhours.Working, At: at(5 * time.Hour), Workstation: "LAB-2"},
		{User: `LAB\marta`, State: workhours.Stopped, At: at(2 * time.Hour), Workstation: "LAB-2"},
		{User: `LAB\guest`, State: workhours.Working, At: at(time.Hour), Workstation: "LAB-3"},
	}, false)
	check(s.t, err)
	_, err = s.Work.Process(s.t.Context(), nil, nil)
	check(s.t, err)
}
