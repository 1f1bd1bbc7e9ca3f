package export

import (
	"io"

	"github.com/keytrail/keytrail/server/sheet"
)

// tableWriter writes the rows of a table.
type tableWriter struct{ sheet.Writer }

func (t tableWriter) add(cells []string) error { return t.Row(cells...) }

func (t tableWriter) close() error { return t.Close() }

func (t tableWriter) discard() { t.Discard() }

// tableOf is a table with headings.
func tableOf(name, kind string, headings []string, begin func(io.Writer) (sheet.Writer, error)) file[[]string] {
	return file[[]string]{name, kind, func(w io.Writer) (writer[[]string], error) {
		table, err := begin(w)
		if err != nil {
			return nil, err
		}
		return tableWriter{table}, table.Row(headings...)
	}}
}
