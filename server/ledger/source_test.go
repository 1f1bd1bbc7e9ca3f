package ledger

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSourcesHaveOneShape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"erp": true, "0": true, "till-2.north_side": true, strings.Repeat("a", 64): true,
		"": false, strings.Repeat("a", 65): false, "ERP": false, "erp system": false, "-erp": false, ".erp": false,
		"kalniņš": false, "a\n": false,
	} {
		if IsSource(text) != want {
			t.Errorf("%q is a source: %v, wanted %v", text, !want, want)
		}
	}
}

func TestANameSuggestsASource(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ERP system": "erp-system", "  Till 2 (north)  ": "till-2-north", "windows": "windows", "Pārdošana": "p-rdo-ana",
		"…": "", "--x": "x", strings.Repeat("a", 63) + " b": strings.Repeat("a", 63),
	} {
		if got := SourceFrom(name); got != want {
			t.Errorf("%q suggests %q, wanted %q", name, got, want)
		}
	}
}

func TestWhatANameSuggestsIsASource(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if source := SourceFrom(rapid.String().Draw(t, "name")); source != "" && !IsSource(source) {
			t.Fatalf("%q", source)
		}
	})
}
