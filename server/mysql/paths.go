package mysql

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keytrail/keytrail/server/fault"
)

// maxSocketPath is what fits into a socket address on every system: 104 bytes with the closing zero.
const maxSocketPath = 103

// paths are the places of a private server, in and beside its data directory.
type paths struct {
	data     string // InnoDB's files
	tmp      string // its own: servers that share one remove each other's files
	run      string // 0700, holds the socket
	socket   string
	pid      string
	lock     string // held by the keytrail that owns the server
	inUse    string // held, shared, by commands that use it
	accounts string
	log      string
}

// dataName is the directory of InnoDB's files in a data directory.
const dataName = "mysql"

// HasPrivate reports whether a data directory holds a private database, or cannot be looked into.
func HasPrivate(dataDir string) bool {
	_, err := os.Stat(filepath.Join(dataDir, dataName))
	return !errors.Is(err, fs.ErrNotExist)
}

// preparePaths makes the directories and shows that they can be written.
func preparePaths(dataDir string) (paths, error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return paths{}, unwritable(dataDir, err)
	}
	p := paths{
		data:     filepath.Join(dir, dataName),
		tmp:      filepath.Join(dir, "mysql.tmp"),
		pid:      filepath.Join(dir, "mysql.pid"),
		lock:     filepath.Join(dir, "lock"),
		inUse:    filepath.Join(dir, "in-use"),
		accounts: filepath.Join(dir, "database.json"),
		log:      filepath.Join(dir, "mysql.log"),
	}
	if err := os.MkdirAll(p.tmp, 0o700); err != nil {
		return paths{}, unwritable(dir, err)
	}
	if p.run, err = runDir(dir); err != nil {
		return paths{}, err
	}
	p.socket = filepath.Join(p.run, "mysql.sock")
	return p, nil
}

// runDir gives a directory that only this user can enter: the server lets everybody write to its socket.
func runDir(dir string) (string, error) {
	run := filepath.Join(dir, "run")
	if len(filepath.Join(run, "mysql.sock")) > maxSocketPath {
		sum := sha256.Sum256([]byte(dir))
		run = filepath.Join(os.TempDir(), "keytrail-"+hex.EncodeToString(sum[:8]))
	}
	if len(filepath.Join(run, "mysql.sock")) > maxSocketPath {
		return "", fault.New(fault.BadInput, "The path of the data directory %s is too long for a unix socket, and so is %s. "+
			"Choose a shorter one with KEYTRAIL_DATA.", dir, os.TempDir())
	}
	if err := os.Mkdir(run, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", unwritable(dir, err)
	}
	info, err := os.Lstat(run)
	if err != nil {
		return "", unwritable(dir, err)
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !ownedByMe(info) {
		return "", fault.New(fault.Unavailable, "%s must be a directory of this user with mode 0700. Remove it and start again.", run)
	}
	return run, nil
}

func unwritable(dir string, err error) error {
	why := err
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		why = pathError.Err
	}
	return fault.Wrap(err, fault.Unavailable, "The data directory %s cannot be written: %v. "+
		"Give keytrail's user the right to, or choose another with KEYTRAIL_DATA.", dir, why)
}
