package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"

	"filippo.io/age"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/seal"
)

// KeyFile holds the two keys that a backup lacks on purpose: the master key, without which nothing sealed in it can be
// read, and the key that signs checkpoints. It belongs somewhere else than the backup. It is encrypted as a backup is.
type KeyFile struct {
	Format string `json:"format"`
	// MasterKey and CheckpointKey are the files' texts.
	MasterKey     string `json:"masterKey"`
	CheckpointKey string `json:"checkpointKey"`
}

const keyFormat = "keytrail-keys"

// ReadKeys reads the two keys from their files.
func ReadKeys(masterPath, checkpointPath string) (*KeyFile, error) {
	master, err := readSmall(masterPath)
	if err != nil {
		return nil, err
	}
	checkpoint, err := readSmall(checkpointPath)
	return &KeyFile{Format: keyFormat, MasterKey: string(master), CheckpointKey: string(checkpoint)}, err
}

// Same reports whether neither key was replaced between two readings.
func (k *KeyFile) Same(other *KeyFile) bool { return *k == *other }

// WriteFile encrypts the keys into a new file that only its owner can read.
func (k *KeyFile) WriteFile(path string, l Locks) error {
	recipients, err := l.recipients()
	if err != nil {
		return err
	}
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipients...)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	if err := seal.WriteSecretFile(path, out.Bytes()); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// OpenKeys reads a file that WriteFile made.
func OpenKeys(path string, o Opening) (*KeyFile, error) {
	identities, err := o.identities()
	if err != nil {
		return nil, err
	}
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var k KeyFile
	plain, err := age.Decrypt(f, identities...)
	if err == nil {
		var text []byte
		if text, err = io.ReadAll(io.LimitReader(plain, maxSmall)); err == nil {
			err = json.Unmarshal(text, &k)
		}
	}
	if err != nil || k.Format != keyFormat {
		return nil, fault.Wrap(err, fault.BadInput, "%s holds no keys of keytrail that this key or passphrase opens.", path)
	}
	return &k, nil
}

// Place puts the keys where they belong. A file that is there already has to hold the same: CONFLICT otherwise.
func (k *KeyFile) Place(masterPath, checkpointPath string) error {
	for _, one := range []struct{ path, text string }{{masterPath, k.MasterKey}, {checkpointPath, k.CheckpointKey}} {
		err := seal.WriteSecretFile(one.path, []byte(one.text))
		if errors.Is(err, fs.ErrExist) {
			there, readErr := os.ReadFile(one.path)
			if readErr == nil && string(there) == one.text {
				continue
			}
			return fault.Wrap(readErr, fault.Conflict, "%s is there and is not the key of this backup: restore into an empty data directory, or move the file away.", one.path)
		}
		if err != nil {
			return unwritable(one.path, err)
		}
	}
	return nil
}
