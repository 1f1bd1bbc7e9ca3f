package objectstore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/objectstore/s3test"
)

// refusing gives a bucket of a service that answers a code to what refuses says, and else that all is well.
func refusing(t *testing.T, code string, status int, refuses func(*http.Request) bool) objectstore.Store {
	t.Helper()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case refuses(r):
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = fmt.Fprint(w, "<ListMultipartUploadsResult></ListMultipartUploadsResult>")
		}
	}))
	t.Cleanup(service.Close)
	return s3test.Store(t, objectstore.Bucket{Endpoint: service.URL, Region: "eu-north-1", Name: "kept", AccessKey: "AK", SecretKey: "s3cret"})
}

func TestAnObjectIsDeletedAlthoughUploadsMayNotBeListed(t *testing.T) {
	t.Parallel()
	listing := func(r *http.Request) bool { return r.URL.Query().Has("uploads") }
	if err := refusing(t, "AccessDenied", http.StatusForbidden, listing).Delete(t.Context(), "one"); err != nil {
		t.Errorf("it is deleted, and that gives %v", err)
	}
}

func TestAnObjectIsKeptOnlyWhenItsOwnDeletionIsRefused(t *testing.T) {
	t.Parallel()
	deleting := func(r *http.Request) bool { return r.Method == http.MethodDelete }
	if err := refusing(t, "AccessDenied", http.StatusForbidden, deleting).Delete(t.Context(), "one"); !errors.Is(err, objectstore.ErrKept) {
		t.Errorf("a deletion that is refused gives %v", err)
	}
	listing := func(r *http.Request) bool { return r.URL.Query().Has("uploads") }
	err := refusing(t, "InvalidAccessKeyId", http.StatusForbidden, listing).Delete(t.Context(), "one")
	if _, ofStore := objectstore.As(err); !ofStore || errors.Is(err, objectstore.ErrKept) {
		t.Errorf("credentials that are wrong give %v", err)
	}
}

// Before it speaks to Google's service, the client refuses what it cannot send there; the context that has ended comes later.
func TestGooglesServiceIsSentWhatItsClientCanSend(t *testing.T) {
	t.Parallel()
	s := s3test.Store(t, objectstore.Bucket{Endpoint: "https://storage.googleapis.com", Region: "auto", Name: "kept", AccessKey: "AK", SecretKey: "s3cret"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "one", copying(noise(10))); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
}
