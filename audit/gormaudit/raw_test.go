package gormaudit_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
	"gorm.io/gorm"
)

// statements gives the statements that were recorded since the last call.
func statements(m *memory) []any {
	var all []any
	for _, e := range m.events {
		if told, ok := e.Metadata.(map[string]any); ok && e.Action == "raw_sql" {
			all = append(all, told["sql"])
		}
	}
	m.take()
	return all
}

func wantStatements(t *testing.T, m *memory, want ...any) {
	t.Helper()
	if got := statements(m); !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

func TestStatementsGivenAsSQL(t *testing.T) {
	server := mariadbtest.Start(t)
	t.Run("are recorded without the values that stand in them", func(t *testing.T) {
		m := &memory{}
		db := with(t, server.DSN, m, gormaudit.Options{}, &gorm.Config{}, &tag{})
		must(t, db.Exec("/* it's */ INSERT INTO tags (id, name) VALUES (17, 'hidden'), (?, \"hidden\")", 18))
		must(t, db.Exec("WITH x AS (SELECT 'update it') SELECT id FROM tags FOR UPDATE"))
		wantStatements(t, m, "INSERT INTO tags (id, name) VALUES (?, ?), (?, ?)")
	})
	t.Run("are recorded also where they give back rows", func(t *testing.T) {
		m := &memory{}
		for name, config := range map[string]*gorm.Config{"plain": {}, "prepared": {PrepareStmt: true}} {
			db := with(t, server.DSN, m, gormaudit.Options{}, config, &tag{})
			must(t, db.Create(&[]tag{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
			m.take()
			var id uint
			must(t, db.Raw("DELETE FROM tags WHERE name = ? RETURNING id", "a").Scan(&id))
			var tags []tag
			must(t, db.Raw("DELETE FROM tags WHERE name = 'b' RETURNING id, name").Find(&tags))
			if err := db.Raw("INSERT INTO tags (name) VALUES ('d') RETURNING id").Row().Scan(&id); err != nil || id != 4 || len(tags) != 1 {
				t.Errorf("%s: %d %v %v", name, id, tags, err)
			}
			_ = db.Raw("DELETE FROM nothing RETURNING id").Row()
			must(t, db.Raw("SELECT id FROM tags WHERE name = 'c' FOR UPDATE").Scan(&id))
			wantStatements(t, m, "DELETE FROM tags WHERE name = ? RETURNING id", "DELETE FROM tags WHERE name = ? RETURNING id, name",
				"INSERT INTO tags (name) VALUES (?) RETURNING id")
		}
		db := with(t, server.DSN, &memory{strict: true}, gormaudit.Options{}, &gorm.Config{}, &tag{})
		if err := db.Raw("INSERT INTO tags (name) VALUES ('d') RETURNING id").Scan(new(uint)).Error; !errors.Is(err, gormaudit.ErrNoTransaction) {
			t.Errorf("strict outside of a transaction gives %v", err)
		}
	})
}
