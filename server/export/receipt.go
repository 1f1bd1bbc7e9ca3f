package export

import (
	"net/http"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/code"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/line"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

// words are what stands on a receipt, in one language.
type words struct {
	title, number, label, place, holder, issuedBy, issuedAt, dueAt, untilFurther, endedAt, takenBy, gave, received, loan string
	ends                                                                                                                 map[custody.LoanEnd]string
}

// wordsIn gives the words of a language, en or lv. BAD_USER_INPUT for another.
func wordsIn(language string) (words, error) {
	switch language {
	case "", "en":
		return words{
			title: "Key receipt", number: "Key", label: "Label", place: "Place", holder: "Holder", issuedBy: "Issued by", issuedAt: "Issued",
			dueAt: "Due", untilFurther: "until further notice", endedAt: "Ended", takenBy: "Taken by",
			gave: "Signature of whoever gives the key", received: "Signature of the holder", loan: "Loan",
			ends: map[custody.LoanEnd]string{
				custody.EndReturned: "returned", custody.EndHandedOver: "handed over", custody.EndLost: "lost", custody.EndVoided: "annulled",
			},
		}, nil
	case "lv":
		return words{
			title: "Atslēgas izsniegšanas kvīts", number: "Atslēga", label: "Apzīmējums", place: "Vieta", holder: "Turētājs", issuedBy: "Izsniedza",
			issuedAt: "Izsniegta", dueAt: "Jāatdod līdz", untilFurther: "līdz turpmākam paziņojumam", endedAt: "Izbeigta", takenBy: "Pieņēma",
			gave: "Izsniedzēja paraksts", received: "Turētāja paraksts", loan: "Izsniegums",
			ends: map[custody.LoanEnd]string{
				custody.EndReturned: "atgriezta", custody.EndHandedOver: "nodota tālāk", custody.EndLost: "nozaudēta", custody.EndVoided: "anulēta",
			},
		}, nil
	}
	return words{}, fault.Field("lang", "lang must be en or lv")
}

// receipt answers with the receipt of a loan, to be printed and signed.
func (h *Handler) receipt(w http.ResponseWriter, r *http.Request) {
	name, isPDF := strings.CutSuffix(r.PathValue("file"), ".pdf")
	loan, err := id.Parse(name)
	if err != nil || !isPDF {
		loan = id.ID{}
	}
	query, err := request.QueryOf(r, "lang")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	say, err := wordsIn(query.Get("lang"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	of, err := h.custody.Receipt(r.Context(), request.Actor(r.Context()), loan)
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
	m.AddRow(30, text.NewCol(9, say.title, props.Text{Size: 20, Style: fontstyle.Bold}), code.NewQrCol(3, of.Key.Number, props.Rect{Percent: 100}))
	for _, one := range h.receiptLines(of, say) {
		m.AddAutoRow(
			text.NewCol(4, one[0], props.Text{Style: fontstyle.Bold, Top: 1, Bottom: 1}),
			text.NewCol(8, printable(font, one[1]), props.Text{Top: 1, Bottom: 1}),
		)
	}
	m.AddRow(24)
	m.AddRow(2, line.NewCol(5), col.New(2), line.NewCol(5))
	m.AddRow(6, text.NewCol(5, say.gave, props.Text{Size: 8}), col.New(2), text.NewCol(5, say.received, props.Text{Size: 8}))
	h.written(w, r, m, "receipt.pdf")
}

// receiptLines gives what a receipt says, a pair a line; what is not known is left out.
func (h *Handler) receiptLines(of *custody.Receipt, say words) [][2]string {
	k, l := of.Key, of.Loan
	due := h.localMoment(l.DueAt)
	if due == "" {
		due = say.untilFurther
	}
	var places []string
	for _, part := range []string{k.Building, k.Floor, k.Room, k.Cabinet, k.Hook} {
		if part != "" {
			places = append(places, part)
		}
	}
	all := [][2]string{
		{say.number, k.Number}, {say.label, k.Label}, {say.place, strings.Join(places, ", ")}, {say.holder, of.Holder},
		{say.issuedBy, of.IssuedBy}, {say.issuedAt, h.localMoment(&l.IssuedAt)}, {say.dueAt, due},
	}
	if l.End != nil {
		all = append(all, [2]string{say.endedAt, h.localMoment(l.ReturnedAt) + ", " + say.ends[*l.End]}, [2]string{say.takenBy, of.ReturnedBy})
	}
	all = append(all, [2]string{say.loan, l.ID.String()})
	known := all[:0]
	for _, one := range all {
		if one[1] != "" {
			known = append(known, one)
		}
	}
	return known
}
