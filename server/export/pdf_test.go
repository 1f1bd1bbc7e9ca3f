package export_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// shows reports whether a text stands in the pages of a document. Texts in an embedded font are written as UTF-16.
func shows(t *testing.T, document []byte, text string) bool {
	t.Helper()
	var wanted bytes.Buffer
	for _, unit := range utf16.Encode([]rune(text)) {
		for _, b := range []byte{byte(unit >> 8), byte(unit)} {
			if strings.IndexByte("\\()", b) >= 0 {
				wanted.WriteByte('\\')
			}
			wanted.WriteByte(b)
		}
	}
	for _, stream := range bytes.Split(document, []byte("stream\n"))[1:] {
		packed, err := zlib.NewReader(bytes.NewReader(stream))
		if err != nil {
			continue // the end of a stream, or one that is not packed
		}
		plain, err := io.ReadAll(packed)
		if err == nil && bytes.Contains(plain, wanted.Bytes()) {
			return true
		}
	}
	return false
}

func TestReceiptsThatAreMadeAtOnceDoNotSpoilEachOthersFonts(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	regular, bold := bytes.Clone(goregular.TTF), bytes.Clone(gobold.TTF)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			answer := f.get(t, f.desk, "/print/receipt/"+f.loan.ID.String()+".pdf?lang=lv")
			if answer.Code != http.StatusOK || !shows(t, answer.Body.Bytes(), "Kāpņu telpa") {
				t.Errorf("%d %.100q", answer.Code, answer.Body)
			}
		})
	}
	all.Wait()
	if !bytes.Equal(regular, goregular.TTF) || !bytes.Equal(bold, gobold.TTF) {
		t.Error("the fonts that every document is made with were changed")
	}
}

func TestAReceiptShowsItsLoanWithAllLatvianLetters(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	for language, title := range map[string]string{"en": "Key receipt", "lv": "Atslēgas izsniegšanas kvīts"} {
		answer := f.get(t, f.desk, "/print/receipt/"+f.loan.ID.String()+".pdf?lang="+language)
		document := answer.Body.Bytes()
		if answer.Code != http.StatusOK || !bytes.HasPrefix(document, []byte("%PDF-")) || answer.Header().Get("Content-Type") != "application/pdf" {
			t.Fatalf("%d %.100q", answer.Code, document)
		}
		for _, part := range []string{title, f.janis.Name, "Kaspars Ozols", "Kāpņu telpa", "Ēka, A", "101", "2026-11-22 12:31"} {
			if !shows(t, document, part) {
				t.Errorf("%s: %q is missing", language, part)
			}
		}
		if shows(t, document, "Anna Kalniņa") {
			t.Error("the test finds what is not there")
		}
	}
}

func TestLabelsOfManyKeysFillSeveralPages(t *testing.T) {
	t.Parallel()
	f := openFiles(t)
	ids := []string{f.key.ID.String(), f.odd.ID.String()}
	for i := range 60 {
		ids = append(ids, f.Key(fmt.Sprintf("n%d 鍵", i)).ID.String())
	}
	answer := f.get(t, f.desk, "/print/labels.pdf?ids="+strings.Join(ids, ","))
	document := answer.Body.Bytes()
	if answer.Code != http.StatusOK || bytes.Count(document, []byte("/Type /Page\n")) < 3 {
		t.Fatalf("%d, %d pages", answer.Code, bytes.Count(document, []byte("/Type /Page\n")))
	}
	for _, part := range []string{"101", "Kāpņu telpa", "-7", "n59 ?"} {
		if !shows(t, document, part) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestTheFontsHaveAllLettersOfTheAppsLanguages(t *testing.T) {
	t.Parallel()
	for name, bytes := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		font, err := sfnt.Parse(bytes)
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, r := range "AĀBCČDEĒFGĢHIĪJKĶLĻMNŅOPRSŠTUŪVZŽaābcčdeēfgģhiījkķlļmnņoprsštuūvzžŌōŖŗ0123456789.,:;-–+/()'\"=@€" {
			if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
				t.Errorf("%s: there is no %c", name, r)
			}
		}
	}
}
