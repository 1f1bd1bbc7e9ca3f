package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// growingSource is a source to which something happens between the first head and everything else.
type growingSource struct {
	verify.Source
	grow func()
}

func (s *growingSource) Head(ctx context.Context) (verify.Head, error) {
	h, err := s.Source.Head(ctx)
	if s.grow != nil {
		s.grow()
		s.grow = nil
	}
	return h, err
}

// runWhile verifies while something happens, with checkpoints from outside if there are any.
func runWhile(t *testing.T, f *ledgertest.Fixture, kept *verify.Kept, grow func()) *verify.Report {
	t.Helper()
	src := verify.Source(&growingSource{Source: verify.NewStore(f.DB), grow: grow})
	if kept != nil {
		src = verify.WithKept(src, kept)
	}
	report, err := verify.Run(t.Context(), src, verify.Options{Verifier: verifierOf(t, f)})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// keptOf signs a checkpoint and gives it as one that was kept outside.
func keptOf(t *testing.T, f *ledgertest.Fixture, l *ledger.Ledger) *verify.Kept {
	t.Helper()
	c, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keptNotes(t, f, c.Note)
}

// keptNotes gives signed notes as a file of checkpoints.
func keptNotes(t *testing.T, f *ledgertest.Fixture, notes ...string) *verify.Kept {
	t.Helper()
	kept, err := verify.ReadKept(strings.NewReader(strings.Join(notes, "\n")+"\n"), verifierOf(t, f))
	if err != nil || len(kept.Checkpoints) != len(notes) {
		t.Fatalf("%+v, %v", kept, err)
	}
	return kept
}

// rollBack cuts off the end of a ledger so that all that is left agrees, and opens what is left as a process does that
// knows nothing of the rest.
func rollBack(t *testing.T, f *ledgertest.Fixture, size int) *ledger.Ledger {
	t.Helper()
	owner := mysqltest.OpenOwner(t, f.DB)
	leaves := readLeaves(t, owner)[:size]
	for _, statement := range []string{
		fmt.Sprintf("DELETE FROM {ledger}.entry WHERE seq >= %d", size),
		fmt.Sprintf("DELETE FROM entry_index WHERE seq >= %d", size),
		fmt.Sprintf("DELETE FROM {ledger}.tile WHERE level = 0 AND number >= %d", size/256),
		fmt.Sprintf("DELETE FROM {ledger}.checkpoint WHERE size > %d", size),
		fmt.Sprintf("UPDATE {ledger}.head SET size = %d, recorded_at = (SELECT MAX(recorded_at) FROM entry_index)", size),
		"DELETE FROM entry_count",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := owner.Exec(t.Context(), "UPDATE {ledger}.head SET frontier = ?", packed(frontier(leaves))); err != nil {
		t.Fatal(err)
	}
	_, again := f.Another(t, time.Now)
	return again
}

func TestARollbackIsFoundAlthoughTheLedgerGrowsPastTheKeptCheckpointMeanwhile(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 20)
	kept := keptOf(t, f, f.Ledger)
	again := rollBack(t, f, 15)
	report := runWhile(t, f, kept, func() {
		for range 6 {
			ledgertest.Append(t, f.DB, again, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
		}
	})
	requireFound(t, report.Findings, "entry 19: up to here the entries are not those that the checkpoint of 20 entries was signed for")
}

func TestACheckpointThatIsSignedMeanwhileIsComparedWithWhatGrewUpToIt(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	report := runWhile(t, f, nil, func() {
		grow(t, f, 400)
		if _, err := f.Ledger.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	if requireFound(t, report.Findings); report.Entries != 1100 || report.Checkpoints != 4 {
		t.Errorf("%d entries, %d checkpoints", report.Entries, report.Checkpoints)
	}
}

func TestATileThatBecomesFullWhileItIsWalkedThroughIsComparedAsAWhole(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]bool{"as it is": false, "changed in front": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ledgertest.Open(t)
			grow(t, f, 1500)
			kept := keptOf(t, f, f.Ledger)
			again := &ledgertest.Fixture{DB: f.DB, Ledger: rollBack(t, f, 1100)}
			growOnce := sync.OnceFunc(func() {
				grow(t, again, 400)
				if !changed {
					return
				}
				const flip = "UPDATE {ledger}.tile SET hashes = INSERT(hashes, 1, 1, CHAR(ASCII(hashes) ^ 1)) WHERE level = 0 AND number = 4"
				if _, err := mysqltest.OpenOwner(t, f.DB).Exec(t.Context(), flip); err != nil {
					t.Fatal(err)
				}
			})
			report, err := verify.Run(t.Context(), verify.WithKept(verify.NewStore(f.DB), kept), verify.Options{
				Verifier: verifierOf(t, f),
				Progress: func(done, total uint64) {
					if done == 1100 {
						growOnce()
					}
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(report.Findings, func(f verify.Finding) bool {
				return f.What == "tile 4 of level 0 is missing or was changed"
			})
			if found != changed || report.Entries != 1500 {
				t.Errorf("%d entries: %v", report.Entries, report.Findings)
			}
		})
	}
}

func TestACheckpointOutOfOrderIsNotSwallowed(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	report, err := verify.Run(t.Context(), &disordered{verify.NewStore(f.DB)}, verify.Options{Verifier: verifierOf(t, f)})
	if err != nil {
		t.Fatal(err)
	}
	requireFound(t, report.Findings, "the checkpoint of 300 entries is out of order", "the checkpoint of 600 entries is out of order")
}

// disordered gives its checkpoints the wrong way round.
type disordered struct{ verify.Source }

func (s *disordered) Checkpoints(ctx context.Context, skip, limit int) ([]verify.Checkpoint, error) {
	list, err := s.Source.Checkpoints(ctx, skip, limit)
	slices.Reverse(list)
	return list, err
}

func TestOfKeptCheckpointsOnlyWhatIsComparedStaysInMemory(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	kept := keptOf(t, f, f.Ledger)
	if c := kept.Checkpoints[0]; c.Note != nil || c.Size != 700 || len(c.Root) != 32 || cap(c.Root) > 33 {
		t.Errorf("%+v", c)
	}
	requireFound(t, runWith(t, f, kept).Findings)
}
