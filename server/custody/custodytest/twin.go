package custodytest

import (
	"context"
	"log/slog"
	"testing"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/people"
)

// Twin makes the services once more on the same database and runs them until the test ends, as another process would.
func (f *Fixture) Twin(t testing.TB) *Fixture {
	t.Helper()
	other := *f
	base := *f.Fixture
	base.Seal, base.Ledger = f.Fixture.Another(t, f.Clock.Now)
	other.t, other.Fixture = t, &base
	log := slog.New(slog.DiscardHandler)
	var err error
	if other.Access, err = access.New(t.Context(), other.DB, other.Ledger, f.Clock.Now, log); err != nil {
		t.Fatal(err)
	}
	if other.People, err = people.New(t.Context(), other.DB, other.Seal, other.Ledger, other.Access, f.Clock.Now, log); err != nil {
		t.Fatal(err)
	}
	other.Custody = custody.New(other.DB, other.Ledger, other.Access, other.People, Riga(t), f.Clock.Now)
	runUntilTheEnd(t, other.Access.Run)
	runUntilTheEnd(t, other.People.Run)
	return &other
}

func runUntilTheEnd(t testing.TB, run func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = run(ctx)
	}()
	t.Cleanup(func() { stop(); <-done })
}
