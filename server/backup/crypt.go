package backup

import (
	"bytes"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"github.com/keytrail/keytrail/server/fault"
)

// Locks say for whom a backup is encrypted: recipients of age, or whoever knows a passphrase.
type Locks struct {
	// Recipients are public keys, such as age1….
	Recipients []string
	// PassphraseFile holds a passphrase in its first line.
	PassphraseFile string
	// Effort is the work factor of a passphrase, as a power of two; 0 means 18, about a second.
	Effort int
}

// minPassphrase is the least number of bytes of a passphrase: whoever has the file can try as often as he likes.
const minPassphrase = 12

// Set reports whether there is anything to encrypt with.
func (l Locks) Set() bool { return len(l.Recipients) > 0 || l.PassphraseFile != "" }

func (l Locks) recipients() ([]age.Recipient, error) {
	switch {
	case !l.Set():
		return nil, fault.New(fault.BadInput, "A backup is always encrypted: name a recipient with --backup-recipients (age-keygen makes one) or a file with a passphrase with --backup-passphrase-file.")
	case len(l.Recipients) > 0 && l.PassphraseFile != "":
		return nil, fault.New(fault.BadInput, "Name recipients or a passphrase for backups, not both.")
	case l.PassphraseFile != "":
		return l.byPassphrase()
	}
	found, err := age.ParseRecipients(strings.NewReader(strings.Join(l.Recipients, "\n")))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "A recipient of backups is none: write public keys such as age1…, with commas between them.")
	}
	return found, nil
}

func (l Locks) byPassphrase() ([]age.Recipient, error) {
	phrase, err := passphrase(l.PassphraseFile)
	if err != nil {
		return nil, err
	}
	one, err := age.NewScryptRecipient(phrase)
	if err == nil && l.Effort != 0 {
		one.SetWorkFactor(l.Effort)
	}
	return []age.Recipient{one}, err
}

func passphrase(path string) (string, error) {
	text, err := readSmall(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) < minPassphrase {
		return "", fault.New(fault.BadInput, "The passphrase in %s has %d characters: use at least %d.", path, len(line), minPassphrase)
	}
	return line, nil
}

// Opening says what opens a backup.
type Opening struct {
	// IdentityFile holds private keys of age, PassphraseFile a passphrase in its first line; one of them is empty.
	IdentityFile, PassphraseFile string
}

func (o Opening) identities() ([]age.Identity, error) {
	switch {
	case (o.IdentityFile == "") == (o.PassphraseFile == ""):
		return nil, fault.New(fault.BadInput, "Say what opens the backup: --identity with a file of age's private keys, or --backup-passphrase-file.")
	case o.PassphraseFile != "":
		phrase, err := passphrase(o.PassphraseFile)
		if err != nil {
			return nil, err
		}
		one, err := age.NewScryptIdentity(phrase)
		return []age.Identity{one}, err
	}
	text, err := readSmall(o.IdentityFile)
	if err != nil {
		return nil, err
	}
	found, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s holds no private keys of age: they are lines that begin with AGE-SECRET-KEY-.", o.IdentityFile)
	}
	return found, nil
}

// maxSmall bounds files of keys and passphrases.
const maxSmall = 1 << 20

func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxSmall))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	return text, nil
}
