package tokens

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"strings"
)

// A token is "ktr_", 256 random bits as 43 digits of base 62, and their CRC-32 (IEEE, over all before it) as 6 digits.
// The prefix and the checksum let secret scanners recognise one, and tell a mistyped one from one that is unknown
// without asking the database. Pattern is what a scanner looks for.
const (
	Pattern = `\bktr_[0-9A-Za-z]{49}\b`

	prefix         = "ktr_"
	digits         = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	randomBytes    = 32
	randomDigits   = 43
	checksumDigits = 6
)

// newSecret makes a token.
func newSecret() string {
	var random [randomBytes]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the process instead
	body := prefix + inBase62(new(big.Int).SetBytes(random[:]), randomDigits)
	return body + checksum(body)
}

// wellFormed reports whether a text can be a token.
func wellFormed(secret string) bool {
	if len(secret) != len(prefix)+randomDigits+checksumDigits || !strings.HasPrefix(secret, prefix) {
		return false
	}
	body := secret[:len(secret)-checksumDigits]
	return secret[len(body):] == checksum(body)
}

func checksum(body string) string {
	return inBase62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(body)))), checksumDigits)
}

// inBase62 writes a number with leading zeros. big.Int has the small letters first.
func inBase62(n *big.Int, width int) string {
	swapped := strings.Map(func(r rune) rune { return rune(digits[strings.IndexRune(bigDigits, r)]) }, n.Text(len(digits)))
	return strings.Repeat("0", width-len(swapped)) + swapped
}

// bigDigits are those of big.Int.Text.
const bigDigits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// hashOf is what is stored of a token. It needs no salt and no slow hash, since nobody can guess 256 random bits.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
