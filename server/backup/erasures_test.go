package backup_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

func TestDestroyedKeysAreListedOutsideOnceAndAgainWhenTheListIsLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := filepath.Join(b.dir, "erasures")
	if err := os.WriteFile(path, []byte("2026-11-26T12:00:00Z person/half-writ"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := backup.NewErasures(path, b.DB, slog.New(slog.DiscardHandler))
	var gone []seal.Subject
	destroy := func(name string) {
		t.Helper()
		person := b.Person(name, "").ID
		if err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(person), id.ID{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		gone = append(gone, seal.Person(person))
	}
	requireListed := func(besides int) {
		t.Helper()
		for range 2 {
			if err := list.Update(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		listed, err := backup.ReadErasures(path)
		if err != nil || len(listed) != len(gone)+besides {
			t.Fatalf("%v are listed and %v are gone, %v", listed, gone, err)
		}
	}
	destroy("Anna")
	requireListed(1)
	destroy("Boriss")
	requireListed(1)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	requireListed(0)
}
