//go:build !unix

package queue

import (
	"os"
	"path/filepath"
)

// lockDir only opens the file: here nothing keeps a second process out.
func lockDir(dir string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
}

// syncDir does nothing: folders cannot be flushed here.
func syncDir(string) error { return nil }
