package sheet

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestAWorkbookGoesOnOnANewSheetWhereOneIsFull(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w, err := newXLSX(&file, "entries", t.TempDir(), 4)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row("seq"); err != nil {
		t.Fatal(err)
	}
	const rows = 7
	for i := range rows {
		if err := w.Row(strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	next := 0
	for _, name := range []string{"entries", "entries 2", "entries 3"} {
		cells, err := book.GetRows(name)
		if err != nil || len(cells) < 2 || cells[0][0] != "seq" {
			t.Fatalf("%s: %q %v", name, cells, err)
		}
		for _, row := range cells[1:] {
			if row[0] != strconv.Itoa(next) {
				t.Fatalf("%s: %q where %d should be", name, row, next)
			}
			next++
		}
	}
	if next != rows {
		t.Errorf("%d of %d rows", next, rows)
	}
}
