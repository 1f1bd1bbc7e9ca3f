package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/backup"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

type bundle struct {
	*custodytest.Fixture
	t      *testing.T
	dir    string
	phrase string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t, dir: t.TempDir()}
	b.phrase = filepath.Join(b.dir, "phrase")
	if err := os.WriteFile(b.phrase, []byte("twelve otters in a row\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bundle) options() backup.Options {
	return backup.Options{Locks: backup.Locks{PassphraseFile: b.phrase, Effort: 10}, Keytrail: "test", Now: time.Now}
}

func (b *bundle) opening() backup.Opening { return backup.Opening{PassphraseFile: b.phrase} }

// some records entries with sealed parts.
func (b *bundle) some(n int) {
	b.t.Helper()
	person := b.Person(fmt.Sprintf("Jānis %d", n), "").ID
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = ledger.Draft{
			Stream: ledger.StreamActivity, Action: "invoice.paid", Outcome: ledger.Success, Person: person, Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(i)},
			Parts: []ledger.Part{ledger.OriginPart(person, b.Clock.Now(), ledger.Origin{IP: "192.0.2.9"})},
		}
	}
	ledgertest.Append(b.t, b.DB, b.Ledger, drafts...)
}

// write makes a backup in memory.
func (b *bundle) write() ([]byte, *backup.Manifest) {
	b.t.Helper()
	var out bytes.Buffer
	m, err := backup.Write(b.t.Context(), b.DB, b.Ledger, &out, b.options())
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes(), m
}

// another gives a fresh pair of schemas with the account that serves and the one that owns them.
func (b *bundle) another() (db, owner *mysql.DB) {
	b.t.Helper()
	db = mysqltest.Open(b.t)
	return db, mysqltest.OpenOwner(b.t, db)
}

func (b *bundle) load(owner *mysql.DB, file []byte, change func(*backup.RestoreOptions)) (*backup.Restored, error) {
	b.t.Helper()
	o := backup.RestoreOptions{Opening: b.opening(), Now: time.Now}
	if change != nil {
		change(&o)
	}
	return backup.Load(b.t.Context(), owner, bytes.NewReader(file), o)
}

// keptFrom gives the checkpoint that the ledger signs now, as one that was kept outside.
func (b *bundle) keptFrom() func(context.Context, note.Verifier) (*verify.Kept, error) {
	b.t.Helper()
	c, err := b.Ledger.Checkpoint(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return func(_ context.Context, v note.Verifier) (*verify.Kept, error) {
		return verify.ReadKept(bytes.NewReader([]byte(c.Note+"\n")), v)
	}
}

func requireKind(t *testing.T, kind fault.Kind, err error) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("want %s: %v", kind, err)
	}
}

func requireIntact(t *testing.T, db *mysql.DB, l *ledger.Ledger, entries uint64) {
	t.Helper()
	verifier, err := note.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(t.Context(), verify.NewStore(db), verify.Options{Verifier: verifier})
	if err != nil || !report.OK() || report.Entries != entries {
		t.Fatalf("%+v %v", report, err)
	}
}
