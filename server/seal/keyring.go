package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/core/cryptofmt"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// errOtherMaster says that a key was wrapped by a master key that is not in the keyring.
var errOtherMaster = errors.New("seal: wrapped by another master key")

// keyring is what a master key file holds: one key or, while it is rotated, the old and the new one, which is
// the primary. It does not change.
type keyring struct {
	text    []byte // of the file
	handle  *keyset.Handle
	primary uint32
	keys    map[uint32]tink.AEAD // by Tink's key id, which is never 0
}

func parseKeyring(text []byte) (*keyring, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, err
	}
	info := handle.KeysetInfo()
	r := &keyring{text: text, handle: handle, primary: info.GetPrimaryKeyId(), keys: map[uint32]tink.AEAD{}}
	for _, key := range info.GetKeyInfo() {
		if key.GetOutputPrefixType() != tink_go_proto.OutputPrefixType_TINK {
			return nil, errors.New("a key does not mark what it encrypts with its id")
		}
		alone, err := only(handle, key.GetKeyId())
		if err != nil {
			return nil, err
		}
		if r.keys[key.GetKeyId()], err = aead.New(alone); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// newKeyring makes a keyring with one key.
func newKeyring() (*keyring, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	return keyringOf(handle)
}

// keyringOf goes by way of the text, so that what is written is known to be readable.
func keyringOf(handle *keyset.Handle) (*keyring, error) {
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, err
	}
	return parseKeyring(text.Bytes())
}

// extended gives a keyring with one more key, which is the primary.
func (r *keyring) extended() (*keyring, error) {
	m := keyset.NewManagerFromHandle(r.handle)
	key, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	if err := m.SetPrimary(key); err != nil {
		return nil, err
	}
	handle, err := m.Handle()
	if err != nil {
		return nil, err
	}
	return keyringOf(handle)
}

// reduced gives a keyring with the primary only.
func (r *keyring) reduced() (*keyring, error) {
	handle, err := only(r.handle, r.primary)
	if err != nil {
		return nil, err
	}
	return keyringOf(handle)
}

// only gives a keyset with one of the keys of another.
func only(all *keyset.Handle, key uint32) (*keyset.Handle, error) {
	m := keyset.NewManagerFromHandle(all)
	if err := m.SetPrimary(key); err != nil {
		return nil, err
	}
	for _, other := range all.KeysetInfo().GetKeyInfo() {
		if other.GetKeyId() == key {
			continue
		}
		if err := m.Delete(other.GetKeyId()); err != nil {
			return nil, err
		}
	}
	return m.Handle()
}

// has reports whether the keyring holds the key that the fence names; 0 means the only one there is.
func (r *keyring) has(key uint32) bool { return key == 0 || r.keys[key] != nil }

// wrap encrypts a data key for its subject with the named key; 0 means the only one there is.
func (r *keyring) wrap(key uint32, subject Subject, raw []byte) ([]byte, error) {
	if key == 0 {
		key = r.primary
	}
	wrapped, err := r.keys[key].Encrypt(raw, []byte(subject))
	if err != nil {
		return nil, fmt.Errorf("seal: wrap the key of %s: %w", subject, err)
	}
	return wrapped, nil
}

// unwrap decrypts a data key. errOtherMaster when the keyring lacks the key that wrapped it.
func (r *keyring) unwrap(subject Subject, wrapped []byte) ([]byte, error) {
	key := r.keys[wrapper(wrapped)]
	if key == nil {
		return nil, errOtherMaster
	}
	raw, err := key.Decrypt(wrapped, []byte(subject))
	if err != nil {
		return nil, fmt.Errorf("seal: the stored key of %s is damaged: %w", subject, err)
	}
	return raw, nil
}

// wrapper reads which master key wrapped a data key: Tink's output begins with a 1 and the key's id, big-endian.
// 0 when it is none of Tink's.
func wrapper(wrapped []byte) uint32 {
	if len(wrapped) < cryptofmt.TinkPrefixSize || wrapped[0] != cryptofmt.TinkStartByte {
		return 0
	}
	return binary.BigEndian.Uint32(wrapped[1:cryptofmt.TinkPrefixSize])
}

// prefix is how everything begins that a master key wrapped.
func prefix(key uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{cryptofmt.TinkStartByte}, key)
}
