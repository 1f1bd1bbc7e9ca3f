// Package sheet reads and writes tables as people keep them in spreadsheets: CSV and XLSX.
package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
)

// Format is what a table that is read must look like.
type Format struct {
	// Field is the input's name in faults.
	Field string
	// Example names some headings, and Rows what a row is, in the plural; both stand in faults.
	Example string
	Rows    fault.Text
	// Limit is how many rows there may be.
	Limit int
	// Column gives the field that a heading means, "" to skip the column, or the fault of a heading that means nothing.
	Column func(heading string) (string, error)
	// Required is the field without which no row makes sense.
	Required string
}

// Table is what was read. Each row has a value for each column, trimmed, unless it is broken.
type Table struct {
	// Columns are the fields of the columns, "" for one that is skipped.
	Columns []string
	Rows    []Row
}

// Row is one line of a table.
type Row struct {
	// Line is its number in the file, from 1 for the headings.
	Line   int
	Values []string
	// Broken says why the row cannot be read, the zero Text when it can.
	Broken fault.Text
}

// Plain gives a heading as tables of headings have it: case, spaces, dashes and underscores do not matter, nor does how its
// accents are written (Unicode Normalization Form C, UAX 15).
func Plain(heading string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(norm.NFC.String(strings.TrimSpace(heading))))
}

// ReadCSV reads CSV (RFC 4180) in UTF-8, separated by comma, semicolon or tab, with headings in the first line.
// BAD_USER_INPUT when the text as a whole cannot be taken; a line that cannot is a row that is broken.
func (f Format) ReadCSV(text string) (*Table, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	if !utf8.ValidString(text) {
		return nil, fault.Field(f.Field, "the file is not UTF-8: save it as “CSV UTF-8”")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = separatorOf(text)
	head, err := reader.Read()
	if err != nil {
		return nil, fault.Field(f.Field, "the first line must hold the headings, such as %s", f.Example)
	}
	t := &Table{}
	if t.Columns, err = f.columnsOf(head); err != nil {
		return nil, err
	}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(t.Rows) == f.Limit {
			return nil, fault.Field(f.Field, "the file has more than %d %s: divide it", f.Limit, f.Rows)
		}
		var broken *csv.ParseError
		if err != nil && (!errors.As(err, &broken) || !errors.Is(err, csv.ErrFieldCount)) {
			return nil, fault.Field(f.Field, "%v: check the quotes there", err)
		}
		line, _ := reader.FieldPos(0)
		t.Rows = append(t.Rows, t.rowOf(line, record, err))
	}
	if len(t.Rows) == 0 {
		return nil, fault.Field(f.Field, "there are no %s below the headings", f.Rows)
	}
	return t, nil
}

func (t *Table) rowOf(line int, record []string, broken error) Row {
	if broken != nil {
		return Row{Line: line, Broken: fault.Say("it has %d fields where there are %d headings", len(record), len(t.Columns))}
	}
	for i := range record {
		record[i] = strings.TrimSpace(record[i])
	}
	return Row{Line: line, Values: record}
}

// separatorOf is the one of comma, semicolon and tab that stands most often in the first line.
func separatorOf(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, candidate := range ";\t" {
		if strings.Count(first, string(candidate)) > strings.Count(first, string(best)) {
			best = candidate
		}
	}
	return best
}

// columnsOf gives the field of each column.
func (f Format) columnsOf(head []string) ([]string, error) {
	columns := make([]string, len(head))
	for i, heading := range head {
		field, err := f.Column(heading)
		if err != nil {
			return nil, err
		}
		if field != "" && slices.Contains(columns, field) {
			return nil, fault.Field(f.Field, "the column %.40q stands there twice", heading)
		}
		columns[i] = field
	}
	if !slices.Contains(columns, f.Required) {
		return nil, fault.Field(f.Field, "a column %s is missing in the first line", f.Required)
	}
	return columns, nil
}
