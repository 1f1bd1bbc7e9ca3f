package custody

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	takerColumns      = "key_group, place, person, department, role, weekdays, from_time, to_time"
	selectTakers      = "SELECT " + takerColumns + " FROM key_group_taker WHERE key_group IN (?) ORDER BY key_group, place"
	deleteTakers      = "DELETE FROM key_group_taker WHERE key_group = ?"
	insertTakers      = "INSERT INTO key_group_taker (" + takerColumns + ") VALUES "
	updateGroupRules  = "UPDATE key_group SET default_minutes = ?, default_until = ?, curfew = ? WHERE id = ?"
	selectRulesOfKeys = "SELECT m.key_id, g.id, g.name, g.version, g.created_at, g.default_minutes, g.default_until, g.curfew" +
		" FROM key_group_key m JOIN key_group g ON g.id = m.key_group WHERE m.key_id IN (?) ORDER BY m.key_id, g.id"
)

// takerRow is a taker as stored.
type takerRow struct {
	Group      id.ID     `db:"key_group"`
	Place      int       `db:"place"`
	Person     id.ID     `db:"person"`
	Department id.ID     `db:"department"`
	Role       *string   `db:"role"`
	Weekdays   *weekdays `db:"weekdays"`
	From       *string   `db:"from_time"`
	To         *string   `db:"to_time"`
}

func (r *takerRow) taker() Taker {
	t := Taker{PersonID: r.Person, DepartmentID: r.Department}
	if r.Role != nil {
		t.Role = *r.Role
	}
	if r.Weekdays != nil && r.From != nil && r.To != nil {
		t.Window = &Window{Days: r.Weekdays.days(), From: LocalTime(*r.From), To: LocalTime(*r.To)}
	}
	return t
}

func selectTakersOf(ctx context.Context, q mysql.Querier, groups []id.ID) (map[id.ID][]Taker, error) {
	var rows []takerRow
	if err := selectIn(ctx, q, &rows, selectTakers, groups); err != nil {
		return nil, err
	}
	takers := make(map[id.ID][]Taker, len(groups))
	for i := range rows {
		takers[rows[i].Group] = append(takers[rows[i].Group], rows[i].taker())
	}
	return takers, nil
}

// TakersOf gives who may take keys of groups, for joins: the caller has seen the groups.
func (s *Service) TakersOf(ctx context.Context, groups []id.ID) (map[id.ID][]Taker, error) {
	return selectTakersOf(ctx, s.db, groups)
}

// ruled is a group with its rules, as a key knows it.
type ruled struct {
	Key id.ID `db:"key_id"`
	KeyGroup
	rules GroupRules
}

// selectRules gives the groups of keys with their rules.
func selectRules(ctx context.Context, q mysql.Querier, keys []id.ID) (map[id.ID][]ruled, error) {
	var rows []ruled
	if err := selectIn(ctx, q, &rows, selectRulesOfKeys, keys); err != nil {
		return nil, err
	}
	var groups []id.ID
	for i := range rows {
		groups = append(groups, rows[i].ID)
	}
	takers, err := selectTakersOf(ctx, q, sorted(groups))
	if err != nil {
		return nil, err
	}
	rules := make(map[id.ID][]ruled, len(keys))
	for i := range rows {
		g := &rows[i]
		g.rules = GroupRules{Takers: takers[g.ID], DefaultLoan: g.DefaultLoan(), Curfew: orEmpty(g.Curfew)}
		rules[g.Key] = append(rules[g.Key], *g)
	}
	return rules, nil
}

func orEmpty(t *LocalTime) LocalTime {
	if t == nil {
		return ""
	}
	return *t
}

func rulesOf(groups []ruled) []GroupRules {
	rules := make([]GroupRules, len(groups))
	for i := range groups {
		rules[i] = groups[i].rules
	}
	return rules
}

// checkRules checks what of a group's rules is to change, and that everybody in it exists.
func (s *Service) checkRules(ctx context.Context, in *SaveGroupInput) error {
	if in.Curfew != nil && *in.Curfew != "" && !in.Curfew.valid() {
		return fault.Field("curfew", "write the time as HH:MM")
	}
	if in.DefaultLoan != nil && *in.DefaultLoan != (DefaultLoan{}) {
		if err := in.DefaultLoan.check(); err != nil {
			return err
		}
	}
	if in.Takers == nil {
		return nil
	}
	if err := checkTakers(*in.Takers, s.isRoleOfPeople); err != nil {
		return err
	}
	for i, t := range *in.Takers {
		if !t.PersonID.IsZero() {
			p, err := s.people.Lookup(ctx, t.PersonID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err != nil || p.Erased {
				return member("takers", i, "there is no such person: choose one from the list of people")
			}
		}
		if _, known := s.people.Department(t.DepartmentID); !known && !t.DepartmentID.IsZero() {
			return member("takers", i, "there is no such department: choose one from the list")
		}
	}
	return nil
}

func (s *Service) isRoleOfPeople(role string) bool {
	return s.access.KnowsRole(role) && !slices.Contains(access.TokenRoles(), role)
}

// changeRules stores what of a group's rules is to change, and gives what differs.
func changeRules(ctx context.Context, tx *mysql.Tx, was *KeyGroup, in *SaveGroupInput) ([]any, error) {
	var changes []any
	loan, until := was.DefaultLoan(), was.Curfew
	if in.DefaultLoan != nil && in.DefaultLoan.text() != loan.text() {
		changes = append(changes, change("defaultLoan", loan.text(), in.DefaultLoan.text()))
		loan = in.DefaultLoan
	}
	if in.Curfew != nil && *in.Curfew != orEmpty(until) {
		changes = append(changes, change("curfew", string(orEmpty(until)), string(*in.Curfew)))
		if until = in.Curfew; *until == "" {
			until = nil
		}
	}
	if len(changes) > 0 {
		if loan == nil {
			loan = &DefaultLoan{}
		}
		if _, err := tx.Exec(ctx, updateGroupRules, loan.Minutes, textOf(loan.Until), textOf(until), was.ID); err != nil {
			return nil, err
		}
	}
	taken, err := changeTakers(ctx, tx, was.ID, in.Takers)
	return append(changes, taken...), err
}

func textOf(t *LocalTime) *string {
	return (*string)(t)
}

func changeTakers(ctx context.Context, tx *mysql.Tx, group id.ID, takers *[]Taker) ([]any, error) {
	if takers == nil {
		return nil, nil
	}
	before, err := selectTakersOf(ctx, tx, []id.ID{group})
	if err != nil {
		return nil, err
	}
	was, is := takerTexts(before[group]), takerTexts(*takers)
	if slices.Equal(was, is) {
		return nil, nil
	}
	if _, err := tx.Exec(ctx, deleteTakers, group); err != nil {
		return nil, err
	}
	if len(*takers) > 0 {
		args := make([]any, 0, 8*len(*takers))
		for i := range *takers {
			args = append(args, (*takers)[i].values(group, i)...)
		}
		const row = "(?,?,?,?,?,?,?,?)"
		if _, err := tx.Exec(ctx, insertTakers+strings.Repeat(row+",", len(*takers)-1)+row, args...); err != nil {
			return nil, err
		}
	}
	return []any{map[string]any{"path": "takers", "before": anyOf(was), "after": anyOf(is)}}, nil
}

func (t *Taker) values(group id.ID, place int) []any {
	var role, days, from, to any
	if t.Role != "" {
		role = t.Role
	}
	if t.Window != nil {
		days, from, to = int(setOf(t.Window.Days)), string(t.Window.From), string(t.Window.To)
	}
	return []any{group, place, t.PersonID, t.DepartmentID, role, days, from, to}
}

// text is the default loan for an entry, "" for none.
func (d *DefaultLoan) text() string {
	switch {
	case d == nil:
		return ""
	case d.Minutes != nil:
		return strconv.Itoa(*d.Minutes) + " min"
	case d.Until != nil:
		return string(*d.Until)
	}
	return ""
}

// takerTexts describes takers for an entry. A person stands there by his id.
func takerTexts(takers []Taker) []string {
	texts := make([]string, len(takers))
	for i, t := range takers {
		switch {
		case !t.PersonID.IsZero():
			texts[i] = "person " + t.PersonID.String()
		case !t.DepartmentID.IsZero():
			texts[i] = "department " + t.DepartmentID.String()
		default:
			texts[i] = "role " + t.Role
		}
		texts[i] += t.Window.text()
	}
	return texts
}

// text is the window behind whom it is for, "" for always.
func (w *Window) text() string {
	if w == nil {
		return ""
	}
	days := make([]string, len(w.Days))
	for i, day := range w.Days {
		days[i] = string(day[:1]) + strings.ToLower(string(day[1:3]))
	}
	return " " + strings.Join(days, ",") + " " + string(w.From) + "-" + string(w.To)
}

// during says of a taker when he may take keys.
func (w *Window) during(taker fault.Text) fault.Text {
	if w == nil {
		return taker
	}
	days := make(fault.Texts, len(w.Days))
	for i, day := range w.Days {
		days[i] = day.word()
	}
	return fault.Say("%s %s %s-%s", taker, days, string(w.From), string(w.To))
}

func anyOf(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}
