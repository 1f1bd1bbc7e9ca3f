package ledger_test

import (
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestATreeThatDoesNotContinueWhatWasSignedIsNotSigned(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string][]string{
		"rolled back": {"DELETE FROM {ledger}.entry WHERE seq >= 4", "UPDATE {ledger}.head SET size = 4, frontier = LEFT(frontier, 32)"},
		"rewritten":   {"UPDATE {ledger}.head SET frontier = INSERT(frontier, 1, 1, CHAR(ASCII(frontier) ^ 1))"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ledgertest.Open(t)
			ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 6)...)
			signed, err := f.Ledger.Checkpoint(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, restarted := f.Another(t, time.Now)
			if c, err := restarted.Checkpoint(t.Context()); err != nil || c.Note != signed.Note || c.Root != signed.Root || !c.SignedAt.Equal(signed.SignedAt) {
				t.Fatalf("another process signs anew what is signed: %+v %v", c, err)
			}
			owner := mysqltest.OpenOwner(t, f.DB)
			for _, statement := range tamper {
				if _, err := owner.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			_, fresh := f.Another(t, time.Now)
			for who, l := range map[string]*ledger.Ledger{"who signed": f.Ledger, "who starts": fresh} {
				if c, err := l.Checkpoint(t.Context()); !fault.Is(err, fault.Internal) {
					t.Errorf("%s: %+v %v", who, c, err)
				}
			}
			var rows int
			if err := f.DB.Get(t.Context(), &rows, "SELECT COUNT(*) FROM {ledger}.checkpoint"); err != nil || rows != 1 {
				t.Errorf("%d checkpoints are stored, %v", rows, err)
			}
		})
	}
}

func TestWhatIsPublishedNeverGoesBackFromOneProcessToAnother(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	ledgertest.Append(t, f.DB, f.Ledger, drafts(0, 1)...)
	if c, err := other.RecentCheckpoint(t.Context(), time.Hour); err != nil || c.Size != 1 {
		t.Fatalf("%+v %v", c, err)
	}
	ledgertest.Append(t, f.DB, f.Ledger, drafts(1, 1)...)
	signed, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c, err := other.RecentCheckpoint(t.Context(), time.Hour); err != nil || c.Note != signed.Note {
		t.Errorf("one shows %d entries, and the other still %d: %v", signed.Size, c.Size, err)
	}
	if _, err := mysqltest.OpenOwner(t, f.DB).Exec(t.Context(), "UPDATE {ledger}.checkpoint SET size = 1000 WHERE size = 2"); err != nil {
		t.Fatal(err)
	}
	if c, err := other.RecentCheckpoint(t.Context(), time.Hour); err != nil || c.Size != 2 {
		t.Errorf("what nobody signed is believed: %+v %v", c, err)
	}
}
