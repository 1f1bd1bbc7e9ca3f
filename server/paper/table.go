// Package paper writes tables as PDF, page by page, so that memory does not grow with their length.
package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/keytrail/keytrail/server/fault"
)

// ErrTooLong is the cause of the fault of a list that needs more pages than a document has.
var ErrTooLong = errors.New("paper: more than MaxPages pages")

// MaxPages is the longest document. Where each page begins is kept until the end.
const MaxPages = 100_000

// A4 across, in points; everything below is in points, too.
const (
	pageWidth, pageHeight = 842, 595
	edge                  = 34.0
	footer                = 22.0
	between               = 6.0 // columns
	titleSize, noteSize   = 16.0, 9.0
	sectionSize           = 10.5
	cellSize, cellLine    = 7.5, 9.5
	cellLines, noteLines  = 8, 4
	maxCellLines          = 40 // with the headings, on one page
)

// The faces of a document, in the order of newDocument.
const (
	regular = iota
	bold
)

// Column is one of a table's columns: its heading, and its share of the width.
type Column struct {
	Heading string
	Share   float64
}

// Head is what stands at the beginning of a table, and what each page repeats.
type Head struct {
	Title string
	// Notes stand below the title: which rows these are, and as of when.
	Notes   []string
	Columns []Column
	// CellLines is how many lines a cell has at most, up to 40; 0 means 8. Cut stands in the last line of a cell that would have
	// more; where it is "", the cell ends with three dots.
	CellLines int
	Cut       string
	// Page is the word in front of a page's number, and Of the one in front of how many there are.
	Page, Of string
	// Language is that of the headings, such as lv.
	Language string
	At       time.Time
}

// Table is a table being written. It is not safe for concurrent use.
type Table struct {
	doc    *document
	head   Head
	widths []float64
	page   bytes.Buffer
	y      float64 // of the last line's bottom
	open   bool
	// section is the heading of a part that has no row yet.
	section string
}

// NewTable begins a table.
func NewTable(to io.Writer, head Head) (*Table, error) {
	normal, err := newFace("GoRegular", goregular.TTF)
	if err != nil {
		return nil, err
	}
	strong, err := newFace("GoBold", gobold.TTF)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(to, normal, strong)
	if err != nil {
		return nil, err
	}
	t := &Table{doc: doc, head: head}
	room, shares := pageWidth-2*edge-between*float64(len(head.Columns)-1), 0.0
	for _, c := range head.Columns {
		shares += c.Share
	}
	for _, c := range head.Columns {
		t.widths = append(t.widths, room*c.Share/shares)
	}
	return t, nil
}

// Row adds a row. A cell is wrapped, and cut short where it needs more lines than Head says.
// BAD_USER_INPUT when there are too many pages.
func (t *Table) Row(cells ...string) error {
	lines, height := t.wrapped(regular, cells)
	if !t.open {
		t.begin()
	}
	if err := t.drawSection(height); err != nil {
		return err
	}
	if t.y-height < edge+footer {
		if err := t.flush(); err != nil {
			return err
		}
		t.begin()
	}
	t.rule(0.4)
	t.cells(regular, lines)
	t.y -= height
	return nil
}

// Section begins a part of the table with a heading of its own, on the page of its first row.
// BAD_USER_INPUT when there are too many pages.
func (t *Table) Section(heading string) error {
	if !t.open {
		t.begin()
	}
	err := t.drawSection(cellLine + 4) // one without rows
	t.section = heading
	return err
}

// sectionHeight is that of a section's heading.
const sectionHeight = sectionSize + 12

// drawSection draws the heading that waits for its first row, on a new page where the row would not fit below it.
func (t *Table) drawSection(row float64) error {
	if t.section == "" {
		return nil
	}
	if t.y-sectionHeight-row < edge+footer {
		if err := t.flush(); err != nil {
			return err
		}
		t.begin()
	}
	heading := t.section
	t.section = ""
	t.y -= sectionHeight
	line := strings.Join(t.doc.faces[bold].wrap(heading, sectionSize, pageWidth-2*edge, 1), "")
	t.text(bold, sectionSize, edge, t.y+5, line)
	return nil
}

// Close ends the document.
func (t *Table) Close() error {
	if !t.open {
		t.begin()
	}
	if err := t.drawSection(cellLine + 4); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	var total bytes.Buffer
	text := fmt.Sprint(len(t.doc.pages))
	fmt.Fprintf(&total, "BT /F%d %g Tf 0 0 Td %s Tj ET", regular, noteSize, t.doc.faces[regular].hex(text))
	return t.doc.end(t.head.Title, t.head.Language, t.head.At, total.Bytes())
}

// wrapped breaks cells into lines and gives the height of their row.
func (t *Table) wrapped(face int, cells []string) ([][]string, float64) {
	lines, most := make([][]string, len(t.widths)), 1
	for i := range lines {
		if i < len(cells) {
			lines[i] = t.cell(face, cells[i], t.widths[i])
		}
		most = max(most, len(lines[i]))
	}
	return lines, float64(most)*cellLine + 4
}

// cell breaks one cell into lines.
func (t *Table) cell(face int, text string, width float64) []string {
	most := cellLines
	if t.head.CellLines > 0 {
		most = min(t.head.CellLines, maxCellLines)
	}
	if t.head.Cut == "" {
		return t.doc.faces[face].wrap(text, cellSize, width, most)
	}
	lines := t.doc.faces[face].wrap(text, cellSize, width, most+1)
	if len(lines) <= most {
		return lines
	}
	said := t.doc.faces[face].wrap(t.head.Cut, cellSize, width, 2)
	return append(lines[:most-len(said)], said...)
}

// Sign ends a table with lines to be filled in by hand, side by side, each with what belongs there below it. BAD_USER_INPUT
// when there are too many pages.
func (t *Table) Sign(labels ...string) error {
	const height = 48.0
	if !t.open {
		t.begin()
	}
	if err := t.drawSection(height); err != nil {
		return err
	}
	if t.y-height < edge+footer {
		if err := t.flush(); err != nil {
			return err
		}
		t.begin()
	}
	t.y -= height
	const gap = 24.0
	width := (pageWidth - 2*edge - gap*float64(len(labels)-1)) / float64(len(labels))
	for i, label := range labels {
		x := edge + float64(i)*(width+gap)
		fmt.Fprintf(&t.page, "0.6 w 0 G %.2f %.2f m %.2f %.2f l S\n", x, t.y+12, x+width, t.y+12)
		t.text(regular, cellSize, x, t.y+3, plain(label))
	}
	return nil
}

// begin begins a page: title and notes on the first one, headings on each.
func (t *Table) begin() {
	t.open, t.y = true, pageHeight-edge
	if len(t.doc.pages) == 0 {
		t.y -= titleSize
		t.text(bold, titleSize, edge, t.y, plain(t.head.Title))
		t.y -= 6
		for _, note := range t.head.Notes {
			for _, line := range t.doc.faces[regular].wrap(note, noteSize, pageWidth-2*edge, noteLines) {
				t.y -= noteSize + 3
				t.text(regular, noteSize, edge, t.y, line)
			}
		}
		t.y -= 10
	}
	headings := make([]string, len(t.head.Columns))
	for i, c := range t.head.Columns {
		headings[i] = c.Heading
	}
	lines, height := t.wrapped(bold, headings)
	t.cells(bold, lines)
	t.y -= height
}

// flush writes the page that is open.
func (t *Table) flush() error {
	if len(t.doc.pages) == MaxPages {
		return fault.Wrap(ErrTooLong, fault.BadInput, "The list needs more than %d pages: narrow the filter, or take it as CSV or NDJSON.", MaxPages)
	}
	at := edge + footer/2 - noteSize/2
	t.text(regular, noteSize, edge, at, plain(t.head.Title))
	number := fmt.Sprintf("%s %d %s ", t.head.Page, len(t.doc.pages)+1, t.head.Of)
	width := t.doc.faces[regular].width(number, noteSize)
	x := pageWidth - edge - width - 36
	t.text(regular, noteSize, x, at, number)
	fmt.Fprintf(&t.page, "q 1 0 0 1 %.2f %.2f cm /Total Do Q\n", x+width, at)
	err := t.doc.page(t.page.Bytes())
	t.page.Reset()
	t.open = false
	return err
}

func (t *Table) cells(face int, lines [][]string) {
	x := edge
	for i, cell := range lines {
		for n, line := range cell {
			t.text(face, cellSize, x, t.y-float64(n+1)*cellLine, line)
		}
		x += t.widths[i] + between
	}
}

func (t *Table) text(face int, size, x, y float64, text string) {
	fmt.Fprintf(&t.page, "BT /F%d %g Tf %.2f %.2f Td %s Tj ET\n", face, size, x, y, t.doc.faces[face].hex(text))
}

// rule draws a line across the page at the bottom of the last row.
func (t *Table) rule(width float64) {
	fmt.Fprintf(&t.page, "%g w 0.7 G %.2f %.2f m %.2f %.2f l S\n", width, edge, t.y, pageWidth-edge, t.y)
}
