package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// interrupted prunes 0 to 250 of a ledger of more than 256 entries, and stops after the first few.
func interrupted(t *testing.T, c mysql.Config, store config.Store) {
	t.Helper()
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := newCore(t.Context(), db, store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if err := s.recordLife(t.Context(), ledger.SystemStarted, "test"); err != nil {
			t.Fatal(err)
		}
	}
	retention, err := mysql.OpenRetention(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer retention.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	_, err = ledger.NewPruner(s.ledger, retention, ledger.PruneOptions{Chunk: 10}).Prune(ctx, ledger.PruneRequest{
		Ranges: []ledger.SeqRange{{From: 0, To: 250}}, Manifest: ledger.Hash{1}, Reason: "old",
		Progress: func(uint64, uint64) { stop() },
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAServerFinishesAnInterruptedPruning(t *testing.T) {
	t.Parallel()
	c := mysqltest.OpenServer(t).Config()
	data := t.TempDir()
	own := []string{"--data", data, "--database", c.Serve, "--database-admin", c.Migrate, "--database-retention", c.Retain}
	if code := serve(t, own...).end(); code != 0 {
		t.Fatal(code)
	}
	interrupted(t, c, config.Store{Data: data, Database: c.Serve})
	s := serve(t, own...)
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var left int
	until(t, func() bool {
		if err := db.Get(t.Context(), &left, "SELECT COUNT(*) FROM {ledger}.entry WHERE seq < 250"); err != nil {
			t.Fatal(err)
		}
		return left == 0
	}, func() string { return fmt.Sprintf("%d entries are left: %s", left, s.said) })
	if _, err := db.Exec(t.Context(), "UPDATE entry_index SET module = 'forged'"); err != nil {
		t.Fatal(err)
	}
	if code, said := command(t, append([]string{"verify"}, own...)...); code != 1 || !strings.Contains(said, "the index does not agree") {
		t.Errorf("verify: %d %s", code, said)
	}
	if code, said := command(t, append([]string{"rebuild"}, own...)...); code != 0 || !strings.Contains(said, "index rows") {
		t.Errorf("rebuild beside a server: %d %s", code, said)
	}
	if code, said := command(t, append([]string{"verify"}, own...)...); code != 0 {
		t.Errorf("verify: %d %s", code, said)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

func TestProgressTellsRateAndTimeLeft(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	var out strings.Builder
	p := newProgress(&out, func() time.Time { return now })
	for n := range uint64(21) {
		p.show(n*1000, 40_000)
		now = now.Add(time.Second)
	}
	p.end()
	want := "10000 of 40000 entries, 1000/s, 30s left\n20000 of 40000 entries, 1000/s, 20s left\n"
	if out.String() != want {
		t.Errorf("it said %q", out.String())
	}
}
