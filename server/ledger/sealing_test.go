package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// personWith makes a person's key and appends an entry with three parts that are sealed under it.
func personWith(t testing.TB, f *ledgertest.Fixture, name string) (id.ID, ledger.Entry) {
	t.Helper()
	person := id.New()
	var entries []ledger.Entry
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		if err := f.Seal.CreateKey(ctx, tx, seal.Person(person)); err != nil {
			return err
		}
		d := draft(0)
		d.Actor, d.Person = person, person
		d.Parts = []ledger.Part{
			ledger.PersonPart(ledger.FieldHolder, person, time.Now(), ledger.HolderDetails{Name: name, Badge: "B-17"}),
			ledger.PersonPart(ledger.FieldComment, person, time.Now(), name+" took it"),
			ledger.OriginPart(person, time.Now(), ledger.Origin{Name: name, IP: "192.0.2.7"}),
		}
		entries, err = f.Ledger.Append(ctx, tx, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return person, entries[0]
}

func sealedFields() []string {
	return []string{ledger.FieldHolder, ledger.FieldComment, ledger.FieldActor}
}

// unsealAll gives the first error of opening every sealed part of an entry.
func unsealAll(t testing.TB, l *ledger.Ledger, e *ledger.Entry) error {
	t.Helper()
	for _, field := range sealedFields() {
		var value any
		found, err := l.Unseal(context.WithoutCancel(t.Context()), e, field, &value)
		if !found {
			t.Errorf("entry %d has no %s", e.Seq, field)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func requireDestroyed(t testing.TB, l *ledger.Ledger, e *ledger.Entry) {
	t.Helper()
	for _, field := range sealedFields() {
		var value any
		if _, err := l.Unseal(t.Context(), e, field, &value); !errors.Is(err, seal.ErrDestroyed) {
			t.Errorf("%s of a person whose key was destroyed: %v, %v", field, value, err)
		}
	}
}

func destroyKey(t testing.TB, f *ledgertest.Fixture, l *ledger.Ledger, person id.ID) ledger.Entry {
	t.Helper()
	var entry ledger.Entry
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) (err error) {
		entry, err = l.DestroyKey(ctx, tx, seal.Person(person), id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

// await follows l until it has been given the entry.
func await(t testing.TB, l *ledger.Ledger, seq uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for follower := l.Follow(seq); follower.Position() <= seq; {
		if _, err := follower.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADestroyedKeyIsForgottenByEveryProcess(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	person, entry := personWith(t, f, "Jānis")
	await(t, other, entry.Seq) // so that its reader has begun
	ctx, stop := context.WithCancel(t.Context())
	warm := make(chan struct{})
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() {
			for first := true; ctx.Err() == nil; first = false {
				if err := unsealAll(t, other, &entry); err != nil && !errors.Is(err, seal.ErrDestroyed) {
					t.Error(err)
				}
				if first && n == 0 {
					close(warm)
				}
			}
		})
	}
	<-warm
	if err := unsealAll(t, f.Ledger, &entry); err != nil {
		t.Fatal(err)
	}
	destroyed := destroyKey(t, f, f.Ledger, person)
	requireDestroyed(t, f.Ledger, &entry) // here at once
	await(t, other, destroyed.Seq)
	requireDestroyed(t, other, &entry)
	stop()
	readers.Wait()
	requireDestroyed(t, other, &entry)
	if destroyed.Stream != ledger.StreamSystem || destroyed.Action != ledger.PrivacyKeyDestroyed || destroyed.ActorID() != (id.ID{}) ||
		destroyed.Ref(ledger.RoleSubject) != string(seal.Person(person)) || len(destroyed.Sealed) != 0 {
		t.Errorf("recorded as %s", destroyed.Raw)
	}
}

// A reader begins at the end of the ledger and is not given what came before; what was cached until then may be
// older than that.
func TestAKeyThatWasDestroyedBeforeTheReaderBeganIsForgotten(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	person, entry := personWith(t, f, "Jānis")
	_, late := f.AnotherAtRest(t, time.Now)
	if err := unsealAll(t, late, &entry); err != nil {
		t.Fatal(err)
	}
	destroyKey(t, f, f.Ledger, person)
	if err := unsealAll(t, late, &entry); err != nil {
		t.Fatalf("it was not cached: %v", err)
	}
	ledgertest.Run(t, late)
	later := ledgertest.Append(t, f.DB, f.Ledger, draft(1))
	await(t, late, later[0].Seq)
	requireDestroyed(t, late, &entry)
}

func TestADestructionThatIsRolledBackDestroysNothing(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	person, entry := personWith(t, f, "Jānis")
	broken := errors.New("broken")
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, seal.Person(person), id.ID{})
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if err := unsealAll(t, f.Ledger, &entry); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []seal.Subject{seal.Person(id.New()), seal.Source("unheard", time.Now())} {
		err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
			_, err := f.Ledger.DestroyKey(ctx, tx, subject, person)
			return err
		})
		if !errors.Is(err, seal.ErrUnknownSubject) {
			t.Errorf("%s: %v", subject, err)
		}
	}
	if _, size, err := f.Ledger.LastRecorded(t.Context()); err != nil || size != 1 {
		t.Errorf("%d entries: %v", size, err)
	}
}

// evidence is all that a third party may hold of a ledger.
type evidence struct {
	checkpoint *ledger.Checkpoint
	entries    []ledger.Entry
	proofs     []*ledger.InclusionProof
}

func gather(t testing.TB, f *ledgertest.Fixture, size uint64) evidence {
	t.Helper()
	var e evidence
	var err error
	if e.entries, err = f.Ledger.Read(t.Context(), f.DB, 0, int(size)); err != nil {
		t.Fatal(err)
	}
	for seq := range size {
		p, err := f.Ledger.ProveInclusion(t.Context(), seq, size)
		if err != nil {
			t.Fatal(err)
		}
		e.proofs = append(e.proofs, p)
	}
	return e
}

// requireHolds demands that each body is what it was and that its proof leads to the old checkpoint's root.
func (e *evidence) requireHolds(t testing.TB, now evidence) {
	t.Helper()
	verifier, err := note.NewVerifier(e.checkpoint.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open([]byte(e.checkpoint.Note), note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
	for i := range e.entries {
		if !bytes.Equal(e.entries[i].Raw, now.entries[i].Raw) {
			t.Errorf("the body of entry %d changed", i)
		}
		p := now.proofs[i]
		if !slices.Equal(p.Hashes, e.proofs[i].Hashes) || p.RootHash != e.checkpoint.Root {
			t.Errorf("the proof of entry %d changed", i)
		}
		leaf := ledger.LeafHash(now.entries[i].Raw)
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, p.Seq, p.TreeSize, leaf[:], slicesOf(p.Hashes), e.checkpoint.Root[:]); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
}

func TestForgettingAPersonMakesHisPartsUnreadableAndChangesNoProof(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	_, other := f.Another(t, time.Now)
	janis, his := personWith(t, f, "Jānis")
	_, hers := personWith(t, f, "Anna")
	checkpoint, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := gather(t, f, checkpoint.Size)
	before.checkpoint = checkpoint
	stolen := wrappedKeyOf(t, f, janis)
	if err := errors.Join(unsealAll(t, other, &his), unsealAll(t, other, &hers)); err != nil {
		t.Fatal(err)
	}

	destroyed := destroyKey(t, f, f.Ledger, janis)
	await(t, other, destroyed.Seq)
	_, fresh := f.Another(t, time.Now)
	for _, l := range []*ledger.Ledger{f.Ledger, other, fresh} {
		requireDestroyed(t, l, &his)
		if err := unsealAll(t, l, &hers); err != nil {
			t.Errorf("somebody else's: %v", err)
		}
	}
	before.requireHolds(t, gather(t, f, checkpoint.Size))
	requireVerified(t, f)

	// Whoever kept the wrapped bytes, as a database's files and backups do, opens them until the master key is rotated.
	if err := openStolen(t, f, janis, stolen, &his); err != nil {
		t.Errorf("before the rotation the bytes should still open, or this test shows nothing: %v", err)
	}
	rotated, err := f.Ledger.RotateMasterKey(t.Context())
	if err != nil || rotated.Rewrapped == 0 {
		t.Fatalf("%v, %v", rotated, err)
	}
	if err := openStolen(t, f, janis, stolen, &his); err == nil {
		t.Error("the wrapped bytes of a destroyed key open with the new master key")
	}
	for _, l := range []*ledger.Ledger{f.Ledger, other, fresh} {
		requireDestroyed(t, l, &his)
		if err := unsealAll(t, l, &hers); err != nil {
			t.Errorf("after the rotation: %v", err)
		}
	}
	before.requireHolds(t, gather(t, f, checkpoint.Size))
	requireVerified(t, f)
	requireRotationRecorded(t, f, rotated)
}

func requireRotationRecorded(t testing.TB, f *ledgertest.Fixture, rotated *seal.Rotated) {
	t.Helper()
	_, size, err := f.Ledger.LastRecorded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := f.Ledger.Read(t.Context(), f.DB, size-1, 1)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	last := entries[0]
	if last.Action != ledger.SystemMasterKeyRotated || last.Details["rewrapped"] != float64(rotated.Rewrapped) || len(last.Details) != 2 {
		t.Errorf("recorded as %s", last.Raw)
	}
}

func wrappedKeyOf(t testing.TB, f *ledgertest.Fixture, person id.ID) []byte {
	t.Helper()
	var wrapped []byte
	if err := f.DB.Get(t.Context(), &wrapped, "SELECT wrapped FROM seal_key WHERE subject = ?", seal.Person(person)); err != nil {
		t.Fatal(err)
	}
	return wrapped
}

// openStolen tries to read an entry with the master key file as it is now and wrapped bytes that were kept: it puts
// both into a database of the thief's own.
func openStolen(t testing.TB, f *ledgertest.Fixture, person id.ID, wrapped []byte, e *ledger.Entry) error {
	t.Helper()
	thief := ledgertest.Open(t)
	text, err := os.ReadFile(f.MasterPath)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "stolen.key")
	if err := seal.WriteSecretFile(path, text); err != nil {
		t.Fatal(err)
	}
	_, err = thief.DB.Exec(t.Context(), "INSERT INTO seal_key (subject, wrapped, created_at) VALUES (?, ?, ?)", seal.Person(person), wrapped, time.Now().UTC())
	if err != nil {
		t.Fatal(err)
	}
	thief.MasterPath = path
	_, l := thief.Another(t, time.Now)
	var comment string
	_, err = l.Unseal(t.Context(), e, ledger.FieldComment, &comment)
	if err == nil && !strings.Contains(comment, "took it") {
		t.Errorf("it opened as %q", comment)
	}
	return err
}
