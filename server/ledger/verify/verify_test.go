package verify_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// seeded makes a ledger of 700 entries (two full tiles and a partial one) with checkpoints of 300, 600 and 700.
func seeded(t *testing.T) (*ledgertest.Fixture, *mysql.DB) {
	t.Helper()
	f := ledgertest.Open(t)
	for _, n := range []int{300, 300, 100} {
		drafts := make([]ledger.Draft, n)
		for i := range drafts {
			drafts[i] = ledger.Draft{
				Stream: ledger.StreamActivity, Action: "invoice.paid", Module: "billing",
				Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(i), Label: "Invoice"},
			}
		}
		ledgertest.Append(t, f.DB, f.Ledger, drafts...)
		if _, err := f.Ledger.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return f, mysqltest.OpenOwner(t, f.DB)
}

func run(t *testing.T, f *ledgertest.Fixture) *verify.Report {
	t.Helper()
	verifier, err := note.NewVerifier(f.Ledger.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(context.Background(), verify.NewStore(f.DB), verify.Options{Verifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnUntouchedLedgerVerifies(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	report := run(t, f)
	if !report.OK() || report.Entries != 700 || report.Checkpoints != 3 {
		t.Fatalf("%+v", report)
	}
}

func TestTamperingInSpecialPlacesIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	flip := func(column string, seq int) string {
		return fmt.Sprintf("UPDATE {ledger}.entry SET %[1]s = INSERT(%[1]s, 20, 1, CHAR(ASCII(SUBSTRING(%[1]s, 20, 1)) ^ 1)) WHERE seq = %[2]d", column, seq)
	}
	for name, c := range map[string]struct {
		statements []string
		want       []string
	}{
		"a byte of a body behind the tiles": {[]string{flip("body", 650)}, []string{"entry 650: its body was changed"}},
		"a byte of the first body":          {[]string{flip("body", 0)}, []string{"entry 0: its body was changed"}},
		"a byte of the last body":           {[]string{flip("body", 699)}, []string{"entry 699: its body was changed"}},
		"a body and its leaf hash":          {[]string{"UPDATE {ledger}.entry a JOIN {ledger}.entry b ON a.seq = 7 AND b.seq = 8 SET a.body = b.body, a.leaf = b.leaf, a.id = b.id"}, []string{"entry 7: the tile holds another leaf hash", "entry 7: the index does not agree"}},
		"a deletion at the end":             {[]string{"DELETE FROM {ledger}.entry WHERE seq = 699"}, []string{"entry 699: it is missing"}},
		"a missing tile":                    {[]string{"DELETE FROM {ledger}.tile WHERE level = 0 AND number = 1"}, []string{"entry 256: the full tile that begins here is missing"}},
		"the head's size":                   {[]string{"UPDATE {ledger}.head SET size = 699"}, []string{"the head row does not have the root", "entry 699: it lies beyond the head"}},
		"a count that was moved":            {[]string{"UPDATE entry_count SET day = day - 1 WHERE slot = 0"}, []string{"(by day +700,", "(by day -700,"}},
		"a count moved within its day":      {[]string{"UPDATE entry_count SET slot = IF(slot = 24, 1, slot + 1) WHERE slot BETWEEN 1 AND 24 ORDER BY slot DESC"}, []string{"the counts of invoice.paid on "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, owner := seeded(t)
			for _, statement := range c.statements {
				if _, err := owner.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			requireFindings(t, run(t, f), c.want)
		})
	}
}

func requireFindings(t *testing.T, report *verify.Report, want []string) {
	t.Helper()
	var found []string
	for _, finding := range report.Findings {
		found = append(found, finding.String())
	}
	all := strings.Join(found, "\n")
	for _, text := range want {
		if !strings.Contains(all, text) {
			t.Errorf("%q is not among the findings:\n%s", text, all)
		}
	}
}

func TestCuttingOffTheEndWithItsHeadIsFoundByTheCheckpointsThatWereKept(t *testing.T) {
	t.Parallel()
	f, owner := seeded(t)
	var frontier []byte
	if err := owner.Get(t.Context(), &frontier, "SELECT frontier FROM {ledger}.head"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DELETE FROM {ledger}.entry WHERE seq >= 512", "DELETE FROM entry_index WHERE seq >= 512",
		"UPDATE {ledger}.head SET size = 512",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	// The head of 512 entries is the root of the first perfect subtree.
	if _, err := owner.Exec(t.Context(), "UPDATE {ledger}.head SET frontier = ?", frontier[:32]); err != nil {
		t.Fatal(err)
	}
	requireFindings(t, run(t, f), []string{"a checkpoint of 600 entries was signed, and only 512 are here", "a checkpoint of 700 entries"})
}
