package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/sheet"
)

// keysFormat takes number and label, and leaves state alone.
func keysFormat() sheet.Format {
	return sheet.Format{Field: "xlsx", Example: "number, label", Rows: fault.Say("keys"), Limit: 3, Required: "number", Column: func(heading string) (string, error) {
		switch plain := sheet.Plain(heading); plain {
		case "number", "label":
			return plain, nil
		case "state", "":
			return "", nil
		}
		return "", fault.Field("xlsx", "there is no column %s", heading)
	}}
}

// workbook writes rows as our own export does.
func workbook(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var text bytes.Buffer
	w, err := sheet.NewXLSX(&text, "Keys", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func encoded(book []byte) string { return base64.StdEncoding.EncodeToString(book) }

// withSheet puts another first sheet into a workbook, as it is.
func withSheet(t testing.TB, xml string) string {
	t.Helper()
	book := workbook(t, []string{"number"})
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	to := zip.NewWriter(&text)
	for _, part := range from.File {
		w, err := to.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(part.Name, "sheet1.xml") {
			_, err = io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+xml+`</sheetData></worksheet>`)
		} else {
			var r io.ReadCloser
			if r, err = part.Open(); err == nil {
				_, err = io.Copy(w, r) //nolint:gosec // our own workbook
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return encoded(text.Bytes())
}

func TestAWorkbookIsReadAsItsCellsAreStored(t *testing.T) {
	t.Parallel()
	got, err := keysFormat().ReadXLSX(encoded(workbook(t,
		[]string{"Number", "State", "Label"}, []string{" 007 ", "ISSUED", "Pagrabs"}, nil, []string{"8"}, []string{"9", "", "", "more"})))
	if err != nil {
		t.Fatal(err)
	}
	want := &sheet.Table{Columns: []string{"number", "", "label"}, Rows: []sheet.Row{
		{Line: 2, Values: []string{"007", "ISSUED", "Pagrabs"}}, {Line: 4, Values: []string{"8", "", ""}},
		{Line: 5, Broken: fault.Say("it has %d fields where there are %d headings", 4, 3)},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	numbers, err := keysFormat().ReadXLSX(withSheet(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>number</t></is></c></row><row r="2"><c r="A2"><v>101</v></c></row>`))
	if err != nil || numbers.Rows[0].Values[0] != "101" {
		t.Errorf("%+v %v", numbers, err)
	}
}

func TestAWorkbookThatCannotBeTakenIsRefused(t *testing.T) {
	t.Parallel()
	head := `<row r="1"><c r="A1" t="inlineStr"><is><t>number</t></is></c></row>`
	for name, text := range map[string]string{
		"no base64":        "%%%",
		"no workbook":      encoded([]byte("number\n1\n")),
		"too large":        encoded(make([]byte, sheet.MaxXLSX+3)),
		"too many rows":    encoded(workbook(t, []string{"number"}, []string{"1"}, []string{"2"}, []string{"3"}, []string{"4"})),
		"nothing":          encoded(workbook(t, []string{"number"})),
		"no number":        encoded(workbook(t, []string{"label"}, []string{"x"})),
		"twice":            encoded(workbook(t, []string{"number", "number"}, []string{"x", "x"})),
		"unknown":          encoded(workbook(t, []string{"number", "colour"}, []string{"1", "red"})),
		"a row far below":  withSheet(t, head+`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
		"a bomb":           withSheet(t, head+`<row r="2"><c r="A2" t="inlineStr"><is><t>`+strings.Repeat(" ", 33<<20)+`</t></is></c></row>`),
		"XML that is none": withSheet(t, head+`<row r="2"><c r="A2"`),
	} {
		if got, err := keysFormat().ReadXLSX(text); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbook(f, []string{"number", "label"}, []string{"1", "one"}))
	f.Fuzz(func(t *testing.T, book []byte) {
		if len(book) > 64<<10 {
			t.Skip("too large for a quick look")
		}
		got, err := keysFormat().ReadXLSX(encoded(book))
		if err != nil {
			return
		}
		for _, row := range got.Rows {
			if row.Broken.IsZero() && len(row.Values) != len(got.Columns) {
				t.Fatal("row "+strconv.Itoa(row.Line), row.Values)
			}
		}
	})
}

func TestATextThatIsTooLongForACellSaysHowMuchOfItIsMissing(t *testing.T) {
	t.Parallel()
	var book bytes.Buffer
	w, err := sheet.NewXLSX(&book, "Keys", "")
	if err != nil {
		t.Fatal(err)
	}
	fits := strings.Repeat("ā", 32_767)
	if err := w.Row(fits, fits+"ā", strings.Repeat("🔑", 30_000)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	opened, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	rows, err := opened.GetRows("Keys")
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != fits {
		t.Error("a text that fits was changed")
	}
	for i, whole := range []int{32_768, 60_000} {
		cell := rows[0][1+i]
		kept, said, _ := strings.Cut(cell, "… [+")
		missing, err := strconv.Atoi(strings.TrimSuffix(said, "]"))
		if units := len(utf16.Encode([]rune(kept))); err != nil || len(utf16.Encode([]rune(cell))) > 32_767 || units+missing != whole {
			t.Errorf("of %d characters %d are kept, and %q", whole, units, said)
		}
	}
}
