package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// aged is a draft of one of two departments, at one of many moments, half of them from an address.
func aged(n int) ledger.Draft {
	d := draft(n)
	d.OccurredAt = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * 7 * time.Minute)
	if n%3 == 0 {
		d.Department = id.ID{1, byte(n % 2)}
	}
	if n%2 == 0 {
		d.Parts = []ledger.Part{ledger.OriginPart(id.ID{}, d.OccurredAt, ledger.Origin{IP: fmt.Sprintf("192.0.2.%d", n%5)})}
	}
	return d
}

// filled is a ledger of n entries.
func filled(t testing.TB, n int) *ledgertest.Fixture {
	t.Helper()
	f := ledgertest.Open(t)
	fill(t, f, 0, n)
	return f
}

func fill(t testing.TB, f *ledgertest.Fixture, from, n int) {
	t.Helper()
	list := make([]ledger.Draft, n)
	for i := range list {
		list[i] = aged(from + i)
	}
	for chunk := range slices.Chunk(list, 500) {
		ledgertest.Append(t, f.DB, f.Ledger, chunk...)
	}
}

func request(ranges ...ledger.SeqRange) ledger.PruneRequest {
	return ledger.PruneRequest{Ranges: ranges, Manifest: ledger.Hash{7}, Reason: "older than a year"}
}

func pruner(t testing.TB, f *ledgertest.Fixture, opts ledger.PruneOptions) *ledger.Pruner {
	t.Helper()
	return ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), opts)
}

func within(ranges []ledger.SeqRange, seq uint64) bool {
	return slices.ContainsFunc(ranges, func(r ledger.SeqRange) bool { return r.From <= seq && seq < r.To })
}

// requirePruned asserts that exactly the ranges are gone of the first size entries, everywhere.
func requirePruned(t testing.TB, f *ledgertest.Fixture, size uint64, ranges []ledger.SeqRange) {
	t.Helper()
	var want []uint64
	for seq := range size {
		if !within(ranges, seq) {
			want = append(want, seq)
		}
	}
	for _, query := range []string{
		"SELECT seq FROM {ledger}.entry WHERE seq < ? ORDER BY seq", "SELECT seq FROM entry_index WHERE seq < ? ORDER BY seq",
	} {
		var have []uint64
		if err := f.DB.Select(t.Context(), &have, query, size); err != nil || !slices.Equal(have, want) {
			t.Fatalf("%s: %d rows are there, %d should be: %v", query, len(have), len(want), err)
		}
	}
	var strays int
	err := f.DB.Get(t.Context(), &strays, `SELECT (SELECT COUNT(*) FROM entry_ip i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE e.seq IS NULL)
		+ (SELECT COUNT(*) FROM entry_ref r LEFT JOIN {ledger}.entry e ON e.seq = r.seq WHERE e.seq IS NULL)
		+ (SELECT COUNT(*) FROM entry_count WHERE total = 0)`)
	if err != nil || strays != 0 {
		t.Fatalf("%d strays: %v", strays, err)
	}
	requireVerified(t, f)
}

func TestPruningTakesExactlyItsRangesAndKeepsEveryProof(t *testing.T) {
	t.Parallel()
	f := filled(t, 1100)
	ranges := []ledger.SeqRange{{10, 300}, {300, 301}, {512, 700}, {1023, 1024}}
	bundle, err := f.Ledger.LeafDataBundle(t.Context(), 1, 256)
	if err != nil {
		t.Fatal(err)
	}
	before, err := f.Ledger.ProveInclusion(t.Context(), 555, 1100)
	if err != nil {
		t.Fatal(err)
	}
	var done, total uint64
	r := request(ranges...)
	r.Progress = func(d, n uint64) { done, total = d, n }
	recorded, err := pruner(t, f, ledger.PruneOptions{Chunk: 64}).Prune(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded) != 1 || recorded[0].Seq != 1100 || recorded[0].Action != ledger.LogPruned || done != 480 || total != 480 {
		t.Fatalf("%d of %d, %+v", done, total, recorded)
	}
	requirePruned(t, f, 1100, ranges)

	after, err := f.Ledger.ProveInclusion(t.Context(), 555, 1100)
	if err != nil || after.LeafData != before.LeafData || after.RootHash != before.RootHash || !slices.Equal(after.Hashes, before.Hashes) {
		t.Errorf("the proof of a pruned entry changed: %v", err)
	}
	again, err := f.Ledger.LeafDataBundle(t.Context(), 1, 256)
	if err != nil || !slices.Equal(again, bundle) {
		t.Errorf("the bundle of pruned entries changed: %v", err)
	}
	if _, err := f.Ledger.Tile(t.Context(), 0, 1, 256); err != nil {
		t.Error(err)
	}
	// Another process knows nothing of it, and looks at a tree in which the tile was not full yet.
	_, other := f.Another(t, time.Now)
	if proof, err := other.ProveInclusion(t.Context(), 513, 600); err != nil || proof.LeafHash == (ledger.Hash{}) {
		t.Errorf("in a smaller tree: %v", err)
	}
	entries, err := f.Ledger.Read(t.Context(), f.DB, 299, 2)
	if err != nil || entries[0].Seq != 301 || entries[1].Seq != 302 {
		t.Errorf("reading gave %v, %v", entries, err)
	}
	follower := other.Follow(5) // the tail of the first ledger still has them in memory
	var seen []uint64
	for follower.Position() < 1101 {
		entries, err := follower.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			seen = append(seen, e.Seq)
		}
	}
	if len(seen) != 1101-5-480 || !slices.IsSorted(seen) {
		t.Errorf("an old cursor saw %d entries", len(seen))
	}
	fill(t, f, 1100, 300)
	requireVerified(t, f)
}

func TestWhatMayNotBePrunedIsRefused(t *testing.T) {
	t.Parallel()
	f := filled(t, 600)
	p := pruner(t, f, ledger.PruneOptions{})
	if _, err := p.Prune(t.Context(), request(ledger.SeqRange{From: 100, To: 200})); err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.PrivacyKeyDestroyed})
	fill(t, f, 600, 300)
	for name, ranges := range map[string][]ledger.SeqRange{
		"nothing":            {},
		"an empty range":     {{5, 5}},
		"a backward range":   {{6, 5}},
		"ranges not sorted":  {{20, 30}, {5, 10}},
		"overlapping ranges": {{20, 30}, {25, 40}},
		"behind the tiles":   {{760, 769}},
		"what was pruned":    {{199, 210}},
		"around it":          {{50, 250}},
		"a prune entry":      {{599, 601}},
		"a destroyed key":    {{601, 603}},
	} {
		if _, err := p.Prune(t.Context(), request(ranges...)); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, r := range map[string]ledger.PruneRequest{
		"no reason":  {Ranges: []ledger.SeqRange{{0, 1}}, Manifest: ledger.Hash{1}},
		"no archive": {Ranges: []ledger.SeqRange{{0, 1}}, Reason: "old"},
	} {
		if _, err := p.Prune(t.Context(), r); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	owner := mysqltest.OpenOwner(t, f.DB)
	if _, err := owner.Exec(t.Context(), "DELETE FROM {ledger}.entry WHERE seq = 7"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Prune(t.Context(), request(ledger.SeqRange{From: 0, To: 50})); !fault.Is(err, fault.Internal) {
		t.Errorf("entries that are missing already: %v", err)
	}
	if _, err := owner.Exec(t.Context(), "UPDATE {ledger}.entry SET body = '{}' WHERE seq = 20"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Prune(t.Context(), request(ledger.SeqRange{From: 10, To: 50})); !fault.Is(err, fault.Internal) {
		t.Errorf("a body that was changed: %v", err)
	}
	var left int
	if err := f.DB.Get(t.Context(), &left, "SELECT COUNT(*) FROM {ledger}.entry WHERE seq < 100"); err != nil || left != 99 {
		t.Errorf("%d entries are left, and the evidence with them should be 99: %v", left, err)
	}
}

func TestManyRangesAreNamedBySeveralEntries(t *testing.T) {
	t.Parallel()
	f := filled(t, 512)
	var ranges []ledger.SeqRange
	for seq := uint64(0); seq < 500; seq += 10 {
		ranges = append(ranges, ledger.SeqRange{From: seq, To: seq + 3})
	}
	recorded, err := pruner(t, f, ledger.PruneOptions{RangesOfEntry: 20}).Prune(t.Context(), request(ranges...))
	if err != nil || len(recorded) != 3 {
		t.Fatal(len(recorded), err)
	}
	requirePruned(t, f, 512, ranges)
}

// stopAfter is a log of statements that ends a context behind the n-th.
type stopAfter struct {
	slog.Handler
	left atomic.Int64
	stop context.CancelFunc
}

func (s *stopAfter) Enabled(context.Context, slog.Level) bool { return true }

func (s *stopAfter) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "statement" && s.left.Add(-1) == 0 {
		s.stop()
	}
	return nil
}

func TestPruningThatIsStoppedBehindAnyStatementIsFinishedLater(t *testing.T) {
	t.Parallel()
	f := filled(t, 512)
	ranges := []ledger.SeqRange{{3, 40}, {90, 100}}
	stopped := 0
	for n := int64(1); stopOnce(t, f, n, ranges); n++ {
		stopped++
		if seqs, err := f.Ledger.UnfinishedPrunings(t.Context()); err != nil || len(seqs) != 1 {
			t.Fatal(seqs, err)
		}
		requireVerified(t, f)
	}
	if stopped < 10 {
		t.Errorf("it was stopped %d times only", stopped)
	}
	requirePruned(t, f, 512, ranges)
}

// stopOnce prunes or goes on, and reports whether it was stopped behind the n-th statement of the retention account.
func stopOnce(t *testing.T, f *ledgertest.Fixture, n int64, ranges []ledger.SeqRange) bool {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	handler := &stopAfter{Handler: slog.DiscardHandler, stop: stop}
	c := mysqltest.MigrateConfig(t, f.DB)
	c.Logger, c.LogLevel = slog.New(handler), 2
	db, err := mysql.OpenRetention(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	handler.left.Store(n)
	p := ledger.NewPruner(f.Ledger, db, ledger.PruneOptions{Chunk: 16})
	if n == 1 {
		_, err = p.Prune(ctx, request(ranges...))
	} else {
		err = p.Resume(ctx)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return err != nil
}

func TestWritersAndReadersGoOnWhileEntriesArePruned(t *testing.T) {
	t.Parallel()
	f := filled(t, 1024)
	ranges := []ledger.SeqRange{{0, 500}, {520, 1024}}
	_, other := f.Another(t, time.Now)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ { // of the moments that are pruned, so that they meet in the counts
				ledgertest.Append(t, f.DB, []*ledger.Ledger{f.Ledger, other}[w%2], aged(n*3+w), aged(n*5))
			}
		})
	}
	_, err := pruner(t, f, ledger.PruneOptions{Chunk: 100}).Prune(t.Context(), request(ranges...))
	stop()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	requirePruned(t, f, 1024, ranges)
}

func TestARepeatedRequestWhoseEntriesWerePrunedSaysSo(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	payload := map[string]any{"n": 1}
	first, _, err := once(f, "anna", "k1", payload)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, f, 0, 600)
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(ledger.SeqRange{From: first[0], To: first[0] + 1})); err != nil {
		t.Fatal(err)
	}
	again, replayed, err := once(f, "anna", "k1", payload)
	if err != nil || !replayed || !slices.Equal(again, first) {
		t.Fatalf("%v %v %v", again, replayed, err)
	}
	_, err = f.Ledger.ReadClaimed(t.Context(), f.DB, &ledger.Claim{Replayed: true, Seqs: again})
	if !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	requireVerified(t, f)
}
