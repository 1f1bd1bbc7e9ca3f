// Package logon has the system start the agent when its person logs on, and takes that back.
package logon

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

const name = "keytrail-agent"

// write makes the file and the folders above it.
func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// remove is content when nothing is there.
func remove(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// errCharacters says that a path can't be written down safely.
var errCharacters = errors.New("move keytrail-agent into a folder whose name has no quotes, dollar or percent signs, backslashes or line breaks")

func plain(program string) error {
	if strings.ContainsAny(program, "\"'`$%\n\r<>&") {
		return errCharacters
	}
	return nil
}
