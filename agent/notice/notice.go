// Package notice tells the person at the workstation that work time is recorded and why, before it is.
package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

const title = "Work time is recorded"

// Tell shows text once, and again when it was changed. It also lies in dir as notice.txt. An error says that the
// system had no way to show it: it is tried again at the next start.
func Tell(dir, text string) error {
	sum := sha256.Sum256([]byte(text))
	mark, told := filepath.Join(dir, "notice.told"), hex.EncodeToString(sum[:])
	if before, err := os.ReadFile(mark); err == nil && strings.TrimSpace(string(before)) == told {
		return nil
	}
	if err := os.WriteFile(filepath.Join(dir, "notice.txt"), []byte(text+"\n"), 0o600); err != nil {
		return err
	}
	if err := show(text); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(told+"\n"), 0o600)
}
