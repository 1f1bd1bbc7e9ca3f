package compliance

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// Keeping is how entries were kept and deleted.
type Keeping struct {
	// Policies are changes of how long entries are kept (log.retention_set).
	Policies []Event `json:"policies"`
	Runs     []Run   `json:"runs"`
	// Pruned are the entries (log.pruned) that name exactly which entries were deleted: details.ranges are pairs of the
	// first number and the one behind the last.
	Pruned []Event `json:"pruned"`
	// Holds are legal holds that were placed and released.
	Holds    []Event   `json:"holds"`
	Erasures []Erasure `json:"erasures"`
	// Restores are of the database from a backup (system.restored) and of entries from an archive (log.restored).
	Restores []Event `json:"restores"`
	// Backups are those that were made and those that could not be, whose outcome is failure.
	Backups []Event `json:"backups"`
}

// Run is a deletion of what had been kept for long enough (log.retention_run).
type Run struct {
	Entry uint64    `json:"entry"`
	At    time.Time `json:"at"`
	// Outcome is failure where it stopped half-way.
	Outcome string `json:"outcome"`
	By      Who    `json:"by"`
	Run     string `json:"run"`
	// CutOff is the moment from which ages were counted back.
	CutOff *time.Time `json:"cutOff"`
	// Entries is how many were deleted, and Streams how many of each stream.
	Entries uint64         `json:"entries"`
	Streams map[string]any `json:"streams"`
	// Archives are the ids of the files that hold them.
	Archives []string `json:"archives"`
	// Problem is why it did not go on, in English, empty when it did; Why is the same for other languages.
	Problem string     `json:"problem"`
	Why     fault.Text `json:"-"`
}

// Erasure is a step of the erasure of a person: ids and times only.
type Erasure struct {
	Entry   uint64    `json:"entry"`
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Request string    `json:"request"`
	// Person is the id that remains, which names nobody once the erasure is approved.
	Person string `json:"person"`
}

// Integrity is how it was checked that the record is whole.
type Integrity struct {
	Verifications []Verification `json:"verifications"`
	// Places are those outside where checkpoints are kept, as of when the report was made.
	Places []Place `json:"places"`
	// Outages are when a place had not taken checkpoints for long (system.checkpoint_not_kept).
	Outages []Event `json:"outages"`
	Alerts  []Alert `json:"alerts"`
	// RuleChanges are alert rules that admins made, changed, muted, had speak again or removed (alert.rule_…).
	RuleChanges []Event `json:"ruleChanges"`
}

// Verification is one of the whole ledger (system.verified).
type Verification struct {
	Entry uint64    `json:"entry"`
	At    time.Time `json:"at"`
	// Outcome is failure where something was not as it must be, or the verification could not be finished.
	Outcome string `json:"outcome"`
	// Finished is false for one that could not be; then nothing is known of the rest.
	Finished bool `json:"finished"`
	// TreeSize is how many entries were verified, and Root the root that they make, in hexadecimal.
	TreeSize uint64 `json:"treeSize"`
	Root     string `json:"root"`
	// Findings is how many things were not as they must be.
	Findings uint64 `json:"findings"`
}

// Place is one outside where checkpoints are kept.
type Place struct {
	Place string `json:"place"`
	// Size is that of the newest checkpoint kept there, and KeptAt when that was.
	Size   uint64     `json:"size"`
	KeptAt *time.Time `json:"keptAt"`
	// FailingSince is set while it does not take them, and Error says why.
	FailingSince *time.Time `json:"failingSince"`
	Error        string     `json:"error"`
}

// Alert is one that was raised in the period, and what became of it until the report was made.
type Alert struct {
	Entry uint64    `json:"entry"`
	At    time.Time `json:"at"`
	ID    string    `json:"id"`
	Rule  string    `json:"rule"`
	// RuleName is what an admin called the rule, where one made it; empty for others, and when it went with whoever wrote it.
	RuleName string `json:"ruleName"`
	Severity string `json:"severity"`
	Person   *Who   `json:"person"`
	// State is OPEN, ACKNOWLEDGED or RESOLVED, and Ended how it came to the last.
	State string `json:"state"`
	Ended *Ended `json:"ended"`
}

// The states of an alert.
const (
	Open         = "OPEN"
	Acknowledged = "ACKNOWLEDGED"
	Resolved     = "RESOLVED"
)

// Ended says how an alert ended.
type Ended struct {
	Entry uint64    `json:"entry"`
	At    time.Time `json:"at"`
	By    Who       `json:"by"`
	// Cause is how the alert's cause ended by itself, empty where somebody resolved it, and Note what he wrote.
	Cause string `json:"cause"`
	Note  string `json:"note"`
}
