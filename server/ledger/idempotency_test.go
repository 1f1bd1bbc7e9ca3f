package ledger_test

import (
	"context"
	"sync"
	"testing"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
)

// once appends two entries under an idempotency key, or gives those that it made before.
func once(f *ledgertest.Fixture, caller, key string, payload any) (seqs []uint64, replayed bool, err error) {
	err = f.DB.InTx(context.Background(), func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := f.Ledger.Claim(ctx, tx, caller, key, payload)
		if err != nil {
			return err
		}
		if seqs, replayed = claim.Seqs, claim.Replayed; replayed {
			return nil
		}
		entries, err := f.Ledger.Append(ctx, tx, drafts(0, 2)...)
		if err != nil {
			return err
		}
		seqs = []uint64{entries[0].Seq, entries[1].Seq}
		return claim.Settle(ctx, tx, entries)
	})
	return seqs, replayed, err
}

func TestARepeatedRequestGivesTheFirstAnswerAndRecordsNothing(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	payload := map[string]any{"keys": []any{"a", "b"}}
	first, replayed, err := once(f, "anna", "k1", payload)
	if err != nil || replayed {
		t.Fatal(replayed, err)
	}
	again, replayed, err := once(f, "anna", "k1", payload)
	if err != nil || !replayed || again[0] != first[0] || again[1] != first[1] {
		t.Fatalf("%v, %v, %v", again, replayed, err)
	}
	if _, _, err := once(f, "anna", "k1", map[string]any{"keys": []any{"c"}}); !fault.Is(err, fault.Conflict) {
		t.Fatalf("another payload under the same key: %v", err)
	}
	other, replayed, err := once(f, "juris", "k1", payload)
	if err != nil || replayed || other[0] == first[0] {
		t.Fatalf("another caller's key: %v, %v, %v", other, replayed, err)
	}
}

func TestThirtyTwoEqualRequestsTogetherRecordOnce(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var mu sync.Mutex
	fresh := 0
	var callers sync.WaitGroup
	for range 32 {
		callers.Go(func() {
			seqs, replayed, err := once(f, "anna", "same", "payload")
			if err != nil || len(seqs) != 2 || seqs[0] != 0 {
				t.Errorf("%v, %v", seqs, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if !replayed {
				fresh++
			}
		})
	}
	callers.Wait()
	if fresh != 1 {
		t.Fatalf("%d of 32 were answered as the first", fresh)
	}
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 10)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
}
