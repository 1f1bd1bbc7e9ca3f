//go:build !unix

package seal

import (
	"io/fs"
	"os"
)

// lockFile leaves it to the turn in the database that only one process rotates.
func lockFile(*os.File) (bool, error) { return true, nil }

func giveTo(*os.File, fs.FileInfo) error { return nil }
