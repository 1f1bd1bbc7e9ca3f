//go:build unix

package mysqltest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
)

// templateSchema is migrated once a process. Copying its tables costs a tenth of what migrating costs, of which reading
// a hundred files is the most.
const templateSchema = "keytrail_template"

// template is a migrated pair of schemas, and how to copy it.
type template struct {
	owner *mysql.DB // stays open for as long as the process runs
	// copying is the text of a compound statement, with {to} for the schema that is made.
	copying string
}

// sharedTemplate gives the template that the tests of this process copy.
var sharedTemplate = sync.OnceValues(func() (*template, error) {
	server, err := sharedServer()
	if err != nil {
		return nil, err
	}
	c := inSchema(server.Config(), templateSchema)
	if err := mysql.Migrate(context.Background(), c, migrations.FS); err != nil {
		return nil, err
	}
	c.Serve = c.Migrate
	owner, err := mysql.Open(context.Background(), c)
	if err != nil {
		return nil, err
	}
	copying, err := copyingOf(context.Background(), owner)
	return &template{owner, copying}, err
})

// copyTo makes a pair of schemas that hold what the template holds. What is granted is left to whoever migrates it.
func (t *template) copyTo(ctx context.Context, schema string) error {
	_, err := t.owner.Exec(ctx, strings.ReplaceAll(t.copying, "{to}", schema))
	return err
}

func copyingOf(ctx context.Context, db *mysql.DB) (string, error) {
	var tables []struct {
		Schema string `db:"in_schema"`
		Name   string `db:"named"`
	}
	if err := db.Select(ctx, &tables, "SELECT table_schema AS in_schema, table_name AS named FROM information_schema.tables"+
		" WHERE table_schema IN (?, ?) ORDER BY table_schema, table_name", db.Schema(), db.LedgerSchema()); err != nil {
		return "", err
	}
	var text strings.Builder
	text.WriteString("BEGIN NOT ATOMIC")
	for _, suffix := range []string{"", strings.TrimPrefix(db.LedgerSchema(), db.Schema())} {
		fmt.Fprintf(&text, " CREATE DATABASE `{to}%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;", suffix)
	}
	for _, table := range tables {
		from := fmt.Sprintf("`%s`.`%s`", table.Schema, table.Name)
		to := fmt.Sprintf("`{to}%s`.`%s`", strings.TrimPrefix(table.Schema, db.Schema()), table.Name)
		fmt.Fprintf(&text, " CREATE TABLE %s LIKE %s;", to, from)
		var filled bool
		if err := db.Get(ctx, &filled, "SELECT EXISTS (SELECT 1 FROM "+from+")"); err != nil {
			return "", err
		}
		if filled {
			fmt.Fprintf(&text, " INSERT INTO %s SELECT * FROM %s;", to, from)
		}
	}
	return text.String() + " END", nil
}
