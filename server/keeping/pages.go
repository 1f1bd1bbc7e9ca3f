package keeping

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// pageOf reads the rows of a window of a table for which where holds, one more than the limit, by id with the newest first: ids carry the time.
func pageOf[T any](ctx context.Context, q mysql.Querier, query string, where *mysql.Where, w page.Window) ([]T, error) {
	further, order, field := "<", " ORDER BY id DESC LIMIT ?", "after"
	if w.Backward {
		further, order, field = ">", " ORDER BY id LIMIT ?", "before"
	}
	if w.Cursor != "" {
		payload, err := page.Decode(field, w.Cursor)
		if err != nil {
			return nil, err
		}
		if len(payload) != len(id.ID{}) {
			return nil, fault.Field(field, "this is not a cursor of this list: use one that a page gave")
		}
		where.And("id "+further+" ?", id.ID(payload))
	}
	var rows []T
	return rows, q.Select(ctx, &rows, query+where.SQL()+order, where.Args(w.Limit+1)...)
}

func cursorOf(one id.ID) string { return page.Encode(one[:]) }
