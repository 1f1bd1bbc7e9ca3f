package ledger

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"
)

// requireAsOracle checks that a text which both take comes out the same.
func requireAsOracle(t rapid.TB, text []byte) {
	t.Helper()
	got, err := appendJSON(nil, text, 0)
	if err != nil {
		return
	}
	if !json.Valid(text) {
		t.Fatalf("%q is not JSON and was taken as %q", text, got)
	}
	// The oracle takes objects and arrays only.
	want, err := jcs.Transform(append(append([]byte("["), text...), ']'))
	if err != nil {
		t.Fatalf("%q was taken as %q, and the oracle refuses it: %v", text, got, err)
	}
	if want = want[1 : len(want)-1]; !bytes.Equal(got, want) {
		t.Fatalf("%q became %q, want %q", text, got, want)
	}
}

func TestTextsComeOutAsTheCanonicaliserWritesThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plain, err := json.Marshal(jsonValues().Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := json.Indent(&text, plain, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		if _, err := appendJSON(nil, text.Bytes(), 0); err != nil {
			t.Fatalf("%s: %v", text.Bytes(), err)
		}
		requireAsOracle(t, text.Bytes())
	})
}

func TestTextsThatAreNoJSONOrMeanTwoThingsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "{", "}", "[1,]", "[,1]", "[1 2]", `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{a:1}`, `{"a":1}}`, `{"a":1} x`, "tru", "nulll", "+1", "01", "1.", ".5",
		"1e", "--1", "0x1", "Infinity", `"`, `"\"`, `"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", "\"a\\n\n\"", `'a'`,
		`{"a":1,"a":2}`, `{"a":1,"b":2,"\u0061":3}`, `"\ud800"`, `"\ud800x"`, `"\ud800\u0041"`, `"\udc00"`, "\"\xff\"",
		"9007199254740993", "-9007199254740993", "1e400",
		strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		if got, err := appendJSON(nil, []byte(text), 0); err == nil {
			t.Errorf("%q was taken as %q", text, got)
		}
	}
}

func TestTextsAreBroughtIntoCanonicalForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		` { "b" : [ ] , "a" : { } } `:                `{"a":{},"b":[]}`,
		`{"\u20ac":1,"\r":2,"1":3,"😀":4}`:            `{"\r":2,"1":3,"€":1,"😀":4}`,
		`{"\ud83d\ude00":"\ud83d\ude00"}`:            `{"😀":"😀"}`,
		`"\/\u003c\u0000\u001F\b\f\n\r\t"`:           `"/<\u0000\u001f\b\f\n\r\t"`,
		`[-0, 1.0, 1e2, 0.10, 1E-7, 12345]`:          `[0,1,100,0.1,1e-7,12345]`,
		`[9007199254740994.0, 9007199254740994]`:     `[9007199254740994,9007199254740994]`,
		`{"c":{"z":1,"y":[{"n":1,"m":2}]},"a":true}`: `{"a":true,"c":{"y":[{"m":2,"n":1}],"z":1}}`,
	} {
		got, err := appendJSON(nil, []byte(text), 0)
		if err != nil || string(got) != want {
			t.Errorf("%s became %s, want %s: %v", text, got, want, err)
		}
	}
}

func FuzzCanonicalText(f *testing.F) {
	for _, seed := range []string{`{"b":1,"a":[true,null,"x\u0041"]}`, `[1.5e3,-0,"\ud83d\ude00"]`, `{"a":{"a":{}}}`, `"\""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) { requireAsOracle(t, text) })
}
