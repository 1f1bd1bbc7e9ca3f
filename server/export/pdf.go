package export

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/consts/pagesize"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/johnfercher/maroto/v2/pkg/repository"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/keytrail/keytrail/server/id"
)

const (
	kindPDF = "application/pdf"
	// family is a font with all letters of the app's languages; the fonts that every PDF reader has lack Latvian ones.
	family = "go"
	margin = 12 // mm
)

// sheetOfPaper begins a document on A4. Each font is a copy of its own: the library cuts unused letters out of the bytes that
// it is given.
func sheetOfPaper(marginLeft, marginTop float64) (core.Maroto, error) {
	fonts, err := repository.New().
		AddUTF8FontFromBytes(family, fontstyle.Normal, bytes.Clone(goregular.TTF)).
		AddUTF8FontFromBytes(family, fontstyle.Bold, bytes.Clone(gobold.TTF)).
		AddUTF8FontFromBytes(family, fontstyle.Italic, bytes.Clone(goregular.TTF)).
		AddUTF8FontFromBytes(family, fontstyle.BoldItalic, bytes.Clone(gobold.TTF)).
		Load()
	if err != nil {
		return nil, err
	}
	return maroto.New(config.NewBuilder().WithPageSize(pagesize.A4).WithLeftMargin(marginLeft).WithRightMargin(marginLeft).
		WithTopMargin(marginTop).WithBottomMargin(marginTop).WithCustomFonts(fonts).WithDefaultFont(&props.Font{Family: family, Size: 10}).
		WithCompression(true).Build()), nil
}

// written answers with a document.
func (h *Handler) written(w http.ResponseWriter, r *http.Request, m core.Maroto, name string) {
	document, err := m.Generate()
	if err != nil {
		h.fail(w, r, err)
		return
	}
	offer(w, kindPDF, "inline", name)
	_, _ = w.Write(document.GetBytes())
}

// printable gives a text with a mark in place of each letter that the font does not have.
func printable(font *sfnt.Font, text string) string {
	var buffer sfnt.Buffer
	return strings.Map(func(r rune) rune {
		glyph, err := font.GlyphIndex(&buffer, r)
		if err != nil || glyph == 0 || r < ' ' {
			return '?'
		}
		return r
	}, text)
}

// idsOf reads ids that are divided by commas. An id that cannot be read is the zero id.
func idsOf(text string) []id.ID {
	var ids []id.ID
	for one := range strings.SplitSeq(text, ",") {
		parsed, err := id.Parse(strings.TrimSpace(one))
		if err != nil {
			parsed = id.ID{}
		}
		ids = append(ids, parsed)
	}
	return ids
}
