package logbook

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// maxWords is how many words one filter may ask for.
	maxWords = 10
	// fewEntries with a word are read faster than any other index leads to them.
	fewEntries = 1000
)

// lookUpWords reads the words of a filter, and puts the one first that the fewest entries have.
func (s *Service) lookUpWords(ctx context.Context, q *query) error {
	q.words, q.rare = nil, false
	if q.Text == "" {
		return nil
	}
	words := ledger.Words(q.Text)
	if len(words) == 0 || len(words) > maxWords {
		return fault.Field("text", "write 1 to %d words, of letters or digits", maxWords)
	}
	having := make(map[string]int, len(words))
	for _, word := range words {
		n, err := s.ledger.CountWord(ctx, s.db, word, fewEntries)
		if err != nil {
			return err
		}
		having[word] = n
	}
	slices.SortStableFunc(words, func(a, b string) int { return having[a] - having[b] })
	q.words, q.rare = words, having[words[0]] < fewEntries
	return nil
}

// hasWords is the words' part of the filter in memory.
func (q *query) hasWords(e *ledger.Entry) bool {
	if len(q.words) == 0 {
		return true
	}
	has := e.Words()
	return !slices.ContainsFunc(q.words, func(word string) bool { return !slices.Contains(has, word) })
}

// alongWord gives the branch to the entries with the rarest word.
func (q *query) alongWord() []branch {
	return []branch{{index: byWord, condition: "w0.word = ?", args: []any{[]byte(q.words[0])}}}
}
