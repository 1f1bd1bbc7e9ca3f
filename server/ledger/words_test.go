package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func TestWordsAreFoldedAndToldApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                     nil,
		" -.,! ":                               nil,
		"key.issued":                           {"key", "issued"},
		"Ārdurvis nr. 007, ĀRDURVIS":           {"ardurvis", "nr", "007"},
		"/orders/17?state=open":                {"orders", "17", "state", "open"},
		"x_y":                                  {"x", "y"},
		"e\u0301te\u0301":                      {"ete"},
		strings.Repeat("a", 80):                {strings.Repeat("a", 64)},
		"b" + strings.Repeat("ж", 40):          {"b" + strings.Repeat("ж", 31)},
		"\xff\xfe":                             nil,
		"0190A0B0-1111-7222-8333-444455556666": {"0190a0b0-1111-7222-8333-444455556666"},
		"00000000-0000-0000-0000-000000000000": {"00000000-0000-0000-0000-000000000000"},
		"/orders/0190A0B0-1111-7222-8333-444455556666/lines": {"orders", "0190a0b0-1111-7222-8333-444455556666", "lines"},
		"(0190a0b0-1111-7222-8333-444455556666),0190a0b0-1111-7222-8333-444455556667.": {
			"0190a0b0-1111-7222-8333-444455556666", "0190a0b0-1111-7222-8333-444455556667",
		},
		"a-0190a0b0-1111-7222-8333-444455556666-b": {"a", "0190a0b0-1111-7222-8333-444455556666", "b"},
		"x0190a0b0-1111-7222-8333-444455556666":    {"x0190a0b0", "1111", "7222", "8333", "444455556666"},
		"0190a0b0-1111-7222-8333-444455556666ā":    {"0190a0b0", "1111", "7222", "8333", "444455556666a"},
	} {
		if words := ledger.Words(text); !slices.Equal(words, want) {
			t.Errorf("%q has the words %q, not %q", text, words, want)
		}
	}
}

func TestNoEntryHasMoreWordsThanCanBeFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := ledger.Body{Action: rapid.String().Draw(t, "action"), Details: map[string]any{
			"texts": anySlice(rapid.SliceOfN(rapid.String(), 0, 300).Draw(t, "texts")), "number": rapid.Float64().Draw(t, "number"),
		}}
		words := b.Words()
		if len(words) > ledger.MaxEntryWords {
			t.Fatalf("%d words", len(words))
		}
		for i, word := range words {
			if word == "" || len(word) > 64 || slices.Contains(words[:i], word) || !slices.Contains(ledger.Words(word), word) {
				t.Fatalf("%q is no word that can be asked for", word)
			}
		}
	})
}

func anySlice(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}

func TestWordsOfDetailsAreFoundAndTimesAreNot(t *testing.T) {
	t.Parallel()
	b := ledger.Body{Action: "order.paid", Module: "Till", Entity: ledger.Entity{Type: "order", ID: "17", Label: "Lamp"}, Details: map[string]any{
		"at": "2026-11-26T08:00:00.000000Z", "status": 404.0, "deep": map[string]any{"list": []any{"one", true, nil, "two"}},
	}}
	want := []string{"order", "paid", "till", "lamp", "17", "one", "two", "404"}
	if words := b.Words(); !slices.Equal(words, want) {
		t.Errorf("%q, not %q", words, want)
	}
}

func counted(t *testing.T, f *ledgertest.Fixture, word string) int {
	t.Helper()
	n, err := f.Ledger.CountWord(t.Context(), f.DB, word, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWordsOfPrunedEntriesAreGone(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	if err := f.Ledger.IndexWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := counted(t, f, "invoice")
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(ledger.SeqRange{From: 100, To: 200})); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := f.DB.Get(t.Context(), &left, "SELECT COUNT(*) FROM entry_word WHERE seq >= 100 AND seq < 200"); err != nil || left != 0 {
		t.Errorf("%d words are left: %v", left, err)
	}
	if after := counted(t, f, "invoice"); before != 600 || after != 500 {
		t.Errorf("%d entries were found and %d are now", before, after)
	}
}

func TestPrunedEntriesGetNoWordsLater(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(ledger.SeqRange{From: 100, To: 200})); err != nil {
		t.Fatal(err)
	}
	if err := f.Ledger.IndexRead(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	if n := counted(t, f, "invoice"); n != 500 {
		t.Errorf("%d entries are found", n)
	}
}

func TestARebuildMendsWordsAsFarAsThereAreAny(t *testing.T) {
	t.Parallel()
	f := filled(t, 300)
	if found, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || found.WordRows != 0 || counted(t, f, "invoice") != 0 {
		t.Fatalf("%+v %v", found, err)
	}
	if err := f.Ledger.IndexWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DELETE FROM entry_word WHERE word = 'invoice' AND seq < 10",
		"UPDATE entry_word SET word = 'forged' WHERE word = 'invoice' AND seq = 20",
		"INSERT INTO entry_word SELECT word, occurred_at, seq + 100000 FROM entry_word WHERE word = 'invoice' AND seq = 30",
	} {
		if _, err := f.DB.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	found, err := f.Ledger.Rebuild(t.Context(), nil)
	if err != nil || found.WordRows != 10+2+1 || counted(t, f, "invoice") != 300 || counted(t, f, "forged") != 0 {
		t.Errorf("%+v %v", found, err)
	}
}
