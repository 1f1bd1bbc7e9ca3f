package ledger_test

import (
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func correction(of ...uint64) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamKey, Action: ledger.KeyCorrected, System: true, Entity: ledger.Entity{Type: "key", ID: "k", Label: "101"}}
	for _, seq := range of {
		d.Refs = append(d.Refs, ledger.EntryRef("corrects", seq))
	}
	return d
}

func TestWhoRefersToAnEntryIsFoundInBothDirections(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	odd := correction(1, 1)
	odd.Refs = append(odd.Refs, ledger.Ref{Role: "corrects", Type: ledger.RefEntry, ID: "x"}, ledger.Ref{Role: "corrects", Type: "key", ID: "2"},
		ledger.Ref{Role: "evidence", Type: ledger.RefEntry, ID: "1"})
	made := ledgertest.Append(t, f.DB, f.Ledger, correction(), correction(), correction(1), odd)
	first, second := made[2].Seq, made[3].Seq
	referring, err := f.Ledger.Referring(t.Context(), f.DB, "corrects", []uint64{0, 1, 2, 9})
	if err != nil || len(referring) != 1 || !slices.Equal(referring[1], []uint64{first, second}) {
		t.Fatalf("%v %v", referring, err)
	}
	if seq, ok := made[2].RefSeq("corrects"); !ok || seq != 1 {
		t.Error(seq, ok)
	}
	if _, ok := made[0].RefSeq("corrects"); ok {
		t.Error("an entry without refs refers to one")
	}
	if none, err := f.Ledger.Referring(t.Context(), f.DB, "corrects", nil); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
}

func TestARebuildMendsWhoRefersToWhom(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, correction(), correction(0), correction(0, 1), correction(2))
	for _, statement := range []string{
		"DELETE FROM entry_ref WHERE seq = 1",
		"UPDATE entry_ref SET target = 7 WHERE seq = 3",
		"INSERT INTO entry_ref (target, role, seq) VALUES (0, 'corrects', 100000), (0, 'evidence', 2)",
	} {
		if _, err := f.DB.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	found, err := f.Ledger.Rebuild(t.Context(), nil)
	if err != nil || found.ReferenceRows != 1+2+1+1 || found.IndexRows != 0 {
		t.Fatalf("%+v %v", found, err)
	}
	referring, err := f.Ledger.Referring(t.Context(), f.DB, "corrects", []uint64{0, 1, 2, 7})
	if err != nil || !slices.Equal(referring[0], []uint64{1, 2}) || !slices.Equal(referring[1], []uint64{2}) || !slices.Equal(referring[2], []uint64{3}) || len(referring) != 3 {
		t.Fatalf("%v %v", referring, err)
	}
	if again, err := f.Ledger.Rebuild(t.Context(), nil); err != nil || again.ReferenceRows != 0 {
		t.Fatalf("%+v %v", again, err)
	}
}
