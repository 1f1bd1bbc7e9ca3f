package ledger

import (
	"strconv"
	"strings"
)

// InEachStream makes one query of a query on one stream, for which {stream} stands: that of each stream in parentheses,
// joined by UNION ALL, and the arguments as often. An index that has the stream before the time then gives the order in
// each of them, where on all streams together everything would be sorted.
func InEachStream(query string, args ...any) (text string, all []any) {
	parts := make([]string, 0, len(Streams()))
	for _, one := range Streams() {
		parts = append(parts, "("+strings.ReplaceAll(query, "{stream}", strconv.Itoa(int(one.Code())))+")")
		all = append(all, args...)
	}
	return strings.Join(parts, " UNION ALL "), all
}
