package objectstore_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/objectstore/s3test"
)

// noise gives so many bytes that nothing compresses, the same ones each time.
func noise(size int64) io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{1}), size) }

func sumOf(t *testing.T, r io.Reader) [32]byte {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	return [32]byte(h.Sum(nil))
}

func copying(from io.Reader) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.Copy(w, from); return err }
}

func requireLikeAStore(t *testing.T, s objectstore.Store) {
	t.Helper()
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	const size = 40 << 20 // more than two parts of an upload
	for name, size := range map[string]int64{"empty": 0, "small": 100, "large": size} {
		if err := s.Put(t.Context(), name, copying(noise(size))); err != nil {
			t.Fatal(name, err)
		}
		if got, err := s.Stat(t.Context(), name); err != nil || got != uint64(size) {
			t.Errorf("%s has %d bytes: %v", name, got, err)
		}
		r, err := s.Get(t.Context(), name)
		if err != nil {
			t.Fatal(name, err)
		}
		if sumOf(t, r) != sumOf(t, noise(size)) {
			t.Errorf("%s comes back as something else", name)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Delete(t.Context(), name); err != nil {
			t.Fatal(name, err)
		}
		if _, err := s.Get(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is deleted, and reading it gives %v", name, err)
		}
		if _, err := s.Stat(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is deleted, and looking for it gives %v", name, err)
		}
		if err := s.Delete(t.Context(), name); err != nil {
			t.Errorf("%s is gone, and deleting it gives %v", name, err)
		}
	}
	mine := errors.New("no more")
	err := s.Put(t.Context(), "broken", func(w io.Writer) error { _, err := w.Write([]byte("one")); return errors.Join(err, mine) })
	if !errors.Is(err, mine) {
		t.Errorf("a writer that fails gives %v", err)
	}
	if _, ofStore := objectstore.As(err); ofStore {
		t.Errorf("%v counts as a failure of the store", err)
	}
}

func TestADirectoryKeepsObjects(t *testing.T) {
	t.Parallel()
	requireLikeAStore(t, objectstore.Dir(t.TempDir()+"/made"))
}

func TestABucketKeepsObjects(t *testing.T) {
	t.Parallel()
	requireLikeAStore(t, s3test.Store(t, s3test.Start(t).Bucket()))
}

func TestABucketThatCannotBeUsedSaysWhyWithoutItsSecret(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for said, change := range map[string]func(*objectstore.Bucket){
		"has no bucket none":      func(b *objectstore.Bucket) { b.Name = "none" },
		"credentials":             func(b *objectstore.Bucket) { b.SecretKey = "another-secret-of-some-kind" },
		"credentials of keytrail": func(b *objectstore.Bucket) { b.AccessKey = "nobody" },
		"cannot be reached":       func(b *objectstore.Bucket) { b.Endpoint = "http://127.0.0.1:1" },
		"cannot be reached: see": func(b *objectstore.Bucket) {
			b.Endpoint, b.Silence = "http://"+silent.Addr().String(), 100*time.Millisecond
		},
	} {
		b := g.Bucket()
		change(&b)
		s := s3test.Store(t, b)
		_, gotten := s.Get(t.Context(), "one")
		for doing, err := range map[string]error{
			"check": s.Check(t.Context()), "put": s.Put(t.Context(), "one", copying(noise(10))), "get": gotten, "delete": s.Delete(t.Context(), "one"),
		} {
			of, ofStore := objectstore.As(err)
			if !ofStore || !of.Away || !strings.Contains(of.Reason.String(), said) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, objectstore.ErrKept) {
				t.Errorf("%s: %v does not say %q", doing, err, said)
			}
			if err != nil && strings.Contains(err.Error(), b.SecretKey) {
				t.Errorf("%s: %v shows the secret", doing, err)
			}
		}
	}
}

func TestAnUploadWhoseServiceGoesEndsWithAnErrorAndTheNextGoesThrough(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	s := s3test.Store(t, g.Bucket())
	const size = 40 << 20
	err := s.Put(t.Context(), "one", func(w io.Writer) error {
		if _, err := io.Copy(w, noise(size/2)); err != nil {
			return err
		}
		g.Kill()
		_, err := io.Copy(w, noise(size/2))
		return err
	})
	if of, ofStore := objectstore.As(err); !ofStore || !of.Away {
		t.Fatalf("without its service an upload gives %v", err)
	}
	if err := s.Delete(t.Context(), "one"); err == nil {
		t.Error("without its service an object can be deleted")
	}
	g.Restart()
	if _, err := s.Get(t.Context(), "one"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an upload that was cut off leaves an object: %v", err)
	}
	if err := s.Delete(t.Context(), "one"); err != nil { // with the parts that are there
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "one", copying(noise(size))); err != nil {
		t.Fatal(err)
	}
	r, err := s.Get(t.Context(), "one")
	if err != nil || sumOf(t, r) != sumOf(t, noise(size)) {
		t.Errorf("it comes back as something else: %v", err)
	}
}

func TestAReaderWhoseServiceGoesSaysSoAndDoesNotEndEarly(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	s := s3test.Store(t, g.Bucket())
	if err := s.Put(t.Context(), "one", copying(noise(64<<20))); err != nil {
		t.Fatal(err)
	}
	r, err := s.Get(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, r, 100); err != nil {
		t.Fatal(err)
	}
	g.Kill()
	_, err = io.Copy(io.Discard, r)
	if of, ofStore := objectstore.As(err); !ofStore || !of.Away {
		t.Errorf("the rest of the object gives %v", err)
	}
}

func TestWhatTheFirstStoreDoesNotHaveIsReadFromTheOlder(t *testing.T) {
	t.Parallel()
	first, older := objectstore.Dir(t.TempDir()), objectstore.Dir(t.TempDir())
	both := objectstore.Before(first, older)
	if err := errors.Join(older.Put(t.Context(), "old", copying(strings.NewReader("old"))), both.Put(t.Context(), "new", copying(strings.NewReader("new")))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"old", "new"} {
		if got := textOf(t.Context(), both, name); got != name {
			t.Errorf("%s reads %s", name, got)
		}
		if size, err := both.Stat(t.Context(), name); err != nil || size != 3 {
			t.Error(name, size, err)
		}
	}
	if textOf(t.Context(), older, "new") == "new" {
		t.Error("what is new goes into the older store")
	}
	if err := both.Delete(t.Context(), "old"); err != nil || textOf(t.Context(), both, "old") != "" {
		t.Error("what is old cannot be deleted", err)
	}
}

func textOf(ctx context.Context, s objectstore.Store, name string) string {
	r, err := s.Get(ctx, name)
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }()
	var text bytes.Buffer
	_, _ = text.ReadFrom(r)
	return text.String()
}
