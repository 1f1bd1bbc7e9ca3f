package sheet

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/keytrail/keytrail/server/fault"
)

// What a workbook that is read may hold, in bytes: as it is sent, and once it is unpacked.
const (
	MaxXLSX         = 1 << 20
	maxXLSXUnpacked = 32 << 20
)

// ReadXLSX reads the first sheet of a workbook that was sent as base64, with headings in its first row. Empty rows are
// passed over, and cells count as they are stored: 101 is "101" whatever its format shows. BAD_USER_INPUT when the workbook
// as a whole cannot be taken; a row that cannot is broken.
func (f Format) ReadXLSX(encoded string) (*Table, error) {
	if base64.StdEncoding.DecodedLen(len(encoded)) > MaxXLSX+2 {
		return nil, fault.Field(f.Field, "the workbook is larger than %d KiB: take out what is not needed, or divide it", MaxXLSX>>10)
	}
	packed, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fault.Field(f.Field, "the workbook did not arrive whole: send it as base64")
	}
	// Both limits are one, so that nothing is unpacked to disk.
	book, err := excelize.OpenReader(bytes.NewReader(packed), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxXLSXUnpacked, UnzipXMLSizeLimit: maxXLSXUnpacked,
	})
	if err != nil {
		return nil, f.noWorkbook()
	}
	defer func() { _ = book.Close() }()
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, f.noWorkbook()
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return nil, f.noWorkbook()
	}
	defer func() { _ = rows.Close() }()
	return f.readRows(rows)
}

func (f Format) noWorkbook() error {
	return fault.Field(f.Field, "this is no workbook that can be read: save it as XLSX without a password, at most %d MiB unpacked", maxXLSXUnpacked>>20)
}

// readRows reads headings and rows. A file can name a row far below the last one, so empty ones are bounded, too.
func (f Format) readRows(rows *excelize.Rows) (*Table, error) {
	t := &Table{}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, f.noWorkbook()
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		switch {
		case line == 1:
			if t.Columns, err = f.columnsOf(cells); err != nil {
				return nil, err
			}
		case line > 2*f.Limit:
			return nil, fault.Field(f.Field, "the sheet has rows below the row %d: divide it, or take out the empty ones", 2*f.Limit)
		case len(cells) == 0:
		case len(t.Rows) == f.Limit:
			return nil, fault.Field(f.Field, "the file has more than %d %s: divide it", f.Limit, f.Rows)
		case len(cells) > len(t.Columns):
			t.Rows = append(t.Rows, t.rowOf(line, slices.Clone(cells[:len(t.Columns)+1]), csv.ErrFieldCount))
		default:
			whole := make([]string, len(t.Columns)) // a row of its own: cells has room for as many as the file says
			copy(whole, cells)
			t.Rows = append(t.Rows, t.rowOf(line, whole, nil))
		}
	}
	if err := rows.Error(); err != nil {
		return nil, f.noWorkbook()
	}
	if len(t.Rows) == 0 {
		return nil, fault.Field(f.Field, "there are no %s below the headings", f.Rows)
	}
	return t, nil
}
