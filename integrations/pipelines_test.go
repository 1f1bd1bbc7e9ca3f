package integrations_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/slogaudit"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// columns gives the columns of each table that clickhouse.sql makes.
func columns(t *testing.T) map[string]map[string]bool {
	t.Helper()
	tables := map[string]map[string]bool{}
	for _, found := range regexp.MustCompile(`(?s)CREATE TABLE IF NOT EXISTS logs\.(\w+) \((.*?)\n\) ENGINE = MergeTree ORDER BY`).FindAllStringSubmatch(read(t, "clickhouse.sql"), -1) {
		tables[found[1]] = map[string]bool{}
		for _, column := range regexp.MustCompile(`(?m)^  (\w+) `).FindAllStringSubmatch(found[2], -1) {
			tables[found[1]][column[1]] = true
		}
	}
	if len(tables) != 3 {
		t.Fatalf("%d tables", len(tables))
	}
	return tables
}

func TestEveryMemberOfALineHasItsColumn(t *testing.T) {
	dir := t.TempDir()
	logs, err := slogaudit.Open(slogaudit.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(logs.Handler()).Info("started")
	for _, e := range []audit.Event{
		{Action: audit.Created, EntityType: "User", Entity: "1"},
		{Action: audit.Requested, Request: &audit.Request{Direction: audit.Incoming}},
		{Action: audit.Called, Request: &audit.Request{Direction: audit.Outgoing}},
	} {
		if err := logs.Recorder().Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if err := logs.Close(); err != nil {
		t.Fatal(err)
	}
	for table, its := range columns(t) {
		for line := range strings.Lines(read(t, filepath.Join(dir, table+".json"))) {
			var members map[string]any
			if err := json.Unmarshal([]byte(line), &members); err != nil {
				t.Fatal(err)
			}
			for name := range members {
				if !its[name] {
					t.Errorf("table %s has no column for %s", table, name)
				}
			}
		}
	}
}

func TestTheDashboardAsksForTablesAndColumnsThatExist(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ RawSQL string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "grafana.json")), &board); err != nil || len(board.Panels) == 0 {
		t.Fatal(err)
	}
	tables := columns(t)
	for _, panel := range board.Panels {
		query := panel.Targets[0].RawSQL
		table := regexp.MustCompile(`FROM logs\.(\w+)`).FindStringSubmatch(query)
		if table == nil || tables[table[1]] == nil {
			t.Fatalf("%s asks for no table that exists: %s", panel.Title, query)
		}
		for _, column := range regexp.MustCompile(`\b(\w+_\w+)\b`).FindAllString(regexp.MustCompile(`'[^']*'|\$__\w+`).ReplaceAllString(query, ""), -1) {
			if !tables[table[1]][column] {
				t.Errorf("%s asks for column %s, which %s lacks", panel.Title, column, table[1])
			}
		}
	}
}

func TestVectorTakesTimesForWhatTheLinesMean(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("elsewhere", 3*3600)
	t.Cleanup(func() { time.Local = zone })
	dir := t.TempDir()
	logs, err := slogaudit.Open(slogaudit.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 27, 23, 30, 0, 0, time.UTC)
	if err := logs.Recorder().Record(t.Context(), audit.Event{Action: audit.Created, EntityType: "User", Entity: "1", OccurredAt: at.Local()}); err != nil {
		t.Fatal(err)
	}
	if err := logs.Close(); err != nil {
		t.Fatal(err)
	}
	if line := read(t, filepath.Join(dir, "audit.json")); !strings.Contains(line, `"2026-11-27 23:30:00.000"`) {
		t.Errorf("the time is not that of UTC: %s", line)
	}
	if !regexp.MustCompile(`(?m)^timezone: UTC$`).MatchString(read(t, "vector.yaml")) {
		t.Error("Vector reads times without a zone as those of its machine")
	}
}

func TestVectorHasASinkForEachTable(t *testing.T) {
	text := read(t, "vector.yaml")
	if strings.Contains(text, "\t") {
		t.Error("YAML knows no tabs")
	}
	for table := range columns(t) {
		if !strings.Contains(text, "table: "+table+"\n") || !strings.Contains(text, "/"+table+".json") {
			t.Errorf("table %s is not filled", table)
		}
	}
}
