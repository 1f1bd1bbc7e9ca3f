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
		personal: folded(p.EmployeeNumber + "\n" + p.Email + "\n" + p.Company),
	}
}

func compareRecords(a, b *record) int {
	if c := cmp.Compare(a.order, b.order); c != 0 {
		return c
	}
	return slices.Compare(a.person.ID[:], b.person.ID[:])
}

// matches reports whether every word is part of what may be searched.
func (r *record) matches(words []string, personal bool) bool {
	for _, word := range words {
		if !strings.Contains(r.open, word) && !(personal && strings.Contains(r.personal, word)) {
			return false
		}
	}
	return true
}

// directory holds all persons and departments. It is safe for concurrent use.
type directory struct {
	mu          sync.RWMutex
	byID        map[id.ID]*record
	ordered     []*record // by name, without erased persons; replaced as a whole, so that readers need no lock
	departments map[id.ID]Department
}

func newDirectory() *directory {
	return &directory{byID: map[id.ID]*record{}, departments: map[id.ID]Department{}}
}

func (d *directory) find(person id.ID) (*record, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, ok := d.byID[person]
	return r, ok
}

// all gives everybody by name. The slice must not be changed.
func (d *directory) all() []*record {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ordered
}

// put adds persons and replaces older versions of them.
func (d *directory) put(records []*record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var added []*record
	replaced := map[*record]bool{}
	for _, r := range records {
		old, known := d.byID[r.person.ID]
		if known && old.person.Version > r.person.Version {
			continue // changes may be told in another order than they were committed
		}
		if known {
			replaced[old] = true
		}
		d.byID[r.person.ID] = r
		if !r.person.Erased {
			added = append(added, r)
		}
	}
	d.ordered = merge(d.ordered, replaced, added)
}

// merge gives the records of ordered that were not replaced and the added ones, in order.
func merge(ordered []*record, replaced map[*record]bool, added []*record) []*record {
	added = slices.DeleteFunc(added, func(r *record) bool { return replaced[r] })
	slices.SortFunc(added, compareRecords)
	merged := make([]*record, 0, len(ordered)+len(added))
	for _, old := range ordered {
		if len(replaced) > 0 && replaced[old] {
			continue
		}
		for len(added) > 0 && compareRecords(added[0], old) < 0 {
			merged, added = append(merged, added[0]), added[1:]
		}
		merged = append(merged, old)
	}
	return append(merged, added...)
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
