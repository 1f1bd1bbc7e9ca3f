package mysql

import (
	"context"
	"errors"
	"fmt"
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
	if err := writePid(f); err != nil {
		return false, errors.Join(unwritable(filepath.Dir(p.paths.lock), err), f.Close())
	}
	p.lock = f
	return true, nil
}

func writePid(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// holder names the process that holds the lock, as far as it is known.
func (p *Private) holder() string {
	text, err := os.ReadFile(p.paths.lock)
	pid := strings.TrimSpace(string(text))
	if err != nil || pid == "" {
		return ""
	}
	return fmt.Sprintf(" (pid %s)", pid)
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
