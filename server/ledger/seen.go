package ledger

import "hash/maphash"

const (
	seenKept = 256
	// maxSeen is the longest text that is kept, in bytes: ids and the names of subjects fit.
	maxSeen = 64
)

// seen is what was read a short while ago of what bodies repeat: codes, sources, who acted. Each is one text in memory,
// however many bodies have it. It is not safe for concurrent use.
type seen struct {
	seed maphash.Seed
	kept [seenKept]string
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

func (s *seen) text(of []byte) string {
	if s == nil || len(of) > maxSeen {
		return string(of)
	}
	place := &s.kept[maphash.Bytes(s.seed, of)%seenKept]
	if *place != string(of) {
		*place = string(of)
	}
	return *place
}

// readWord is readText for what bodies repeat.
func (r *textReader) readWord(dest *string) bool {
	start := r.at
	if text, ok := r.span(); ok {
		*dest = r.seen.text(text)
		return true
	}
	r.at = start
	return r.readText(dest)
}
