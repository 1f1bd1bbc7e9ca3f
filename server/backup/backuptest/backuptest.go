// Package backuptest changes backups as whoever knows their recipients or passphrase can.
package backuptest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// Repacked decrypts a backup, changes the frames in it, and encrypts it again.
func Repacked(t testing.TB, file []byte, identity age.Identity, recipient age.Recipient, change func(plain []byte) []byte) []byte {
	t.Helper()
	locked, err := age.Decrypt(bytes.NewReader(file), identity)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := zstd.NewReader(locked)
	if err != nil {
		t.Fatal(err)
	}
	defer unpacked.Close()
	plain, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to, err := age.Encrypt(&out, recipient)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := zstd.NewWriter(to)
	if err != nil {
		t.Fatal(err)
	}
	_, err = packed.Write(change(plain))
	if err := errors.Join(err, packed.Close(), to.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// WithoutSignature leaves out the last frame of a backup, which is the signature of its manifest.
func WithoutSignature(plain []byte) []byte {
	signed := plain[bytes.LastIndex(plain, []byte("keytrail-backup/2\n")):]
	return plain[:len(plain)-len(frame('S', signed))]
}

// Unsigned makes a backup one of the version that was not signed.
func Unsigned(t testing.TB, plain []byte) []byte {
	t.Helper()
	plain = bytes.Replace(WithoutSignature(plain), []byte(`"keytrail-backup","version":2`), []byte(`"keytrail-backup","version":1`), 1)
	begins := bytes.LastIndex(plain, []byte(`{"format":"keytrail-backup"`))
	var manifest map[string]any
	numbers := json.NewDecoder(bytes.NewReader(plain[begins:]))
	numbers.UseNumber()
	if err := numbers.Decode(&manifest); err != nil {
		t.Fatal(err)
	}
	manifest["version"] = 1
	for _, table := range manifest["tables"].([]any) {
		delete(table.(map[string]any), "columns")
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	head := len(frame('E', plain[begins:])) - len(plain[begins:])
	return append(bytes.Clone(plain[:begins-head]), frame('E', text)...)
}

func frame(kind byte, payload []byte) []byte {
	return append(binary.AppendUvarint([]byte{kind}, uint64(len(payload))), payload...)
}
