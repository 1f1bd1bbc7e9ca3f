package keeping

import (
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/ledger"
)

// tally counts entries by stream, in the order of their codes.
type tally [8]uint64

func (t *tally) add(stream ledger.Stream) {
	if code := stream.Code(); code > 0 {
		t[code-1]++
	}
}

// text writes the counts as a row keeps them.
func (t *tally) text() string {
	counts := make([]string, len(ledger.Streams()))
	for i := range counts {
		counts[i] = strconv.FormatUint(t[i], 10)
	}
	return strings.Join(counts, " ")
}

func (t *tally) addText(text string) {
	for i, count := range strings.Fields(text) {
		if n, err := strconv.ParseUint(count, 10, 64); err == nil && i < len(t) {
			t[i] += n
		}
	}
}

func (t *tally) total() (sum uint64) {
	for _, n := range t {
		sum += n
	}
	return sum
}

// list gives the streams of which there are any.
func (t *tally) list() []*StreamCount {
	list := []*StreamCount{}
	for i, stream := range ledger.Streams() {
		if t[i] > 0 {
			list = append(list, &StreamCount{stream, t[i]})
		}
	}
	return list
}

// details writes the counts for an entry.
func (t *tally) details() map[string]any {
	counts := map[string]any{}
	for _, one := range t.list() {
		counts[string(one.Stream)] = int64(one.Entries)
	}
	return counts
}
