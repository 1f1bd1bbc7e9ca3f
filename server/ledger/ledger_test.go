package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

func draft(n int) ledger.Draft {
	return ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.updated", Source: "billing", Module: "billing",
		Entity:  ledger.Entity{Type: "invoice", ID: fmt.Sprint(n), Label: fmt.Sprintf("Invoice %d", n)},
		Details: map[string]any{"n": n},
	}
}

func drafts(from, n int) []ledger.Draft {
	list := make([]ledger.Draft, n)
	for i := range list {
		list[i] = draft(from + i)
	}
	return list
}

func requireVerified(t testing.TB, f *ledgertest.Fixture) *verify.Report {
	t.Helper()
	verifier, err := note.NewVerifier(f.Ledger.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(context.Background(), verify.NewStore(f.DB), verify.Options{Verifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range report.Findings {
		t.Error(finding)
	}
	return report
}

func TestEntriesAreNumberedWithoutGapsAndReadBackAsWritten(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for n := 0; n < 600; n += 150 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 150)...)
	}
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 600 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, e := range entries {
		if e.Seq != uint64(i) || e.Entity.ID != fmt.Sprint(i) || e.Leaf != ledger.LeafHash(e.Raw) {
			t.Fatalf("entry %d is %+v", i, e)
		}
	}
	requireVerified(t, f)
}

func TestARolledBackTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	broken := errors.New("broken")
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := f.Ledger.Append(ctx, tx, drafts(1, 300)...); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if e := ledgertest.Append(t, f.DB, f.Ledger, draft(1)); e[0].Seq != 1 {
		t.Fatalf("the next entry has number %d", e[0].Seq)
	}
	requireVerified(t, f)
}

func TestConcurrentAppendsOfTwoProcessesMakeOneTree(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			l := f.Ledger
			if w%2 == 1 {
				l = other
			}
			for n := range 40 {
				ledgertest.Append(t, f.DB, l, drafts(n, 1+n%7)...)
			}
		})
	}
	writers.Wait()
	report := requireVerified(t, f)
	if report.Entries != 8*(40*4-5) {
		t.Fatalf("%d entries", report.Entries)
	}
}

func TestTheClockNeverRunsBackwardsInTheRecord(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	f := ledgertest.OpenAt(t, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	})
	set := func(to time.Time) {
		mu.Lock()
		defer mu.Unlock()
		now = to
	}
	start := now
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	set(start.Add(-time.Hour))
	for n := 1; n <= 3; n++ {
		ledgertest.Append(t, f.DB, f.Ledger, draft(n))
	}
	set(start.Add(time.Minute))
	ledgertest.Append(t, f.DB, f.Ledger, draft(4))
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	if got := strings.Join(actions, " "); got != "invoice.updated system.clock_stepped_back invoice.updated invoice.updated invoice.updated invoice.updated" {
		t.Fatalf("actions: %s", got)
	}
	if !entries[2].RecordedAt.Equal(start) || !entries[5].RecordedAt.Equal(start.Add(time.Minute)) {
		t.Fatalf("recorded at %v and %v", entries[2].RecordedAt, entries[5].RecordedAt)
	}
	requireVerified(t, f)
}

func TestSealedPartsOpenOnlyInTheirPlaceAndNeverAfterDestruction(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	person := id.New()
	var entries []ledger.Entry
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		if err := f.Seal.CreateKey(ctx, tx, seal.Person(person)); err != nil {
			return err
		}
		d := draft(0)
		d.Parts = []ledger.Part{
			ledger.PersonPart(ledger.FieldComment, person, time.Now(), "Jānis took it"),
			ledger.PersonPart(ledger.FieldUsername, id.ID{}, time.Now(), "nobody"),
		}
		entries, err = f.Ledger.Append(ctx, tx, d, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(entries[0].Raw), "Jānis") {
		t.Fatal("the comment lies in the body in plain")
	}
	var comment, username string
	if _, err := f.Ledger.Unseal(t.Context(), &entries[0], ledger.FieldComment, &comment); err != nil || comment != "Jānis took it" {
		t.Fatalf("%q, %v", comment, err)
	}
	moved := entries[1]
	moved.Sealed = entries[0].Sealed
	if _, err := f.Ledger.Unseal(t.Context(), &moved, ledger.FieldComment, &comment); err == nil {
		t.Fatal("a part opened in another entry")
	}
	err = f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, seal.Person(person), id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Ledger.Unseal(t.Context(), &entries[0], ledger.FieldComment, &comment); !errors.Is(err, seal.ErrDestroyed) {
		t.Fatalf("after destruction: %v", err)
	}
	if _, err := f.Ledger.Unseal(t.Context(), &entries[0], ledger.FieldUsername, &username); err != nil || username != "nobody" {
		t.Fatalf("another subject's part: %q, %v", username, err)
	}
	kept, err := f.Ledger.Read(t.Context(), f.DB, entries[0].Seq, 1)
	if err != nil {
		t.Fatal(err)
	}
	if kept := kept[0]; string(kept.Raw) != string(entries[0].Raw) || kept.Leaf != entries[0].Leaf {
		t.Fatal("a body changed")
	}
	requireVerified(t, f)
}

func TestProofsHoldInTheEyesOfAnIndependentLibrary(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	sizes := []uint64{}
	for n := 0; n < 1200; n += 100 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 100)...)
		c, err := f.Ledger.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, c.Size)
	}
	for _, size := range sizes {
		prover, err := f.Ledger.NewProver(t.Context(), size)
		if err != nil {
			t.Fatal(err)
		}
		for seq := uint64(0); seq < size; seq += 37 {
			p, err := f.Ledger.ProveInclusion(t.Context(), seq, size)
			if err != nil {
				t.Fatal(err)
			}
			if shared, err := prover.Inclusion(t.Context(), seq); err != nil || !slices.Equal(shared, p.Hashes) {
				t.Fatalf("entry %d in %d, with what was kept of others: %v", seq, size, err)
			}
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, seq, size, p.LeafHash[:], slicesOf(p.Hashes), p.RootHash[:]); err != nil {
				t.Fatalf("entry %d in %d: %v", seq, size, err)
			}
		}
		p, err := f.Ledger.ProveConsistency(t.Context(), sizes[0], size)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, p.From, p.To, slicesOf(p.Hashes), p.FromRoot[:], p.ToRoot[:]); err != nil {
			t.Fatalf("%d to %d: %v", p.From, p.To, err)
		}
	}
}

func slicesOf(hashes []ledger.Hash) [][]byte {
	list := make([][]byte, len(hashes))
	for i := range hashes {
		list[i] = hashes[i][:]
	}
	return list
}

func TestProofsOfWhatDoesNotExistAreRefused(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 3)...)
	for _, c := range []struct{ seq, size uint64 }{{0, 0}, {0, 4}, {3, 3}, {5, 2}} {
		if _, err := f.Ledger.ProveInclusion(t.Context(), c.seq, c.size); !fault.Is(err, fault.BadInput) {
			t.Errorf("entry %d in a tree of %d: %v", c.seq, c.size, err)
		}
	}
	for _, c := range []struct{ from, to uint64 }{{0, 2}, {3, 2}, {1, 9}} {
		if _, err := f.Ledger.ProveConsistency(t.Context(), c.from, c.to); !fault.Is(err, fault.BadInput) {
			t.Errorf("from %d to %d: %v", c.from, c.to, err)
		}
	}
}

func TestACheckpointIsStoredBeforeItIsGivenAndItsSignatureVerifies(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	c, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(c.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open([]byte(c.Note), note.VerifierList(verifier)); err != nil {
		t.Fatal(err)
	}
	var stored int
	if err := f.DB.Get(t.Context(), &stored, "SELECT COUNT(*) FROM {ledger}.checkpoint WHERE size = ?", c.Size); err != nil || stored != 1 {
		t.Fatalf("%d stored, %v", stored, err)
	}
	again, err := f.Ledger.Checkpoint(t.Context())
	if err != nil || again.Note != c.Note {
		t.Fatalf("an unchanged ledger got a new checkpoint: %v", err)
	}
}

func TestActionsOfKeytrailCannotBeForged(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for _, action := range []string{"key.stolen", "auth.anything", "system.rebooted", "Upper", "", "ends with space ", strings.Repeat("a", 101)} {
		d := draft(0)
		d.Action = action
		err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			_, err := f.Ledger.Append(ctx, tx, d)
			return err
		})
		if e, ok := fault.As(err); !ok || e.Kind != fault.BadInput || e.Field != "action" {
			t.Errorf("%q: %v", action, err)
		}
	}
}

func TestEveryRegisteredActionCanBeRecordedAndStandsOnce(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	seen := map[string]bool{}
	for _, a := range ledger.Actions() {
		if seen[a.Code] || a.Meaning == "" || a.Severity == "" || !ledger.Reserved(a.Code) {
			t.Errorf("%+v", a)
		}
		seen[a.Code] = true
		d := draft(0)
		d.Action, d.Source = a.Code, ""
		ledgertest.Append(t, f.DB, f.Ledger, d)
	}
}
