// Package ledger is the append-only, tamper-evident record that everything else in keytrail reads.
//
// An entry's body is canonical JSON (RFC 8785). The SHA-256 of the body is the data of a leaf in a Merkle tree
// (RFC 6962), and signed checkpoints state the tree's size and root. Entries are written in the transaction of
// the change that they record, and are delivered only once they are durable.
package ledger

import (
	"net/netip"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/seal"
)

// BodyVersion is the "v" of the bodies that this package writes.
const BodyVersion = 1

// Stream is the part of the record that an entry belongs to.
type Stream string

// The streams.
const (
	StreamKey      Stream = "key"
	StreamActivity Stream = "activity"
	StreamAuth     Stream = "auth"
	StreamWork     Stream = "work"
	StreamSystem   Stream = "system"
)

// Streams lists every stream; its place here, counted from 1, is the stream's code in entry_index.
func Streams() []Stream {
	return []Stream{StreamKey, StreamActivity, StreamAuth, StreamWork, StreamSystem}
}

// Outcome is how an action ended.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success"
	Failure Outcome = "failure"
	Denied  Outcome = "denied"
)

// Outcomes lists every outcome; its place here, counted from 1, is the outcome's code in entry_index.
func Outcomes() []Outcome { return []Outcome{Success, Failure, Denied} }

// Code gives the stream's number in derived tables, 0 for an unknown one.
func (s Stream) Code() uint8 { return code(Streams(), s) }

// Code gives the outcome's number in derived tables, 0 for an unknown one.
func (o Outcome) Code() uint8 { return code(Outcomes(), o) }

func code[T comparable](all []T, one T) uint8 {
	for i, v := range all {
		if v == one {
			return uint8(i + 1)
		}
	}
	return 0
}

// SourceKeytrail is the source of entries that keytrail's own services write.
const SourceKeytrail = "keytrail"

// Entity is what an entry is about. None of it may be personal: it is stored in plain.
type Entity struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Ref names one more thing that an entry touches, such as an approver, a loan, or an object of a bulk change.
type Ref struct {
	Role string `json:"role"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

// The names of parts that are commonly sealed.
const (
	FieldActor    = "actor"    // Origin: who acted and from where, sealed under the actor
	FieldHolder   = "holder"   // HolderDetails, sealed under the holder
	FieldComment  = "comment"  // string
	FieldUsername = "username" // string, as it was typed
	FieldContent  = "content"  // anything else
)

// Origin is who acted, as given, and from where.
type Origin struct {
	Name      string `json:"name,omitempty"`
	IP        string `json:"ip,omitempty"`
	UserAgent string `json:"userAgent,omitempty"`
	Device    string `json:"device,omitempty"`
	Place     string `json:"place,omitempty"`
}

// IsZero reports whether nothing is known of the origin.
func (o Origin) IsZero() bool { return o == Origin{} }

// Network is what one client may choose its addresses from: an IPv4 address itself, or the /64 of an IPv6 address. It
// is the address as it stands where that cannot be read.
func (o Origin) Network() string {
	address, err := netip.ParseAddr(o.IP)
	if err != nil {
		return o.IP
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}

// appendCanonical writes what is known of the origin.
func (o Origin) appendCanonical(dst []byte) ([]byte, error) {
	members := make([]textMember, 0, 5)
	for _, m := range [...]textMember{
		{"device", o.Device}, {"ip", o.IP}, {"name", o.Name}, {"place", o.Place}, {"userAgent", o.UserAgent},
	} {
		if m.value != "" {
			members = append(members, m)
		}
	}
	return appendTexts(dst, members)
}

// HolderDetails is who holds a key, as known at the time.
type HolderDetails struct {
	Name  string `json:"name"`
	Badge string `json:"badge,omitempty"`
}

// Part is a value to be sealed under its subject's key when the entry is appended.
type Part struct {
	Field   string
	Subject seal.Subject
	Value   any
}

// Draft is an entry before it is appended.
type Draft struct {
	// ID is made when it is zero. Set it where state outside the ledger refers to the entry.
	ID     id.ID
	Stream Stream
	// OccurredAt is when it happened; zero means the moment it is recorded.
	OccurredAt time.Time
	// Actor is the person who acted; zero for keytrail itself (System) and for nobody known.
	Actor  id.ID
	System bool
	// Source is the authenticated program that sent it; empty means keytrail.
	Source string
	// Person is whom it concerns, such as the holder of a key, and Department his at the time.
	Person     id.ID
	Department id.ID
	// Action is a code from Actions, or a plain word of a program.
	Action  string
	Entity  Entity
	Module  string
	Outcome Outcome
	Refs    []Ref
	// Details is plain JSON (nil, bool, string, numbers, []any, map[string]any) with nothing personal in it.
	Details map[string]any
	Parts   []Part
}

// SealedPart is a part as stored.
type SealedPart struct {
	Field   string       `json:"field"`
	Subject seal.Subject `json:"subject"`
	// Box is nonce, ciphertext and tag of AES-256-GCM. Associated data: entry id, field and subject.
	Box Box `json:"box"`
}

// Body is what an entry says, as decoded from its canonical bytes.
type Body struct {
	V          int       `json:"v"`
	ID         id.ID     `json:"id"`
	Stream     Stream    `json:"stream"`
	OccurredAt time.Time `json:"occurredAt"`
	RecordedAt time.Time `json:"recordedAt"`
	Actor      string    `json:"actor"`
	Source     string    `json:"source"`
	Person     id.ID     `json:"person"`
	Department id.ID     `json:"department"`
	Action     string    `json:"action"`
	Entity     Entity    `json:"entity"`
	Module     string    `json:"module"`
	Outcome    Outcome   `json:"outcome"`
	Refs       []Ref     `json:"refs"`
	// Details may be those of other entries, too, and must not be changed.
	Details map[string]any `json:"details"`
	Sealed  []SealedPart   `json:"sealed"`
}

// ActorSystem is the Actor of what keytrail did by itself.
const ActorSystem = "system"

// ActorID gives the person who acted, zero for keytrail itself and for nobody known.
func (b *Body) ActorID() id.ID {
	if b.Actor == ActorSystem {
		return id.ID{}
	}
	return readID(b.Actor)
}

// readID gives the zero id for what is none, without the error that would be made for nothing where there is no text.
func readID(text string) id.ID {
	if text == "" {
		return id.ID{}
	}
	of, err := id.Parse(text)
	if err != nil {
		return id.ID{}
	}
	return of
}

// Hash is a SHA-256 hash of the tree.
type Hash [32]byte

// Entry is an entry of the ledger.
type Entry struct {
	// Seq is its place, from 0, without gaps.
	Seq uint64
	// Raw is the body's canonical bytes, which are hashed. It is nil for an entry that was recalled from memory: ask for
	// Canonical.
	Raw  []byte
	Leaf Hash
	Body
}

// Canonical gives the body's canonical bytes, which are hashed and must not be changed.
func (e *Entry) Canonical() ([]byte, error) {
	if e.Raw != nil {
		return e.Raw, nil
	}
	b, err := encode(&Draft{
		ID: e.ID, Stream: e.Stream, OccurredAt: e.OccurredAt, Actor: e.ActorID(), System: e.Actor == ActorSystem, Source: e.Source,
		Person: e.Person, Department: e.Department, Action: e.Action, Entity: e.Entity, Module: e.Module, Outcome: e.Outcome,
		Refs: e.Refs, Details: e.Details,
	}, e.Sealed)
	if err != nil {
		return nil, err
	}
	b.patch(e.RecordedAt)
	return b.raw, nil
}

// Ref gives the id of the first ref in a role, and "" when there is none.
func (b *Body) Ref(role string) string {
	for _, r := range b.Refs {
		if r.Role == role {
			return r.ID
		}
	}
	return ""
}

// RefID is Ref as an id, zero when there is none or it is no id.
func (b *Body) RefID(role string) id.ID { return readID(b.Ref(role)) }
