package people

import (
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// MaxImport bounds the people of one import, which is one transaction.
const MaxImport = 1000

// ImportInput is people as CSV (RFC 4180): a first line of headings, then a person in each line.
type ImportInput struct {
	// CSV may be separated by comma, semicolon or tab.
	CSV string
	// Preview says what would happen, and changes nothing.
	Preview        bool
	IdempotencyKey string
}

// Import is what an import did, or would do.
type Import struct {
	Rows []ImportRow
	// Done says that it was carried out. It is not while one row is wrong: all rows are taken, or none.
	Done bool
}

// ImportRow is one line of the input and what became of it.
type ImportRow struct {
	// Line is its number in the input, from 1 for the headings.
	Line   int
	Action ImportAction
	Name   string
	// Person is whom it changes, zero for a new one and for a row that is wrong.
	Person id.ID
	// Fields are those that differ, by their names in the schema.
	Fields []string
	// Problem says why the row cannot be taken, or what to look at before it is; "" for neither.
	Problem fault.Text

	details details
	given   []string
	version int
}

// ImportAction is what becomes of a row.
type ImportAction string

// What may become of a row.
const (
	ImportCreate ImportAction = "CREATE"
	ImportUpdate ImportAction = "UPDATE"
	ImportSame   ImportAction = "SAME"
	ImportWrong  ImportAction = "WRONG"
)

// Created, Updated, Unchanged and Wrong give how many rows there are of each kind.
func (i *Import) Created() int   { return i.count(ImportCreate) }
func (i *Import) Updated() int   { return i.count(ImportUpdate) }
func (i *Import) Unchanged() int { return i.count(ImportSame) }
func (i *Import) Wrong() int     { return i.count(ImportWrong) }

func (i *Import) count(a ImportAction) int {
	n := 0
	for _, row := range i.Rows {
		if row.Action == a {
			n++
		}
	}
	return n
}

// ImportCSV adds and changes people. A row is about the person with its employee number or, without one, its badge or,
// without that, its e-mail address; otherwise it is a new one. A column that is absent leaves what a person has, an empty
// field empties it. Nothing is done in a preview, or while a row is wrong, which the row says. BAD_USER_INPUT for
// what is no such CSV.
func (s *Service) ImportCSV(ctx context.Context, actor *access.Actor, in ImportInput) (*Import, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return nil, err
	}
	rows, err := readCSV(in.CSV)
	if err != nil {
		return nil, err
	}
	plan := &Import{Rows: rows}
	s.plan(plan, scope, actor)
	if in.Preview || plan.Wrong() > 0 {
		return plan, nil
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"importPeople": in.CSV})
		if err != nil || claim.Replayed {
			return err
		}
		drafts, err := s.carryOut(ctx, tx, actor, plan)
		if err != nil {
			return err
		}
		entries, err := s.ledger.Append(ctx, tx, drafts...)
		if err != nil {
			return err
		}
		return claim.Settle(ctx, tx, entries)
	})
	plan.Done = err == nil
	return plan, err
}

// plan decides what becomes of each row, as things stand in memory.
func (s *Service) plan(i *Import, scope access.Scope, actor *access.Actor) {
	taken := map[string]int{}
	index := s.ownedIndex()
	for n := range i.Rows {
		row := &i.Rows[n]
		if row.Action == ImportWrong {
			continue
		}
		s.planRow(row, index)
		if other := s.belongsToOther(row, index); !other.IsZero() && row.Action != ImportWrong {
			row.refuse(fault.Say("another person has this %s", other))
		}
		if row.Action != ImportWrong && !s.mayImport(row, scope, actor) {
			row.refuse(fault.Say("you may add and change people of your own department only"))
		}
		if who := row.samePerson(); who != "" {
			if line, twice := taken[who]; twice && row.Action != ImportWrong {
				row.refuse(fault.Say("line %d is about the same person: make one line of both", line))
			} else if !twice {
				taken[who] = row.Line
			}
		}
		for _, v := range row.owned() {
			if line, twice := taken[v]; twice && row.Action != ImportWrong {
				row.refuse(fault.Say("line %d has the same badge, employee number or external name", line))
			}
			taken[v] = row.Line
		}
	}
}

// samePerson is a text that two rows share only when they are about one person: whom they change or, for a new one whom nothing
// but his e-mail address tells from others, that. "" where the row alone does not say.
func (row *ImportRow) samePerson() string {
	switch {
	case !row.Person.IsZero():
		return "person\x00" + row.Person.String()
	case row.details.Email != "" && row.details.EmployeeNumber == "" && row.details.Badge == "":
		return "email\x00" + sameValue(row.details.Email)
	}
	return ""
}

// belongsToOther names what a row gives its person although another has it, the zero Text for nothing.
func (s *Service) belongsToOther(row *ImportRow, index map[string][]*Person) fault.Text {
	for _, v := range ownedValues(&Person{}, &Person{Badge: row.details.Badge, EmployeeNumber: row.details.EmployeeNumber}) {
		for _, owner := range index[v.kind+"\x00"+sameValue(v.now)] {
			if v.now != "" && owner.ID != row.Person {
				return v.words
			}
		}
	}
	for _, n := range row.details.ExternalNames {
		if owner, taken := s.directory.known(n.same()); taken && owner != row.Person {
			return fault.Say("external name")
		}
	}
	return fault.Text{}
}

// owned gives what may belong to one person only.
func (row *ImportRow) owned() []string {
	var all []string
	for _, v := range ownedValues(&Person{}, &Person{Badge: row.details.Badge, EmployeeNumber: row.details.EmployeeNumber}) {
		if v.now != "" {
			all = append(all, v.kind+"\x00"+sameValue(v.now))
		}
	}
	for _, n := range row.details.ExternalNames {
		all = append(all, externalKind+"\x00"+n.same())
	}
	return all
}

func (row *ImportRow) refuse(why fault.Text) { row.Action, row.Problem = ImportWrong, why }

// ownedIndex finds people by what a row may name them by.
func (s *Service) ownedIndex() map[string][]*Person {
	index := map[string][]*Person{}
	add := func(kind, value string, p *Person) {
		if value != "" {
			key := kind + "\x00" + sameValue(value)
			index[key] = append(index[key], p)
		}
	}
	for _, l := range s.directory.all() {
		p := l.of.person
		add("employee_number", p.EmployeeNumber, p)
		add("badge", p.Badge, p)
		add("email", p.Email, p)
		add("name", p.Name, p)
	}
	return index
}

func (s *Service) planRow(row *ImportRow, index map[string][]*Person) {
	find := func(kind, value string) []*Person { return index[kind+"\x00"+sameValue(value)] }
	var found []*Person
	for _, by := range []struct{ kind, value string }{
		{"employee_number", row.details.EmployeeNumber}, {"badge", row.details.Badge}, {"email", row.details.Email},
	} {
		if by.value == "" {
			continue
		}
		if found = find(by.kind, by.value); len(found) > 0 || by.kind == "employee_number" {
			break
		}
	}
	switch {
	case len(found) > 1:
		row.refuse(fault.Say("several people have this e-mail address: give the employee number or the badge"))
	case len(found) == 0:
		row.Action = ImportCreate
		row.checkNew()
		if same := find("name", row.details.Name); len(same) > 0 && row.Action == ImportCreate {
			row.Problem = fault.Say("there is somebody of this name already: is it the same person?")
		}
	default:
		s.planUpdate(row, found[0])
	}
}

// checkNew checks the details of a new person, and gives all his fields as those that differ.
func (row *ImportRow) checkNew() {
	checked, err := row.details.check()
	if err != nil {
		row.refuse(wrongField(err))
		return
	}
	row.details = checked
	row.Fields = fieldNames(changeOf(details{}, checked))
}

func (s *Service) planUpdate(row *ImportRow, p *Person) {
	row.Person, row.version = p.ID, p.Version
	was := s.detailsOf(p)
	merged := was
	merged.take(row.details, row.given)
	checked, err := merged.check()
	if err != nil {
		row.refuse(wrongField(err))
		return
	}
	if known, ok := s.directory.departmentNamed(checked.Department); ok {
		checked.Department = known.Name
	}
	row.details, row.Name = checked, checked.Name
	row.Fields = fieldNames(changeOf(was, checked))
	row.Action = ImportUpdate
	if len(row.Fields) == 0 {
		row.Action = ImportSame
	}
}

func (s *Service) mayImport(row *ImportRow, scope access.Scope, actor *access.Actor) bool {
	if scope == access.All {
		return true
	}
	if before, ok := s.Find(row.Person); ok && !scope.Reaches(actor, before.ID, before.Department) {
		return false
	}
	department, _ := s.directory.departmentNamed(row.details.Department)
	return scope.Reaches(actor, row.Person, department.ID)
}

func fieldNames(c change) []string {
	names := make([]string, len(c.names))
	for i, n := range c.names {
		names[i], _ = n.(string)
	}
	return names
}

// wrongField is what a row says of the field that is wrong.
func wrongField(err error) fault.Text {
	f, ok := fault.As(err)
	if !ok {
		return fault.Say("%v", err)
	}
	return fault.Say("%s: %s", f.Field, f.Text())
}

// carryOut stores a plan in which nothing is wrong, and gives the entries to append. CONFLICT when somebody changed
// one of the people since it was made.
func (s *Service) carryOut(ctx context.Context, tx *mysql.Tx, actor *access.Actor, plan *Import) ([]ledger.Draft, error) {
	var created []CreateInput
	var drafts []ledger.Draft
	updates := slices.DeleteFunc(slices.Clone(plan.Rows), func(r ImportRow) bool { return r.Action != ImportUpdate })
	slices.SortFunc(updates, func(a, b ImportRow) int { return strings.Compare(a.Person.String(), b.Person.String()) })
	for i := range updates { // in the order of ids, so that two imports never wait for each other in a ring
		before, err := s.lock(ctx, tx, updates[i].Person)
		if err != nil {
			return nil, err
		}
		_, changed, err := s.change(ctx, tx, actor, before, updates[i].details.update(before.ID, updates[i].version))
		if err != nil {
			return nil, atLine(err, updates[i].Line)
		}
		drafts = append(drafts, changed...)
	}
	for i := range plan.Rows {
		if plan.Rows[i].Action == ImportCreate {
			created = append(created, plan.Rows[i].details.create())
		}
	}
	made, added, err := s.insertAll(ctx, tx, moments{now: s.moment()}, actor, created)
	if err != nil {
		return nil, err
	}
	for i := range plan.Rows {
		if plan.Rows[i].Action == ImportCreate {
			plan.Rows[i].Person, made = made[0].ID, made[1:]
		}
	}
	return append(drafts, added...), nil
}

// atLine says in which line of an import a change failed.
func atLine(err error, line int) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	return f.Saying(fault.Say("Line %d: %s", line, f.Text()))
}
