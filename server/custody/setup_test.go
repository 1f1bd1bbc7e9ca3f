package custody_test

import (
	"log/slog"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/people"
)

// reload makes the service anew, as another process would, with policy and people as they are now.
func reload(t *testing.T, f *custodytest.Fixture) *custody.Service {
	t.Helper()
	acc, err := access.New(t.Context(), f.DB, f.Ledger, f.Clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	persons, err := people.New(t.Context(), f.DB, f.Seal, f.Ledger, acc, f.Clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return custody.New(f.DB, f.Ledger, acc, persons, custodytest.Riga(t), f.Clock.Now)
}

func must[T any](t *testing.T) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
