package settings

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

const maxToken = 512

// ErrNoToken says that this person's agent was given none.
var ErrNoToken = errors.New("no token is stored: run \"keytrail-agent install\" and give it the token of this workstation")

// StoreToken keeps a token in dir: encrypted for this person on Windows, readable only by him elsewhere.
func StoreToken(dir string, token []byte) error {
	token = bytes.TrimSpace(token)
	if len(token) == 0 || len(token) > maxToken || bytes.ContainsAny(token, " \t\r\n") {
		return fmt.Errorf("a token is one word of at most %d characters", maxToken)
	}
	kept, err := protect(token)
	if err != nil {
		return fmt.Errorf("encrypt the token: %w", err)
	}
	name := filepath.Join(dir, "token")
	if err := os.WriteFile(name+"~", kept, 0o600); err != nil {
		return fmt.Errorf("store the token: %w", err)
	}
	return os.Rename(name+"~", name)
}

// Token gives the token in dir, or ErrNoToken. It refuses one that others can read.
func Token(dir string) (string, error) {
	name := filepath.Join(dir, "token")
	info, err := os.Stat(name)
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNoToken
	}
	if err != nil {
		return "", err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("others can read %s: make a new token, and store it with \"keytrail-agent install\"", name)
	}
	kept, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	token, err := unprotect(kept)
	if err != nil {
		return "", fmt.Errorf("decrypt the token, which only the person who stored it can: %w", err)
	}
	return string(bytes.TrimSpace(token)), nil
}
