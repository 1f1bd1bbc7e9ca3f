package sheet_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/sheet"
)

func TestNoCellOfCSVBeginsAFormulaAndEachIsReadAgain(t *testing.T) {
	t.Parallel()
	separators := regexp.MustCompile(`[;\t\n\r]`)
	cell := rapid.StringOf(rapid.RuneFrom([]rune("=+-@'\t\n\"; aāžБ1")))
	rapid.Check(t, func(t *rapid.T) {
		text := cell.Draw(t, "cell")
		safe := sheet.Safe(text)
		if safe != "" && strings.ContainsRune("=+-@\t\r", rune(safe[0])) {
			t.Fatalf("%q begins a formula", safe)
		}
		for _, part := range separators.Split(safe, -1)[1:] {
			if part = strings.TrimLeft(part, ` "`); part != "" && strings.ContainsRune("=+-@", rune(part[0])) {
				t.Fatalf("a part of %q begins a formula", safe)
			}
		}
		if sheet.Plainly(safe) != text && !strings.Contains(text, "'") {
			t.Fatalf("%q is read as %q", text, sheet.Plainly(safe))
		}
		var out bytes.Buffer
		w, err := sheet.NewCSV(&out)
		if err != nil || w.Row("head", text) != nil || w.Close() != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 1 || rows[0][1] != safe {
			t.Fatalf("%q %v", rows, err)
		}
	})
}

func TestATableIsReadWithAnyOfTheSeparators(t *testing.T) {
	t.Parallel()
	format := sheet.Format{Field: "csv", Example: "a, b", Rows: fault.Say("rows"), Limit: 2, Required: "a", Column: func(heading string) (string, error) {
		if heading == "c" {
			return "", fault.Field("csv", "there is no c")
		}
		return sheet.Plain(heading), nil
	}}
	for _, text := range []string{"A,b\n1,2\n3,4\n", "\ufeffa;B\r\n1;2\r\n 3 ;4", "a\t b\n1\t2\n\n3\t4\n"} {
		table, err := format.ReadCSV(text)
		if err != nil || len(table.Rows) != 2 || table.Rows[1].Values[0] != "3" || table.Columns[1] != "b" {
			t.Errorf("%q: %+v %v", text, table, err)
		}
	}
	if table, err := format.ReadCSV("a,b\n1\n"); err != nil || table.Rows[0].Broken.IsZero() || table.Rows[0].Line != 2 {
		t.Errorf("%+v %v", table, err)
	}
	for _, text := range []string{"", "b\n1\n", "a,a\n1,2\n", "a,c\n1,2\n", "a\n", "a\n1\n2\n3\n", "a\n\"1\n", "a\n\xff"} {
		if _, err := format.ReadCSV(text); !fault.Is(err, fault.BadInput) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
