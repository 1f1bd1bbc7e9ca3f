package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/ledger"
)

// statement is what is signed of a manifest: whoever knows the recipients of backups can encrypt for them, and could
// otherwise make a backup that gives him an account.
func statement(origin string, manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return signedKind + "\n" + origin + "\n" + hex.EncodeToString(sum[:]) + "\n"
}

// signedKind begins what is signed, so that it can be no checkpoint.
const signedKind = "keytrail-backup/2"

func sign(l *ledger.Ledger, origin string, manifest []byte) ([]byte, error) {
	signed, err := l.SignStatement(statement(origin, manifest))
	return []byte(signed), err
}

// checkSignature checks that a manifest was signed with the key that its header names.
func checkSignature(h *Header, manifest, signed []byte) error {
	verifier, err := note.NewVerifier(h.VerifierKey)
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil || opened.Text != statement(h.Origin, manifest) {
		return errors.Join(errors.New("its manifest is not what was signed"), err)
	}
	return nil
}
