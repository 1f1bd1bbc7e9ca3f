package export

import (
	"net/http"
	"slices"
	"time"

	"github.com/johnfercher/maroto/v2/pkg/components/code"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/request"
)

// The sheet of labels: three a line, nine lines a page of A4, each 62 by 30 mm.
const (
	labelsInLine = 3
	labelHeight  = 30 // mm
)

// labels answers with labels to be cut out: number, QR code of the number, and what the key is called.
func (h *Handler) labels(w http.ResponseWriter, r *http.Request) {
	query, err := request.QueryOf(r, "ids")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	keys, err := h.custody.Labelled(r.Context(), request.Actor(r.Context()), idsOf(query.Get("ids")))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	m, err := sheetOfPaper(margin, margin)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	for some := range slices.Chunk(keys, labelsInLine) {
		var cols []core.Col
		for _, k := range some {
			cols = append(cols, label(font, k)...)
		}
		m.AddRow(labelHeight, cols...)
	}
	h.written(w, r, m, "labels.pdf")
}

// label gives the two columns of a key: its QR code, and its number and label beside it.
func label(font *sfnt.Font, k *custody.Key) []core.Col {
	return []core.Col{
		code.NewQrCol(2, k.Number, props.Rect{Percent: 80, Center: true}),
		col.New(2).Add(
			text.New(printable(font, k.Number), props.Text{Size: 14, Style: fontstyle.Bold, Top: 4}),
			text.New(printable(font, k.Label), props.Text{Size: 8, Top: 13}),
		),
	}
}

// localMoment gives a time in the display zone for people, to the minute; "" for none.
func (h *Handler) localMoment(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.In(h.zone).Format("2006-01-02 15:04")
}
