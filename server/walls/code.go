package walls

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// alphabet has no signs that are taken for one another from afar.
	alphabet   = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeDigits = 8
	codeHalf   = codeDigits / 2
)

// newCode makes a code of 40 random bits, such as K7QM-2XWA.
func newCode() string {
	random := make([]byte, codeDigits)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the process instead
	for i := range random {
		random[i] = alphabet[int(random[i])%len(alphabet)]
	}
	return string(random[:codeHalf]) + "-" + string(random[codeHalf:])
}

// tidyCode reads a code as people type it. BAD_USER_INPUT when it can be none.
func tidyCode(typed string) (string, error) {
	code := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, typed))
	if len(code) != codeDigits || strings.Trim(code, alphabet) != "" {
		return "", fault.Field("code", "a code has eight letters and digits, such as K7QM-2XWA: read it from the display")
	}
	return code[:codeHalf] + "-" + code[codeHalf:], nil
}

func hashOfCode(code string) []byte {
	sum := sha256.Sum256([]byte("wall pairing\x00" + code))
	return sum[:]
}
