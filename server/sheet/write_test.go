package sheet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestAWorkbookGoesOnOnANewSheetWhereOneIsFull(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]sheetLimits{"rows": {4, 1000}, "text": {1000, 8}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireSheets(t, most)
		})
	}
}

// requireSheets writes seven rows of two bytes of text each, of which three fit on a sheet.
func requireSheets(t *testing.T, most sheetLimits) {
	t.Helper()
	var file bytes.Buffer
	w, err := newXLSX(&file, "entries", t.TempDir(), most)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row("no"); err != nil {
		t.Fatal(err)
	}
	const rows = 7
	for i := range rows {
		if err := w.Row(fmt.Sprintf("%02d", i)); err != nil {
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
		if err != nil || len(cells) < 2 || cells[0][0] != "no" {
			t.Fatalf("%s: %q %v", name, cells, err)
		}
		for _, row := range cells[1:] {
			if row[0] != fmt.Sprintf("%02d", next) {
				t.Fatalf("%s: %q where %d should be", name, row, next)
			}
			next++
		}
	}
	if next != rows {
		t.Errorf("%d of %d rows", next, rows)
	}
}

// longest is a writer that knows the longest part that was written at a time.
type longest struct{ part, all int }

func (l *longest) Write(p []byte) (int, error) {
	l.part = max(l.part, len(p))
	l.all += len(p)
	return len(p), nil
}

func TestAWorkbookIsNeverInMemoryAsAWhole(t *testing.T) {
	t.Parallel()
	var written longest
	w, err := NewXLSX(&written, "entries", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	noise := rand.New(rand.NewPCG(1, 2)) // so that it does not become small when it is packed
	for range 20_000 {
		if err := w.Row(strconv.FormatUint(noise.Uint64(), 36), strconv.FormatUint(noise.Uint64(), 36)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if written.all < 512<<10 || written.part > 64<<10 {
		t.Errorf("%d bytes were written, up to %d at a time", written.all, written.part)
	}
}
