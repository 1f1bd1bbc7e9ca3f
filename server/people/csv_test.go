package people

import (
	"strings"
	"testing"
)

func TestPeopleAreReadFromCSVOfManyHands(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"comma":             "name,badge\nAnna,1\n",
		"semicolon, Excel":  "\ufeffName;Badge\r\nAnna;1\r\n",
		"tab":               "NAME\tbadge\nAnna\t1",
		"Latvian":           "Vārds uzvārds;Karte\nAnna;1\n",
		"quotes and spaces": "\"name\",\" badge \"\n\" Anna \",\"1\"\n",
		"a column to skip":  "name,,badge\nAnna,x,1\n",
	} {
		rows, err := readCSV(text)
		if err != nil || len(rows) != 1 || rows[0].Name != "Anna" || rows[0].details.Badge != "1" || rows[0].Line != 2 {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
}

func TestWhatIsNoPeopleIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "a heading alone": "name\n", "no name": "badge\n1\n", "a name twice": "name,Name\na,b\n",
		"an open quote": "name\n\"Anna\n", "not UTF-8": "name\nAnn\xff\n", "a source with a space": "name,external:my erp\na,b\n",
		"too many": "name\n" + strings.Repeat("a\n", MaxImport+1),
	} {
		if rows, err := readCSV(text); err == nil {
			t.Errorf("%s: %d rows", name, len(rows))
		}
	}
}

func FuzzPeopleCSV(f *testing.F) {
	f.Add("name;badge\nAnna;1\n")
	f.Add("\ufeffname,external:erp,valid until\n\"A, B\",7,2027-01-01\nC\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readCSV(text)
		if err != nil {
			return
		}
		for _, row := range rows {
			if row.Line < 2 || row.Action == ImportWrong && row.Problem.IsZero() {
				t.Fatalf("%+v", row)
			}
			if row.Action != ImportWrong && row.Name != row.details.Name {
				t.Fatalf("named %q, kept %q", row.Name, row.details.Name)
			}
			row.details.take(row.details, row.given)
			_, _ = row.details.check()
		}
	})
}
