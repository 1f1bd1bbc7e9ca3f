package sqltext

import (
	"strings"
	"testing"
)

func TestABareStatementHoldsNoValues(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`UPDATE t1 SET name = 'hidden', n=-3.5e7 WHERE id IN (1,0x2F) AND x = ?`: `UPDATE t1 SET name = ?, n=-? WHERE id IN (?,?) AND x = ?`,
		`INSERT INTO "t" VALUES ('it''s hidden', E'x', $1, :name, @p1)`:          `INSERT INTO "t" VALUES (?, E?, $1, :name, @p1)`,
		`UPDATE t SET a = 'hidden\' or so', b = 'hidden'`:                        `UPDATE t SET a = ?`,
		`UPDATE t SET a = 'C:\\', b = 'hidden'`:                                  `UPDATE t SET a = ?, b = ?`,
		"/* it's */ DELETE FROM `o'clock` -- it's\nWHERE a = 'hidden'":           "DELETE FROM `o'clock` \nWHERE a = ?",
		`DO $x$ hidden 'x $x$; SELECT $$hidden$$, a::text`:                       `DO ?; SELECT ?, a::text`,
		`UPDATE t SET a = 'hidden`:                                               `UPDATE t SET a = ?`,
		`SELECT "hidden`:                                                         `SELECT ?`,
	} {
		if got := (Bare{}).Of(given); got != want {
			t.Errorf("%s becomes %s, want %s", given, got, want)
		}
	}
	for given, want := range map[string]string{
		`UPDATE t SET a = "hidden", b = 'x' # it's` + "\n" + `, c = 'hidden', d = 5--1`: "UPDATE t SET a = ?, b = ? \n, c = ?, d = ?--?",
		`UPDATE t SET a = "it's hidden"`:                                                `UPDATE t SET a = ?`,
	} {
		if got := BareOf("mysql").Of(given); got != want {
			t.Errorf("%s becomes %s, want %s", given, got, want)
		}
	}
}

func FuzzBare(f *testing.F) {
	f.Add(`a 'b' "c" 5 $x$ d $x$ /* e */ -- f`)
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Contains(BareOf("mysql").Of("UPDATE t SET a = 'hidden' "+query), "hidden'") {
			t.Error("a value is shown")
		}
	})
}

func TestWhatIsRolledBackToASavepointTakesAlongWhatCameAfterIt(t *testing.T) {
	t.Parallel()
	var s Savepoints
	for i, step := range []struct {
		query      string
		held, want int
	}{
		{"SAVEPOINT a", 1, 1},
		{"INSERT INTO t VALUES (1)", 2, 2},
		{"savepoint `B`;", 3, 3},
		{"ROLLBACK TO SAVEPOINT b /* why */", 5, 3},
		{"rollback work to B", 4, 3},
		{"RELEASE SAVEPOINT b", 3, 3},
		{"ROLLBACK TO b", 4, 4}, // which the database refuses
		{"SAVE TRANSACTION c", 4, 4},
		{"ROLLBACK TRANSACTION c", 6, 4},
		{"SAVEPOINT a", 5, 5},
		{"ROLLBACK TO a", 7, 5},
		{"ROLLBACK", 6, 0},
		{"ROLLBACK TO a", 2, 2},
	} {
		if got := s.Follow(step.query, step.held); got != step.want {
			t.Errorf("%d: %s leaves %d of %d, want %d", i, step.query, got, step.held, step.want)
		}
	}
}
