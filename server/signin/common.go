package signin

import (
	_ "embed"
	"strings"
	"unicode"

	"github.com/keytrail/keytrail/server/fault"
)

// commonPasswords is what is tried first by whoever guesses, one in lower case on each line. NIST SP 800-63B section
// 5.1.1.2 asks for such a list.
//
//go:embed common_passwords.txt
var commonPasswords string

// checkUncommon refuses a password that is on the list, and one that only adds digits and signs to what is.
func checkUncommon(field, password string) error {
	folded := foldUsername(password)
	bare := strings.TrimFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
	if isCommon(folded) || isCommon(bare) {
		return fault.Field(field, "the password is a very common one, or one with only digits and signs added: choose several unusual words")
	}
	return nil
}

func isCommon(word string) bool {
	return word != "" && !strings.Contains(word, "\n") && strings.Contains(commonPasswords, "\n"+word+"\n")
}
