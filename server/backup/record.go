package backup

import (
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// maxProblem bounds what is recorded of a failure, in bytes.
const maxProblem = 500

// Draft is the entry of a backup that was made or, where failed is set, could not be made. name is the file's, without its
// directory.
func Draft(name string, made *Written, failed error) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemBackedUp, Outcome: ledger.Success}
	if failed != nil {
		d.Outcome, d.Details = ledger.Failure, map[string]any{"file": name, "problem": Problem(failed)}
		return d
	}
	d.Details = map[string]any{
		"file": name, "backup": made.ID, "entries": made.Entries, "checkpoint": made.Size, "rows": made.Rows, "bytes": made.Bytes, "sha256": made.SHA256,
	}
	return d
}

// Problem says in a line why something failed.
func Problem(failed error) string {
	text := failed.Error()
	if f, ok := fault.As(failed); ok {
		text = f.Message
	}
	return strings.ToValidUTF8(text[:min(len(text), maxProblem)], "")
}

// RestoredDraft is the entry of a restore. erased counts the keys that were destroyed again.
func RestoredDraft(r *Restored, erased int) ledger.Draft {
	return ledger.Draft{
		Stream: ledger.StreamSystem, System: true, Action: ledger.SystemRestored, Details: map[string]any{
			"backup": r.ID, "createdAt": r.CreatedAt, "entries": r.Entries, "keptUpTo": r.KeptUpTo, "lost": r.Lost(), "erasedAgain": erased, "signed": r.Signed,
		},
	}
}
