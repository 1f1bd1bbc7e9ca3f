package sheet

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Writer writes a table row by row. Close ends it and is called once; Discard is called when the table is not wanted any
// more, also after Close, and leaves nothing of it on disk.
type Writer interface {
	Row(cells ...string) error
	Close() error
	Discard()
}

// formulas begin what a spreadsheet takes for a formula when it opens CSV.
const formulas = "=+-@\t\r"

// Safe gives a cell of CSV such that no spreadsheet takes it for a formula: with an apostrophe in front where it needs one.
func Safe(cell string) string {
	if cell != "" && strings.IndexByte(formulas, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// Plainly takes away the apostrophe that Safe puts in front.
func Plainly(cell string) string {
	if plain, marked := strings.CutPrefix(cell, "'"); marked && plain != "" && strings.IndexByte(formulas, plain[0]) >= 0 {
		return plain
	}
	return cell
}

// csvBuffer is how many bytes of CSV are gathered before they are written.
const csvBuffer = 32 << 10

type csvWriter struct {
	to   *csv.Writer
	safe []string // of the row that is written
}

// NewCSV writes CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know that, and cells made safe.
func NewCSV(to io.Writer) (Writer, error) {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return nil, err
	}
	w := csv.NewWriter(bufio.NewWriterSize(to, csvBuffer)) // which it takes for its own
	w.UseCRLF = true
	return &csvWriter{to: w}, nil
}

func (w *csvWriter) Row(cells ...string) error {
	w.safe = w.safe[:0]
	for _, cell := range cells {
		w.safe = append(w.safe, Safe(cell))
	}
	return w.to.Write(w.safe)
}

func (w *csvWriter) Close() error {
	w.to.Flush()
	return w.to.Error()
}

func (w *csvWriter) Discard() {}

// maxSheetRows is how many rows a sheet of a workbook can have.
const maxSheetRows = 1_048_576

type xlsxWriter struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	name   string
	// head is the first row, which stands on each sheet.
	head         []any
	sheets, row  int
	rowsOfASheet int
}

// NewXLSX writes a workbook whose cells are texts and never formulas. Where one sheet is full, the next begins, with the
// same first row. What is written is kept in a temporary file once it is large, and reaches the other side with Close.
func NewXLSX(to io.Writer, sheet string) (Writer, error) {
	return newXLSX(to, sheet, maxSheetRows)
}

func newXLSX(to io.Writer, sheet string, rowsOfASheet int) (Writer, error) {
	w := &xlsxWriter{to: to, file: excelize.NewFile(), name: sheet, sheets: 1, rowsOfASheet: rowsOfASheet}
	err := w.file.SetSheetName(w.file.GetSheetName(0), sheet)
	if err == nil {
		w.stream, err = w.file.NewStreamWriter(sheet)
	}
	if err != nil {
		w.Discard()
		return nil, err
	}
	return w, nil
}

func (w *xlsxWriter) Row(cells ...string) error {
	values := make([]any, len(cells))
	for i, cell := range cells {
		values[i] = cell
	}
	if w.head == nil {
		w.head = values
	}
	if w.row == w.rowsOfASheet {
		if err := w.nextSheet(); err != nil {
			return err
		}
	}
	return w.set(values)
}

func (w *xlsxWriter) set(values []any) error {
	w.row++
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	return w.stream.SetRow(at, values)
}

func (w *xlsxWriter) nextSheet() error {
	if err := w.stream.Flush(); err != nil {
		return err
	}
	w.sheets++
	w.row = 0
	name := w.name + " " + strconv.Itoa(w.sheets)
	if _, err := w.file.NewSheet(name); err != nil {
		return err
	}
	var err error
	if w.stream, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	return w.set(w.head)
}

func (w *xlsxWriter) Close() error {
	defer w.Discard()
	if err := w.stream.Flush(); err != nil {
		return err
	}
	return w.file.Write(w.to)
}

// Discard removes the temporary files in which excelize keeps what does not fit into memory.
func (w *xlsxWriter) Discard() { _ = w.file.Close() }
