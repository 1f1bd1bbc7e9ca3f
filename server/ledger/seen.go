package ledger

import (
	"bytes"
	"hash/maphash"
)

const (
	seenKept    = 256
	seenDetails = 16
	// maxSeen is the longest text that is kept, in bytes: ids and the names of subjects fit.
	maxSeen = 64
)

// seen is what was read a short while ago of what bodies repeat: codes, sources, who acted. Each is one text in memory,
// however many bodies have it. It is not safe for concurrent use.
type seen struct {
	seed    maphash.Seed
	kept    [seenKept]string
	details [seenDetails]seenObject
}

// seenObject is an object as it was read, and its text.
type seenObject struct {
	text  []byte
	value map[string]any
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

// detailsOf reads details, which entries of one action often have in common.
func (r *textReader) detailsOf(action string, dest *map[string]any) bool {
	if r.seen == nil {
		return r.details(dest)
	}
	last := &r.seen.details[maphash.String(r.seen.seed, action)%seenDetails]
	start := r.at
	if len(last.text) > 0 && bytes.HasPrefix(r.text[start:], last.text) { // a whole object is the beginning of no other
		*dest = last.value
		r.at += len(last.text)
		return true
	}
	if !r.details(dest) {
		return false
	}
	*last = seenObject{text: r.text[start:r.at], value: *dest}
	return true
}
