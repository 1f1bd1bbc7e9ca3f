package custody

import (
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// CompileHandovers gives the statement of a list of handovers.
func CompileHandovers(f HandoverFilter, actor *access.Actor, scope access.Scope, now time.Time) (string, []any, error) {
	var person []id.ID
	if !f.Person.IsZero() {
		person = []id.ID{f.Person}
	}
	query, args, err := f.compile(actor, person, scope, page.Window{Limit: 10}, now)
	if err != nil {
		return "", nil, err
	}
	return mysql.In(query, args...)
}
