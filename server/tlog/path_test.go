package tlog

import (
	"strings"
	"testing"

	sumdb "golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func TestAddressesAreThoseOfTheChecksumDatabaseWithoutItsHeight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tile := sumdb.Tile{H: 8, L: 0, N: rapid.Int64Range(0, 1<<48).Draw(t, "number"), W: rapid.IntRange(1, 256).Draw(t, "width")}
		text := strings.TrimPrefix(tile.Path(), "tile/8/0/")
		number, width, ok := parseNumber(text)
		if !ok || number != uint64(tile.N) || width != tile.W {
			t.Fatalf("%s was read as %d, %d, %v", text, number, width, ok)
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	f.Add("x001/x234/067.p/8")
	f.Add("000")
	f.Add("x000/000")
	f.Fuzz(func(t *testing.T, text string) {
		number, width, ok := parseNumber(text)
		if !ok {
			return
		}
		tile := sumdb.Tile{H: 8, N: int64(number), W: width}
		if got := strings.TrimPrefix(tile.Path(), "tile/8/0/"); got != text {
			t.Fatalf("%q means the same as %q", text, got)
		}
	})
}
