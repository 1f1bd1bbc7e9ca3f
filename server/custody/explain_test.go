package custody_test

import (
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
)

func TestHandoversAreListedAlongAnIndexHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	var rows []string
	var args []any
	for i := range 1000 {
		at := f.Clock.Now().Add(time.Duration(i) * time.Second)
		rows = append(rows, "(?, ?, ?, ?, ?, ?, ?, 'DECLINED')")
		args = append(args, id.New(), f.other.ID, id.New(), id.New(), id.New(), at, at)
	}
	_, err := f.DB.Exec(t.Context(), "INSERT INTO key_handover (id, key_id, loan, giver, receiver, requested_at, expires_at, state) VALUES "+strings.Join(rows, ","), args...)
	if err != nil {
		t.Fatal(err)
	}
	f.Issue(f.desk, f.janis, f.key)
	f.offer(t, f.Actor(f.janis, "member"), f.key)
	member := f.Actor(f.marta, "member")
	for name, c := range map[string]struct {
		filter custody.HandoverFilter
		scope  access.Scope
		most   int
	}{
		"his own":         {custody.HandoverFilter{}, access.Own, 20},
		"of a person":     {custody.HandoverFilter{Person: f.marta.ID}, access.All, 20},
		"of a key":        {custody.HandoverFilter{Key: f.key.ID}, access.All, 20},
		"those that wait": {custody.HandoverFilter{State: custody.HandoverPending}, access.All, 20},
		"the newest":      {custody.HandoverFilter{}, access.All, 2000}, // LIMIT ends it
	} {
		query, args, err := custody.CompileHandovers(c.filter, member, c.scope, f.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		found, err := f.DB.Query(t.Context(), "EXPLAIN "+query, args...)
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			columns, err := found.Columns()
			if err != nil {
				t.Fatal(err)
			}
			values := make([]*string, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			row := map[string]string{}
			for i, column := range columns {
				if values[i] != nil {
					row[column] = *values[i]
				}
			}
			t.Logf("%s: %v", name, row)
			if stored := strings.HasPrefix(row["table"], "key_handover") || row["table"] == "h"; stored && row["key"] == "" || len(row["rows"]) > len("20") && c.most == 20 {
				t.Errorf("%s: %v", name, row)
			}
		}
		if err := found.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
