package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func TestACaseBundleAndExportedEntriesAreVerifiedWithNothingButTheirFileAndTheKey(t *testing.T) {
	t.Parallel()
	data, dir := mysqltest.Data(t), t.TempDir()
	s := serve(t, "--data", data, "--root-password", "a long root password", "--log-name", "example.org/case")
	key := strings.TrimSpace(s.read("/tlog/vkey"))
	s.ask(signIn("a long root password"))
	file := filepath.Join(dir, "case-bundle.zip")
	whole := s.read("/export/bundle.zip")
	lines, entries := s.read("/export/timeline.ndjson?proofs=true"), filepath.Join(dir, "timeline.ndjson")
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	expect(t, 0, "The bundle is intact", "verify", file, "--key", key)
	expect(t, 1, "Give the log's key", "verify", file)
	expect(t, 1, "no verifier key", "verify", file, "--key", "x")
	expect(t, 1, "verified alone", "verify", file, "--key", key, "--file", file)
	expect(t, 1, "cannot be read", "verify", filepath.Join(dir, "missing.zip"), "--key", key)
	if err := os.WriteFile(file, []byte(whole[:len(whole)/2]), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 1, "it is no ZIP file", "verify", file, "--key", key)

	for text, want := range map[string]string{lines: "The export is intact", strings.Replace(lines, `"occurredAt":"20`, `"occurredAt":"19`, 1): "NOT intact"} {
		if err := os.WriteFile(entries, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code := 1
		if text == lines {
			code = 0
		}
		expect(t, code, want, "verify", "--entries", entries, "--key", key)
	}
	expect(t, 1, "Give the log's key", "verify", "--entries", entries)
	expect(t, 1, "cannot be read", "verify", "--entries", filepath.Join(dir, "missing.ndjson"), "--key", key)
}
