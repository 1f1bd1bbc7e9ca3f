package mysql_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func uniqueQuery(i int) string {
	return fmt.Sprintf("SELECT COUNT(*) + %d FROM {main}.probe WHERE id = ?", i)
}

func TestPreparedStatementsStayBounded(t *testing.T) {
	t.Parallel()
	server := mysqltest.OpenServer(t)
	c := server.Config()
	makeProbe(t, c)
	c.MaxConns = 1
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i := range 1500 {
		var n int
		if err := db.Get(t.Context(), &n, uniqueQuery(i), 1); err != nil {
			t.Fatal(err)
		}
		if n != i+1 {
			t.Fatalf("statement %d answered %d", i, n)
		}
	}
	var status struct {
		Name  string `db:"Variable_name"`
		Value int    `db:"Value"`
	}
	if err := db.Get(t.Context(), &status, "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'"); err != nil {
		t.Fatal(err)
	}
	if status.Value > 600 {
		t.Fatalf("%d prepared statements are open", status.Value)
	}
}

func TestEvictionUnderConcurrencyLosesNoStatement(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 700 {
				var n int
				want := (i*7 + worker*13) % 900
				if err := db.Get(t.Context(), &n, uniqueQuery(want), 1); err != nil || n != want+1 {
					t.Errorf("got %d, %v", n, err)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestStatementSurvivesAChangedTable(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	read := func() (names []string) {
		if err := db.Select(t.Context(), &names, "SELECT name FROM {main}.probe ORDER BY id LIMIT 10"); err != nil {
			t.Fatal(err)
		}
		return names
	}
	read()
	mustExec(t, mysqltest.OpenOwner(t, db), "ALTER TABLE {main}.probe MODIFY name VARCHAR(80)")
	if names := read(); len(names) != 2 {
		t.Fatal(names)
	}
}

func TestInRoundsListsUp(t *testing.T) {
	t.Parallel()
	query, args, err := mysql.In("SELECT 1 WHERE a IN (?) AND b = ?", []int{7, 8, 9}, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if query != "SELECT 1 WHERE a IN (?, ?, ?, ?) AND b = ?" || fmt.Sprint(args[:4]) != "[7 8 9 9]" || len(args) != 5 {
		t.Fatal(query, args)
	}
	if _, _, err := mysql.In("a IN (?)", []int{}); err == nil {
		t.Fatal("an empty list was accepted")
	}
}

func TestUpdateCountsTheRowsThatMatched(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	result, err := db.Exec(t.Context(), "UPDATE {main}.probe SET n = 0 WHERE id = ?", 1)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
}

func TestRowsAreTakenInOrderUntilOneIsRefused(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	for n := range 5 {
		mustExec(t, db, "INSERT INTO {main}.probe (id, n, name) VALUES (?, ?, ?)", 10+n, n, fmt.Sprint("row ", n))
	}
	const query = "SELECT id, name FROM {main}.probe WHERE id >= ? ORDER BY id"
	var taken []string
	take := func(row mysql.Row) error {
		var id int
		var name string
		err := row.Scan(&id, &name)
		taken = append(taken, fmt.Sprint(id, " ", name))
		return err
	}
	if err := db.Each(t.Context(), take, query, 10); err != nil {
		t.Fatal(err)
	}
	if want := []string{"10 row 0", "11 row 1", "12 row 2", "13 row 3", "14 row 4"}; !slices.Equal(taken, want) {
		t.Errorf("took %q, want %q", taken, want)
	}
	enough := errors.New("enough")
	count := 0
	err := db.Each(t.Context(), func(mysql.Row) error {
		if count++; count == 2 {
			return enough
		}
		return nil
	}, query, 10)
	if !errors.Is(err, enough) || count != 2 {
		t.Errorf("after %d rows: %v", count, err)
	}
	if err := db.Each(t.Context(), take, "SELECT nothing FROM {main}.probe"); err == nil {
		t.Error("a query that makes no sense gave rows")
	}
}

func TestStatementLogHoldsNoValues(t *testing.T) {
	t.Parallel()
	const secret = "Ozols-4711"
	for level, want := range map[int][]string{0: nil, 1: {"failed"}, 2: {"failed", "statement=\"INSERT"}} {
		var out bytes.Buffer
		c := mysqltest.MigrateConfig(t, openWithProbe(t))
		c.LogLevel = level
		c.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		db, err := mysql.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, db, "INSERT INTO {main}.probe (id, n, name) VALUES (?, ?, ?)", 3, 0, secret)
		_, err = db.Exec(t.Context(), "INSERT INTO {main}.probe (id, n, name) VALUES (?, ?, ?)", 4, 0, secret)
		if !mysql.IsDuplicate(err) || mysql.DuplicateIndex(err) != "probe_name" {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "failed") {
			t.Errorf("level %d calls what is there already a failure:\n%s", level, out.String())
		}
		if _, err = db.Exec(t.Context(), "INSERT INTO {main}.probe (id, n, name) VALUES (?, ?, ?)", 5, secret, "other"); err == nil {
			t.Fatal("a text was taken for a number")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if strings.Contains(text, secret) {
			t.Errorf("level %d logs values:\n%s", level, text)
		}
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("level %d lacks %q:\n%s", level, part, text)
			}
		}
		if level == 0 && text != "" {
			t.Errorf("level 0 logs %s", text)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	db := mysqltest.Open(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var n int
			if err := db.Get(b.Context(), &n, "SELECT id FROM {ledger}.head WHERE id = ?", 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}
