package people

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/keytrail/keytrail/server/id"
)

// record is a person in memory, with what sorting and searching need. It is never changed.
type record struct {
	person *Person
	order  string // collation key of the name
	// open is what everybody may search who sees the person, personal what needs the right to personal details.
	open, personal string
}

func newRecord(p *Person, names *collation) *record {
	return &record{
		person: p, order: names.key(p.Name),
		open:     folded(p.Name + "\n" + p.Badge),
		personal: folded(p.EmployeeNumber + "\n" + p.Email + "\n" + p.Company + "\n" + externalNamesText(p.ExternalNames)),
	}
}

func compareRecords(a, b *record) int {
	if c := cmp.Compare(a.order, b.order); c != 0 {
		return c
	}
	return slices.Compare(a.person.ID[:], b.person.ID[:])
}

// line is what a search reads of a record. Lines lie side by side in memory, and so do their texts: reading each
// where it happens to lie took most of the time of a search.
type line struct {
	id, department id.ID
	open, personal string
	of             *record
}

func lineOf(r *record) line {
	return line{r.person.ID, r.person.Department, r.open, r.personal, r}
}

// matches reports whether every word is part of what may be searched.
func (l *line) matches(words []string, personal bool) bool {
	for _, word := range words {
		if !strings.Contains(l.open, word) && !(personal && strings.Contains(l.personal, word)) {
			return false
		}
	}
	return true
}

// directory holds all persons and departments. It is safe for concurrent use.
type directory struct {
	mu          sync.RWMutex
	byID        map[id.ID]*record
	merged      map[id.ID][]id.ID // those who turned out to be a person, in order
	external    map[string]id.ID  // by ExternalName.same
	ordered     []line            // by name, without erased persons; replaced as a whole, so that readers need no lock
	loose       int               // how many lines were added since their texts were last packed
	departments map[id.ID]Department
}

func newDirectory() *directory {
	return &directory{byID: map[id.ID]*record{}, merged: map[id.ID][]id.ID{}, external: map[string]id.ID{}, departments: map[id.ID]Department{}}
}

// find gives a person, or the one who he turned out to be.
func (d *directory) find(person id.ID) (*record, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, ok := d.byID[person]
	if ok && !r.person.MergedInto.IsZero() {
		r, ok = d.byID[r.person.MergedInto]
	}
	return r, ok
}

// all gives everybody by name. The slice must not be changed.
func (d *directory) all() []line {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ordered
}

// listed reports whether the record is somebody's who is to be found.
func (r *record) listed() bool { return !r.person.Erased && r.person.MergedInto.IsZero() }

// put adds persons and replaces older versions of them.
func (d *directory) put(records []*record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var removed, added []*record
	for _, r := range records {
		old, known := d.byID[r.person.ID]
		if known && old.person.Version > r.person.Version {
			continue // changes may be told in another order than they were committed
		}
		if known && old.listed() {
			removed = append(removed, old)
		}
		if r.listed() {
			added = append(added, r)
		}
		d.byID[r.person.ID] = r
		d.rename(old, r)
		d.remerge(old, r)
	}
	d.ordered = with(without(d.ordered, removed), added)
	if d.loose += len(added); d.loose > len(d.ordered)/20 {
		d.ordered, d.loose = packed(d.ordered), 0
	}
}

// rename brings the external names of a person up to date. It is called with mu held.
func (d *directory) rename(old, now *record) {
	if old != nil {
		for _, n := range old.person.ExternalNames {
			if same := n.same(); d.external[same] == now.person.ID {
				delete(d.external, same)
			}
		}
	}
	for _, n := range now.person.ExternalNames {
		d.external[n.same()] = now.person.ID
	}
}

func (d *directory) known(same string) (id.ID, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	person, ok := d.external[same]
	return person, ok
}

// remerge notes who a person turned out to be. It is called with mu held.
func (d *directory) remerge(old, now *record) {
	was := id.ID{}
	if old != nil {
		was = old.person.MergedInto
	}
	one, into := now.person.ID, now.person.MergedInto
	if was == into {
		return
	}
	if !was.IsZero() {
		d.merged[was] = slices.DeleteFunc(slices.Clone(d.merged[was]), func(other id.ID) bool { return other == one })
	}
	if !into.IsZero() {
		d.merged[into] = append(slices.Clone(d.merged[into]), one)
		slices.SortFunc(d.merged[into], func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	}
}

// mergedFrom gives those who turned out to be a person. The slice must not be changed.
func (d *directory) mergedFrom(person id.ID) []id.ID {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.merged[person]
}

// version gives the version of a person's own record, whoever he turned out to be; 0 when there is none.
func (d *directory) version(person id.ID) int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if r, ok := d.byID[person]; ok {
		return r.person.Version
	}
	return 0
}

// without gives the lines but those of removed records, which are all there.
func without(ordered []line, removed []*record) []line {
	if len(removed) == 0 {
		return ordered
	}
	slices.SortFunc(removed, compareRecords)
	kept := make([]line, 0, len(ordered)-len(removed))
	for _, r := range removed {
		at := placeOf(ordered, r)
		kept = append(kept, ordered[:at]...)
		ordered = ordered[at+1:]
	}
	return append(kept, ordered...)
}

// with gives the lines and those of added records, in order.
func with(ordered []line, added []*record) []line {
	slices.SortFunc(added, compareRecords)
	lines := make([]line, 0, len(ordered)+len(added))
	for _, r := range added {
		at := placeOf(ordered, r)
		lines = append(lines, ordered[:at]...)
		lines = append(lines, lineOf(r))
		ordered = ordered[at:]
	}
	return append(lines, ordered...)
}

func placeOf(ordered []line, r *record) int {
	at, _ := slices.BinarySearchFunc(ordered, r, func(l line, r *record) int { return compareRecords(l.of, r) })
	return at
}

// packed copies the texts of lines into one, in order.
func packed(lines []line) []line {
	var text strings.Builder
	for i := range lines {
		text.WriteString(lines[i].open)
		text.WriteString(lines[i].personal)
	}
	rest := text.String()
	take := func(n int) string {
		taken := rest[:n]
		rest = rest[n:]
		return taken
	}
	for i := range lines {
		lines[i].open, lines[i].personal = take(len(lines[i].open)), take(len(lines[i].personal))
	}
	return lines
}

func (d *directory) department(one id.ID) (Department, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found, ok := d.departments[one]
	return found, ok
}

// departmentNamed finds a department without regard to case and diacritics.
func (d *directory) departmentNamed(name string) (Department, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	wanted := folded(name)
	for _, one := range d.departments {
		if folded(one.Name) == wanted {
			return one, true
		}
	}
	return Department{}, false
}

func (d *directory) allDepartments() []Department {
	d.mu.RLock()
	defer d.mu.RUnlock()
	all := make([]Department, 0, len(d.departments))
	for _, one := range d.departments {
		all = append(all, one)
	}
	return all
}

func (d *directory) putDepartments(all []Department) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range all {
		d.departments[one.ID] = one
	}
}
