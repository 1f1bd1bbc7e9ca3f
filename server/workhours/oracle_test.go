package workhours_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/workhours"
)

// TestAReportWithoutATokenTakesTheSameStepsWhoeverItNames compares what the database is asked, since the time that it
// takes would tell a stranger who is known here.
func TestAReportWithoutATokenTakesTheSameStepsWhoeverItNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	var said bytes.Buffer
	config := mysqltest.MigrateConfig(t, b.DB)
	config.LogLevel, config.Logger = 2, slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	watched, err := mysql.Open(t.Context(), config)
	check(t, err)
	t.Cleanup(func() { _ = watched.Close() })
	hours := workhours.New(watched, b.Seal, b.Ledger, b.access, b.people, workhours.Config{
		Zone: time.UTC, Purpose: "to pay overtime", Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
	}, b.clock.now, slog.New(slog.DiscardHandler))
	steps := func(user string) []string {
		said.Reset()
		check(t, hours.ReportUnverified(t.Context(), ledger.Origin{IP: "10.1.2.3"}, works(user, "2026-11-25 08:00")))
		return statements(said.String())
	}
	known := steps(`FACTORY\anna`)
	if len(known) == 0 {
		t.Fatalf("no statement was seen: %s", &said)
	}
	for _, user := range []string{`FACTORY\stranger`, `FACTORY\stranger`, `FACTORY\anna`} {
		if got := steps(user); !slices.Equal(got, known) {
			t.Errorf("%s: %q, but a known user: %q", user, got, known)
		}
		check(t, b.hours.CatchUp(t.Context(), nil))
	}
	fill(t, b)
	for _, user := range []string{"one too many", `FACTORY\anna`} {
		if got := steps(user); !slices.Equal(got, known) {
			t.Errorf("%s, with a full list: %q, but a known user: %q", user, got, known)
		}
	}
}

// fill leaves no room for unknown users.
func fill(t *testing.T, b *bundle) {
	t.Helper()
	for part := range 3 {
		reports := make([]*workhours.ReportInput, 0, 500)
		for n := range 500 {
			reports = append(reports, works(fmt.Sprintf("stranger%d", 500*part+n), "2026-11-25 08:00"))
		}
		_, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), reports, true)
		check(t, err)
		check(t, b.hours.CatchUp(t.Context(), nil))
	}
}

func statements(log string) (all []string) {
	for line := range strings.Lines(log) {
		if _, text, found := strings.Cut(line, "SELECT"); found {
			text, _, _ = strings.Cut(text, " duration=")
			all = append(all, text)
		}
	}
	return all
}
