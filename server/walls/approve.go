package walls

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/tokens"
)

// maxGroups bounds the groups of one display.
const maxGroups = 24

// ApproveInput says which display may show what.
type ApproveInput struct {
	// Code is what the display shows.
	Code string
	// Name is what it is called in the list of tokens, such as Porter's lodge.
	Name string
	// Groups bound what is shown; none are all keys.
	Groups []id.ID
	// Networks are where alone the display may stand; none are anywhere.
	Networks  []string
	ExpiresAt *time.Time
	// ShowNames shows holders by name instead of initials, and ShowRooms where keys belong.
	ShowNames, ShowRooms bool
}

// Approve makes a display's token good. NOT_FOUND when no display shows the code any more.
func (s *Service) Approve(ctx context.Context, actor *access.Actor, in ApproveInput) (*tokens.Token, error) {
	if _, err := s.access.Require(ctx, actor, access.TokensManage); err != nil {
		return nil, err
	}
	code, err := tidyCode(in.Code)
	if err != nil {
		return nil, err
	}
	if in.Groups, err = s.checkGroups(ctx, in.Groups); err != nil {
		return nil, err
	}
	var made *tokens.Token
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		row, err := onePairing(ctx, tx, lockPairing, code, s.moment())
		if err != nil {
			return err
		}
		if row == nil {
			return fault.New(fault.NotFound, "No display shows this code any more. Read the one that it shows now.")
		}
		if _, err := tx.Exec(ctx, deletePairing, row.ID); err != nil {
			return err
		}
		made, err = s.tokens.InsertPaired(ctx, tx, actor, row.SecretHash, tokens.CreateInput{
			Name: in.Name, Networks: in.Networks, ExpiresAt: in.ExpiresAt,
		})
		if err != nil {
			return err
		}
		return storeSettings(ctx, tx, &settings{Token: made.ID, ShowNames: in.ShowNames, ShowRooms: in.ShowRooms, groups: in.Groups})
	})
	return made, err
}

func (s *Service) checkGroups(ctx context.Context, groups []id.ID) ([]id.ID, error) {
	if len(groups) > maxGroups {
		return nil, fault.Field("groups", "a display shows at most %d groups", maxGroups)
	}
	groups = slices.CompactFunc(slices.SortedFunc(slices.Values(groups), func(a, b id.ID) int { return slices.Compare(a[:], b[:]) }),
		func(a, b id.ID) bool { return a == b })
	if len(groups) == 0 {
		return nil, nil
	}
	board, err := s.custody.Board(ctx, groups)
	if err != nil {
		return nil, err
	}
	if len(board.Groups) != len(groups) {
		return nil, fault.Field("groups", "one of the groups does not exist any more: choose again")
	}
	return groups, nil
}

func storeSettings(ctx context.Context, tx *mysql.Tx, w *settings) error {
	if _, err := tx.Exec(ctx, insertWall, w.Token, w.ShowNames, w.ShowRooms); err != nil {
		return err
	}
	for _, group := range w.groups {
		if _, err := tx.Exec(ctx, insertGroup, w.Token, group); err != nil {
			return err
		}
	}
	return nil
}
