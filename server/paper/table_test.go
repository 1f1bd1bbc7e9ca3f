package paper_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/paper"
	"github.com/keytrail/keytrail/server/paper/papertest"
)

// TestMain tries fewer random documents than usual, each with several cells: with the race detector, the letters alone
// take a third of a second. -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func head() paper.Head {
	return paper.Head{
		Title: "Laika līnija", Notes: []string{"Redzams: persona Ģirts Šķēps-Žīgurs", "Kontrolpunkts: example.org/keytrail, 12 ieraksti"},
		Columns: []paper.Column{{Heading: "Kas", Share: 1}, {Heading: "Sīkāk", Share: 2}},
		Page:    "Lapa", Of: "no", Language: "lv", At: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC),
	}
}

func table(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var document bytes.Buffer
	to, err := paper.NewTable(&document, head())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := to.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return document.Bytes()
}

// valid demands that another program takes a document for one.
func valid(t testing.TB, document []byte, pages int) {
	t.Helper()
	api.DisableConfigDir()
	if err := api.Validate(bytes.NewReader(document), nil); err != nil {
		t.Fatal(err)
	}
	if n, err := api.PageCount(bytes.NewReader(document), nil); err != nil || n != pages {
		t.Fatalf("%d pages instead of %d: %v", n, pages, err)
	}
}

func TestALongTableHasTitleAndNotesOnceAndHeadingsAndNumbersOnEachPage(t *testing.T) {
	rows := make([][]string, 100)
	for i := range rows {
		rows[i] = []string{fmt.Sprint("rinda ", i), "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ"}
	}
	document := table(t, rows...)
	pages := papertest.Pages(t, document)
	total := pages[len(pages)-1]
	pages = pages[:len(pages)-1]
	valid(t, document, len(pages))
	if len(pages) < 3 || !slices.Equal(total, []string{fmt.Sprint(len(pages))}) {
		t.Fatalf("%d pages, which says %q", len(pages), total)
	}
	all := slices.Concat(pages...)
	for i, row := range rows {
		if !slices.Contains(all, row[0]) {
			t.Errorf("row %d is missing", i)
		}
	}
	for i, page := range pages {
		first := slices.Contains(page, head().Notes[0]) && slices.Contains(page, head().Notes[1])
		if !slices.Contains(page, "Sīkāk") || !slices.Contains(page, rows[0][1]) || !slices.Contains(page, fmt.Sprintf("Lapa %d no ", i+1)) || first != (i == 0) {
			t.Errorf("page %d: %q", i+1, page)
		}
	}
}

func TestATableWithoutRowsIsAPage(t *testing.T) { valid(t, table(t), 1) }

func TestNoCellIsLostOrLeavesItsColumn(t *testing.T) {
	words := rapid.SliceOfN(rapid.StringMatching(`[a-zā-ž(\\)<>]{1,12}`), 1, 30)
	rapid.Check(t, func(r *rapid.T) {
		rows := make([][]string, 3) // which fit on a page
		for i := range rows {
			rows[i] = []string{strconv.Itoa(i), strings.Join(words.Draw(r, "words"), " ")}
		}
		lines := papertest.Pages(t, table(t, rows...))[0]
		lines = lines[:len(lines)-2] // without the page's number
		for _, row := range slices.Backward(rows) {
			at := slices.Index(lines, row[0])
			if text := strings.Join(lines[at+1:], " "); text != row[1] && !strings.HasSuffix(text, "…") {
				r.Fatalf("%q became %q", row[1], text)
			}
			lines = lines[:at]
		}
	})
}

func TestWhatCannotBeShownIsMarkedAndWhatIsTooLongIsCut(t *testing.T) {
	lines := papertest.Pages(t, table(t, []string{"鍵\x00\x1b[0m", strings.Repeat("x", 20_000)}))[0]
	if !slices.Contains(lines, "? [0m") {
		t.Errorf("%q", lines)
	}
	cut := slices.DeleteFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "xxx") })
	if len(cut) != 8 || !strings.HasSuffix(cut[7], "…") {
		t.Errorf("%d lines, the last %q", len(cut), cut[len(cut)-1])
	}
	composed := papertest.Pages(t, table(t, []string{"a\u0304", ""}))[0]
	if !slices.Contains(composed, "ā") {
		t.Errorf("%q", composed)
	}
}

func TestMemoryDoesNotGrowWithTheRows(t *testing.T) {
	to, err := paper.NewTable(io.Discard, head())
	if err != nil {
		t.Fatal(err)
	}
	const rows = 20_000
	before := inUse()
	for range rows {
		if err := to.Row("a row", "with two cells"); err != nil {
			t.Fatal(err)
		}
	}
	if grown := inUse() - before; grown > 1<<20 {
		t.Errorf("%d rows hold %d bytes", rows, grown)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestALongCellSaysThatItIsCutAndTheEndHasRoomForASignature(t *testing.T) {
	var document bytes.Buffer
	h := head()
	h.CellLines, h.Cut = 12, "(saīsināts)"
	to, err := paper.NewTable(&document, h)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if err := errors.Join(to.Section("Daļa"), to.Row("a", strings.Repeat("vārdi ", 10)), to.Row("b", strings.Repeat("vārdi ", 3000))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Section("Tukša"), to.Sign("Vārds", "Datums", "Paraksts"), to.Close()); err != nil {
		t.Fatal(err)
	}
	pages := papertest.Pages(t, document.Bytes())
	all := slices.Concat(pages...)
	cut := slices.DeleteFunc(slices.Clone(all), func(line string) bool { return line != "(saīsināts)" })
	if len(cut) != 8 {
		t.Errorf("%d cells say that they are cut", len(cut))
	}
	for _, page := range pages[:len(pages)-1] {
		for i, line := range page {
			if line == "Daļa" && (i+1 == len(page) || page[i+1] != "a") {
				t.Errorf("a heading stands apart from its rows: %q", page)
			}
		}
	}
	if last := pages[len(pages)-2]; !slices.Contains(last, "Paraksts") || !slices.Contains(last, "Tukša") {
		t.Errorf("%q", last)
	}
}
