package logbook

import (
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// reaches is the one rule of which entries a scope takes in: all; those that concern the actor's department;
// those that the program which asks has sent; or those that the actor made or that concern him, which every other
// scope takes in.
func reaches(scope access.Scope, actor *access.Actor, e *ledger.Entry) bool {
	if scope == access.OwnSource {
		return actor.Source == e.Source
	}
	return scope.Reaches(actor, e.Person, e.Department) || scope.Reaches(actor, e.ActorID(), id.ID{})
}

// inScope is reaches in SQL, over i (entry_index).
func inScope(where *mysql.Where, scope access.Scope, actor *access.Actor) {
	switch scope {
	case access.All:
	case access.OwnSource:
		where.And("i.source = ?", actor.Source)
	case access.Department:
		where.And("(i.department = ? OR i.person IN (?) OR i.actor IN (?))", actor.Department, actor.Persons(), actor.Persons())
	default:
		where.And("(i.person IN (?) OR i.actor IN (?))", actor.Persons(), actor.Persons())
	}
}
