package people

import (
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/sheet"
)

// externalColumn begins the heading of a column with what a source calls people, such as external:windows.
const externalColumn = "external:"

// headings gives the field for a heading, in the languages of the app. Case, spaces, dashes and underscores do not matter.
func headings() map[string]string {
	return map[string]string{
		"name": "name", "vārds": "name", "vārdsuzvārds": "name",
		"department": "department", "nodaļa": "department", "struktūrvienība": "department",
		"employeenumber": "employeeNumber", "tabelesnumurs": "employeeNumber", "tabelesnr.": "employeeNumber",
		"email": "email", "epasts": "email",
		"phone": "phone", "tālrunis": "phone",
		"company": "company", "uzņēmums": "company",
		"badge": "badge", "karte": "badge", "caurlaide": "badge",
		"language": "language", "valoda": "language",
		"validuntil": "validUntil", "derīgslīdz": "validUntil",
	}
}

// readCSV gives a row for each line behind the headings. BAD_USER_INPUT when the text as a whole cannot be taken; a
// line that cannot is a row that is wrong.
func readCSV(text string) ([]ImportRow, error) {
	table, err := sheet.Format{
		Field: "csv", Example: "name, department, badge", Rows: fault.Say("people"), Limit: MaxImport, Required: "name", Column: columnOf,
	}.ReadCSV(text)
	if err != nil {
		return nil, err
	}
	rows := make([]ImportRow, len(table.Rows))
	for i, row := range table.Rows {
		rows[i] = rowOf(row, table.Columns)
	}
	return rows, nil
}

// columnOf gives the field of a column.
func columnOf(heading string) (string, error) {
	plain := strings.ToLower(strings.TrimSpace(heading))
	if source, external := strings.CutPrefix(plain, externalColumn); external && ledger.IsSource(source) {
		return externalColumn + source, nil
	}
	field := headings()[sheet.Plain(heading)]
	if plain != "" && field == "" {
		return "", fault.Field("csv", "there is no column %.40q: use name, department, employee number, email, phone, company, badge, language, "+
			"valid until, or external: and the name of a program", heading)
	}
	return field, nil
}

func rowOf(read sheet.Row, columns []string) ImportRow {
	row := ImportRow{Line: read.Line}
	if !read.Broken.IsZero() {
		row.refuse(read.Broken)
		return row
	}
	for i, field := range columns {
		if field == "" {
			continue
		}
		value := read.Values[i]
		row.given = append(row.given, field)
		if source, external := strings.CutPrefix(field, externalColumn); external {
			if value != "" {
				row.details.ExternalNames = append(row.details.ExternalNames, ExternalName{source, value})
			}
			continue
		}
		*row.details.textOf(field) = value
	}
	row.Name = row.details.Name
	return row
}

// textOf gives the place of a field that is a text.
func (d *details) textOf(field string) *string {
	switch field {
	case "name":
		return &d.Name
	case "department":
		return &d.Department
	case "employeeNumber":
		return &d.EmployeeNumber
	case "email":
		return &d.Email
	case "phone":
		return &d.Phone
	case "company":
		return &d.Company
	case "badge":
		return &d.Badge
	case "language":
		return &d.Language
	default:
		return (*string)(&d.ValidUntil)
	}
}

// take gives the details those fields that a row gives.
func (d *details) take(row details, given []string) {
	for _, field := range given {
		source, external := strings.CutPrefix(field, externalColumn)
		if !external {
			*d.textOf(field) = *row.textOf(field)
			continue
		}
		of := func(n ExternalName) bool { return n.Source == source }
		d.ExternalNames = slices.DeleteFunc(slices.Clone(d.ExternalNames), of)
		if i := slices.IndexFunc(row.ExternalNames, of); i >= 0 {
			d.ExternalNames = append(d.ExternalNames, row.ExternalNames[i])
		}
	}
}

// update gives the change that makes a person of some version what the details say.
func (d *details) update(person id.ID, version int) *UpdateInput {
	return &UpdateInput{
		ID: person, Version: &version, Name: &d.Name, Department: &d.Department, EmployeeNumber: &d.EmployeeNumber, Email: &d.Email,
		Phone: &d.Phone, Company: &d.Company, Badge: &d.Badge, Language: &d.Language, ValidUntil: &d.ValidUntil,
		ExternalNames: &d.ExternalNames,
	}
}

func (d *details) create() CreateInput {
	return CreateInput{
		Name: d.Name, Department: d.Department, EmployeeNumber: d.EmployeeNumber, Email: d.Email, Phone: d.Phone,
		Company: d.Company, Badge: d.Badge, Language: d.Language, ValidUntil: d.ValidUntil, ExternalNames: d.ExternalNames,
	}
}
