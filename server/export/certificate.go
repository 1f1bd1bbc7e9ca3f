package export

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/request"
)

// certificateWords are what stands on the certificate of an erasure, in one language.
type certificateWords struct {
	title, request, id, asked, decided, complete, size, done, remains, why, taken, none, more, sent string
	steps, reasons                                                                                  []string
}

func certificateWordsIn(language string) (certificateWords, error) {
	switch language {
	case "", "en":
		return certificateWords{
			title: "Certificate of an erasure", request: "Request", id: "Remains as", asked: "Asked for", decided: "Approved by a second person",
			complete: "Complete", size: "Entries in the ledger when this was made", done: "What was done", remains: "What remains, without a name",
			why: "Why it remains", taken: "Files taken out before, which may hold the person", none: "none", more: "and older ones, which the log of keytrail lists",
			sent: "Webhooks that were sent events about the person: ids, times and plain fields, no name",
			steps: []string{
				"The account, its sessions, second factor and roles were deleted.",
				"Name, addresses, numbers and badge were deleted from the directory; consents, e-mail that waited and working hours were deleted.",
				"The keys under which the person's details, addresses and texts are sealed were destroyed: nothing that was sealed under them can be read again.",
				"The master key was replaced afterwards, so that wrapped copies of those keys in files of the database open no more.",
			},
			reasons: []string{
				"Entries stay so that the record stays provable: they hold an id that names nobody, times, key numbers and sealed bytes that nothing opens.",
				"Keyed hashes of the names by which other programs reported the person stay, linked to nobody, so that what they still report makes no new person.",
				"What others wrote under their own names, such as notes on alerts and words they searched for, stays sealed under them.",
				"Backups and copies of the master key file from before have to be destroyed by whoever keeps them.",
			},
		}, nil
	case "lv":
		return certificateWords{
			title: "Apliecība par datu dzēšanu", request: "Lūgums", id: "Paliek kā", asked: "Lūgts", decided: "Otra persona apstiprināja",
			complete: "Pabeigts", size: "Ierakstu skaits žurnālā šīs apliecības brīdī", done: "Kas izdarīts", remains: "Kas paliek, bez vārda",
			why: "Kāpēc tas paliek", taken: "Agrāk izsniegtie faili, kuros cilvēks var būt", none: "nav", more: "un vecāki, kas uzskaitīti keytrail žurnālā",
			sent: "Tīmekļa aizķeres, kurām sūtīti notikumi par cilvēku: identifikatori, laiki un atklāti lauki, bez vārda",
			steps: []string{
				"Dzēsts konts, tā sesijas, otrais faktors un lomas.",
				"No adrešu grāmatas dzēsts vārds, adreses, numuri un karte; dzēstas piekrišanas, nenosūtītie e-pasti un darba stundas.",
				"Iznīcinātas atslēgas, ar kurām aizzīmogoti cilvēka dati, adreses un teksti: nekas no tā vairs nav izlasāms.",
				"Pēc tam nomainīta galvenā atslēga, tāpēc šo atslēgu ietītās kopijas datubāzes failos vairs nav atveramas.",
			},
			reasons: []string{
				"Ieraksti paliek, lai žurnāls būtu pierādāms: tajos ir identifikators, kas nevienu nenosauc, laiki, atslēgu numuri un aizzīmogoti baiti, kurus nekas neatver.",
				"Paliek ar atslēgu veidotas kontrolsummas no nosaukumiem, kādos par cilvēku ziņoja citas programmas, bez saites ar kādu, lai tās neradītu jaunu cilvēku.",
				"Tas, ko citi rakstījuši savā vārdā, piemēram, piezīmes pie brīdinājumiem un meklētie vārdi, paliek aizzīmogots ar viņu atslēgām.",
				"Rezerves kopijas un galvenās atslēgas faila agrākās kopijas jāiznīcina tam, kas tās glabā.",
			},
		}, nil
	}
	return certificateWords{}, fault.Field("lang", "lang must be en or lv")
}

// certificate answers with the certificate of an erasure, to be printed.
func (h *Handler) certificate(w http.ResponseWriter, r *http.Request) {
	asked, err := personOf(r, ".pdf")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	query, err := request.QueryOf(r, "lang")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	say, err := certificateWordsIn(query.Get("lang"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	kinds, err := personWordsIn(query.Get("lang"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	of, err := h.privacy.CertificateOf(r.Context(), request.Actor(r.Context()), asked)
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
	h.printCertificate(letter{m, font}, of, say, kinds)
	h.written(w, r, m, "erasure.pdf")
}

func (h *Handler) printCertificate(p letter, of *privacy.Certificate, say certificateWords, kinds personWords) {
	p.heading(say.title, 18)
	two, all, asked := []int{4, 8}, []int{12}, of.Request.RequestedAt
	lines := [][2]string{{say.request, of.Request.ID.String()}}
	for _, subject := range of.Subjects {
		lines = append(lines, [2]string{say.id, subject.String()})
	}
	lines = append(lines,
		[2]string{say.asked, h.localMoment(&asked) + ", " + of.RequestedBy}, [2]string{say.decided, h.localMoment(of.Request.DecidedAt) + ", " + of.DecidedBy},
		[2]string{say.complete, h.localMoment(of.Request.CompletedAt)}, [2]string{say.size, strconv.FormatUint(of.Size, 10)})
	for _, one := range lines {
		p.line(fontstyle.Normal, two, one[0], one[1])
	}
	p.heading(say.done, 13)
	for _, one := range say.steps {
		p.line(fontstyle.Normal, all, one)
	}
	p.heading(say.remains, 13)
	for _, one := range of.Remains {
		p.line(fontstyle.Normal, []int{5, 1, 3, 3}, kinds.kinds[one.Kind], strconv.Itoa(one.Count), h.localMoment(one.From), h.localMoment(one.To))
	}
	p.heading(say.why, 13)
	for _, one := range say.reasons {
		p.line(fontstyle.Normal, all, one)
	}
	p.heading(say.taken, 13)
	for _, one := range of.Taken {
		at := one.At
		p.line(fontstyle.Normal, []int{3, 3, 6}, h.localMoment(&at), one.Action, one.List+" · "+strconv.FormatUint(one.Seq, 10))
	}
	if len(of.Taken) == 0 {
		p.line(fontstyle.Normal, all, say.none)
	}
	if of.More {
		p.line(fontstyle.Normal, all, say.more)
	}
	p.heading(say.sent, 13)
	for _, one := range of.Received {
		first, last := one.FirstAt, one.LastAt
		p.line(fontstyle.Normal, []int{5, 1, 3, 3}, strings.TrimSpace(one.Address+" "+one.Description), strconv.FormatUint(one.Events, 10), h.localMoment(&first), h.localMoment(&last))
	}
	if len(of.Received) == 0 {
		p.line(fontstyle.Normal, all, say.none)
	}
}
