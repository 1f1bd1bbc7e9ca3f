package people

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
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
	text = strings.TrimPrefix(text, "\ufeff")
	if !utf8.ValidString(text) {
		return nil, fault.Field("csv", "the file is not UTF-8: save it as “CSV UTF-8”")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = separatorOf(text)
	head, err := reader.Read()
	if err != nil {
		return nil, fault.Field("csv", "the first line must hold the headings, such as name, department, badge")
	}
	columns, err := columnsOf(head)
	if err != nil {
		return nil, err
	}
	var rows []ImportRow
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(rows) == MaxImport {
			return nil, fault.Field("csv", "the file has more than %d people: divide it", MaxImport)
		}
		var broken *csv.ParseError
		if err != nil && (!errors.As(err, &broken) || !errors.Is(err, csv.ErrFieldCount)) {
			return nil, fault.Field("csv", "%v: check the quotes there", err)
		}
		line, _ := reader.FieldPos(0)
		rows = append(rows, rowOf(line, columns, record, err))
	}
	if len(rows) == 0 {
		return nil, fault.Field("csv", "there is nobody below the headings")
	}
	return rows, nil
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

// columnsOf gives the field of each column, "" for one that is skipped.
func columnsOf(head []string) ([]string, error) {
	known := headings()
	columns := make([]string, len(head))
	for i, heading := range head {
		plain := strings.ToLower(strings.TrimSpace(heading))
		source, external := strings.CutPrefix(plain, externalColumn)
		field := known[strings.NewReplacer(" ", "", "-", "", "_", "").Replace(plain)]
		switch {
		case external && ledger.IsSource(source):
			field = externalColumn + source
		case plain != "" && field == "":
			return nil, fault.Field("csv", "there is no column %.40q: use name, department, employee number, email, phone, company, badge, language, "+
				"valid until, or external: and the name of a program", heading)
		}
		if field != "" && slices.Contains(columns, field) {
			return nil, fault.Field("csv", "the column %.40q stands there twice", heading)
		}
		columns[i] = field
	}
	if !slices.Contains(columns, "name") {
		return nil, fault.Field("csv", "a column name is missing in the first line")
	}
	return columns, nil
}

func rowOf(line int, columns, record []string, broken error) ImportRow {
	row := ImportRow{Line: line}
	if broken != nil {
		row.refuse("it has " + strconv.Itoa(len(record)) + " fields where there are " + strconv.Itoa(len(columns)) + " headings")
		return row
	}
	for i, field := range columns {
		if field == "" {
			continue
		}
		value := strings.TrimSpace(record[i])
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
