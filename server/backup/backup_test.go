package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/backup/backuptest"
	"github.com/keytrail/keytrail/server/disktest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/people"
)

// writers append from several goroutines until stop is called, which gives how many entries were acknowledged.
func (b *bundle) writers(n int) (acknowledged *atomic.Uint64, stop func()) {
	acknowledged = &atomic.Uint64{}
	ctx, cancel := context.WithCancel(b.t.Context())
	var running sync.WaitGroup
	for w := range n {
		running.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				err := b.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
					_, err := b.Ledger.Append(ctx, tx, ledger.Draft{
						Stream: ledger.StreamActivity, Action: "invoice.paid", Outcome: ledger.Success, Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(w, " ", i)},
					})
					return err
				})
				switch {
				case err == nil:
					acknowledged.Add(1)
				case ctx.Err() == nil:
					b.t.Error(err)
				}
			}
		})
	}
	return acknowledged, func() {
		cancel()
		running.Wait()
	}
}

func TestABackupUnderLoadHoldsAllThatWasAcknowledgedBeforeItsCheckpoint(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(400)
	_, already, err := b.Ledger.LastRecorded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	acknowledged, stop := b.writers(4)
	for acknowledged.Load() < 50 {
		if t.Context().Err() != nil {
			t.Fatal("nothing is written")
		}
		time.Sleep(time.Millisecond)
	}
	before, start := already+acknowledged.Load(), time.Now()
	file, m := b.write()
	took := time.Since(start)
	during := already + acknowledged.Load()
	stop()
	if m.Size < before || m.Entries < m.Size {
		t.Fatalf("%d were acknowledged before, the checkpoint has %d and the backup %d", before, m.Size, m.Entries)
	}
	db, owner := b.another()
	start = time.Now()
	restored, err := b.load(owner, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows, %d entries: %d bytes, written in %s while %d entries came, restored and verified in %s",
		m.Rows, m.Entries, len(file), took, during-before, time.Since(start))
	requireIntact(t, db, b.Ledger, m.Entries)
	if restored.Rows != m.Rows || restored.Lost() != 0 {
		t.Errorf("%+v", restored)
	}
}

func TestARestoredDatabaseReadsWhatWasSealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := b.Person("Zigurds Ozols", "Office")
	b.some(3)
	file, m := b.write()
	if bytes.Contains(file, []byte("Zigurds")) {
		t.Error("a name stands in the backup")
	}
	db, owner := b.another()
	if _, err := b.load(owner, file, nil); err != nil {
		t.Fatal(err)
	}
	if err := backup.Unfinished(t.Context(), db); !fault.Is(err, fault.Unavailable) {
		t.Errorf("it could be served from before what was erased was erased again: %v", err)
	}
	if err := backup.Finish(t.Context(), owner, func(context.Context, *mysql.Tx) error { return nil }, nil); err != nil {
		t.Fatal(err)
	}
	if err := backup.Unfinished(t.Context(), db); err != nil {
		t.Error(err)
	}
	sealer, l := b.Idle(t, db, time.Now)
	log := slog.New(slog.DiscardHandler)
	acc, err := access.New(t.Context(), db, l, time.Now, log)
	if err != nil {
		t.Fatal(err)
	}
	persons, err := people.New(t.Context(), db, sealer, l, acc, time.Now, log)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := persons.Find(person.ID); !ok || got.Name != "Zigurds Ozols" {
		t.Errorf("%+v %v", got, ok)
	}
	requireIntact(t, db, l, m.Entries)
}

func TestABackupThatWasChangedOrCutIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(300)
	file, m := b.write()
	if again, err := backup.Verify(t.Context(), bytes.NewReader(file), b.opening()); err != nil || again.Rows != m.Rows || again.ID != m.ID {
		t.Fatalf("%+v %v", again, err)
	}
	for at := 0; at < len(file); at += len(file)/40 + 1 {
		if _, err := backup.Verify(t.Context(), bytes.NewReader(file[:at]), b.opening()); err == nil {
			t.Errorf("cut off at %d of %d it was taken for whole", at, len(file))
		}
		changed := bytes.Clone(file)
		changed[at] ^= 0x10
		if _, err := backup.Verify(t.Context(), bytes.NewReader(changed), b.opening()); err == nil {
			t.Errorf("changed at %d it was taken for whole", at)
		}
	}
	if _, err := backup.Verify(t.Context(), bytes.NewReader(append(bytes.Clone(file), 'x')), b.opening()); err == nil {
		t.Error("something behind its end was not seen")
	}
}

func TestABackupIsForItsRecipientsOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	o := b.options()
	o.Locks = backup.Locks{Recipients: []string{mine.Recipient().String()}}
	if _, err := backup.Write(t.Context(), b.DB, b.Ledger, &out, o); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[*age.X25519Identity]bool{mine: true, other: false} {
		path := filepath.Join(t.TempDir(), "identity")
		if err := os.WriteFile(path, []byte(key.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Verify(t.Context(), bytes.NewReader(out.Bytes()), backup.Opening{IdentityFile: path})
		if (err == nil) != want {
			t.Errorf("opened: %v, %v", want, err)
		}
	}
	o.Locks = backup.Locks{}
	_, err = backup.Write(t.Context(), b.DB, b.Ledger, &out, o)
	requireKind(t, fault.BadInput, err)
}

func TestNothingIsRestoredOverADatabaseInUse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	file, m := b.write()
	_, err := b.load(mysqltest.OpenOwner(t, b.DB), file, nil)
	requireKind(t, fault.Conflict, err)
	requireIntact(t, b.DB, b.Ledger, m.Entries)
}

func TestARestoreThatTakesTheLogBackBehindAKeptCheckpointIsRefusedUnlessTheLossIsAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	file, m := b.write()
	b.some(7)
	kept := b.keptFrom()
	db, owner := b.another()
	_, err := b.load(owner, file, func(o *backup.RestoreOptions) { o.Kept = kept })
	requireKind(t, fault.Conflict, err)
	var f *fault.Error
	if !errors.As(err, &f) || f.Data["lost"] == nil {
		t.Fatalf("it does not say how much is lost: %v", err)
	}
	var n int
	if err := db.Get(t.Context(), &n, "SELECT COUNT(*) FROM {ledger}.entry"); err != nil || n != 0 {
		t.Fatalf("%d entries are there all the same, %v", n, err)
	}
	restored, err := b.load(owner, file, func(o *backup.RestoreOptions) { o.Kept, o.AcceptLoss = kept, true })
	if err != nil || restored.Lost() == 0 || restored.Lost() != restored.KeptUpTo-m.Entries {
		t.Fatalf("%+v %v", restored, err)
	}
	requireIntact(t, db, b.Ledger, m.Entries)
}

func TestABackupOfAnotherLogIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	file, _ := b.write()
	_, owner := b.another()
	_, err := b.load(owner, file, func(o *backup.RestoreOptions) { o.VerifierKey = "another+00000000+AAAA" })
	requireKind(t, fault.BadInput, err)
}

func TestAFullDiskLeavesNothingOfABackupAndTheNextOneSucceedsOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(300)
	small := disktest.Small(t, 40)
	path := filepath.Join(small, "one"+backup.Suffix)
	hog := filepath.Join(small, "hog")
	disktest.Fill(t, hog)
	_, err := backup.WriteFile(t.Context(), b.DB, b.Ledger, path, b.options())
	requireKind(t, fault.Unavailable, err)
	if left, err := os.ReadDir(small); err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	written, err := backup.WriteFile(t.Context(), b.DB, b.Ledger, path, b.options())
	if err != nil {
		t.Fatal(err)
	}
	f, err := backup.Open(written.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := backup.Verify(t.Context(), f, b.opening()); err != nil {
		t.Error(err)
	}
	_, err = backup.WriteFile(t.Context(), b.DB, b.Ledger, path, b.options())
	requireKind(t, fault.Conflict, err)
}

// repacked changes what is inside of a backup, as whoever knows the passphrase can.
func (b *bundle) repacked(file []byte, change func(plain []byte) []byte) []byte {
	b.t.Helper()
	identity, err := age.NewScryptIdentity("twelve otters in a row")
	if err != nil {
		b.t.Fatal(err)
	}
	recipient, err := age.NewScryptRecipient("twelve otters in a row")
	if err != nil {
		b.t.Fatal(err)
	}
	recipient.SetWorkFactor(10)
	return backuptest.Repacked(b.t, file, identity, recipient, change)
}

func TestABackupThatSomebodyElseMadeForTheSameRecipientsIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	file, m := b.write()
	verify := func(file []byte) (*backup.Manifest, error) {
		return backup.Verify(t.Context(), bytes.NewReader(file), b.opening())
	}
	if got, err := verify(file); err != nil || !got.Signed || !m.Signed {
		t.Fatalf("%+v %v", got, err)
	}
	other := b.repacked(file, func(plain []byte) []byte {
		return bytes.ReplaceAll(plain, []byte(`"keytrail":"test"`), []byte(`"keytrail":"tost"`)) // header and manifest agree
	})
	_, err := verify(other)
	requireKind(t, fault.Unavailable, err)
	_, owner := b.another()
	_, err = b.load(owner, other, nil)
	requireKind(t, fault.Unavailable, err)
	_, err = verify(b.repacked(file, backuptest.WithoutSignature))
	requireKind(t, fault.Unavailable, err)
	_, err = verify(b.repacked(file, swapColumns))
	requireKind(t, fault.Unavailable, err)
}

// swapColumns swaps the names of a table's first two columns, so that its values are taken for others.
func swapColumns(plain []byte) []byte {
	names := regexp.MustCompile(`"columns":\["([a-z_]+)","([a-z_]+)"`).FindSubmatchIndex(plain)
	swapped := bytes.Clone(plain[:names[2]])
	swapped = append(swapped, plain[names[4]:names[5]]...)
	swapped = append(swapped, plain[names[3]:names[4]]...)
	swapped = append(swapped, plain[names[2]:names[3]]...)
	return append(swapped, plain[names[5]:]...)
}

func TestABackupThatIsNotSignedIsRestoredOnlyWhereThatIsAcceptedAndThenOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.some(5)
	file, _ := b.write()
	old := b.repacked(file, func(plain []byte) []byte { return backuptest.Unsigned(t, plain) })
	if got, err := backup.Verify(t.Context(), bytes.NewReader(old), b.opening()); err != nil || got.Signed {
		t.Fatalf("a backup of an earlier version: %+v %v", got, err)
	}
	db, owner := b.another()
	_, err := b.load(owner, old, nil)
	requireKind(t, fault.BadInput, err)
	if !strings.Contains(err.Error(), "--accept-unsigned") {
		t.Errorf("it does not say what to do: %v", err)
	}
	if err := backup.Unfinished(t.Context(), db); err != nil {
		t.Errorf("a restore was begun: %v", err)
	}
	for accepted, signed := range map[*[]byte]bool{&old: false, &file: true} {
		_, owner := b.another()
		done, err := b.load(owner, *accepted, func(o *backup.RestoreOptions) { o.AcceptUnsigned = true })
		if err != nil {
			t.Fatal(err)
		}
		if got := backup.RestoredDraft(done, 0).Details["signed"]; got != signed {
			t.Errorf("signed: %t, and on record is %v", signed, got)
		}
	}
}
