package alerts

import (
	"net/netip"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// manyNames failed from one address within failingWindow are an alert.
	manyNames     = 5
	failingWindow = 10 * time.Minute
	// newAfter is how long somebody must not have signed in from a place for it to be new.
	newAfter = 90 * 24 * time.Hour
	// placesKept bounds what is remembered of an account.
	placesKept = 64
	// tooOld is how long ago something may have occurred to be worth an alert. Places are learned from all of it.
	tooOld = 7 * 24 * time.Hour
)

// The prefixes of networks, in bits, that count as one place where no better is known.
const (
	placeBits4 = 24
	placeBits6 = 48
	// addressBits6 is what one subscriber of IPv6 has at least (RFC 6177).
	addressBits6 = 64
)

// concerns reports whether a rule looks at an entry.
func concerns(e *ledger.Entry) bool {
	if e.Action == ledger.PrivacyErasureAsked || e.Action == ledger.SystemBackedUp || e.Action == ledger.SystemWebhookPaused {
		return true
	}
	if e.Stream != ledger.StreamAuth {
		return false
	}
	switch e.Action {
	case ledger.AuthRootAccessed, ledger.AuthLockedOut, ledger.AuthSignInFailed, ledger.AuthSignedIn:
		return true
	}
	return false
}

// finding is what a rule found: a case, and the entries that it rests on.
type finding struct {
	rule    Rule
	subject string // what tells this case from others of the rule
	person  id.ID
	// department is that of the person, at the time.
	department id.ID
	at         time.Time
	evidence   []uint64
	// lasts says that it goes on since at, so that evidence which was added to it is newer.
	lasts bool
	// uncounted is how many entries there are besides the evidence.
	uncounted int
	// severity is the rule's where it is "".
	severity ledger.Severity
	// key or group is what it is about, if any, and details what else its entry says.
	key, group id.ID
	details    map[string]any
}

func (f *finding) urgency() ledger.Severity {
	if f.severity != "" {
		return f.severity
	}
	return f.rule.severity()
}

// found begins the finding of a rule that one entry is enough for.
func found(rule Rule, e *ledger.Entry, subject string) *finding {
	return &finding{
		rule: rule, subject: subject, person: e.Person, department: e.Department, at: e.OccurredAt, evidence: []uint64{e.Seq},
	}
}

// sourceOf gives the address that failures are counted under: an IPv4 address, or the network of an IPv6 address.
func sourceOf(ip string) string { return networkOf(ip, 32, addressBits6) }

// placeOf gives from where somebody signed in: the place, or a part of the network where none is known. "" is unknown,
// as is the server's own machine: what comes from there came through a program on it.
func placeOf(o ledger.Origin) string {
	if o.Place != "" {
		return o.Place
	}
	if address, err := netip.ParseAddr(o.IP); err == nil && address.Unmap().IsLoopback() {
		return ""
	}
	return networkOf(o.IP, placeBits4, placeBits6)
}

func networkOf(ip string, bits4, bits6 int) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	address = address.Unmap().WithZone("")
	bits := bits6
	if address.Is4() {
		bits = bits4
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
