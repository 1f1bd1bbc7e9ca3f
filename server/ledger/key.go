package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
)

// VerifierOf derives the public line from a private one: "PRIVATE+KEY+<name>+<hash>+<algorithm and seed>".
func VerifierOf(private string) (string, error) {
	fields := strings.SplitN(private, "+", 5)
	if len(fields) != 5 {
		return "", fault.New(fault.Unavailable, "the key that signs checkpoints cannot be read: put back its copy")
	}
	seed, err := base64.StdEncoding.DecodeString(fields[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", fault.New(fault.Unavailable, "the key that signs checkpoints is not an Ed25519 key: put back its copy")
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(fields[2], public)
}
