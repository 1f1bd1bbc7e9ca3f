package wire

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestEscapesThatGoWouldReplaceAreFound(t *testing.T) {
	for text, want := range map[string]bool{
		`"plain"`: true, `"\\u0000"`: true, `"\\\u0041"`: true, `"😀"`: true, `"\ud83d\ude00"`: true,
		`"\u0000"`: false, `"\ud83d"`: false, `"\ud83d\u0041"`: false, `"\ude00"`: false, `"\\\ud83d"`: false, `"\ud83d\\ude00"`: false,
		`"\`: true, `"\u`: true, `"\u00`: true,
	} {
		if got := wellFormedEscapes([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func FuzzEscapes(f *testing.F) {
	f.Add(`"\ud83d\ude00"`)
	f.Add(`"a\\\u0000"`)
	f.Fuzz(func(t *testing.T, text string) {
		var decoded string
		if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &decoded) != nil {
			return
		}
		again, err := json.Marshal(decoded)
		if err != nil {
			t.Fatal(err)
		}
		var round string
		if err := json.Unmarshal(again, &round); err != nil {
			t.Fatal(err)
		}
		replaced := false
		for _, r := range decoded {
			replaced = replaced || r == utf8.RuneError || r == 0
		}
		if !replaced && !wellFormedEscapes([]byte(text)) {
			t.Errorf("%q was refused", text)
		}
	})
}

func TestMessagesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]bool{
		`{"type":"ping"}`: true, `{"type":"ping","payload":{"a":1}}`: true, `{"type":"connection_init","payload":null}`: true,
		`{"id":"1","type":"complete"}`: true,
		`{"id":1,"type":"complete"}`:   false, `{"id":null,"type":"complete"}`: false, `{"type":"complete"}`: false, `{"type":1}`: false,
		`{"type":"ping","payload":[]}`: false, `{}`: false, `[]`: false, ``: false, `{"type":"ping","type":"pong"}`: false,
	} {
		if _, ok := decodeMessage([]byte(text)); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}
