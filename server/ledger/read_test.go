package ledger_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// large appends n entries of almost 1 MiB each.
func large(t testing.TB, f *ledgertest.Fixture, n int) {
	t.Helper()
	text := strings.Repeat("x", ledger.MaxBodyBytes-4096)
	for range n {
		d := draft(0)
		d.Details = map[string]any{"text": text}
		ledgertest.Append(t, f.DB, f.Ledger, d)
	}
}

func requireBounded(t *testing.T, entries []ledger.Entry) {
	t.Helper()
	sum := 0
	for i := range entries {
		sum += len(entries[i].Raw)
	}
	if sum > 16<<20 {
		t.Errorf("%d entries of %d bytes were read at a time", len(entries), sum)
	}
}

func TestReadsAreBoundedInBytes(t *testing.T) {
	t.Parallel()
	const n = 40
	f := ledgertest.Open(t)
	large(t, f, n)
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 500)
	if err != nil || len(entries) < 15 {
		t.Fatal(len(entries), err)
	}
	requireBounded(t, entries)

	_, late := f.Another(t, time.Now)
	ledgertest.Append(t, f.DB, f.Ledger, draft(1))
	await(t, late, n) // its tail begins behind the large ones
	follower, next := late.Follow(0), uint64(0)
	for next <= n {
		entries, err := follower.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		requireBounded(t, entries)
		for i := range entries {
			if entries[i].Seq != next {
				t.Fatalf("entry %d came, and not %d", entries[i].Seq, next)
			}
			next++
		}
	}

	var file bytes.Buffer
	if _, err := f.Ledger.Export(t.Context(), &file, ledger.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(file.String(), `{"seq":`); lines != n+1 {
		t.Errorf("%d entries were exported", lines)
	}
	if found, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || found.Entries < n+1 || found.IndexRows+found.Counts != 0 {
		t.Errorf("rebuilt %+v: %v", found, err)
	}
}
