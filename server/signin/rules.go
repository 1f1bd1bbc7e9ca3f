package signin

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/legible"
)

// Bounds of names and passwords, in characters.
const (
	MaxUsername = 64
	MinPassword = 8
	MaxPassword = 200
)

const (
	// freeFailures in a row cost no waiting.
	freeFailures = 4
	longestDelay = 15 * time.Minute
	// forgottenAfter is how long after the last failure the count starts anew.
	forgottenAfter = time.Hour
	// failuresOfName is how many failures in an hour, from networks where nobody got in with this name, make others
	// from such networks wait. One of them is forgotten each forgetsOneIn.
	failuresOfName = 50
	forgetsOneIn   = forgottenAfter / failuresOfName
	// welcomeFor is how long a network counts as one from which somebody got in.
	welcomeFor = 30 * 24 * time.Hour
)

// delayAfter gives how long a name waits at one network after so many failures in a row there: nothing up to the
// fourth, then 2, 4, 8 … seconds, at most 15 minutes. Other networks do not wait, since otherwise anybody could
// keep another out for good with a failure each time that the delay ends.
func delayAfter(failures int) time.Duration {
	n := failures - freeFailures
	if n <= 0 {
		return 0
	}
	if n > 9 { // 2^10 s is longer than the longest
		return longestDelay
	}
	return time.Second << n
}

// stillCounted gives how many of a name's failures count so long after the last.
func stillCounted(failures int, since time.Duration) int {
	return max(0, failures-int(since/forgetsOneIn))
}

// tidyUsername gives a user name as it is kept. BAD_USER_INPUT when nobody can have it.
func tidyUsername(typed string) (string, error) {
	name := strings.TrimSpace(typed)
	n := utf8.RuneCountInString(name)
	switch {
	case n == 0:
		return "", fault.Field("username", "enter a user name")
	case n > MaxUsername:
		return "", fault.Field("username", "a user name has at most %d characters", MaxUsername)
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return "", fault.Field("username", "a user name holds no spaces and no control characters")
	}
	return name, nil
}

// newUsername is tidyUsername of a name that is to be given: it holds nothing that nobody sees either, by which one account
// could pass for another.
func newUsername(typed string) (string, error) {
	name, err := tidyUsername(typed)
	if err == nil && legible.HasUnseen(name) {
		err = fault.Field("username", "a user name holds no characters that cannot be seen")
	}
	return name, err
}

// foldUsername maps the spellings of one user name to one text.
func foldUsername(name string) string { return cases.Fold().String(norm.NFKC.String(name)) }

// checkNewPassword says what is wrong with a password that somebody wants to use from now on.
func checkNewPassword(field, password, username string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fault.Field(field, "the password is not valid UTF-8")
	case n < MinPassword:
		return fault.Field(field, "the password has %d characters; use at least %d", n, MinPassword)
	case n > MaxPassword:
		return fault.Field(field, "the password has %d characters; use at most %d", n, MaxPassword)
	case foldUsername(password) == foldUsername(username):
		return fault.Field(field, "the password is the user name: choose another")
	}
	return checkUncommon(field, password)
}

// checkGivenPassword refuses what no password can be, before any work is done for it.
func checkGivenPassword(field, password string) error {
	if password == "" {
		return fault.Field(field, "enter a password")
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		return fault.Field(field, "a password has at most %d characters", MaxPassword)
	}
	return nil
}
