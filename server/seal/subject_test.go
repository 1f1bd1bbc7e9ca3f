package seal_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

// oddNames are names of sources that could be taken for one another, or for a path, or do not fit.
func oddNames() []string {
	long := strings.Repeat("x", 200)
	return []string{
		"", " ", "billing", "Billing", "billing ", "billing/2026-10", "../nobody", "%", "%25", "a%20b", "a b", "~", "key desk", "žurnāls",
		"zurnals", "\x00", "\xff\xfe", "line\nbreak", "emoji 🔑", "' OR 1=1 --", long, long + "y", strings.Repeat("ā", 64), strings.Repeat("ā", 65),
	}
}

func TestEverySourceHasAKeyOfItsOwnWhateverItsName(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	at := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	boxes := map[seal.Subject][]byte{}
	for _, name := range oddNames() {
		subject := seal.Source(name, at)
		if boxes[subject] != nil {
			t.Errorf("%.20q shares the subject %s", name, subject)
		}
		box, err := s.Seal(t.Context(), db, subject, nil, []byte(name))
		if err != nil {
			t.Fatalf("%.20q: %v", name, err)
		}
		boxes[subject] = box
	}
	s.ForgetAll()
	for _, name := range oddNames() {
		plain, err := s.Unseal(t.Context(), db, seal.Source(name, at), nil, boxes[seal.Source(name, at)])
		if err != nil || string(plain) != name {
			t.Errorf("%.20q: %q, %v", name, plain, err)
		}
	}
}

func TestSubjectsOfSourcesAreBoundedAndPrintable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "name"))
		other := string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "other"))
		at := time.Unix(rapid.Int64Range(0, 253402300799).Draw(t, "at"), 0)
		subject := seal.Source(name, at)
		odd := strings.ContainsFunc(string(subject), func(r rune) bool { return r <= ' ' || r > '~' })
		if len(subject) > 190 || odd || strings.Count(string(subject), "/") != 2 {
			t.Fatalf("%q", subject)
		}
		if name != other && subject == seal.Source(other, at) {
			t.Fatalf("%q and %q share %q", name, other, subject)
		}
	})
}

func TestAKeyOfASourceEndsWithItsMonthInUTC(t *testing.T) {
	t.Parallel()
	riga := time.FixedZone("EET", 2*3600)
	last := time.Date(2026, 12, 1, 1, 59, 0, 0, riga)
	if got := seal.Source("desk", last); got != "source/desk/2026-11" {
		t.Error(got)
	}
	if got := seal.Source("desk", last.Add(time.Minute)); got != "source/desk/2026-12" {
		t.Error(got)
	}
	if got := seal.Nobody(last); got != "nobody/2026-11" {
		t.Error(got)
	}
}

func TestDestroyingOneMonthsKeyLeavesTheOthersReadable(t *testing.T) {
	t.Parallel()
	db, path := mysqltest.Open(t), filepath.Join(t.TempDir(), "master.key")
	s, other := open(t, db, path), open(t, db, path)
	gone := seal.Source("desk", time.Date(2026, 3, 31, 23, 0, 0, 0, time.UTC))
	boxes := map[seal.Subject][]byte{}
	for n := range 6 {
		month := time.Date(2026, time.Month(1+n), 15, 0, 0, 0, 0, time.UTC)
		for _, subject := range []seal.Subject{seal.Source("desk", month), seal.Source("billing", month), seal.Nobody(month)} {
			box, err := s.Seal(t.Context(), db, subject, nil, []byte(subject))
			if err != nil {
				t.Fatal(err)
			}
			boxes[subject] = box
		}
	}
	if boxes[gone] == nil {
		t.Fatalf("nothing was sealed under %s", gone)
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return s.Destroy(ctx, tx, gone) })
	if err != nil {
		t.Fatal(err)
	}
	for subject, box := range boxes {
		for _, reader := range []*seal.Service{s, other} {
			plain, err := reader.Unseal(t.Context(), db, subject, nil, box)
			if subject == gone && !errors.Is(err, seal.ErrDestroyed) || subject != gone && (err != nil || string(plain) != string(subject)) {
				t.Errorf("%s: %q, %v", subject, plain, err)
			}
		}
	}
}

func TestWhatCannotBeASubjectHasNoKey(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	for _, subject := range []seal.Subject{"", "with space", "žurnāls", seal.Subject(strings.Repeat("x", 191)), "line\n"} {
		if _, err := s.Seal(t.Context(), db, subject, nil, []byte("x")); err == nil || errors.Is(err, seal.ErrUnknownSubject) {
			t.Errorf("%.20q: %v", subject, err)
		}
	}
}

func TestWhatHasNoKeyCannotBeDestroyedAndNothingTwice(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	subject := seal.Nobody(time.Now())
	destroy := func() error {
		return db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return s.Destroy(ctx, tx, subject) })
	}
	if err := destroy(); !errors.Is(err, seal.ErrUnknownSubject) {
		t.Error(err)
	}
	if _, err := s.Seal(t.Context(), db, subject, nil, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := destroy(); err != nil {
		t.Error(err)
	}
	if err := destroy(); !errors.Is(err, seal.ErrDestroyed) {
		t.Error(err)
	}
}
