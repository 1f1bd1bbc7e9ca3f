package mysql

import (
	"strings"
	"testing"
)

func TestStatementsGoTogetherInOrderUpToABound(t *testing.T) {
	t.Parallel()
	few := Statement{"UPDATE a SET b = ?", []any{1}}
	many := Statement{"INSERT", make([]any, maxTogether)}
	long := Statement{"INSERT", []any{make([]byte, maxTogetherBytes/2), strings.Repeat("a", maxTogetherBytes/2)}}
	for _, c := range []struct {
		name       string
		statements []Statement
		want       int
	}{
		{"small ones", []Statement{few, few, few}, 3},
		{"a large one behind small ones", []Statement{few, few, many}, 2},
		{"a large one in front", []Statement{many, few}, 1},
		{"one", []Statement{few}, 1},
		{"long values in front", []Statement{long, few}, 2},
		{"long values together", []Statement{few, long, long}, 2},
		{"a byte too many", []Statement{few, {"UPDATE", []any{[]byte("a")}}, long}, 2},
	} {
		if n := fitTogether(c.statements); n != c.want {
			t.Errorf("%s: %d go together, want %d", c.name, n, c.want)
		}
	}
	got := together([]Statement{few, {"DELETE FROM c WHERE d = ? OR d = ?", []any{2, 3}}})
	if want := "BEGIN NOT ATOMIC UPDATE a SET b = ?; DELETE FROM c WHERE d = ? OR d = ?; END"; got.Query != want || len(got.Args) != 3 {
		t.Errorf("%s with %v", got.Query, got.Args)
	}
}
