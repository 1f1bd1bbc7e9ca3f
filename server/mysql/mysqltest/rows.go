package mysqltest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

const allTables = "SELECT table_schema AS table_schema, table_name AS table_name FROM information_schema.tables" +
	" WHERE table_schema IN (?, ?) AND table_type = 'BASE TABLE'"

// EachRow gives every row of every table of both schemas, its texts and bytes one behind the other: for tests that
// something is stored nowhere.
func EachRow(t testing.TB, db *mysql.DB, see func(table string, row []byte)) {
	t.Helper()
	var tables []struct {
		Schema string `db:"table_schema"`
		Name   string `db:"table_name"`
	}
	if err := db.Select(t.Context(), &tables, allTables, db.Schema(), db.LedgerSchema()); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, table := range tables {
		if strings.HasPrefix(table.Name, "goose_") {
			continue
		}
		rows += eachRowOf(t, db, "`"+table.Schema+"`.`"+table.Name+"`", func(row []byte) { see(table.Name, row) })
	}
	if rows == 0 {
		t.Fatal("no row was looked at")
	}
}

func eachRowOf(t testing.TB, db *mysql.DB, table string, see func(row []byte)) (rows int) {
	t.Helper()
	found, err := db.Query(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for ; found.Next(); rows++ {
		columns, err := found.SliceScan()
		if err != nil {
			t.Fatal(err)
		}
		var texts [][]byte
		for _, c := range columns {
			if text, ok := c.([]byte); ok {
				texts = append(texts, text)
			}
		}
		see(bytes.Join(texts, []byte{0}))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}
