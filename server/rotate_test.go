package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

func TestTheMasterKeyIsRotatedBesideAServerAndAlone(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	path := filepath.Join(data, "master.key")
	s := serve(t, "--data", data, "--root-password", "a long root password")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	code, said := command(t, "rotate-keys", "--data", data)
	if code != 0 || !strings.Contains(said, "keys were wrapped anew") || !strings.Contains(said, path) {
		t.Fatal(code, said)
	}
	if !strings.Contains(said, "backup of the database from before can be read only with the copy of its time") {
		t.Errorf("it lets people throw away what opens their backups: %s", said)
	}
	if after, err := os.ReadFile(path); err != nil || bytes.Equal(before, after) {
		t.Fatalf("the file was not replaced: %v", err)
	}
	code, said = command(t, "admin", "create-account", "anna", "--name", "Anna Kalniņa", "--roles", "admin", "--data", data)
	if code != 0 {
		t.Fatal(code, said)
	}
	oneTime := strings.TrimSpace(said[strings.LastIndex(strings.TrimSpace(said), " ")+1:])
	query := fmt.Sprintf(`mutation { signIn(input: {username: "anna", password: %q}) { viewer { person { name } } } }`, oneTime)
	if got := s.ask(query); !strings.Contains(got, "Anna Kalniņa") {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if code, said := command(t, "rotate-keys", "--data", data); code != 0 {
		t.Error(code, said)
	}
	s = serve(t, "--data", data)
	if got := s.ask(signIn("a long root password")); !strings.Contains(got, "viewer") || strings.Contains(got, "errors") {
		t.Error(got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

// nights is a clock that stands still until the test moves it, with the naps of those who wait for it.
type nights struct {
	at   atomic.Int64
	naps chan nap
}

type nap struct {
	long time.Duration
	wake chan time.Time
}

func (n *nights) now() time.Time { return time.UnixMicro(n.at.Load()).UTC() }

func (n *nights) after(long time.Duration) <-chan time.Time {
	wake := make(chan time.Time, 1)
	n.naps <- nap{long, wake}
	return wake
}

// until moves the clock, wakes everybody who naps and waits until all nap again.
func (n *nights) until(t *testing.T, at time.Time, sleepers []nap) []nap {
	t.Helper()
	n.at.Store(at.UnixMicro())
	for _, s := range sleepers {
		s.wake <- at
	}
	return n.asleep(t, len(sleepers))
}

func (n *nights) asleep(t *testing.T, all int) []nap {
	t.Helper()
	sleepers := make([]nap, all)
	for i := range sleepers {
		select {
		case sleepers[i] = <-n.naps:
		case <-time.After(patience):
			t.Fatal("it does not rest")
		}
	}
	return sleepers
}

func TestOneOfSeveralServersRotatesInTheNightAfterADestruction(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 11, 25, 22, 15, 0, 0, riga)
	clock := &nights{naps: make(chan nap, 3)}
	clock.at.Store(evening.UnixMicro())
	f := ledgertest.OpenAt(t, clock.now)
	ctx, stop := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	for range 3 {
		_, l := f.Another(t, clock.now)
		n := &nightlyRotation{ledger: l, zone: riga, now: clock.now, after: clock.after, log: slog.New(slog.DiscardHandler)}
		group.Go(func() error { return n.Run(ctx) })
	}
	sleepers := clock.asleep(t, 3)
	if sleepers[0].long != longestNap {
		t.Errorf("it sleeps %s", sleepers[0].long)
	}
	destroyOne(t, f)
	night := time.Date(2026, 11, 26, rotationHour, 0, 0, 0, riga)
	sleepers = clock.until(t, night.Add(-time.Minute), sleepers)
	requireRotations(t, f, 0)
	if sleepers[0].long != time.Minute {
		t.Errorf("a minute before, it sleeps %s", sleepers[0].long)
	}
	sleepers = clock.until(t, night, sleepers)
	requireRotations(t, f, 1)
	sleepers = clock.until(t, night.Add(8*time.Hour), sleepers)
	destroyOne(t, f)
	sleepers = clock.until(t, night.Add(9*time.Hour), sleepers)
	requireRotations(t, f, 1) // not by day
	sleepers = clock.until(t, night.AddDate(0, 0, 1).Add(time.Second), sleepers)
	requireRotations(t, f, 2)
	sleepers = clock.until(t, night.AddDate(0, 0, 2), sleepers)
	requireRotations(t, f, 2) // nothing was destroyed
	sleepers = clock.until(t, night.AddDate(0, 0, 90), sleepers)
	requireRotations(t, f, 2)
	clock.until(t, night.AddDate(0, 0, 92), sleepers)
	requireRotations(t, f, 3)
	stop()
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// destroyOne seals something for somebody unknown of a month of his own, and destroys its key.
func destroyOne(t *testing.T, f *ledgertest.Fixture) {
	t.Helper()
	_, size, err := f.Ledger.LastRecorded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	subject := seal.Source(fmt.Sprint("source", size), time.Now())
	if _, err := f.Seal.Seal(t.Context(), f.DB, subject, nil, []byte("x")); err != nil {
		t.Fatal(err)
	}
	err = f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := f.Ledger.DestroyKey(ctx, tx, subject, [16]byte{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func requireRotations(t *testing.T, f *ledgertest.Fixture, want int) {
	t.Helper()
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	rotations := 0
	for _, e := range entries {
		if e.Action == ledger.SystemMasterKeyRotated {
			rotations++
		}
	}
	if rotations != want {
		t.Fatalf("%d rotations by %s, want %d", rotations, entries[len(entries)-1].RecordedAt, want)
	}
}

func TestANightIsAtThreeInTheDisplayZoneAlsoWhenClocksAreSet(t *testing.T) {
	t.Parallel()
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, last, next string }{
		{"2026-11-25 02:59:59", "2026-11-24 03:00:00", "2026-11-25 03:00:00"},
		{"2026-11-25 03:00:00", "2026-11-25 03:00:00", "2026-11-26 03:00:00"},
		{"2026-03-28 12:00:00", "2026-03-28 03:00:00", "2026-03-29 04:00:00"}, // there is no 03:00 on the 29th
		{"2026-10-25 12:00:00", "2026-10-25 03:00:00", "2026-10-26 03:00:00"},
	} {
		parse := func(text string) time.Time {
			at, err := time.ParseInLocation(time.DateTime, text, riga)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		last := lastNight(parse(c.now))
		if !last.Equal(parse(c.last)) || !nextRotation(last).Equal(parse(c.next)) {
			t.Errorf("at %s: %s and %s", c.now, last, nextRotation(last))
		}
	}
	for day := time.Date(2026, 3, 27, 0, 0, 0, 0, riga); day.Before(time.Date(2026, 3, 31, 0, 0, 0, 0, riga)); day = day.Add(17 * time.Minute) {
		last := lastNight(day)
		if last.After(day) || !nextRotation(last).After(day) {
			t.Fatalf("%s lies outside %s and %s", day, last, nextRotation(last))
		}
	}
}
