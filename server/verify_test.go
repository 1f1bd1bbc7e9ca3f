package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// awaitFile polls until a file holds a text.
func awaitFile(t *testing.T, path, text string) {
	t.Helper()
	var got []byte
	until(t, func() bool {
		got, _ = os.ReadFile(path)
		return strings.Contains(string(got), text)
	}, func() string { return fmt.Sprintf("%s never held %q: %s", path, text, got) })
}

func (s *running) read(path string) string {
	s.t.Helper()
	response, err := s.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var text strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := response.Body.Read(buf)
		text.Write(buf[:n])
		if err != nil {
			return text.String()
		}
	}
}

// expect runs a command and checks how it ends and what it says.
func expect(t *testing.T, code int, want string, args ...string) string {
	t.Helper()
	got, said := command(t, args...)
	if got != code || !strings.Contains(said, want) {
		t.Errorf("keytrail %s: %d, and not %d with %q: %s", strings.Join(args, " "), got, code, want, said)
	}
	return said
}

func TestALedgerIsVerifiedFromAllSides(t *testing.T) {
	t.Parallel()
	data, dir := mysqltest.Data(t), t.TempDir()
	kept, state, file := filepath.Join(dir, "kept.txt"), filepath.Join(dir, "state.json"), filepath.Join(dir, "ledger.ndjson.zst")
	s := serve(t, "--data", data, "--root-password", "a long root password", "--checkpoint-file", kept, "--checkpoint-seconds", "1", "--log-name", "example.org/verified")
	key := strings.TrimSpace(s.read("/tlog/vkey"))
	awaitFile(t, kept, "example.org/verified\n")

	remote := []string{"verify", "--url", s.url + "/tlog/", "--key", key, "--state", state}
	expect(t, 1, "nothing is remembered", append(remote, "--since-last")...)
	if said := expect(t, 0, "The log example.org/verified is intact", remote...); !strings.Contains(said, "This was a first look") {
		t.Error(said)
	}
	s.ask(signIn("a long root password"))
	if said := expect(t, 0, "It continues the log that you saw on", append(remote, "--since-last")...); strings.Contains(said, "first look") {
		t.Error(said)
	}
	expect(t, 0, "It continues the log that you saw on", append(remote, "--checkpoint", kept)...)

	if said := expect(t, 0, "The ledger is intact", "verify", "--data", data, "--checkpoint", kept); !strings.Contains(said, " checkpoints in "+kept+" is in it") {
		t.Error(said)
	}
	changedIn(t, kept, remote, data)
	if got := s.ask("{ checkpoint { size } }"); !strings.Contains(got, "size") {
		t.Error(got)
	}
	expect(t, 0, "holds entries 0 to", "export", "ledger", file, "--data", data)
	expect(t, 1, "Name a new file", "export", "ledger", file, "--data", data)
	expect(t, 0, "The file is intact: entries 0 to", "verify", "--file", file, "--key", key)
	plain := expect(t, 0, `{"format":"keytrail-ledger"`, "export", "ledger", "-", "--from", "2", "--to", "4", "--data", data)
	if err := os.WriteFile(filepath.Join(dir, "part"), []byte(plain), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 0, "The file is intact: entries 2 to 4", "verify", "--file", filepath.Join(dir, "part"), "--key", key)
	changed := strings.Replace(plain, `"stream":"`, `"stream":"x`, 1)
	if err := os.WriteFile(filepath.Join(dir, "part"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 1, "The file is NOT intact", "verify", "--file", filepath.Join(dir, "part"), "--key", key)
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	requireRecorded(t, data, key)
	fromAnotherLog(t, kept, state, key)
}

// changedIn has a checkpoint in a copy of a file changed: whatever is verified against it is not found intact.
func changedIn(t *testing.T, kept string, remote []string, data string) {
	t.Helper()
	text, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "changed")
	changed := regexp.MustCompile(`^([^\n]+\n)\d+\n`).ReplaceAllString(string(text), "${1}99\n") + string(text)
	if err := os.WriteFile(copied, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 1, "1 checkpoints that were kept outside were changed", "verify", "--data", data, "--checkpoint", copied)
	expect(t, 1, "1 checkpoints that were kept outside were changed", append(remote, "--checkpoint", copied)...)
	if err := os.WriteFile(copied, append([]byte("half a note\n\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 0, "NOT looked for: 1 parts of the file", "verify", "--data", data, "--checkpoint", copied)
}

// requireRecorded checks that the verification by command left its entry.
func requireRecorded(t *testing.T, data, key string) {
	t.Helper()
	said := expect(t, 0, "keytrail-ledger", "export", "ledger", "-", "--data", data)
	verified := regexp.MustCompile(`"action":"system\.verified".*"outcome":"success"`)
	if !verified.MatchString(said) {
		t.Errorf("no verification is recorded: %s", said)
	}
}

// fromAnotherLog has another ledger under the same name: what was kept and remembered of the first does not fit it.
func fromAnotherLog(t *testing.T, kept, state, key string) {
	t.Helper()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", "a long root password", "--log-name", "example.org/verified")
	url := s.url + "/tlog/"
	expect(t, 1, "signed with another key", "verify", "--url", url, "--key", key, "--state", state)
	other, err := ledger.GenerateKey("example.org/other")
	if err != nil {
		t.Fatal(err)
	}
	public, err := ledger.VerifierOf(other)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, 1, "the key of the log example.org/other, and this data directory's log is example.org/verified", "verify", "--data", data, "--key", public)
	if said := expect(t, 0, "keytrail-ledger", "export", "ledger", "-", "--data", data); strings.Contains(said, `"system.verified"`) {
		t.Errorf("it is recorded that the log is not as it must be: %s", said)
	}
	expect(t, 1, "what is remembered is not of this log and key", "verify", "--url", url, "--key", strings.TrimSpace(s.read("/tlog/vkey")), "--state", state)
	expect(t, 1, "no checkpoint that was signed with this log's key", "verify", "--data", data, "--checkpoint", kept)
	for want, args := range map[string][]string{
		"Give the log's key":    {"verify", "--url", url},
		"no verifier key":       {"verify", "--file", kept, "--key", "x"},
		"go with --url":         {"verify", "--since-last"},
		"needs the whole log":   {"verify", "--url", url, "--key", key, "--since-last", "--checkpoint", kept},
		"it is no ledger file":  {"verify", "--file", kept, "--key", key},
		"cannot be read":        {"verify", "--file", filepath.Join(data, "missing"), "--key", key},
		"can't be used":         {"verify", "--file", kept, "--url", url, "--key", key},
		"is no address of":      {"verify", "--url", "ftp://x", "--key", key, "--state", filepath.Join(data, "none")},
		"KEYTRAIL_CHECKPOINT_U": {"serve", "--checkpoint-urls", "ftp://anna:secret@x"},
		"KEYTRAIL_CHECKPOINT_S": {"serve", "--checkpoint-seconds", "0"},
	} {
		if said := expect(t, 1, want, args...); strings.Contains(said, "secret") {
			t.Errorf("it repeats a password: %s", said)
		}
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
}

func TestACommandWithAMistypedDirectorySaysSoAndMakesNothing(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{"verify"}, {"backup", filepath.Join(t.TempDir(), "copy")}, {"export", "ledger", "-"}, {"admin", "create-account", "anna", "--name", "Anna", "--roles", "member"}, {"rebuild"}, {"archive", "list"},
	} {
		expect(t, 1, "There is no keytrail in "+none, append(args, "--data", none)...)
	}
	if _, err := os.Stat(none); !os.IsNotExist(err) {
		t.Errorf("the directory was made: %v", err)
	}
}

func TestVerifyingBeforeTheFirstStartMakesNoKey(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	expect(t, 1, "this database has no checkpoints yet: give the log's key with --key, or start keytrail serve first", "verify", "--data", data)
	for _, name := range []string{"checkpoint.key", "master.key"} {
		if _, err := os.Stat(filepath.Join(data, name)); !os.IsNotExist(err) {
			t.Errorf("%s was made: %v", name, err)
		}
	}
}
