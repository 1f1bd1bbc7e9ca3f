package people

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// view is what one actor may see of people.
type view struct {
	actor           *access.Actor
	people          access.Scope
	personalDetails access.Scope
}

func (s *Service) viewOf(actor *access.Actor) view {
	return view{actor, s.access.ScopeOf(actor, access.PeopleView), s.access.ScopeOf(actor, access.LogsPersonalView)}
}

func (v view) sees(person, department id.ID) bool {
	return v.actor != nil && v.people.Reaches(v.actor, person, department)
}

func (v view) seesPersonal(person, department id.ID) bool {
	return v.actor != nil && v.personalDetails.Reaches(v.actor, person, department)
}

// seesName reports whether the actor may know the person's name, in the directory or where it stands in a log.
func (v view) seesName(p *Person) bool {
	return !p.Erased && (v.sees(p.ID, p.Department) || v.seesPersonal(p.ID, p.Department))
}

// of gives the person as the actor may see him: without personal details beyond name and badge when the
// actor does not hold the right to them.
func (v view) of(p *Person) *Person {
	if v.seesPersonal(p.ID, p.Department) {
		return p
	}
	shown := *p
	shown.EmployeeNumber, shown.Email, shown.Phone, shown.Company, shown.ExternalNames = "", "", "", "", nil
	return &shown
}

// Visible reports whether the actor may see the person in the directory.
func (s *Service) Visible(actor *access.Actor, person id.ID) bool {
	p, ok := s.Find(person)
	return ok && s.viewOf(actor).sees(p.ID, p.Department)
}

// Get gives a person as the actor may see him, and nil when there is none whom he may see.
func (s *Service) Get(ctx context.Context, actor *access.Actor, person id.ID) (*Person, error) {
	if _, err := s.access.Require(ctx, actor, access.PeopleView); err != nil {
		return nil, err
	}
	p, ok := s.Find(person)
	v := s.viewOf(actor)
	if !ok || p.Erased || !v.sees(p.ID, p.Department) {
		return nil, nil
	}
	return v.of(p), nil
}

// As gives a person, known to the caller from elsewhere such as an entry or a loan, as the actor may see him:
// in full, without personal details, or with nothing but a mask for a name, in the caller's language. false when
// there is no such person.
func (s *Service) As(ctx context.Context, actor *access.Actor, person id.ID) (*Person, bool) {
	p, ok := s.Find(person)
	if !ok {
		return nil, false
	}
	v := s.viewOf(actor)
	if v.seesName(p) {
		return v.of(p), true
	}
	return &Person{ID: p.ID, Name: s.Mask(ctx, actor, p.ID), Language: p.Language, Erased: p.Erased}, true
}

// DisplayName is DisplayNameIn English, as tables and older endpoints are.
func (s *Service) DisplayName(actor *access.Actor, person id.ID) string {
	return s.DisplayNameIn(language.English, actor, person)
}

// DisplayNameIn gives a person's name, or his mask in a language where the actor may not see the name.
func (s *Service) DisplayNameIn(in language.Tag, actor *access.Actor, person id.ID) string {
	p, ok := s.Find(person)
	if ok && s.viewOf(actor).seesName(p) {
		return p.Name
	}
	if ok {
		person = p.ID
	}
	return s.mask(in, actor, person)
}

const maskDays = 24 * time.Hour

// Mask gives a name in place of a person's: the same for one viewer during a day (UTC), so that the person stays
// recognisable on a page, and another for each viewer and day, so that nobody can be followed by it. Only its first
// word is in the caller's language. A screen on a wall shows initials.
func (s *Service) Mask(ctx context.Context, actor *access.Actor, person id.ID) string {
	return s.mask(fault.Language(ctx), actor, person)
}

func (s *Service) mask(in language.Tag, actor *access.Actor, person id.ID) string {
	if p, ok := s.Find(person); ok && !p.Erased && actor.ShowsInitials() {
		return initials(p.Name)
	}
	viewer := ""
	if actor != nil {
		viewer = actor.Caller()
	}
	mac := hmac.New(sha256.New, s.maskKey)
	mac.Write([]byte(viewer + "\x00" + strconv.FormatInt(s.now().Unix()/int64(maskDays/time.Second), 10) + "\x00"))
	mac.Write(person[:])
	return fault.Say("Person %s", base32.StdEncoding.EncodeToString(mac.Sum(nil))[:6]).In(in)
}

// Initials gives the first letters of a person's first and last name, "" when there is no such person or he was erased.
func (s *Service) Initials(person id.ID) string {
	p, ok := s.Find(person)
	if !ok || p.Erased {
		return ""
	}
	return initials(p.Name)
}

// initials gives the first letter of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	var letters strings.Builder
	for i, word := range words {
		if i == 0 || i == len(words)-1 {
			first, _ := utf8.DecodeRuneInString(word)
			letters.WriteString(strings.ToUpper(string(first)) + ".")
		}
	}
	return letters.String()
}

// Departments lists the departments that the actor may see people of, by name.
func (s *Service) Departments(ctx context.Context, actor *access.Actor) ([]Department, error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleView)
	if err != nil {
		return nil, err
	}
	shown := slices.DeleteFunc(s.directory.allDepartments(), func(d Department) bool {
		return scope != access.All && d.ID != actor.Department
	})
	keys := make(map[id.ID]string, len(shown))
	for _, d := range shown {
		keys[d.ID] = s.names.key(d.Name)
	}
	slices.SortFunc(shown, func(a, b Department) int { return cmp.Compare(keys[a.ID], keys[b.ID]) })
	return shown, nil
}
