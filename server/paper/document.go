package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// The numbers of the objects that every document has; those of pages follow.
const (
	objCatalog = iota + 1
	objPages
	objInfo
	objTotal // a drawing of how many pages there are, which is known at the end and stands on every page
	objFonts // the first of fontObjects objects for each face
)

const fontObjects = 5

// document writes the objects of a PDF one after the other. It keeps where each begins, eight bytes an object.
type document struct {
	to      io.Writer
	at      int64
	offsets []int64 // by number; 0 for one that is not written yet
	pages   []int
	faces   []*face
}

func newDocument(to io.Writer, faces ...*face) (*document, error) {
	d := &document{to: to, faces: faces, offsets: make([]int64, objFonts+fontObjects*len(faces))}
	if err := d.write("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"); err != nil {
		return nil, err
	}
	for i := range faces {
		if err := d.writeFace(i); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *document) write(text string) error {
	n, err := io.WriteString(d.to, text)
	d.at += int64(n)
	return err
}

func (d *document) object(number int, text string) error {
	d.offsets[number] = d.at
	return d.write(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", number, text))
}

// packed writes an object that is a stream, compressed.
func (d *document) packed(number int, dictionary string, content []byte) error {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return d.object(number, fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", dictionary, b.Len(), b.Bytes()))
}

// fontNames gives the fonts of a page's resources.
func (d *document) fontNames() string {
	var b strings.Builder
	for i := range d.faces {
		fmt.Fprintf(&b, "/F%d %d 0 R ", i, objFonts+fontObjects*i)
	}
	return b.String()
}

func (d *document) writeFace(i int) error {
	f, first := d.faces[i], objFonts+fontObjects*i
	composite := fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", f.name, first+1, first+4)
	glyphs := fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"+
		" /FontDescriptor %d 0 R /CIDToGIDMap /Identity /W [0 [%s]] >>", f.name, first+2, strings.Trim(fmt.Sprint(f.widths), "[]"))
	descriptor := fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags 32 /FontBBox [-440 -432 2160 1075] /ItalicAngle 0 /Ascent 935 /Descent -211"+
		" /CapHeight 716 /StemV 80 /FontFile2 %d 0 R >>", f.name, first+3)
	for n, text := range []string{composite, glyphs, descriptor} {
		if err := d.object(first+n, text); err != nil {
			return err
		}
	}
	if err := d.packed(first+3, fmt.Sprintf("/Length1 %d", len(f.file)), f.file); err != nil {
		return err
	}
	return d.packed(first+4, "", f.toUnicode())
}

// toUnicode says which letter each glyph is, so that the text can be searched and copied.
func (f *face) toUnicode() []byte {
	letters := make([]rune, 0, len(f.glyphs))
	for r := range f.glyphs {
		letters = append(letters, r)
	}
	slices.Sort(letters)
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	for part := range slices.Chunk(letters, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, r := range part {
			fmt.Fprintf(&b, "<%04x> <%04x>\n", f.glyphs[r], r)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// page writes a page with what is drawn on it.
func (d *document) page(content []byte) error {
	number := len(d.offsets)
	d.offsets = append(d.offsets, 0, 0)
	d.pages = append(d.pages, number)
	if err := d.packed(number+1, "", content); err != nil {
		return err
	}
	return d.object(number, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Resources << /Font << %s>> /XObject << /Total %d 0 R >> >> /Contents %d 0 R >>",
		objPages, pageWidth, pageHeight, d.fontNames(), objTotal, number+1))
}

// end writes what only the end knows: total draws how many pages there are.
func (d *document) end(title, language string, at time.Time, total []byte) error {
	kids := make([]string, len(d.pages))
	for i, page := range d.pages {
		kids[i] = fmt.Sprintf("%d 0 R", page)
	}
	for number, text := range map[int]string{
		objCatalog: fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>", objPages, language),
		objPages:   fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " ")),
		objInfo:    fmt.Sprintf("<< /Title %s /Producer (keytrail) /CreationDate (D:%sZ) >>", textOf(title), at.UTC().Format("20060102150405")),
	} {
		if err := d.object(number, text); err != nil {
			return err
		}
	}
	dictionary := fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [-100 -10 100 20] /Resources << /Font << %s>> >>", d.fontNames())
	if err := d.packed(objTotal, dictionary, total); err != nil {
		return err
	}
	return d.writeIndex()
}

func (d *document) writeIndex() error {
	start := d.at
	if err := d.write(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(d.offsets))); err != nil {
		return err
	}
	for _, offset := range d.offsets[1:] {
		if err := d.write(fmt.Sprintf("%010d 00000 n \n", offset)); err != nil {
			return err
		}
	}
	return d.write(fmt.Sprintf("trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(d.offsets), objCatalog, objInfo, start))
}

// textOf writes a text outside of pages: UTF-16 with its mark.
func textOf(text string) string {
	raw := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(unit>>8), byte(unit))
	}
	return "<" + hex.EncodeToString(raw) + ">"
}
