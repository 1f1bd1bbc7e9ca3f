package gormaudit_test

import (
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
}
