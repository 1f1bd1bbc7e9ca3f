package seal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// Master wraps data keys. It is a Tink keyset in a file, which any process may replace by rotating it; the others
// read it again when they meet a key that theirs does not open. It is safe for concurrent use.
type Master struct {
	path    string
	reading sync.Mutex
	ring    atomic.Pointer[keyring]
}

// LoadMaster reads the master key file, a Tink keyset as JSON, readable by its owner only.
// A missing file is an fs.ErrNotExist.
func LoadMaster(path string) (*Master, error) {
	ring, err := readKeyring(path)
	if err != nil {
		return nil, err
	}
	return newMaster(path, ring), nil
}

// CreateMaster makes a master key and writes it to a new file with mode 0600, durably.
func CreateMaster(path string) (*Master, error) {
	ring, err := newKeyring()
	if err != nil {
		return nil, fmt.Errorf("seal: make the master key: %w", err)
	}
	if err := WriteSecretFile(path, ring.text); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the master key cannot be written to %s", path)
	}
	return newMaster(path, ring), nil
}

// OpenMaster loads the master key of a database, and makes one when neither the file nor any key in the
// database exists yet. A missing file beside existing keys is a fault: a new key would not open them. So is a
// file from before the last rotation.
func OpenMaster(ctx context.Context, q mysql.Querier, path string) (*Master, error) {
	m, err := LoadMaster(path)
	if errors.Is(err, fs.ErrNotExist) {
		return firstMaster(ctx, q, path)
	}
	if err != nil {
		return nil, err
	}
	f, err := readFence(ctx, q, selectFence)
	if err != nil {
		return nil, err
	}
	_, err = m.holding(f.MasterKey)
	return m, err
}

func firstMaster(ctx context.Context, q mysql.Querier, path string) (*Master, error) {
	var keys int
	if err := q.Get(ctx, &keys, "SELECT COUNT(*) FROM (SELECT 1 FROM seal_key LIMIT 1) AS some"); err != nil {
		return nil, err
	}
	f, err := readFence(ctx, q, selectFence)
	if err != nil {
		return nil, err
	}
	if keys > 0 || f.MasterKey != 0 {
		return nil, fault.New(fault.Unavailable,
			"the master key file %s is missing, and this database was sealed with it: put it back (KEYTRAIL_MASTER_KEY_FILE names its place)", path)
	}
	m, err := CreateMaster(path)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		return LoadMaster(path)
	}
	return m, err
}

func newMaster(path string, ring *keyring) *Master {
	m := &Master{path: path}
	m.ring.Store(ring)
	return m
}

// reload reads the file again. What it gives was read after the call began.
func (m *Master) reload() (*keyring, error) {
	m.reading.Lock()
	defer m.reading.Unlock()
	ring, err := readKeyring(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(err, fault.Unavailable, "the master key file %s is missing: put it back", m.path)
	}
	if err != nil {
		return nil, err
	}
	m.ring.Store(ring)
	return ring, nil
}

// holding gives a keyring with the key that the fence names, read again where this process was behind.
func (m *Master) holding(key uint32) (*keyring, error) {
	if ring := m.ring.Load(); ring.has(key) {
		return ring, nil
	}
	ring, err := m.reload()
	if err != nil {
		return nil, err
	}
	if !ring.has(key) {
		return nil, wrongMaster(m.path)
	}
	return ring, nil
}

// unwrap decrypts a data key, reading the file again before it gives up. errOtherMaster when that did not help.
func (m *Master) unwrap(subject Subject, wrapped []byte) ([]byte, error) {
	raw, err := m.ring.Load().unwrap(subject, wrapped)
	if !errors.Is(err, errOtherMaster) {
		return raw, err
	}
	ring, err := m.reload()
	if err != nil {
		return nil, err
	}
	return ring.unwrap(subject, wrapped)
}

func wrongMaster(path string) error {
	return fault.New(fault.Unavailable, "the master key in %s does not open this database's keys: put the file that belongs to it in its place. "+
		"A running database needs the file as the last rotation left it; one that was restored from a backup needs the copy from the time of that backup", path)
}

// readKeyring reads the file. What is read while another process replaces the file may be the noise that the old one is
// overwritten with; then the path names another file by now, and that one is read.
func readKeyring(path string) (*keyring, error) {
	for attempt := 1; ; attempt++ {
		text, read, err := readSecretFile(path)
		if err != nil {
			return nil, err
		}
		ring, err := parseKeyring(text)
		if err == nil {
			return ring, nil
		}
		if named, missing := os.Stat(path); attempt < maxReadings && missing == nil && !os.SameFile(read, named) {
			continue
		}
		return nil, fault.Wrap(err, fault.Unavailable,
			"the master key file %s is damaged: put back its copy; without it nothing personal can be read", path)
	}
}

// maxReadings is how often the file is read while others replace it.
const maxReadings = 5

func readSecretFile(path string) ([]byte, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, nil, fault.New(fault.Unavailable,
			"others may read the master key file %s: allow only its owner (chmod 600) and start again", path)
	}
	text, err := io.ReadAll(f)
	return text, info, err
}

// WriteSecretFile writes a new file that only its owner can read, durably, whole or not at all, and never over
// another: a lost key is lost data. An existing file is an fs.ErrExist.
func WriteSecretFile(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
