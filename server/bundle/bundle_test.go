package bundle_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/bundle"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// requireGood asserts that the script and the program take a bundle, with what the script says.
func requireGood(t *testing.T, file []byte, key, want string) {
	t.Helper()
	if said := byProgram(t, file, key); said != "" {
		t.Errorf("the program: %s", said)
	}
	for _, folder := range []bool{true, false} {
		if said, good := byScript(t, file, key, folder); !good || !strings.Contains(said, want) {
			t.Errorf("the script, with a folder %v: %s", folder, said)
		}
	}
}

func TestABundleOfSealedPrunedAndErasedEntriesIsVerifiedByAnybody(t *testing.T) {
	t.Parallel()
	f := pruned(t)
	key := f.Ledger.VerifierKey()
	file := written(t, f, 299, 3, 6, 5, 0, 255, 256, 3)
	requireGood(t, file, key, "Verified: 8 entries (2 of them pruned) are in the log test.example/keytrail of 301 entries, unchanged")
	before := unpacked(t, file)
	if lines := strings.Split(before["entries.ndjson"], "\n"); len(lines) != 9 || !strings.Contains(lines[2], `"prunedBy":300}`) || !strings.Contains(lines[7], `{"seq":300,`) {
		t.Errorf("%q", lines)
	}
	if !strings.Contains(before["readable.ndjson"], "secret words") {
		t.Errorf("nothing is readable: %s", before["readable.ndjson"])
	}
	for name, text := range before {
		if name != "readable.ndjson" && strings.Contains(text, "secret words") {
			t.Errorf("%s holds what is sealed", name)
		}
	}
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, seal.Person(person()), id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	after := written(t, f, 3, 6)
	requireGood(t, after, key, "Verified: 3 entries (1 of them pruned)")
	if text := unpacked(t, after)["readable.ndjson"]; strings.Contains(text, "secret") || !strings.Contains(text, "invoice.paid") {
		t.Errorf("of somebody who was erased it says %s", text)
	}
}

func TestTreesOfAllShapesAreVerified(t *testing.T) {
	t.Parallel()
	f := filled(t, 1)
	for size := uint64(1); size <= 9; size++ {
		seqs := make([]uint64, size)
		for i := range seqs {
			seqs[i] = uint64(i)
		}
		file := written(t, f, seqs...)
		if said := byProgram(t, file, f.Ledger.VerifierKey()); said != "" {
			t.Errorf("%d entries: %s", size, said)
		}
		if said, good := byScript(t, file, f.Ledger.VerifierKey(), false); !good {
			t.Errorf("%d entries: %s", size, said)
		}
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", OccurredAt: time.Now()})
	}
}

func TestACaseSaysWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	f := filled(t, 20)
	var said struct {
		Format, Origin, TreeSize, Root, Entries, Pruned string
		Asked                                           bundle.Asked
	}
	if err := json.Unmarshal([]byte(unpacked(t, written(t, f, 4, 7))["case.json"]), &said); err != nil {
		t.Fatal(err)
	}
	if said.Entries != "2" || said.TreeSize != "20" || said.Pruned != "0" || said.Asked.Filter["action"] != "invoice.paid" || said.Asked.Name != "Anna" {
		t.Errorf("%+v", said)
	}
}

func TestWhatABundleCannotHoldIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	f := filled(t, 20)
	many := make([]uint64, bundle.MaxEntries+1)
	for i := range many {
		many[i] = uint64(i)
	}
	for name, c := range map[string]struct {
		seqs []uint64
		want fault.Kind
	}{
		"nothing":                      {nil, fault.NotFound},
		"an entry that does not exist": {[]uint64{3, 20}, fault.NotFound},
		"too many":                     {many, fault.BadInput},
	} {
		if _, err := bundle.Prepare(t.Context(), f.Ledger, c.seqs); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoMoreThanAFewEntriesAreOpenAtATimeAndOneThatGoesBreaksTheBundleOff(t *testing.T) {
	t.Parallel()
	f := filled(t, 100)
	seqs := make([]uint64, 100)
	for i := range seqs {
		seqs[i] = uint64(i)
	}
	plan, err := bundle.Prepare(t.Context(), f.Ledger, seqs)
	if err != nil {
		t.Fatal(err)
	}
	open, most := opening(f), 0
	watched := func(ctx context.Context, seqs []uint64) ([]bundle.Opened, error) {
		most = max(most, len(seqs))
		return open(ctx, seqs)
	}
	if err := plan.Write(t.Context(), io.Discard, bundle.Asked{}, time.Now(), watched); err != nil || most == 0 || most > 16 {
		t.Errorf("%d entries at a time: %v", most, err)
	}
	missing := func(ctx context.Context, seqs []uint64) ([]bundle.Opened, error) {
		return open(ctx, slices.DeleteFunc(seqs, func(seq uint64) bool { return seq == 42 }))
	}
	if err := plan.Write(t.Context(), io.Discard, bundle.Asked{}, time.Now(), missing); err == nil || !strings.Contains(err.Error(), "entry 42 went") {
		t.Errorf("an entry is missing: %v", err)
	}
	broken := errors.New("broken")
	if err := plan.Write(t.Context(), io.Discard, bundle.Asked{}, time.Now(), func(context.Context, []uint64) ([]bundle.Opened, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// TestLeafHashesAreThoseOfTheLedger compares what is written of a pruned entry with what its proof says.
func TestLeafHashesAreThoseOfTheLedger(t *testing.T) {
	t.Parallel()
	f := pruned(t)
	gone, err := f.Ledger.GoneAmong(t.Context(), []uint64{4, 6, 8})
	if err != nil || len(gone) != 1 || gone[0].Seq != 6 || gone[0].By != 300 {
		t.Fatalf("%+v %v", gone, err)
	}
	proof, err := f.Ledger.ProveInclusion(t.Context(), 6, 301)
	if err != nil || proof.LeafData != gone[0].LeafData {
		t.Errorf("%+v %v", proof, err)
	}
	if found, size, err := f.Ledger.Weigh(t.Context(), []uint64{4, 6, 8}); err != nil || found != 2 || size < 100 || size > 2*ledger.MaxBodyBytes {
		t.Errorf("%d entries of %d bytes: %v", found, size, err)
	}
}
