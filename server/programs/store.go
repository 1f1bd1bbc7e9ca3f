package programs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectAll = "SELECT name, purpose, plain, words, changed_at, changed_by FROM source ORDER BY name LIMIT ?"
	selectOne = "SELECT name, purpose, plain, words, changed_at, changed_by FROM source WHERE name = ?"
	upsert    = "INSERT INTO source (name, purpose, plain, words, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?)" +
		" ON DUPLICATE KEY UPDATE purpose = VALUES(purpose), plain = VALUES(plain), words = VALUES(words)," +
		" changed_at = VALUES(changed_at), changed_by = VALUES(changed_by)"
	countOthers = "SELECT COUNT(*) FROM source WHERE name <> ?"
)

type row struct {
	Name      string    `db:"name"`
	Purpose   string    `db:"purpose"`
	Plain     []byte    `db:"plain"`
	Words     []byte    `db:"words"`
	ChangedAt time.Time `db:"changed_at"`
	ChangedBy *id.ID    `db:"changed_by"`
}

func (r *row) source() (*Source, error) {
	s := &Source{Name: r.Name, Purpose: r.Purpose, ChangedAt: r.ChangedAt}
	if r.ChangedBy != nil {
		s.ChangedByID = *r.ChangedBy
	}
	if err := json.Unmarshal(r.Plain, &s.Plain); err != nil {
		return nil, err
	}
	return s, json.Unmarshal(r.Words, &s.Words)
}

// read gives the sources that a query finds.
func read(ctx context.Context, q mysql.Querier, query string, args ...any) ([]*Source, error) {
	var rows []row
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	all := make([]*Source, len(rows))
	for i := range rows {
		s, err := rows[i].source()
		if err != nil {
			return nil, err
		}
		all[i] = s
	}
	return all, nil
}

func (s *Source) store(ctx context.Context, tx *mysql.Tx) error {
	plain, err := json.Marshal(s.Plain)
	if err != nil {
		return err
	}
	words, err := json.Marshal(s.Words)
	if err != nil {
		return err
	}
	var by *id.ID
	if !s.ChangedByID.IsZero() {
		by = &s.ChangedByID
	}
	_, err = tx.Exec(ctx, upsert, s.Name, s.Purpose, plain, words, s.ChangedAt, by)
	return err
}
