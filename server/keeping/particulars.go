package keeping

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectProblems   = "SELECT id, problem FROM retention_run WHERE id IN (?)"
	selectArchivesOf = "SELECT id, run FROM archive WHERE run IN (?) AND state = 3 ORDER BY id LIMIT ?"
)

// Particulars is what is known of a run besides its entry.
type Particulars struct {
	// Problem says why it did not go on, nothing when it did.
	Problem fault.Text
	// Archives are the files that hold what it deleted.
	Archives []id.ID
}

// ParticularsOf gives what is known of runs besides their entries, as q sees it. A run that there is not has none. At most
// so many archives are named of all of them together, the oldest; cut says that there are more. The caller has asked for a
// right.
func (s *Service) ParticularsOf(ctx context.Context, q mysql.Querier, runs []id.ID, archives int) (found map[id.ID]*Particulars, cut bool, err error) {
	found = map[id.ID]*Particulars{}
	if len(runs) == 0 {
		return found, false, nil
	}
	query, args, err := mysql.In(selectProblems, runs)
	if err != nil {
		return nil, false, err
	}
	var rows []struct {
		ID      id.ID  `db:"id"`
		Problem string `db:"problem"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		found[r.ID] = &Particulars{Problem: fault.Recall(r.Problem)}
	}
	cut, err = addArchives(ctx, q, runs, archives, found)
	return found, cut, err
}

func addArchives(ctx context.Context, q mysql.Querier, runs []id.ID, most int, to map[id.ID]*Particulars) (cut bool, err error) {
	query, args, err := mysql.In(selectArchivesOf, runs, most+1)
	if err != nil {
		return false, err
	}
	var rows []struct {
		ID  id.ID `db:"id"`
		Run id.ID `db:"run"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return false, err
	}
	if cut = len(rows) > most; cut {
		rows = rows[:most]
	}
	for _, r := range rows {
		if of := to[r.Run]; of != nil {
			of.Archives = append(of.Archives, r.ID)
		}
	}
	return cut, nil
}
