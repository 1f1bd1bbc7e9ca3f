package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/keytrail/keytrail/server/backup/backuptest"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// waitForCheckpoint waits until a file of checkpoints holds more of them than given.
func waitForCheckpoint(t *testing.T, path string, beyond int) {
	t.Helper()
	until(t, func() bool {
		text, _ := os.ReadFile(path)
		return strings.Count(string(text), "— ") > beyond
	}, func() string { return "no checkpoint comes to " + path })
}

func checkpointsIn(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), "— ")
}

// requireSignedOnly asserts that the log's key takes a backup, and the same one without a signature, which it makes, only
// where no key is named.
func requireSignedOnly(t *testing.T, file, unsigned string, mine *age.X25519Identity, opening []string) {
	t.Helper()
	verify := func(file string, more ...string) (int, string) {
		return command(t, append(append([]string{"backup", "verify", file}, opening...), more...)...)
	}
	_, said := verify(file)
	key := regexp.MustCompile(`signed with (\S+)\.\n`).FindStringSubmatch(said)
	if key == nil {
		t.Fatal(said)
	}
	if code, said := verify(file, "--key", key[1]); code != 0 {
		t.Error(code, said)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	repacked := backuptest.Repacked(t, whole, mine, mine.Recipient(), func(plain []byte) []byte { return backuptest.Unsigned(t, plain) })
	if err := os.WriteFile(unsigned, repacked, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := verify(unsigned); code != 0 || !strings.Contains(said, "NOT SIGNED") {
		t.Error(code, said)
	}
	if code, said := verify(unsigned, "--key", key[1]); code == 0 || !strings.Contains(said, "is not signed") {
		t.Error(code, said)
	}
}

func TestABackupIsRestoredElsewhereAndWhatIsLostOrWasErasedIsSaid(t *testing.T) {
	t.Parallel()
	data, elsewhere, apart := mysqltest.Data(t), filepath.Join(t.TempDir(), "data"), t.TempDir()
	in := func(name string) string { return filepath.Join(apart, name) }
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("identity"), []byte(mine.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data, "--root-password", "a long root password", "--checkpoint-file", in("kept"), "--checkpoint-seconds", "1")
	if code, said := command(t, "admin", "create-account", "anna", "--name", "Anna Kalniņa", "--roles", "member", "--data", data); code != 0 {
		t.Fatal(code, said)
	}
	if code, said := command(t, "admin", "create-account", "clara", "--name", "Klāra Liepa", "--roles", "member", "--data", data); code != 0 {
		t.Fatal(code, said)
	}
	s.ask(signIn("a long root password"))
	found := regexp.MustCompile(`"id":"([0-9a-f-]{36})","name":"Anna Kalniņa"`).FindStringSubmatch(s.ask("{ people(first: 10) { edges { node { id name } } } }"))
	if found == nil {
		t.Fatal("Anna is not there")
	}
	account := regexp.MustCompile(`"id":"([0-9a-f-]{36})","username":"clara"`).FindStringSubmatch(s.ask("{ accounts(first: 10) { edges { node { id username } } } }"))
	if account == nil {
		t.Fatal("the account is not there")
	}
	link := regexp.MustCompile(`#([A-Z0-9]+)"`).FindStringSubmatch(s.ask(`mutation { resetPassword(input: {account: "` + account[1] + `"}) { setupLink } }`))
	if link == nil {
		t.Fatal("there is no link")
	}
	opening := []string{"--identity", in("identity")}
	code, said := command(t, "backup", in("one"), "--keys", in("keys"), "--data", data, "--backup-recipients", mine.Recipient().String())
	if code != 0 || !strings.Contains(said, "all that were acknowledged before its checkpoint") {
		t.Fatal(code, said)
	}
	if code, said := command(t, append([]string{"backup", "verify", in("one")}, opening...)...); code != 0 || !strings.Contains(said, "is whole") {
		t.Fatal(code, said)
	}
	requireSignedOnly(t, in("one"), in("unsigned"), mine, opening)
	before := checkpointsIn(t, in("kept"))
	if code, said := command(t, "admin", "create-account", "boris", "--name", "Boriss Ozols", "--roles", "member", "--data", data); code != 0 {
		t.Fatal(code, said)
	}
	waitForCheckpoint(t, in("kept"), before)
	if code := s.end(); code != 0 {
		t.Fatal(s.said)
	}

	restore := func(more ...string) (int, string) {
		return command(t, append(append([]string{"restore", in("one"), "--data", elsewhere}, opening...), more...)...)
	}
	if code, said := restore(); code == 0 || !strings.Contains(said, "master.key is missing") {
		t.Error(code, said)
	}
	if code, said := restore("--keys", in("keys"), "--checkpoint", in("kept")); code == 0 || !strings.Contains(said, "would take the log back") {
		t.Fatal(code, said)
	}
	unsigned := append([]string{"restore", in("unsigned"), "--data", elsewhere}, opening...)
	if code, said := command(t, unsigned...); code == 0 || !strings.Contains(said, "--accept-unsigned") {
		t.Fatal(code, said)
	}
	if err := os.WriteFile(in("erasures"), []byte("2026-11-26T12:00:00Z person/"+found[1]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said = restore("--checkpoint", in("kept"), "--erasures", in("erasures"), "--accept-loss")
	if code != 0 || !strings.Contains(said, "entries are LOST") || !strings.Contains(said, "1 keys were destroyed again") {
		t.Fatal(code, said)
	}
	if code, said := command(t, "verify", "--data", elsewhere); code != 0 {
		t.Error(code, said)
	}
	s = serve(t, "--data", elsewhere)
	if got := s.ask(signIn("a long root password")); !strings.Contains(got, "viewer") || strings.Contains(got, "errors") {
		t.Fatal(got)
	}
	if got := s.ask("{ people(first: 10) { edges { node { name } } } }"); strings.Contains(got, "Anna") || strings.Contains(got, "Boriss") {
		t.Errorf("erased or lost, and there again: %s", got)
	}
	if got := s.ask(`mutation { setPassword(input: {link: "` + link[1] + `", password: "a long other password"}) { username } }`); !strings.Contains(got, "NOT_FOUND") {
		t.Errorf("a one-time link may work again: %s", got)
	}
	if got := s.ask(`{ systemLog(first: 5, filter: {action: "system.restored"}) { edges { cursor } } }`); !strings.Contains(got, `"cursor"`) {
		t.Errorf("the restore is not on record: %s", got)
	}
	if code, said := restore("--keys", in("keys")); code == 0 {
		t.Errorf("it was restored over a database in use: %s", said)
	}
}
