// Package objectstore keeps files under names, in a directory or in a bucket of a service that speaks S3. What it keeps is
// written once and never changed.
package objectstore

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/keytrail/keytrail/server/fault"
)

// Store keeps objects by name. Its own errors are *Error, except that an object that there is not is fs.ErrNotExist. It is
// safe for concurrent use, and holds no object in memory as a whole.
type Store interface {
	// Put keeps what write writes under a name that is new, and returns once it is durable. An error of write comes back as
	// it is. After an error some of the object may be there: Delete takes it away.
	Put(ctx context.Context, name string, write func(io.Writer) error) error
	// Get opens an object. Its reader's errors are those of a Store; ctx has to live as long as the reader.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Stat gives an object's size in bytes.
	Stat(ctx context.Context, name string) (uint64, error)
	// Delete takes an object away, and what an interrupted Put left of it. There may be none. ErrKept when the store does not
	// let go of it.
	Delete(ctx context.Context, name string) error
	// Check says whether objects can be kept now.
	Check(ctx context.Context) error
	// Place names where objects lie, for whoever looks for one.
	Place() string
}

// ErrKept is in the error of a Delete that the store refuses for good, such as for a bucket with object lock.
var ErrKept = errors.New("objectstore: the store does not let go of the object")

// Error is a failure of the store itself.
type Error struct {
	// Reason says what to do, nothing for a directory.
	Reason fault.Text
	// Away is whether the store did not answer as one that works does: nothing is known of the object.
	Away  bool
	cause error
}

// Error gives the cause, and the reason where there is one. It is meant for logs, and holds no secret.
func (e *Error) Error() string {
	if e.Reason.IsZero() {
		return e.cause.Error()
	}
	return e.Reason.String() + ": " + e.cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// As finds the first Error in err's tree.
func As(err error) (*Error, bool) {
	var of *Error
	ok := errors.As(err, &of)
	return of, ok
}

// Before gives a store that keeps objects in the first store, and looks in the second for what the first does not have.
func Before(first, older Store) Store { return layered{Store: first, older: older} }

type layered struct {
	Store
	older Store
}

func (l layered) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := l.Store.Get(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.older.Get(ctx, name)
	}
	return r, err
}

func (l layered) Stat(ctx context.Context, name string) (uint64, error) {
	size, err := l.Store.Stat(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.older.Stat(ctx, name)
	}
	return size, err
}

func (l layered) Place() string { return l.Store.Place() + ", " + l.older.Place() }

func (l layered) Delete(ctx context.Context, name string) error {
	return errors.Join(l.Store.Delete(ctx, name), l.older.Delete(ctx, name))
}
