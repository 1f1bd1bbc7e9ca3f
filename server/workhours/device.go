package workhours

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/reported"
)

const (
	insertDevice = "INSERT INTO work_device (token, workstation) VALUES (?, ?)"
	selectDevice = "SELECT workstation FROM work_device WHERE token = ?"
)

// requireOwnDevice binds a token of one workstation to the first that it reports for, and refuses all others.
func (s *Service) requireOwnDevice(ctx context.Context, actor *access.Actor, reports []*ReportInput) error {
	if actor.Token.IsZero() || !slices.Contains(actor.Roles, access.RoleWorkstation) {
		return nil
	}
	var own hashed
	for i, in := range reports {
		if in.Workstation == "" {
			return reported.At(i, fault.Field("workstation", "workstation is missing: this token is for one workstation, which must name itself"))
		}
		hash, err := s.workstationHash(ctx, in.Workstation)
		if err != nil {
			return err
		}
		if i == 0 {
			own = hash
		}
		if hash != own {
			return s.refuseDevice(ctx, actor)
		}
	}
	bound, err := s.bind(ctx, actor, own)
	if err == nil && bound != own {
		return s.refuseDevice(ctx, actor)
	}
	return err
}

// bind gives the workstation of a token: own where it had none.
func (s *Service) bind(ctx context.Context, actor *access.Actor, own hashed) (bound hashed, err error) {
	if err = s.db.Get(ctx, &bound, selectDevice, actor.Token); !errors.Is(err, sql.ErrNoRows) {
		return bound, err
	}
	if _, err = s.db.Exec(ctx, insertDevice, actor.Token, own[:]); !mysql.IsDuplicate(err) {
		return own, err
	}
	return bound, s.db.Get(ctx, &bound, selectDevice, actor.Token)
}

func (s *Service) refuseDevice(ctx context.Context, actor *access.Actor) error {
	return s.access.Refuse(ctx, actor, access.WorkReport, "another workstation",
		fault.Say("This token belongs to another workstation: make a token of the role workstation for this one."))
}
