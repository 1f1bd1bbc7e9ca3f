package main

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

func TestCheckpointsThatAnAddressGivesAreReadToTheEndOrNotAtAll(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var text strings.Builder
	for range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
		c, err := f.Ledger.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(c.Note + "\n")
	}
	verifier, err := note.NewVerifier(f.Ledger.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := readWhole(strings.NewReader(text.String()), int64(text.Len()), verifier)
	if err != nil || len(kept.Checkpoints) != 3 {
		t.Errorf("%+v %v", kept, err)
	}
	if kept, err := readWhole(strings.NewReader(text.String()), int64(text.Len())-1, verifier); err == nil {
		t.Errorf("the newest of %d checkpoints are not there", len(kept.Checkpoints))
	}
}
