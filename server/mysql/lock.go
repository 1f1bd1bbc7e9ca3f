package mysql

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// tryLock takes the data directory's lock for this process; false when another holds it.
func (p *Private) tryLock() (bool, error) {
	f, err := os.OpenFile(p.paths.lock, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false, unwritable(filepath.Dir(p.paths.lock), err)
	}
	locked, err := flock(f, false)
	if err != nil || !locked {
		return false, errors.Join(err, f.Close())
	}
	if err := claim(f, p.lends); err != nil {
		return false, errors.Join(unwritable(filepath.Dir(p.paths.lock), err), f.Close())
	}
	p.lock = f
	return true, nil
}

// claim writes into the lock file who holds it: the pid, and whether only until a command has ended.
func claim(f *os.File, lends bool) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	text := strconv.Itoa(os.Getpid())
	if lends {
		text += " " + forACommand
	}
	_, err := f.WriteAt([]byte(text+"\n"), 0)
	return err
}

const forACommand = "command"

// holder tells who holds the lock, as far as it is known: words for a message, and whether it is a command.
func (p *Private) holder() (who string, command bool) {
	text, err := os.ReadFile(p.paths.lock)
	fields := strings.Fields(string(text))
	if err != nil || len(fields) == 0 {
		return "", false
	}
	return fmt.Sprintf(" (pid %s)", fields[0]), len(fields) > 1 && fields[1] == forACommand
}

// readPid reads a pid file; 0 when there is none.
func readPid(path string) int {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

// lockShared marks the server as used by this process, until the file is closed.
func lockShared(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	locked, err := flock(f, true)
	if err == nil && !locked {
		err = errors.New("the server is about to stop")
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// waitUntilUnused waits for the commands that attached to the server, as long as ctx allows.
func waitUntilUnused(ctx context.Context, path string) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	for {
		unused, err := flock(f, false)
		if unused || err != nil || sleep(ctx, 5*pollInterval) != nil {
			return
		}
	}
}
