package verify_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// prunedEntry is the entry that says what was pruned of what prunedLedger makes: 20 to 60 and 300 to 310.
const prunedEntry = "700"

// prunedLedger is the ledger of seeded, pruned, with one more checkpoint.
func prunedLedger(t *testing.T) (*ledgertest.Fixture, *mysql.DB) {
	t.Helper()
	f, owner := seeded(t)
	_, err := ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), ledger.PruneOptions{}).Prune(t.Context(), ledger.PruneRequest{
		Ranges: []ledger.SeqRange{{From: 20, To: 60}, {From: 300, To: 310}}, Manifest: ledger.Hash{1}, Reason: "older than a year",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Ledger.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f, owner
}

const (
	keptSubject   = "person/00000000-0000-7000-8000-000000000001"
	erasedSubject = "person/00000000-0000-7000-8000-000000000002"
)

// sealAndErase appends an entry (701) with parts sealed for two people, and destroys the key of one (702).
func sealAndErase(t *testing.T, f *ledgertest.Fixture) {
	t.Helper()
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return errors.Join(f.Seal.CreateKey(ctx, tx, keptSubject), f.Seal.CreateKey(ctx, tx, erasedSubject))
	})
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Module: "billing", Entity: ledger.Entity{Type: "invoice", ID: "1"},
		Parts: []ledger.Part{
			{Field: ledger.FieldActor, Subject: keptSubject, Value: ledger.Origin{Name: "Marta"}},
			{Field: ledger.FieldContent, Subject: erasedSubject, Value: "paid by Peteris"},
		},
	})
	err = f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, erasedSubject, id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestALedgerWithADestroyedKeyVerifies(t *testing.T) {
	t.Parallel()
	f, _ := prunedLedger(t)
	sealAndErase(t, f)
	if report := run(t, f); !report.OK() || report.Entries != 703 {
		t.Fatalf("%+v", report)
	}
}

func TestAPrunedLedgerVerifies(t *testing.T) {
	t.Parallel()
	f, _ := prunedLedger(t)
	if report := run(t, f); !report.OK() || report.Entries != 701 || report.Checkpoints != 4 {
		t.Fatalf("%+v", report)
	}
}

// lookPruned moves an entry into pruned_leaf, as pruning does, and has an entry answer for it.
func lookPruned(seq, by string) string {
	return "INSERT INTO {ledger}.pruned_leaf SELECT seq, UNHEX(SHA2(body, 256)), " + by + " FROM {ledger}.entry WHERE seq = " + seq +
		"; DELETE FROM {ledger}.entry WHERE seq = " + seq + "; DELETE FROM entry_index WHERE seq = " + seq
}

// TestTamperingIsFoundByTheCheckThatIsMeantForIt is the list of what an attacker who owns the database may try, and of
// what finds it. (History that is rewritten from end to end and signed anew is found by a checkpoint kept outside.)
func TestTamperingIsFoundByTheCheckThatIsMeantForIt(t *testing.T) {
	t.Parallel()
	const (
		leafHash   = "leaf hash of the body"
		tile       = "leaf hash in the tile"
		index      = "index against the body"
		counts     = "counts against the index"
		head       = "frontier of the head"
		checkpoint = "root of a checkpoint"
		signature  = "signature of a checkpoint"
		presence   = "presence of every entry"
		coverage   = "coverage by a prune entry"
		beyond     = "nothing beyond the head"
		keys       = "keys against the entries about them"
	)
	for _, c := range []struct{ what, by, statements, found string }{
		{"body", leafHash, "UPDATE {ledger}.entry SET body = REPLACE(body, 'invoice.paid', 'invoice.void') WHERE seq = 123", "entry 123: its body was changed"},
		{"body and its hash", tile, "UPDATE {ledger}.entry SET body = REPLACE(body, 'invoice.paid', 'invoice.void') WHERE seq = 123; UPDATE {ledger}.entry SET leaf = UNHEX(SHA2(CONCAT(X'00', UNHEX(SHA2(body, 256))), 256)) WHERE seq = 123", "entry 123: the tile holds another leaf hash"},
		{"body and its hash behind the tiles", head, "UPDATE {ledger}.entry SET body = REPLACE(body, 'invoice.paid', 'invoice.void') WHERE seq = 650; UPDATE {ledger}.entry SET leaf = UNHEX(SHA2(CONCAT(X'00', UNHEX(SHA2(body, 256))), 256)) WHERE seq = 650", "the head row does not have the root"},
		{"index column", index, "UPDATE entry_index SET person = id WHERE seq = 77", "entry 77: the index does not agree with its body: person"},
		{"index row removed", index, "DELETE FROM entry_index WHERE seq = 78", "entry 78: its index row is missing"},
		{"index row invented", beyond, "INSERT INTO entry_index SELECT seq + 10000, id, stream, occurred_at, recorded_at, actor, person, department, action, entity_type, entity_id, module, source, outcome FROM entry_index WHERE seq = 1", "entry 10001: an index row lies beyond the head"},
		{"count", counts, "UPDATE entry_count SET total = total + 1 WHERE slot = 0 AND action = 'invoice.paid'", "the counts of invoice.paid on "},
		{"hash row: leaf column", leafHash, "UPDATE {ledger}.entry SET leaf = REVERSE(leaf) WHERE seq = 5", "entry 5: its leaf hash was changed"},
		{"hash row: tile", tile, "UPDATE {ledger}.tile SET hashes = CONCAT(SUBSTRING(hashes, 33), SUBSTRING(hashes, 1, 32)) WHERE number = 0", "entry 0: the tile holds another leaf hash"},
		{"hash row: tile invented", beyond, "INSERT INTO {ledger}.tile SELECT level, number + 5, hashes FROM {ledger}.tile WHERE number = 0", "tile 5 of level 0 lies beyond the head"},
		{"head row: size", beyond, "UPDATE {ledger}.head SET size = 700", "entry 700: it lies beyond the head"},
		{"head row: frontier", head, "UPDATE {ledger}.head SET frontier = REVERSE(frontier)", "the head row does not have the root"},
		{"head row: time", head, "UPDATE {ledger}.head SET recorded_at = '2001-01-01'", "entry 700: the head row says that the last entry was recorded at another time"},
		{"checkpoint: root", checkpoint, "UPDATE {ledger}.checkpoint SET root = REVERSE(root) WHERE size = 600", "entry 599: up to here the entries are not those"},
		{"checkpoint: note", signature, "UPDATE {ledger}.checkpoint SET note = REPLACE(note, '600', '601') WHERE size = 600", "the checkpoint of 600 entries: its signature does not verify"},
		{"deletion at the end", presence, "DELETE FROM {ledger}.entry WHERE seq = 700; DELETE FROM entry_index WHERE seq = 700", "entry 700: it is missing"},
		{"deletion in the middle", presence, "DELETE FROM {ledger}.entry WHERE seq = 200; DELETE FROM entry_index WHERE seq = 200", "entry 200: it is missing"},
		{"swap", tile, "UPDATE {ledger}.entry SET seq = 1000000 WHERE seq = 140; UPDATE {ledger}.entry SET seq = 140 WHERE seq = 141; UPDATE {ledger}.entry SET seq = 141 WHERE seq = 1000000", "entry 140: the tile holds another leaf hash"},
		{"swap behind the tiles", checkpoint, "UPDATE {ledger}.entry SET seq = 1000000 WHERE seq = 690; UPDATE {ledger}.entry SET seq = 690 WHERE seq = 691; UPDATE {ledger}.entry SET seq = 691 WHERE seq = 1000000", "entry 699: up to here the entries are not those that the checkpoint of 700 entries"},

		{"deletion that looks pruned, beside what was", coverage, lookPruned("60", prunedEntry), "entry 60: it is missing, and although it looks pruned"},
		{"deletion that looks pruned, by another entry", coverage, lookPruned("100", "650"), "entry 100: it is missing, and although it looks pruned"},
		{"deletion that looks pruned, by an entry in front", coverage, lookPruned("100", "5"), "entry 100: it is missing, and although it looks pruned"},
		{"deletion that looks pruned, by nobody", coverage, lookPruned("100", "999999"), "entry 100: it is missing, and although it looks pruned"},
		{"deletion that looks pruned, behind the tiles", coverage, lookPruned("690", prunedEntry), "entry 690: it is missing, and although it looks pruned"},
		{"deletion of the prune entry, as if pruned", coverage, lookPruned(prunedEntry, "701"), "entry 700: it is missing, and although it looks pruned"},
		{"deletion of the prune entry", coverage, "DELETE FROM {ledger}.entry WHERE seq = 700", "entry 20: it is missing, and although it looks pruned"},
		{"prune entry that names more", leafHash, "UPDATE {ledger}.entry SET body = REPLACE(body, '[20,60]', '[20,90]') WHERE seq = 700; " + lookPruned("70", prunedEntry), "entry 700: its body was changed"},
		{"prune entry that is hidden in the index", index, "UPDATE entry_index SET action = 'invoice.paid' WHERE seq = 700", "entry 700: the index does not agree with its body: action"},
		{"leaf data of a pruned entry", tile, "UPDATE {ledger}.pruned_leaf SET leaf_data = REVERSE(leaf_data) WHERE seq = 30", "entry 30: it was pruned, and the leaf data that is kept of it does not have the leaf hash"},
		{"leaf data of a pruned entry removed", presence, "DELETE FROM {ledger}.pruned_leaf WHERE seq = 31", "entry 31: it is missing"},
		{"pruned entry in the index", index, "INSERT INTO entry_index SELECT 32, id, stream, occurred_at, recorded_at, actor, person, department, action, entity_type, entity_id, module, source, outcome FROM entry_index WHERE seq = 1", "entry 32: it was pruned, and its index row is still there"},
		{"pruned entry put back changed", tile, "INSERT INTO {ledger}.entry SELECT 33, id, body, leaf FROM {ledger}.entry WHERE seq = 1; DELETE FROM {ledger}.pruned_leaf WHERE seq = 33", "entry 33: the tile holds another leaf hash"},
		{"entry that is here and looks pruned", presence, "INSERT INTO {ledger}.pruned_leaf SELECT seq, UNHEX(SHA2(body, 256)), 700 FROM {ledger}.entry WHERE seq = 1", "entry 1: it is here, and looks pruned as well"},
		{"key destroyed behind the ledger's back", keys, "UPDATE seal_key SET wrapped = NULL, destroyed_at = UTC_TIMESTAMP(6) WHERE subject = '" + keptSubject + "'", "the key of " + keptSubject + " was destroyed, and no entry says so"},
		{"key's bytes removed", keys, "UPDATE seal_key SET wrapped = NULL WHERE subject = '" + keptSubject + "'", "the key of " + keptSubject + " was destroyed, and no entry says so"},
		{"key removed", keys, "DELETE FROM seal_key WHERE subject = '" + keptSubject + "'", "entry 701: the key of " + keptSubject + " is missing"},
		{"destroyed key put back", keys, "UPDATE seal_key AS gone, seal_key AS other SET gone.wrapped = other.wrapped, gone.destroyed_at = NULL WHERE gone.subject = '" + erasedSubject + "' AND other.subject = '" + keptSubject + "'", "entry 702: it says that the key of " + erasedSubject + " was destroyed, and the key is there"},
		{"leaf data invented", beyond, "INSERT INTO {ledger}.pruned_leaf VALUES (20000, REPEAT('x', 32), 700)", "entry 20000: it looks pruned and lies beyond the head"},
	} {
		t.Run(c.what+" is found by "+c.by, func(t *testing.T) {
			t.Parallel()
			f, owner := prunedLedger(t)
			if c.by == keys {
				sealAndErase(t, f)
			}
			for statement := range strings.SplitSeq(c.statements, "; ") {
				result, err := owner.Exec(t.Context(), statement)
				if err != nil {
					t.Fatal(err)
				}
				if n, err := result.RowsAffected(); err != nil || n == 0 {
					t.Fatalf("%s changed nothing: %v", statement, err)
				}
			}
			requireFindings(t, run(t, f), []string{c.found})
		})
	}
}

func TestAPruneEntryMayOnlyNameWhatLiesInFrontOfIt(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	for _, ranges := range []any{
		[]any{[]any{10, 900}}, []any{[]any{50, 60}, []any{10, 20}}, []any{[]any{9, 9}}, "everything",
	} {
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{
			Stream: ledger.StreamSystem, System: true, Action: ledger.LogPruned, Details: map[string]any{"ranges": ranges},
		})
	}
	requireFindings(t, run(t, f), []string{
		"entry 700: it says that entries were pruned which do not lie in front of it",
		"entry 701: the ranges that it says were pruned are not in order",
		"entry 702: the ranges that it says were pruned are not in order",
		"entry 703: it does not say what was pruned",
	})
}

func TestALedgerVerifiesWhileItIsPruned(t *testing.T) {
	t.Parallel()
	f, _ := seeded(t)
	done := make(chan error, 1)
	pruner := ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), ledger.PruneOptions{Chunk: 7})
	go func() {
		var err error
		for from := uint64(0); from < 500 && err == nil; from += 100 {
			_, err = pruner.Prune(t.Context(), ledger.PruneRequest{
				Ranges: []ledger.SeqRange{{From: from, To: from + 90}}, Manifest: ledger.Hash{1}, Reason: "old",
			})
		}
		done <- err
	}()
	for {
		if report := run(t, f); !report.OK() {
			t.Fatal(report.Findings)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
