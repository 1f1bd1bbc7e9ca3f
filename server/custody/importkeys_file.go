package custody

import (
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/sheet"
)

// keyHeadings gives the field for a heading, in the languages of the app.
func keyHeadings() map[string]string {
	return map[string]string{
		"number": "number", "keynumber": "number", "numurs": "number", "atslēgasnumurs": "number", "nr.": "number",
		"label": "label", "nosaukums": "label", "apzīmējums": "label",
		"category": "category", "kategorija": "category",
		"building": "building", "ēka": "building",
		"floor": "floor", "stāvs": "floor",
		"room": "room", "telpa": "room",
		"cabinet": "cabinet", "skapis": "cabinet",
		"hook": "hook", "āķis": "hook",
	}
}

// skippedHeadings are columns of our own export that an import leaves alone.
func skippedHeadings() []string { return []string{"state", "holder", "issuedat", "dueat", "groups"} }

// rows gives a row for each line behind the headings.
func (in *ImportKeysInput) rows() ([]KeyImportRow, error) {
	format := sheet.Format{Field: "csv", Example: "number, label, cabinet", Rows: fault.Say("keys"), Limit: MaxKeyImport, Required: "number"}
	if in.XLSX != "" {
		format.Field = "xlsx"
	}
	format.Column = func(heading string) (string, error) { return keyColumn(format.Field, heading) }
	var table *sheet.Table
	var err error
	switch {
	case in.XLSX != "" && in.CSV != "":
		return nil, fault.Field("xlsx", "send one file: csv or xlsx")
	case in.XLSX != "":
		table, err = format.ReadXLSX(in.XLSX)
	default:
		table, err = format.ReadCSV(in.CSV)
	}
	if err != nil {
		return nil, err
	}
	rows := make([]KeyImportRow, len(table.Rows))
	for i, read := range table.Rows {
		rows[i] = KeyImportRow{Line: read.Line}
		if !read.Broken.IsZero() {
			rows[i].refuse(read.Broken)
			continue
		}
		rows[i].read(table.Columns, read.Values)
	}
	return rows, nil
}

func keyColumn(file, heading string) (string, error) {
	plain := sheet.Plain(heading)
	field := keyHeadings()[plain]
	if plain != "" && field == "" && !slices.Contains(skippedHeadings(), plain) {
		return "", fault.Field(file, "there is no column %.40q: use number, label, category, building, floor, room, cabinet, hook", heading)
	}
	return field, nil
}

func (r *KeyImportRow) read(columns, values []string) {
	for i, field := range columns {
		if field == "" {
			continue
		}
		r.given = append(r.given, field)
		for _, one := range r.values.named() {
			if one.name == field {
				*one.value = sheet.Plainly(values[i])
			}
		}
	}
	r.Number = composed(r.values.number)
}

// taking gives the fields with those laid over them that a row gives.
func (f fields) taking(row fields, given []string) fields {
	mine, others := f.named(), row.named()
	for i := range mine {
		if slices.Contains(given, mine[i].name) {
			*mine[i].value = *others[i].value
		}
	}
	return f
}

// differing gives the names of the fields that are others in next.
func (f fields) differing(next fields) []string {
	names := []string{}
	mine, others := f.named(), next.named()
	for i := range mine {
		if *mine[i].value != *others[i].value {
			names = append(names, mine[i].name)
		}
	}
	return names
}
