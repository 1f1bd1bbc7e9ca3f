// Package papertest reads what package paper writes, by way of the document's own tables.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"testing"
)

var (
	letterLine = regexp.MustCompile(`(?m)^<([0-9a-f]{4})> <([0-9a-f]{4})>$`)
	shown      = regexp.MustCompile(`<([0-9a-f]*)> Tj`)
)

// Pages gives the lines of text of each page, in the order in which they were drawn, as whoever copies them gets them. What
// is drawn last, and on every page, stands behind the pages: how many there are.
func Pages(t testing.TB, document []byte) [][]string {
	t.Helper()
	var contents []string
	letters := map[string]rune{}
	for _, packed := range bytes.Split(document, []byte("stream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			continue // the end of a stream
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(plain, []byte("begincmap")) {
			for _, line := range letterLine.FindAllSubmatch(plain, -1) {
				letters[string(line[1])] = letterOf(t, string(line[2]))
			}
		}
		if bytes.Contains(plain, []byte(" Tj")) {
			contents = append(contents, string(plain))
		}
	}
	pages := make([][]string, len(contents))
	for i, content := range contents {
		for _, text := range shown.FindAllStringSubmatch(content, -1) {
			var line strings.Builder
			for at := 0; at+4 <= len(text[1]); at += 4 {
				line.WriteRune(letters[text[1][at:at+4]])
			}
			pages[i] = append(pages[i], line.String())
		}
	}
	return pages
}

func letterOf(t testing.TB, text string) rune {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return rune(raw[0])<<8 | rune(raw[1])
}
