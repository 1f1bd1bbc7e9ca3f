package export

import (
	"net/http"
	"strconv"

	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/request"
)

// entriesPrinted bounds the entries of a printed page: all of them are in the ZIP file.
const entriesPrinted = 300

// personWords are what stands on what is printed of a person, in one language.
type personWords struct {
	title, madeAt, name, email, phone, badge, number, company, kept, kind, count, since, until, entries, only string
	kinds                                                                                                     map[privacy.Kind]string
}

func personWordsIn(language string) (personWords, error) {
	switch language {
	case "", "en":
		return personWords{
			title: "What is kept about a person", madeAt: "Made at", name: "Name", email: "E-mail", phone: "Phone", badge: "Badge",
			number: "Employee number", company: "Company", kept: "What is kept", kind: "Kind", count: "How many", since: "From", until: "To",
			entries: "The newest entries", only: "Only the newest entries are printed: the ZIP file has all of them, with what is sealed.",
			kinds: map[privacy.Kind]string{
				privacy.KindDirectory: "Directory", privacy.KindAccount: "Account", privacy.KindSessions: "Sessions", privacy.KindLoans: "Loans of keys",
				privacy.KindReservations: "Reservations", privacy.KindHours: "Working days", privacy.KindConsents: "Consents",
				privacy.KindKeyLog: "Entries about keys", privacy.KindActivityLog: "Entries about activity", privacy.KindAuthLog: "Entries about sign-ins",
				privacy.KindWorkLog: "Entries about work", privacy.KindSystemLog: "Entries of keytrail itself",
			},
		}, nil
	case "lv":
		return personWords{
			title: "Kas tiek glabāts par cilvēku", madeAt: "Sagatavots", name: "Vārds, uzvārds", email: "E-pasts", phone: "Tālrunis", badge: "Karte",
			number: "Darbinieka numurs", company: "Uzņēmums", kept: "Kas tiek glabāts", kind: "Veids", count: "Cik", since: "No", until: "Līdz",
			entries: "Jaunākie ieraksti", only: "Izdrukāti tikai jaunākie ieraksti: ZIP failā ir visi, arī aizzīmogotais.",
			kinds: map[privacy.Kind]string{
				privacy.KindDirectory: "Adrešu grāmata", privacy.KindAccount: "Konts", privacy.KindSessions: "Sesijas", privacy.KindLoans: "Atslēgu izsniegumi",
				privacy.KindReservations: "Rezervācijas", privacy.KindHours: "Darba dienas", privacy.KindConsents: "Piekrišanas",
				privacy.KindKeyLog: "Ieraksti par atslēgām", privacy.KindActivityLog: "Ieraksti par darbībām", privacy.KindAuthLog: "Ieraksti par pieslēgšanos",
				privacy.KindWorkLog: "Ieraksti par darbu", privacy.KindSystemLog: "Sistēmas ieraksti",
			},
		}, nil
	}
	return personWords{}, fault.Field("lang", "lang must be en or lv")
}

// personPDF answers with what is kept about a person, to be read.
func (h *Handler) personPDF(w http.ResponseWriter, r *http.Request) {
	person, err := personOf(r, ".pdf")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	query, err := request.QueryOf(r, "lang")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	say, err := personWordsIn(query.Get("lang"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	about, err := h.privacy.AboutOf(r.Context(), request.Actor(r.Context()), &person, "pdf")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	newest, err := h.privacy.Newest(r.Context(), about, entriesPrinted)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	m, err := sheetOfPaper(2*margin, 2*margin)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	page := letter{m, font}
	h.printPerson(page, about, newest, say)
	h.written(w, r, m, "person.pdf")
}

// letter is a document and the font that its texts are set in.
type letter struct {
	m    core.Maroto
	font *sfnt.Font
}

func (p letter) heading(words string, size float64) {
	p.m.AddAutoRow(text.NewCol(12, printable(p.font, words), props.Text{Size: size, Style: fontstyle.Bold, Top: 4, Bottom: 2}))
}

// line sets texts side by side, each as wide as its part of twelve.
func (p letter) line(style fontstyle.Type, widths []int, texts ...string) {
	columns := make([]core.Col, len(texts))
	for i, one := range texts {
		columns[i] = text.NewCol(widths[i], printable(p.font, one), props.Text{Size: 9, Style: style, Top: 1, Bottom: 1})
	}
	p.m.AddAutoRow(columns...)
}

func (h *Handler) printPerson(p letter, about *privacy.About, newest []privacy.Line, say personWords) {
	p.heading(say.title, 18)
	who, two := about.Person, []int{4, 8}
	for _, one := range [][2]string{
		{say.madeAt, h.localMoment(&about.MadeAt)}, {say.name, who.Name}, {say.email, who.Email}, {say.phone, who.Phone}, {say.badge, who.Badge},
		{say.number, who.EmployeeNumber}, {say.company, who.Company},
	} {
		if one[1] != "" {
			p.line(fontstyle.Normal, two, one[0], one[1])
		}
	}
	p.heading(say.kept, 13)
	four := []int{5, 1, 3, 3}
	p.line(fontstyle.Bold, four, say.kind, say.count, say.since, say.until)
	for _, one := range about.Kept {
		p.line(fontstyle.Normal, four, say.kinds[one.Kind], strconv.Itoa(one.Count), h.localMoment(one.From), h.localMoment(one.To))
	}
	p.heading(say.entries, 13)
	for _, one := range newest {
		at := one.OccurredAt
		p.line(fontstyle.Normal, []int{3, 4, 5}, h.localMoment(&at), one.Action, labelOf(one))
	}
	p.line(fontstyle.Normal, []int{12}, say.only)
}

func labelOf(l privacy.Line) string {
	if l.Label != "" {
		return l.EntityType + " " + l.Label
	}
	return l.EntityType
}
