package mysql_test

import (
	"context"
	"testing"

	"github.com/keytrail/keytrail/server/mysql"
)

const insertProbe = "INSERT INTO {main}.probe (id, n, name) VALUES (?, ?, ?)"

// insertName inserts a row with a name by way of the pool for inserting.
func insertName(t *testing.T, db *mysql.DB, id int, name any) error {
	t.Helper()
	return db.Inserting().InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := tx.Exec(ctx, insertProbe, id, 0, name)
		return err
	})
}

func TestTextsThatAreInsertedAsBytesAreTextsInTheirColumns(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	for i, name := range []string{"plain", "Šķūņa atslēga", "鍵 🔑", "it's \\ \"quoted\"", ""} {
		if err := insertName(t, db, 10+i, name); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		for _, pool := range []*mysql.DB{db, db.Inserting()} {
			var found int
			if err := pool.Get(t.Context(), &found, "SELECT id FROM {main}.probe FORCE INDEX (probe_name) WHERE name = ?", name); err != nil || found != 10+i {
				t.Errorf("%q was found as %d: %v", name, found, err)
			}
		}
		var read string
		var characters int
		if err := db.Get(t.Context(), &read, "SELECT name FROM {main}.probe WHERE id = ?", 10+i); err != nil || read != name {
			t.Errorf("%q came back as %q: %v", name, read, err)
		}
		if err := db.Get(t.Context(), &characters, "SELECT CHAR_LENGTH(name) FROM {main}.probe WHERE id = ?", 10+i); err != nil || characters != len([]rune(name)) {
			t.Errorf("%q has %d characters there: %v", name, characters, err)
		}
	}
}

func TestWhatIsNoTextIsRefusedAlsoWhenInsertedAsBytes(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	for name, text := range map[string]any{"no UTF-8": "a\xffb", "cut off": []byte("\xf0\x9f\x94")} {
		if err := insertName(t, db, 20, text); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if n := 0; db.Get(t.Context(), &n, "SELECT COUNT(*) FROM {main}.probe WHERE id = 20") != nil || n != 0 {
		t.Errorf("%d rows were left", n)
	}
}

func TestSessionsForInsertingTakeValuesAsBytes(t *testing.T) {
	t.Parallel()
	db := openWithProbe(t)
	for want, pool := range map[string]*mysql.DB{"binary": db.Side().Inserting(), "utf8mb4": db} {
		var got string
		if err := pool.Get(t.Context(), &got, "SELECT @@character_set_client"); err != nil || got != want {
			t.Errorf("%s, want %s: %v", got, want, err)
		}
	}
}
