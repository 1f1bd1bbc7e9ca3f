// Package compliance reports on a period: who had access to what, what changed in that, how entries were kept and deleted,
// and how it was checked that nobody changed the record. It reads the ledger, and decides nothing.
package compliance

import (
	"time"

	"github.com/keytrail/keytrail/server/access"
)

// Version is that of the report's shape. Fields may be added to a version; none changes its meaning or goes.
const Version = 1

// Report is what is told of a period. docs/compliance-report.md describes it as JSON. Lists are in the order of time, and
// never null.
type Report struct {
	Version int `json:"version"`
	// Organisation is the name of the log, which every checkpoint carries.
	Organisation string `json:"organisation"`
	Period       Period `json:"period"`
	Made         Made   `json:"made"`
	Ledger       Tree   `json:"ledger"`
	// Cut names the lists that are not whole, because they would be longer than MaxRows.
	Cut       []string  `json:"cut"`
	Access    Access    `json:"access"`
	SignIns   SignIns   `json:"signIns"`
	Keeping   Keeping   `json:"keeping"`
	Integrity Integrity `json:"integrity"`
}

// Made says when and by whom a report was made.
type Made struct {
	At time.Time `json:"at"`
	By Who       `json:"by"`
	// Entry is the number of the entry (log.exported) that says so.
	Entry uint64 `json:"entry"`
}

// Tree is the ledger as the report read it.
type Tree struct {
	// Entries is how many there were: everything that the report tells stands in the first so many.
	Entries    uint64     `json:"entries"`
	Checkpoint Checkpoint `json:"checkpoint"`
	// VerifierKey is the line with which anybody can check the checkpoint's signature.
	VerifierKey string `json:"verifierKey"`
}

// Checkpoint is the one that was signed right after the report was read, and covers all that it tells.
type Checkpoint struct {
	Origin string `json:"origin"`
	Size   uint64 `json:"size"`
	// Root is the tree's root, in base64 as in the note.
	Root     string    `json:"root"`
	SignedAt time.Time `json:"signedAt"`
	Note     string    `json:"note"`
}

// Who is a person, a program or keytrail itself.
type Who struct {
	// ID is the person's, "system" for keytrail itself, and empty for a program and for nobody known.
	ID string `json:"id"`
	// Name is as the reader may see it. Where a program acted it is the program's.
	Name string `json:"name"`
}

// Thing is what an entry is about.
type Thing struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Event is an entry of the ledger.
type Event struct {
	// Entry is its number, from 0: the way back to the ledger.
	Entry   uint64    `json:"entry"`
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Outcome string    `json:"outcome"`
	By      Who       `json:"by"`
	// Person is whom it concerns, nil for nobody.
	Person *Who   `json:"person"`
	About  *Thing `json:"about"`
	// Reason is what was given as one, empty where nothing was or it is gone.
	Reason string `json:"reason"`
	// Details are those of the entry; docs/actions.md lists the actions.
	Details map[string]any `json:"details"`
}

// Access is who could do what.
type Access struct {
	// Roles are what each role allows, as of when the report was made: they change only with keytrail itself.
	Roles []Role `json:"roles"`
	// Held is who had which role when the period ended.
	Held []Held `json:"held"`
	// Differences is where the record and what was in force do not agree.
	Differences []Difference `json:"differences"`
	// Tokens are those with which programs could call when the period ended.
	Tokens []Token `json:"tokens"`
	// Changes of rights (access.roles_changed): details.added and details.removed name the roles.
	Changes []Event `json:"changes"`
	// Accounts that were made, disabled, enabled, moved or unlocked, and passwords that others set.
	Accounts []Event `json:"accounts"`
	// TokenChanges are tokens made, revoked and expired.
	TokenChanges []Event `json:"tokenChanges"`
}

// Role is a role and what it allows.
type Role struct {
	Name   string  `json:"name"`
	Grants []Grant `json:"grants"`
}

// Grant is a permission, and how far it reaches.
type Grant struct {
	Permission access.Permission `json:"permission"`
	Scope      access.Scope      `json:"scope"`
}

// Held is a role that a person had.
type Held struct {
	Person     Who    `json:"person"`
	Department string `json:"department"`
	Role       string `json:"role"`
	// Since is when he got it, and Entry says so; nil where no entry tells.
	Since *time.Time `json:"since"`
	Entry *uint64    `json:"entry"`
}

// Difference is a role that somebody had without an entry that gave it to him (UNRECORDED), which may have been deleted
// when its time was over, or did not have although the entries say so (NOT_IN_FORCE).
type Difference struct {
	Person Who    `json:"person"`
	Role   string `json:"role"`
	Kind   string `json:"kind"`
}

// The kinds of differences.
const (
	Unrecorded = "UNRECORDED"
	NotInForce = "NOT_IN_FORCE"
)

// Token is one with which a program could call.
type Token struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Role      string     `json:"role"`
	Source    string     `json:"source"`
	Networks  []string   `json:"networks"`
	CreatedAt time.Time  `json:"createdAt"`
	CreatedBy Who        `json:"createdBy"`
	ExpiresAt *time.Time `json:"expiresAt"`
}

// SignIns is how many there were.
type SignIns struct {
	Succeeded            int `json:"succeeded"`
	Failed               int `json:"failed"`
	ExternalFailed       int `json:"externalFailed"`
	SecondFactorFailed   int `json:"secondFactorFailed"`
	LockedOut            int `json:"lockedOut"`
	TokensRefused        int `json:"tokensRefused"`
	RefusedWithoutRights int `json:"refusedWithoutRights"`
	// Root is each session of root (auth.root_accessed).
	Root []Event `json:"root"`
}
