package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

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

// separators are where a spreadsheet that expects other separators than commas begins a cell in the midst of one: Excel
// does with ";" where the comma is the decimal point.
const separators = ";\t\n\r"

// Safe gives a cell of CSV such that no spreadsheet takes it, or a part of it behind what may separate cells, for a formula:
// with an apostrophe in front where it needs one.
func Safe(cell string) string {
	if cell == "" {
		return cell
	}
	if strings.IndexByte(formulas, cell[0]) >= 0 {
		cell = "'" + cell
	}
	if !strings.ContainsAny(cell, separators) {
		return cell
	}
	var safe strings.Builder
	begins := false // whether a cell may begin here
	for i := range len(cell) {
		switch c := cell[i]; {
		case strings.IndexByte(separators, c) >= 0:
			begins = true
		case begins && strings.IndexByte(formulas, c) >= 0:
			safe.WriteByte('\'')
			begins = false
		case c != ' ' && c != '"':
			begins = false
		}
		safe.WriteByte(cell[i])
	}
	return safe.String()
}

// Plainly takes away the apostrophes that Safe puts in.
func Plainly(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var plain strings.Builder
	begins := true
	for i := range len(cell) {
		c := cell[i]
		if begins && c == '\'' && i+1 < len(cell) && strings.IndexByte(formulas, cell[i+1]) >= 0 {
			begins = false
			continue
		}
		begins = strings.IndexByte(separators, c) >= 0 || begins && i > 0 && (c == ' ' || c == '"')
		plain.WriteByte(c)
	}
	return plain.String()
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

const (
	// maxSheetRows is how many rows a sheet of a workbook can have.
	maxSheetRows = 1_048_576
	// maxSheetText bounds the texts of a sheet, in bytes, so that its part of the file stays below the 4 GiB from where ZIP
	// has other records, which need the file in memory: escaped, they take up to seven times as much, and cells 1 GiB.
	maxSheetText = 384 << 20
	// maxSheetCell is how many characters a cell of it can, those beyond U+FFFF counted as two.
	maxSheetCell = 32_767
)

// sheetLimits are what a sheet of a workbook can hold.
type sheetLimits struct{ rows, text int }

type xlsxWriter struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	name   string
	// head is the first row, which stands on each sheet.
	head     []any
	headText int
	sheets   int
	// row and text are how much the sheet holds that is written.
	row, text int
	most      sheetLimits
}

// NewXLSX writes a workbook whose cells are texts and never formulas. Where one sheet is full, the next begins, with the
// same first row. A text that is too long for a cell is cut, and ends by saying how many characters are missing: "… [+17236]".
// What is written is kept in a file in the directory temp ("" is the system's) once it is large, and reaches the other side
// with Close, a part at a time.
func NewXLSX(to io.Writer, sheet, temp string) (Writer, error) {
	return newXLSX(to, sheet, temp, sheetLimits{maxSheetRows, maxSheetText})
}

func newXLSX(to io.Writer, sheet, temp string, most sheetLimits) (Writer, error) {
	file := excelize.NewFile(excelize.Options{TmpDir: temp})
	// excelize would gather the whole file in memory.
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	w := &xlsxWriter{file: file, name: sheet, sheets: 1, most: most}
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
	text := 0
	for i, cell := range cells {
		cell = fitting(cell)
		values[i] = cell
		text += len(cell)
	}
	if w.head == nil {
		w.head, w.headText = values, text
	}
	if w.row == w.most.rows || w.row > 1 && w.text+text > w.most.text {
		if err := w.nextSheet(); err != nil {
			return err
		}
	}
	w.text += text
	return w.set(values)
}

// fitting cuts a text that is too long for a cell.
func fitting(text string) string {
	if len(text) <= maxSheetCell {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= maxSheetCell {
		return text
	}
	kept := maxSheetCell - len("… [+4294967295]")
	if utf16.DecodeRune(rune(units[kept-1]), rune(units[kept])) != utf8.RuneError {
		kept-- // and not half of a character
	}
	return fmt.Sprintf("%s… [+%d]", string(utf16.Decode(units[:kept])), len(units)-kept)
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
	w.row, w.text = 0, w.headText
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
	return w.file.Write(io.Discard) // the file itself goes where the workbook was begun
}

// Discard removes the temporary files in which excelize keeps what does not fit into memory.
func (w *xlsxWriter) Discard() { _ = w.file.Close() }
