package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// Master wraps data keys. It is a Tink keyset, so that it can be rotated.
type Master struct{ aead tink.AEAD }

// LoadMaster reads the master key file, a Tink keyset as JSON, readable by its owner only.
// A missing file is an fs.ErrNotExist.
func LoadMaster(path string) (*Master, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Unavailable,
			"others may read the master key file %s: allow only its owner (chmod 600) and start again", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable,
			"the master key file %s is damaged: put back its copy; without it nothing personal can be read", path)
	}
	return newMaster(handle)
}

// CreateMaster makes a master key and writes it to a new file with mode 0600, durably.
func CreateMaster(path string) (*Master, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: make the master key: %w", err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, fmt.Errorf("seal: write the master key: %w", err)
	}
	if err := WriteSecretFile(path, text.Bytes()); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the master key cannot be written to %s", path)
	}
	return newMaster(handle)
}

// OpenMaster loads the master key of a database, and makes one when neither the file nor any key in the
// database exists yet. A missing file beside existing keys is a fault: a new key would not open them.
func OpenMaster(ctx context.Context, q mysql.Querier, path string) (*Master, error) {
	m, err := LoadMaster(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	var keys int
	if err := q.Get(ctx, &keys, "SELECT COUNT(*) FROM (SELECT 1 FROM seal_key LIMIT 1) AS some"); err != nil {
		return nil, err
	}
	if keys > 0 {
		return nil, fault.New(fault.Unavailable,
			"the master key file %s is missing, and this database was sealed with it: put it back (KEYTRAIL_MASTER_KEY_FILE names its place)", path)
	}
	return CreateMaster(path)
}

func newMaster(handle *keyset.Handle) (*Master, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("seal: use the master key: %w", err)
	}
	return &Master{aead: primitive}, nil
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
