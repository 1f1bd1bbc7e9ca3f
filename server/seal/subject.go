// Package seal keeps what is personal unreadable in the database.
//
// Each subject (a person, a source in one month, everybody unknown in one month) has a data key of its own,
// AES-256-GCM, stored wrapped by a master key that lies outside the database. Destroying a subject's key makes
// everything sealed under it unreadable while the sealed bytes, and so every proof over them, stay as they are.
package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// Subject names whose key seals a part: "person/<id>", "source/<name>/2026-11" or "nobody/2026-11".
// It is at most 190 printable ASCII characters.
type Subject string

const (
	maxSubject = 190 // seal_key.subject
	maxSource  = 128
)

// Person is the subject for everything about one person.
func Person(person id.ID) Subject { return Subject("person/" + person.String()) }

// Source is the subject for content from one source, in the month of t (UTC), that names no person.
// Different names have different subjects, whatever is in them.
func Source(name string, t time.Time) Subject {
	return Subject("source/" + sourceName(name) + "/" + month(t))
}

// Nobody is the subject for people who are nobody yet, such as unknown user names, in the month of t (UTC).
func Nobody(t time.Time) Subject { return Subject("nobody/" + month(t)) }

func month(t time.Time) string { return t.UTC().Format("2006-01") }

// sourceName leaves letters, digits, dots, hyphens and underscores as they are and writes other bytes as %XX; of a
// name that gets too long that way it gives the hash, after a tilde, which stands in no other.
func sourceName(name string) string {
	var b strings.Builder
	for i := 0; i < len(name) && b.Len() <= maxSource; i++ {
		if c := name[i]; plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() > maxSource {
		sum := sha256.Sum256([]byte(name))
		return "~" + hex.EncodeToString(sum[:])
	}
	return b.String()
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_'
}

func blindIndex(purpose string) Subject { return Subject("index/" + purpose) }

// ofPerson reports whether the key must have been made together with the person,
// so that a missing one is an error and never made anew.
func (s Subject) ofPerson() bool { return len(s) > 7 && s[:7] == "person/" }

// PersonID gives the person whose subject it is, zero when it is none of a person.
func (s Subject) PersonID() id.ID {
	if !s.ofPerson() {
		return id.ID{}
	}
	person, err := id.Parse(string(s[7:]))
	if err != nil {
		return id.ID{}
	}
	return person
}

// check refuses a subject that the table could not hold, or would take for another.
func (s Subject) check() error {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	if s == "" || len(s) > maxSubject || strings.ContainsFunc(string(s), odd) {
		return fault.New(fault.Internal, "%.80q cannot have a key: a subject is 1 to %d printable ASCII characters", string(s), maxSubject)
	}
	return nil
}
