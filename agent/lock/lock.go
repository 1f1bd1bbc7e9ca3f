// Package lock lets one process at a time have a folder. The system takes the lock back when the process ends, however.
package lock

import (
	"errors"
	"os"
	"path/filepath"
)

// ErrTaken says that another process has the folder.
var ErrTaken = errors.New("keytrail-agent is running already")

// Take locks dir until the file is closed, or gives ErrTaken at once.
func Take(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if !try(file) {
		return nil, errors.Join(ErrTaken, file.Close())
	}
	return file, nil
}
