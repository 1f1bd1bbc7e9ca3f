package seal_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

func open(t *testing.T, db *mysql.DB, path string) *seal.Service {
	t.Helper()
	master, err := seal.OpenMaster(t.Context(), db, path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := seal.New(db, master, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatIsSealedOpensInAnotherProcessWithTheSameMasterKey(t *testing.T) {
	t.Parallel()
	db, path := mysqltest.Open(t), filepath.Join(t.TempDir(), "master.key")
	subject := seal.Source("billing", time.Now())
	box, err := open(t, db, path).Seal(t.Context(), db, subject, []byte("place"), []byte("secret"))
	if err != nil || bytes.Contains(box, []byte("secret")) {
		t.Fatalf("%q, %v", box, err)
	}
	other := open(t, db, path)
	plain, err := other.Unseal(t.Context(), db, subject, []byte("place"), box)
	if err != nil || string(plain) != "secret" {
		t.Fatalf("%q, %v", plain, err)
	}
	if _, err := other.Unseal(t.Context(), db, subject, []byte("another place"), box); err == nil {
		t.Fatal("it opened in another place")
	}
}

func TestAPersonsKeyIsMadeWithThePersonOrNotAtAll(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	person := seal.Person(id.New())
	if _, err := s.Seal(t.Context(), db, person, nil, []byte("x")); !errors.Is(err, seal.ErrUnknownSubject) {
		t.Fatalf("sealed for nobody: %v", err)
	}
	rolledBack := errors.New("rolled back")
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		if err := s.CreateKey(ctx, tx, person); err != nil {
			return err
		}
		if _, err := s.Seal(ctx, tx, person, nil, []byte("x")); err != nil {
			return err
		}
		return rolledBack
	})
	if !errors.Is(err, rolledBack) {
		t.Fatal(err)
	}
}

func TestManyFirstUsesOfAMonthShareOneKey(t *testing.T) {
	t.Parallel()
	db, path := mysqltest.Open(t), filepath.Join(t.TempDir(), "master.key")
	services := []*seal.Service{open(t, db, path), open(t, db, path)}
	subject := seal.Nobody(time.Now())
	var all sync.WaitGroup
	for n := range 32 {
		all.Go(func() {
			box, err := services[n%2].Seal(t.Context(), db, subject, nil, []byte("x"))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := services[(n+1)%2].Unseal(t.Context(), db, subject, nil, box); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestADestroyedKeyIsGoneForEverySubjectButItsOwnOnly(t *testing.T) {
	t.Parallel()
	db := mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	gone, kept := seal.Source("a", time.Now()), seal.Source("b", time.Now())
	boxes := map[seal.Subject][]byte{}
	for _, subject := range []seal.Subject{gone, kept} {
		box, err := s.Seal(t.Context(), db, subject, nil, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		boxes[subject] = box
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return s.Destroy(ctx, tx, gone) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Unseal(t.Context(), db, gone, nil, boxes[gone]); !errors.Is(err, seal.ErrDestroyed) {
		t.Fatal(err)
	}
	if _, err := s.Seal(t.Context(), db, gone, nil, []byte("y")); !errors.Is(err, seal.ErrDestroyed) {
		t.Fatalf("a destroyed key came back: %v", err)
	}
	if _, err := s.Unseal(t.Context(), db, kept, nil, boxes[kept]); err != nil {
		t.Fatal(err)
	}
}

func TestBlindIndexesOfOneValueDifferByPurposeAndByDatabase(t *testing.T) {
	t.Parallel()
	db, other := mysqltest.Open(t), mysqltest.Open(t)
	s := open(t, db, filepath.Join(t.TempDir(), "master.key"))
	index := func(s *seal.Service, purpose string) string {
		b, err := s.BlindIndex(t.Context(), purpose, "anna")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if index(s, "username") != index(s, "username") {
		t.Fatal("it is not stable")
	}
	if index(s, "username") == index(s, "badge") {
		t.Fatal("values of two columns can be matched")
	}
	if index(s, "username") == index(open(t, other, filepath.Join(t.TempDir(), "master.key")), "username") {
		t.Fatal("values of two databases can be matched")
	}
}

func TestAMasterKeyThatIsMissingForeignOrReadableByOthersIsRefused(t *testing.T) {
	t.Parallel()
	db, path := mysqltest.Open(t), filepath.Join(t.TempDir(), "master.key")
	s := open(t, db, path)
	subject := seal.Nobody(time.Now())
	box, err := s.Seal(t.Context(), db, subject, nil, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "master.key")
	if _, err := seal.OpenMaster(t.Context(), db, missing); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "put it back") {
		t.Errorf("missing: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a new master key was made beside existing data")
	}
	foreign, err := seal.CreateMaster(missing)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := seal.New(db, foreign, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrong.Unseal(t.Context(), db, subject, nil, box); !fault.Is(err, fault.Unavailable) {
		t.Errorf("foreign: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.LoadMaster(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by others: %v", err)
	}
}
