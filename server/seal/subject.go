// Package seal keeps what is personal unreadable in the database.
//
// Each subject (a person, a source in one month, everybody unknown in one month) has a data key of its own,
// AES-256-GCM, stored wrapped by a master key that lies outside the database. Destroying a subject's key makes
// everything sealed under it unreadable while the sealed bytes, and so every proof over them, stay as they are.
package seal

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// Subject names whose key seals a part: "person/<id>", "source/<name>/2026-11" or "nobody/2026-11".
type Subject string

// Person is the subject for everything about one person.
func Person(person id.ID) Subject { return Subject("person/" + person.String()) }

// Source is the subject for content from one source, in the month of t (UTC), that names no person.
func Source(name string, t time.Time) Subject {
	return Subject("source/" + name + "/" + t.UTC().Format("2006-01"))
}

// Nobody is the subject for people who are nobody yet, such as unknown user names, in the month of t (UTC).
func Nobody(t time.Time) Subject { return Subject("nobody/" + t.UTC().Format("2006-01")) }

func blindIndex(purpose string) Subject { return Subject("index/" + purpose) }

// ofPerson reports whether the key must have been made together with the person,
// so that a missing one is an error and never made anew.
func (s Subject) ofPerson() bool { return len(s) > 7 && s[:7] == "person/" }
