package origin

import (
	"strings"
	"unicode/utf8"

	"github.com/mileusna/useragent"
)

// maxDevice is how many characters a device has at most: the sender chooses the text.
const maxDevice = 80

// Device says in words with what somebody came, such as "Chrome on Windows"; programs that are no browsers keep the
// name that they give themselves. "" when nothing is known.
func Device(userAgent string) string {
	seen := useragent.Parse(userAgent)
	program, system := seen.Name, seen.OS
	switch {
	case program == "" || !strings.Contains(userAgent, "Mozilla/"):
		return shortened(ownName(userAgent))
	case system == "":
		return shortened(program)
	}
	return shortened(program + " on " + system)
}

// ownName is the first product of a user agent (RFC 9110, section 10.1.5), without its version.
func ownName(userAgent string) string {
	product, _, _ := strings.Cut(strings.TrimSpace(userAgent), " ")
	name, _, _ := strings.Cut(product, "/")
	return name
}

func shortened(text string) string { return shortenedTo(text, maxDevice) }

func shortenedTo(text string, longest int) string {
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest-1]) + "…"
}
