package custody

import (
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/page"
)

// CompileHandovers gives the statement of a list of handovers.
func CompileHandovers(f HandoverFilter, actor *access.Actor, scope access.Scope, now time.Time) (string, []any, error) {
	return f.compile(actor, scope, page.Window{Limit: 10}, now)
}
