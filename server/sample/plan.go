// Package sample makes an invented organisation with a year of history, for trying keytrail out, and keeps it moving.
// What it makes depends on a seed and the clock only.
package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	peopleCount   = 60
	seed          = 20_260
	loansPerDay   = 56
	historyDays   = 365
	permanentKeys = 8
)

// plan is everything that is going to be loaded, before anything has an id. Numbers are indexes into its lists.
type plan struct {
	people  []person
	keys    []key
	groups  []string
	loans   []loan
	signIns []signIn
	deeds   []deed
}

type person struct {
	name, department, badge, number, email, phone, company, language string
	visitor                                                          bool
}

type key struct {
	number, label, category, building, floor, room, cabinet, hook string
	group                                                         int // -1 for none
	use                                                           float64
}

// loan is one movement out and, unless returned is zero, one back.
type loan struct {
	key, holder, issuedBy, returnedBy int
	issued, due, returned             time.Time
	comment, returnComment            string
}

// makePlan invents the organisation as it is at now.
func makePlan(now time.Time, zone *time.Location) *plan {
	p, random := organise()
	p.lend(random, now, zone)
	p.signInDaily(random, now, zone)
	p.workInPrograms(random, now, zone)
	return p
}

// organise invents who and what there is, whenever it is, and gives what decides on the rest.
func organise() (*plan, *rand.Rand) {
	p, random := &plan{}, rand.New(rand.NewPCG(seed, seed))
	p.invitePeople(random)
	p.cutKeys(random)
	return p, random
}

func (p *plan) invitePeople(random *rand.Rand) {
	departments, firsts, lasts, abroad := departmentNames(), firstNames(), lastNames(), surnamesAbroad()
	for i := range peopleCount {
		first := firsts[i%len(firsts)]
		woman := isWoman(first)
		pair := lasts[(i*7+i/len(firsts)*3)%len(lasts)]
		last, language := pair[0], "lv"
		if woman {
			last = pair[1]
		}
		if isForeign(first) {
			last, language = abroad[i%len(abroad)], "en"
		}
		someone := person{
			name: first + " " + last, department: departments[i%len(departments)], language: language,
			number: fmt.Sprintf("E%04d", 1000+i*7), badge: fmt.Sprintf("%08d", 30_010_000+i*137+random.IntN(100)),
			email: ascii(first+"."+last) + "@dit.example", phone: fmt.Sprintf("+371 2%07d", random.IntN(10_000_000)),
		}
		if i >= peopleCount-len(visitorCompanies()) {
			someone.company = visitorCompanies()[i%len(visitorCompanies())]
			someone.visitor, someone.number, someone.department = true, "", ""
		}
		p.people = append(p.people, someone)
	}
}

func isWoman(first string) bool {
	return strings.HasSuffix(first, "a") || strings.HasSuffix(first, "e") || first == "Emily"
}

func isForeign(first string) bool {
	switch first {
	case "James", "Emily", "Oliver", "Sophie":
		return true
	}
	return false
}

func ascii(text string) string {
	plain := strings.NewReplacer("ā", "a", "č", "c", "ē", "e", "ģ", "g", "ī", "i", "ķ", "k", "ļ", "l", "ņ", "n", "š", "s", "ū", "u", "ž", "z")
	return plain.Replace(strings.ToLower(text))
}

func (p *plan) cutKeys(random *rand.Rand) {
	p.addBuilding(random, "Main building", roomsOfMain(), 60, func(i int) (number, floor, room string) {
		floor = fmt.Sprint(1 + i/20)
		room = fmt.Sprintf("%d%02d", 1+i/20, 1+i%20)
		return room, floor, room
	})
	p.addBuilding(random, "Laboratory", roomsOfLaboratory(), 35, func(i int) (number, floor, room string) {
		return fmt.Sprintf("L-%d", i+1), fmt.Sprint(i / 12), fmt.Sprintf("L%d%02d", i/12, i%12+1)
	})
	p.addBuilding(random, "Workshop", roomsOfWorkshop(), 25, func(i int) (number, floor, room string) {
		return fmt.Sprintf("%03d", i+1), "0", fmt.Sprintf("W%02d", i+1)
	})
}

func (p *plan) addBuilding(random *rand.Rand, building string, places []place, count int, name func(i int) (number, floor, room string)) {
	for i := range count {
		kind := places[i%len(places)]
		number, floor, room := name(i)
		p.keys = append(p.keys, key{
			number: number, label: kind.label + " " + room, category: kind.category, building: building, floor: floor, room: room,
			cabinet: building[:1] + fmt.Sprint(1+i/32), hook: fmt.Sprint(1 + i%32),
			group: p.groupNumber(kind.group), use: kind.use * (0.5 + random.Float64()),
		})
	}
}

func (p *plan) groupNumber(name string) int {
	if name == "" {
		return -1
	}
	for i, known := range p.groups {
		if known == name {
			return i
		}
	}
	p.groups = append(p.groups, name)
	return len(p.groups) - 1
}
