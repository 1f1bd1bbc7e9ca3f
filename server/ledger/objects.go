package ledger

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/mysql"
)

// RoleObject is the role of a ref to one of the things that a bulk change touched.
const RoleObject = "object"

const (
	insertObjects = "INSERT INTO entry_object (object_id, object_type, occurred_at, seq) VALUES "
	keepObjects   = " ON DUPLICATE KEY UPDATE seq = VALUES(seq)"
	objectColumns = 4

	selectObjects = "SELECT object_id, object_type, occurred_at, seq FROM entry_object WHERE seq >= ? AND seq < ? ORDER BY seq"
	dropObject    = "DELETE FROM entry_object WHERE object_id = ? AND object_type = ? AND occurred_at = ? AND seq = ?"
	strayObjects  = "SELECT DISTINCT i.seq FROM entry_object i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE i.seq >= ? AND e.seq IS NULL ORDER BY i.seq LIMIT 256"
	dropObjects   = "DELETE FROM entry_object WHERE seq IN (?)"
)

// Object is one of the things that a bulk change touched, comparable as the database compares: without spaces at the end.
type Object struct{ Type, ID string }

// ObjectOf gives the thing of a type and an id.
func ObjectOf(objectType, objectID string) Object {
	return Object{strings.TrimRight(objectType, " "), strings.TrimRight(objectID, " ")}
}

// Objects gives the things that a body says were touched, each once.
func (b *Body) Objects() []Object {
	var objects []Object
	var known map[Object]bool
	for _, r := range b.Refs {
		if r.Role != RoleObject || utf8.RuneCountInString(r.Type) > MaxEntityType || utf8.RuneCountInString(r.ID) > MaxEntityID {
			continue
		}
		one := ObjectOf(r.Type, r.ID)
		if known[one] {
			continue
		}
		if known == nil {
			known = map[Object]bool{}
		}
		known[one] = true
		objects = append(objects, one)
	}
	return objects
}

func appendObjects(rows []any, seq uint64, b *Body) []any {
	for _, one := range b.Objects() {
		rows = append(rows, one.ID, one.Type, b.OccurredAt, seq)
	}
	return rows
}

// objectRow is a row of entry_object, comparable.
type objectRow struct {
	ID         string    `db:"object_id"`
	Type       string    `db:"object_type"`
	OccurredAt time.Time `db:"occurred_at"`
	Seq        uint64    `db:"seq"`
}

// mendObjects replaces the objects of the entries of a run that are not as they must be, and gives how many those were.
// What is missing from the entry filled on is left to IndexOlderObjects.
func mendObjects(ctx context.Context, tx *mysql.Tx, run SeqRange, want *derivedRows, filled uint64) (int, error) {
	var rows []objectRow
	if err := tx.Select(ctx, &rows, selectObjects, run.From, run.To); err != nil {
		return 0, err
	}
	for i := range rows {
		rows[i].OccurredAt = rows[i].OccurredAt.UTC()
	}
	wanted := map[objectRow]bool{}
	for one := range slices.Chunk(want.objects, objectColumns) {
		wanted[objectRow{one[0].(string), one[1].(string), one[2].(time.Time).UTC(), one[3].(uint64)}] = true
	}
	wrong, missing := difference(rows, wanted)
	differing := len(wrong)
	for _, r := range wrong {
		if _, err := tx.Exec(ctx, dropObject, r.ID, r.Type, r.OccurredAt, r.Seq); err != nil {
			return 0, err
		}
	}
	var lost []any
	for _, r := range missing {
		if r.Seq < filled {
			lost = append(lost, r.ID, r.Type, r.OccurredAt, r.Seq)
			differing++
		}
	}
	return differing, insertRows(ctx, tx, insertObjects, "", objectColumns, lost)
}
