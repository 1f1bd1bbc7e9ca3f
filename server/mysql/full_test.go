package mysql_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/disktest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// onSmallDisk gives the owner's database on a MariaDB of its own whose files lie on a disk of some MiB, with a table "filler".
func onSmallDisk(t *testing.T, disk string) *mysql.DB {
	t.Helper()
	private, err := mysql.StartPrivate(context.Background(), mysql.PrivateConfig{
		DataDir: filepath.Join(disk, "data"), BufferPoolBytes: 64 << 20, RedoLogBytes: 16 << 20, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := private.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := mysql.Migrate(t.Context(), private.Config(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	db, err := mysql.OpenOwner(t.Context(), private.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(t.Context(), "CREATE TABLE filler (id INT NOT NULL PRIMARY KEY, text MEDIUMBLOB NOT NULL) ENGINE=InnoDB"); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestAFullDiskIsUnavailableAndWhatWasStoredIsThereAndMoreOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	disk := disktest.Small(t, 300)
	db := onSmallDisk(t, disk)
	var stored []int
	next, text := 0, strings.Repeat("x", 256<<10)
	store := func() error {
		next++
		err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO filler (id, text) VALUES (?, ?)", next, text)
			return err
		})
		if err == nil {
			stored = append(stored, next)
		}
		return err
	}
	if err := store(); err != nil {
		t.Fatal(err)
	}
	hog := filepath.Join(disk, "hog")
	disktest.Fill(t, hog)
	for refused, calls := 0, 0; refused < 3; calls++ {
		err := store()
		if err == nil && calls < 500 {
			continue
		}
		refused++
		if f, ok := fault.As(err); !ok || f.Kind != fault.Unavailable { // the server may end on a disk without any room
			t.Fatalf("on a full disk it says %v", err)
		}
	}
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		err := store()
		if err == nil {
			break
		}
		if time.Now().After(end) || !fault.Is(err, fault.Unavailable) {
			t.Fatalf("there is room: %v", err)
		}
	}
	var found []int
	if err := db.Select(t.Context(), &found, "SELECT id FROM filler ORDER BY id"); err != nil {
		t.Fatal(err)
	}
	for _, one := range stored {
		if !slices.Contains(found, one) {
			t.Errorf("row %d was stored and is lost", one)
		}
	}
}
