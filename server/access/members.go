package access

import (
	"context"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const selectMembersBehind = "SELECT person, role FROM role_member WHERE person > ? ORDER BY person, role LIMIT ?"

// Membership is a role that a person has.
type Membership struct {
	Person id.ID
	Role   string
}

// Members gives who has which role, as q sees it, in the order of persons and then roles, from the person behind after on:
// up to limit rows, cut at the end of a person where there are more. more reports that. A person has fewer roles than
// there are, so that any limit above that gives at least one person.
func (s *Service) Members(ctx context.Context, q mysql.Querier, after id.ID, limit int) (found []Membership, more bool, err error) {
	var rows []member
	// As bytes, since the zero id stands for NULL, which nothing is behind.
	if err := q.Select(ctx, &rows, selectMembersBehind, after[:], limit+1); err != nil {
		return nil, false, err
	}
	if more = len(rows) > limit; more {
		last := rows[limit].Person
		for rows = rows[:limit]; len(rows) > 0 && rows[len(rows)-1].Person == last; {
			rows = rows[:len(rows)-1]
		}
	}
	found = make([]Membership, len(rows))
	for i, r := range rows {
		found[i] = Membership(r)
	}
	return found, more, nil
}
