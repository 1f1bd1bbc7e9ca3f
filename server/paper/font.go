package paper

import (
	"fmt"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// perEm is how many units of width PDF counts to the size of a font.
const perEm = 1000

// lastLetter is the last one that is looked for: the fonts have signs and ligatures above, and looking takes time.
const lastLetter = '\u2fff'

// face is a font that is embedded whole. A text in it is written as numbers of glyphs.
type face struct {
	name   string
	file   []byte
	widths []int           // of each glyph, in units of perEm
	glyphs map[rune]uint16 // of letters in the basic plane
}

// newFace reads a TrueType font.
func newFace(name string, file []byte) (*face, error) {
	parsed, err := sfnt.Parse(file)
	if err != nil {
		return nil, err
	}
	f := &face{name: name, file: file, glyphs: map[rune]uint16{}}
	var buffer sfnt.Buffer
	for glyph := range parsed.NumGlyphs() {
		width, err := parsed.GlyphAdvance(&buffer, sfnt.GlyphIndex(glyph), fixed.I(perEm), font.HintingNone)
		if err != nil {
			return nil, err
		}
		f.widths = append(f.widths, width.Round())
	}
	for r := ' '; r <= lastLetter; r++ {
		if glyph, err := parsed.GlyphIndex(&buffer, r); err == nil && glyph != 0 {
			f.glyphs[r] = uint16(glyph)
		}
	}
	return f, nil
}

// glyph gives the number of a letter's glyph, that of a question mark for a letter that the font does not have.
func (f *face) glyph(r rune) uint16 {
	if glyph, ok := f.glyphs[r]; ok {
		return glyph
	}
	return f.glyphs['?']
}

// width gives how wide a text is at a size, in points.
func (f *face) width(text string, size float64) float64 {
	units := 0
	for _, r := range text {
		units += f.widths[f.glyph(r)]
	}
	return float64(units) * size / perEm
}

// hex writes a text as PDF has it.
func (f *face) hex(text string) string {
	var b strings.Builder
	b.WriteByte('<')
	for _, r := range text {
		fmt.Fprintf(&b, "%04x", f.glyph(r))
	}
	b.WriteByte('>')
	return b.String()
}

// plain gives a text in composed letters, with a space in place of whatever breaks or steers lines.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(norm.NFC.String(text), func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xa0 }), " ")
}

// wrap breaks a text into lines of a width in points: between words, and within one that is wider than a line. What does
// not go into the lines there may be is left out, which three dots say.
func (f *face) wrap(text string, size, width float64, lines int) []string {
	var done []string
	line := ""
	for _, word := range strings.Fields(plain(text)) {
		for word != "" {
			if len(done) == lines {
				done[lines-1] = f.cut(done[lines-1], size, width)
				return done
			}
			joined := strings.TrimPrefix(line+" "+word, " ")
			if f.width(joined, size) <= width {
				line, word = joined, ""
				continue
			}
			if line == "" {
				line, word = f.split(word, size, width)
			}
			done, line = append(done, line), ""
		}
	}
	switch {
	case line == "":
	case len(done) == lines:
		done[lines-1] = f.cut(done[lines-1], size, width)
	default:
		done = append(done, line)
	}
	return done
}

// split gives as much of a word as goes into a width, one letter at least, and the rest.
func (f *face) split(word string, size, width float64) (first, rest string) {
	for i := range word {
		if i > 0 && f.width(word[:i], size) > width {
			_, last := lastRune(word[:i])
			if last > 0 {
				i = last
			}
			return word[:i], word[i:]
		}
	}
	if f.width(word, size) > width {
		if _, last := lastRune(word); last > 0 {
			return word[:last], word[last:]
		}
	}
	return word, ""
}

// cut ends a line with three dots, within a width.
func (f *face) cut(line string, size, width float64) string {
	for line != "" && f.width(line+"…", size) > width {
		_, last := lastRune(line)
		line = line[:last]
	}
	return line + "…"
}

// lastRune gives the last letter of a text and where it begins.
func lastRune(text string) (r rune, at int) {
	for i, one := range text {
		r, at = one, i
	}
	return r, at
}
