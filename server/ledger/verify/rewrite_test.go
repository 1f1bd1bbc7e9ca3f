package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// rewrite does what somebody can who owns the database and has stolen the signing key: he changes one body and makes
// everything else agree with it, so that it looks as if it had always been so.
func rewrite(t *testing.T, f *ledgertest.Fixture, seq uint64, change func(body []byte) []byte) *ledger.Ledger {
	t.Helper()
	owner := mysqltest.OpenOwner(t, f.DB)
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := owner.Exec(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	leaves := readLeaves(t, owner)
	var body []byte
	if err := owner.Get(t.Context(), &body, "SELECT body FROM {ledger}.entry WHERE seq = ?", seq); err != nil {
		t.Fatal(err)
	}
	changed := change(bytes.Clone(body))
	leaves[seq] = ledger.LeafHash(changed)
	exec("UPDATE {ledger}.entry SET body = ?, leaf = ? WHERE seq = ?", changed, leaves[seq][:], seq)
	exec("UPDATE entry_index SET entity_id = 'other' WHERE seq = ?", seq)
	for number := 0; (number+1)*256 <= len(leaves); number++ {
		exec("UPDATE {ledger}.tile SET hashes = ? WHERE level = 0 AND number = ?", packed(leaves[number*256:(number+1)*256]), number)
	}
	exec("UPDATE {ledger}.head SET frontier = ?", packed(frontier(leaves)))
	exec("DELETE FROM {ledger}.checkpoint")
	_, again := f.Another(t, time.Now)
	if _, err := again.Checkpoint(t.Context()); err != nil { // signed with the stolen key
		t.Fatal(err)
	}
	return again
}

func readLeaves(t *testing.T, db *mysql.DB) []ledger.Hash {
	t.Helper()
	var rows [][]byte
	if err := db.Select(t.Context(), &rows, "SELECT leaf FROM {ledger}.entry ORDER BY seq"); err != nil {
		t.Fatal(err)
	}
	leaves := make([]ledger.Hash, len(rows))
	for i, row := range rows {
		leaves[i] = ledger.Hash(row)
	}
	return leaves
}

func packed(hashes []ledger.Hash) []byte {
	var all []byte
	for _, h := range hashes {
		all = append(all, h[:]...)
	}
	return all
}

// frontier gives the roots of the perfect subtrees, largest first.
func frontier(leaves []ledger.Hash) (roots []ledger.Hash) {
	for len(leaves) > 0 {
		width := 1 << (bits.Len(uint(len(leaves))) - 1)
		roots = append(roots, textbookRoot(leaves[:width]))
		leaves = leaves[width:]
	}
	return roots
}

func TestARewrittenHistoryWithAFreshSignatureIsFoundOnlyByWhatIsKeptOutside(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	path := filepath.Join(t.TempDir(), "kept")
	outside, err := f.Ledger.NewOutside(ledger.OutsideOptions{Interval: 10 * time.Millisecond, File: path})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- outside.Run(ctx) }()
	for _, step := range []struct{ n, size int }{{300, 300}, {400, 700}} {
		grow(t, f, step.n)
		awaitKept(t, f.Ledger, uint64(step.size))
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	remembered := look(t, publish(t, f.Ledger, nil), f.Ledger.VerifierKey(), nil).Memory
	kept := readKept(t, f, path)
	if len(kept.Checkpoints) != 2 {
		t.Fatalf("%d checkpoints were kept", len(kept.Checkpoints))
	}
	requireFound(t, runWith(t, f, kept).Findings) // as long as it is honest

	rewritten := rewrite(t, f, 123, func(body []byte) []byte {
		changed := bytes.Replace(body, []byte(`"id":"123"`), []byte(`"id":"other"`), 1)
		if bytes.Equal(changed, body) {
			t.Fatalf("nothing was changed: %s", body)
		}
		return changed
	})

	// The store agrees with itself, and so does what it publishes.
	report := run(t, f)
	if requireFound(t, report.Findings); report.Entries != 700 || report.Checkpoints != 1 {
		t.Fatalf("%+v", report)
	}
	url := publish(t, rewritten, nil)
	requireFound(t, look(t, url, f.Ledger.VerifierKey(), nil).Findings)

	// Who kept a checkpoint, or remembers one, finds it.
	requireFound(t, runWith(t, f, kept).Findings,
		"entry 299: up to here the entries are not those that the checkpoint of 300 entries was signed for",
		"entry 699: up to here the entries are not those that the checkpoint of 700 entries was signed for")
	requireFound(t, look(t, url, f.Ledger.VerifierKey(), remembered).Findings, "FORKED: the log shows another tree of 700 entries")
	requireFound(t, look(t, url, f.Ledger.VerifierKey(), nil, func(o *verify.RemoteOptions) { o.Kept = kept.Checkpoints[:1] }).Findings,
		"REWRITTEN: the first 300 entries are not those of the checkpoint")
}

func awaitKept(t *testing.T, l *ledger.Ledger, size uint64) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		sinks, err := l.Sinks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(sinks) == 1 && sinks[0].Size == size {
			return
		}
	}
	t.Fatalf("the checkpoint of %d was not kept", size)
}

func readKept(t *testing.T, f *ledgertest.Fixture, path string) *verify.Kept {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := verify.ReadKept(bytes.NewReader(text), verifierOf(t, f))
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func runWith(t *testing.T, f *ledgertest.Fixture, kept *verify.Kept) *verify.Report {
	t.Helper()
	report, err := verify.Run(t.Context(), verify.WithKept(verify.NewStore(f.DB), kept), verify.Options{Verifier: verifierOf(t, f)})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnEndThatWasCutOffIsFoundByWhatIsKeptOutsideAlthoughNothingElseTellsOfIt(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 700)
	c, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := verify.ReadKept(strings.NewReader(c.Note+"\n"), verifierOf(t, f))
	if err != nil {
		t.Fatal(err)
	}
	owner := mysqltest.OpenOwner(t, f.DB)
	leaves := readLeaves(t, owner)[:600]
	for _, statement := range []string{
		"DELETE FROM {ledger}.entry WHERE seq >= 600", "DELETE FROM entry_index WHERE seq >= 600", "DELETE FROM {ledger}.checkpoint",
		"UPDATE {ledger}.head SET size = 600, recorded_at = (SELECT MAX(recorded_at) FROM entry_index)",
		"UPDATE entry_count SET total = total - 100",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := owner.Exec(t.Context(), "UPDATE {ledger}.head SET frontier = ?", packed(frontier(leaves))); err != nil {
		t.Fatal(err)
	}
	for _, finding := range run(t, f).Findings {
		if !strings.Contains(finding.What, "counts") { // which this forger was too lazy to make fit to the day
			t.Error(finding)
		}
	}
	requireFound(t, runWith(t, f, kept).Findings, fmt.Sprintf("a checkpoint of %d entries was signed, and only 600 are here", c.Size))
}
