package people

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/legible"
)

// details are a person's own data, as given by a caller and as compared for changes.
type details struct {
	Name           string
	Department     string // by name
	EmployeeNumber string
	Email          string
	Phone          string
	Company        string
	Badge          string
	ExternalNames  []ExternalName
	Language       string
	ValidUntil     Date
}

const (
	defaultLanguage = "en"
	// maxName is the longest name of a person, in characters.
	maxName = 200
)

func (in *CreateInput) details() details {
	return details{
		Name: in.Name, Department: in.Department, EmployeeNumber: in.EmployeeNumber, Email: in.Email,
		Phone: in.Phone, Company: in.Company, Badge: in.Badge, Language: in.Language, ValidUntil: in.ValidUntil,
		ExternalNames: in.ExternalNames,
	}
}

// over gives the details d with the fields that the input sets.
func (in *UpdateInput) over(d details) details {
	for _, f := range []struct{ to, from *string }{
		{&d.Name, in.Name}, {&d.Department, in.Department}, {&d.EmployeeNumber, in.EmployeeNumber}, {&d.Email, in.Email},
		{&d.Phone, in.Phone}, {&d.Company, in.Company}, {&d.Badge, in.Badge}, {&d.Language, in.Language},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if in.ValidUntil != nil {
		d.ValidUntil = *in.ValidUntil
	}
	if in.ExternalNames != nil {
		d.ExternalNames = *in.ExternalNames
	}
	return d
}

// check gives the details tidied up, or the BAD_USER_INPUT that names the first field that is wrong.
func (d details) check() (details, error) {
	for _, f := range []struct {
		name  string
		value *string
		max   int
	}{
		{"name", &d.Name, maxName}, {"department", &d.Department, 120}, {"employeeNumber", &d.EmployeeNumber, 64},
		{"email", &d.Email, 254}, {"phone", &d.Phone, 40}, {"company", &d.Company, 200}, {"badge", &d.Badge, 64},
		{"language", &d.Language, 8},
	} {
		*f.value = strings.TrimSpace(*f.value)
		if err := checkText(f.name, *f.value, f.max); err != nil {
			return d, err
		}
	}
	if d.Language == "" {
		d.Language = defaultLanguage
	}
	var err error
	if d.ExternalNames, err = tidyExternalNames(d.ExternalNames); err != nil {
		return d, err
	}
	return d, d.checkShapes()
}

func (d details) checkShapes() error {
	for _, f := range []field{{"employeeNumber", d.EmployeeNumber}, {"email", d.Email}, {"badge", d.Badge}} {
		if legible.HasUnseen(f.value) {
			return fault.Field(f.name, "the text holds a character that nobody sees: write it anew")
		}
	}
	switch {
	case d.Name == "":
		return fault.Field("name", "a person needs a name")
	case d.Email != "" && !validEmail(d.Email):
		return fault.Field("email", "this is not an e-mail address: write it as name@example.org")
	case d.Phone != "" && !validPhone(d.Phone):
		return fault.Field("phone", "a phone number has 3 to 20 digits; spaces and + ( ) - . / may stand between them")
	case d.Language != "en" && d.Language != "lv":
		return fault.Field("language", "the language is en or lv")
	}
	if _, err := ParseDate(string(d.ValidUntil)); err != nil {
		return fault.Field("validUntil", "the date is written as YYYY-MM-DD")
	}
	return nil
}

func checkText(field, value string, most int) error {
	if !utf8.ValidString(value) {
		return fault.Field(field, "the text is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(value); n > most {
		return fault.Field(field, "the text has %d characters; at most %d are allowed", n, most)
	}
	if strings.ContainsFunc(value, unicode.IsControl) {
		return fault.Field(field, "the text holds a control character, such as a line break: remove it")
	}
	return nil
}

func validEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && !strings.ContainsAny(text, " \"")
}

func validPhone(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+()-./ ", r):
			return false
		}
	}
	return digits >= 3 && digits <= 20
}

// field is one detail by its name in the schema.
type field struct{ name, value string }

func (d details) fields() []field {
	return []field{
		{"badge", d.Badge}, {"company", d.Company}, {"department", d.Department}, {"email", d.Email},
		{"employeeNumber", d.EmployeeNumber}, {"externalNames", externalNamesText(d.ExternalNames)}, {"language", d.Language}, {"name", d.Name}, {"phone", d.Phone},
		{"validUntil", string(d.ValidUntil)},
	}
}

// change is what differs between two states of a person: the names of the fields, which are plain, and the
// values before and after, which are sealed.
type change struct {
	names         []any
	before, after map[string]any
}

func changeOf(before, after details) change {
	c := change{names: []any{}, before: map[string]any{}, after: map[string]any{}}
	now := after.fields()
	for i, was := range before.fields() {
		if was.value == now[i].value {
			continue
		}
		c.names = append(c.names, was.name)
		c.before[was.name], c.after[was.name] = was.value, now[i].value
	}
	return c
}

// into writes the details into a person.
func (d details) into(p *Person, department id.ID) {
	p.Name, p.Department, p.EmployeeNumber, p.Email = d.Name, department, d.EmployeeNumber, d.Email
	p.Phone, p.Company, p.Badge, p.Language, p.ValidUntil = d.Phone, d.Company, d.Badge, d.Language, d.ValidUntil
	p.ExternalNames = d.ExternalNames
}
