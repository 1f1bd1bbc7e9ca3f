package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func nightlyOf(f *ledgertest.Fixture, zone *time.Location, now func() time.Time, said io.Writer) *nightlyVerification {
	s := &services{zone: zone, log: slog.New(slog.NewTextHandler(said, nil)), db: f.DB, ledger: f.Ledger}
	return &nightlyVerification{services: s, now: now, done: func() {}}
}

func TestTheNightBeginsAtFourInTheDisplayZone(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-25T01:59:59Z": "2026-11-25T04:00:00+02:00",
		"2026-11-25T02:00:00Z": "2026-11-26T04:00:00+02:00",
		"2026-03-28T12:00:00Z": "2026-03-29T04:00:00+03:00", // the clock is put forward at three
		"2026-10-24T12:00:00Z": "2026-10-25T04:00:00+02:00", // and back at four
		"2026-12-31T23:00:00Z": "2027-01-01T04:00:00+02:00",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextVerification(at, riga).Format(time.RFC3339); got != want {
			t.Errorf("after %s comes %s, not %s", now, got, want)
		}
	}
}

func TestEachNightTheLedgerIsVerifiedOnceHoweverManyServersRun(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
	if v, err := f.Ledger.LastVerification(t.Context()); err != nil || v != nil {
		t.Fatalf("%+v %v", v, err)
	}
	start := time.Now()
	night := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)
	now := func() time.Time { return night.Add(-50 * time.Millisecond).Add(time.Since(start)) }
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	over := make(chan struct{}, 2)
	ended := make(chan error, 2)
	for range 2 {
		n := nightlyOf(f, time.UTC, now, io.Discard)
		n.done = func() { over <- struct{}{} }
		go func() { ended <- n.run(ctx) }()
	}
	for range 2 {
		select {
		case <-over:
		case <-time.After(patience):
			t.Fatal("the night never came")
		}
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	var rows int
	if err := f.DB.Get(t.Context(), &rows, "SELECT COUNT(*) FROM verification"); err != nil || rows != 1 {
		t.Fatalf("%d verifications, %v", rows, err)
	}
	v, err := f.Ledger.LastVerification(t.Context())
	if err != nil || v == nil || !v.OK || v.Entries != 1 || v.Findings != 0 || len(v.Root) != 32 {
		t.Fatalf("%+v %v", v, err)
	}
	requireVerifiedEntry(t, f, 1, ledger.Success)
}

func requireVerifiedEntry(t *testing.T, f *ledgertest.Fixture, seq uint64, outcome ledger.Outcome) {
	t.Helper()
	entries, err := f.Ledger.Read(t.Context(), f.DB, seq, 10)
	if err != nil || len(entries) != 1 || entries[0].Action != ledger.SystemVerified || entries[0].Outcome != outcome {
		t.Fatalf("%+v %v", entries, err)
	}
}

func TestWhatTheNightFindsIsRecordedAsAFailure(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
	}
	if _, err := mysqltest.OpenOwner(t, f.DB).Exec(t.Context(), "UPDATE entry_index SET action = 'invoice.voided' WHERE seq = 1"); err != nil {
		t.Fatal(err)
	}
	var said output
	n := nightlyOf(f, time.UTC, time.Now, &said)
	if err := n.verify(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	v, err := f.Ledger.LastVerification(t.Context())
	if err != nil || v.OK || v.Findings == 0 {
		t.Fatalf("%+v %v", v, err)
	}
	requireVerifiedEntry(t, f, 3, ledger.Failure)
	if !strings.Contains(said.String(), "entry 1: the index does not agree") {
		t.Error(said.String())
	}
}

func TestTheNightDemandsTheCheckpointsThatWereKeptOutside(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
	}
	c, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(path, []byte(c.Note+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := mysqltest.OpenOwner(t, f.DB)
	for _, statement := range []string{
		"DELETE FROM {ledger}.checkpoint", "DELETE FROM {ledger}.entry WHERE seq = 2", "DELETE FROM entry_index WHERE seq = 2",
		"UPDATE {ledger}.head SET size = 2, frontier = LEFT(frontier, 32), recorded_at = (SELECT MAX(recorded_at) FROM entry_index)",
		"UPDATE entry_count SET total = total - 1",
	} {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const finding = "a checkpoint of 3 entries was signed, and only 2 are here"
	var said output
	n := nightlyOf(f, time.UTC, time.Now, &said)
	n.kept = path
	// What it finds cannot be recorded by a process that still knows the longer ledger, but it is logged.
	_ = n.verify(t.Context(), time.Now())
	if !strings.Contains(said.String(), finding) {
		t.Error(said.String())
	}
}

func TestTheNightFindsACheckpointThatWasChangedInItsFile(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
	c, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kept")
	changed := strings.Replace(c.Note, "\n1\n", "\n9\n", 1)
	if err := os.WriteFile(path, []byte(changed+"\n"+c.Note+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said output
	n := nightlyOf(f, time.UTC, time.Now, &said)
	n.kept = path
	if err := n.verify(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	requireVerifiedEntry(t, f, 1, ledger.Failure)
	if !strings.Contains(said.String(), "were changed after they were signed") {
		t.Error(said.String())
	}
}

func TestANightThatCouldNotBeVerifiedIsOnRecordAndFreeAgain(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	owner := mysqltest.OpenOwner(t, f.DB)
	n := nightlyOf(f, time.UTC, time.Now, io.Discard)
	rename := func(from, to string) {
		t.Helper()
		if _, err := owner.Exec(t.Context(), "RENAME TABLE "+from+" TO "+to); err != nil {
			t.Fatal(err)
		}
	}
	ledgertest.Append(t, f.DB, f.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "invoice.paid"})
	rename("{ledger}.pruned_leaf", "{ledger}.pruned_away")
	if err := n.verify(t.Context(), time.Now()); err == nil {
		t.Fatal("it could be verified")
	}
	requireVerifiedEntry(t, f, 1, ledger.Failure)
	rename("{ledger}.pruned_away", "{ledger}.pruned_leaf")
	if err := n.verify(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	requireVerifiedEntry(t, f, 2, ledger.Success)
}

func TestANightThatNobodyHoldsIsTakenOver(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	f := ledgertest.OpenAt(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	const night = "2026-11-25"
	if _, free, err := f.Ledger.BeginVerification(t.Context(), night); err != nil || !free {
		t.Fatal(free, err)
	}
	if _, free, err := f.Ledger.BeginVerification(t.Context(), night); err != nil || free {
		t.Fatal("two have it", err)
	}
	if v, held, err := f.Ledger.ResumeVerification(t.Context(), night); err != nil || v != nil || !held {
		t.Fatal(v, held, err)
	}
	ahead.Store(int64(ledger.VerificationLease + time.Minute)) // he who had it was killed
	v, _, err := f.Ledger.ResumeVerification(t.Context(), night)
	if err != nil || v == nil {
		t.Fatal(v, err)
	}
	if err := f.Ledger.ReleaseVerification(t.Context(), v, true); err != nil {
		t.Fatal(err)
	}
	if _, free, err := f.Ledger.BeginVerification(t.Context(), night); err != nil || !free {
		t.Fatal(free, err)
	}
	for next, until := range map[string]string{"2026-11-26": "NULL", "2026-11-27": "'2030-01-01'"} { // rows by another hand
		statement := "INSERT INTO verification (id, night, started_at, held_until, entries, root, findings, ok) VALUES (RANDOM_BYTES(16), ?, '2026-01-01', " + until + ", 0, '', 0, 0)"
		if _, err := f.DB.Exec(t.Context(), statement, next); err != nil {
			t.Fatal(err)
		}
		if _, free, err := f.Ledger.BeginVerification(t.Context(), next); err != nil || !free {
			t.Fatal(next, free, err)
		}
	}
	if v, held, err := f.Ledger.ResumeVerification(t.Context(), "2026-11-20"); err != nil || v != nil || held {
		t.Fatal("a night that nobody began", v, held, err)
	}
}

func TestThePublishedCheckpointIsRenewedEveryTenSecondsAtMost(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]time.Duration{1: time.Second, 60: 10 * time.Second, 3600: 10 * time.Second} {
		var c serveCommand
		if c.CheckpointSeconds = seconds; publishedAge(c) != want {
			t.Errorf("%d seconds: %s", seconds, publishedAge(c))
		}
	}
}
