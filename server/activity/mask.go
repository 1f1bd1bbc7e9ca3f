package activity

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/keytrail/keytrail/server/fault"
)

// Masked stands where a secret stood.
const Masked = "[masked]"

const (
	maxMaskNames = 200
	minCardDigit = 13
	maxCardDigit = 19
)

// secretWords mask every field in whose name they stand, written in lower case and without what is no letter or digit.
func secretWords() []string {
	return []string{
		"authorization", "cookie", "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey",
		"privatekey", "credential", "sessionid", "csrf", "xsrf", "cardnumber", "creditcard", "cvv", "cvc", "securitycode",
	}
}

// secretNames mask fields of exactly that name.
func secretNames() []string { return []string{"pan", "sid", "auth"} }

// secretParts mask fields of whose name they are a word, such as smtp_pass and pinCode, but not passenger and shipping.
func secretParts() []string { return []string{"pass", "pin", "otp", "jwt", "sig"} }

// Masks takes secrets out of what programs report. It is safe for concurrent use.
type Masks struct {
	words []string
	parts []string
	names map[string]bool
	text  *regexp.Regexp
	head  *regexp.Regexp
	card  *regexp.Regexp
}

// NewMasks makes the masks for what everybody calls secrets and for further names of fields, which mask every field in
// whose name they stand. BAD_USER_INPUT for a name of which no letter or digit is left, and for more than 200.
func NewMasks(more []string) (*Masks, error) {
	m := &Masks{
		words: secretWords(), parts: secretParts(), names: map[string]bool{},
		text: regexp.MustCompile(`(?i)\b(bearer|basic|digest)\s+[A-Za-z0-9._~+/=-]{6,}|\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*`),
		head: regexp.MustCompile(`(?i)\b(authorization|cookie)(["'\\]*\s*:\s*)[^\r\n]+`),
		card: regexp.MustCompile(`[0-9](?:[ -]?[0-9]){12,18}`),
	}
	for _, name := range secretNames() {
		m.names[name] = true
	}
	if len(more) > maxMaskNames {
		return nil, fault.New(fault.BadInput, "%d names of fields are to be masked; at most %d can be", len(more), maxMaskNames)
	}
	for _, name := range more {
		word := plainName(name)
		if word == "" {
			return nil, fault.New(fault.BadInput, "%.60q cannot be masked: write a name of a field, such as x-api-key", name)
		}
		m.words = append(m.words, word)
	}
	return m, nil
}

// plainName writes a name so that X-Api-Key, api_key and apiKey are one.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 0x80:
			return r
		}
		return -1
	}, name)
}

// hides reports whether what stands under a name is a secret.
func (m *Masks) hides(name string) bool {
	plain := plainName(name)
	if m.names[plain] {
		return true
	}
	for _, word := range m.words {
		if strings.Contains(plain, word) {
			return true
		}
	}
	for _, part := range m.parts {
		if strings.Contains(plain, part) && slices.Contains(wordsOf(name), part) {
			return true
		}
	}
	return false
}

// wordsOf gives the words of a name in lower case, as smtp_pass, smtpPass, SMTPPass and smtp-pass2 have them.
func wordsOf(name string) []string {
	var words []string
	letters := []rune(name)
	start := 0
	end := func(at int) {
		if at > start {
			words = append(words, strings.ToLower(string(letters[start:at])))
		}
		start = at
	}
	for i, r := range letters {
		switch {
		case !unicode.IsLetter(r):
			end(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])):
			end(i) // also before the last capital of several, which begins the next word
		}
	}
	end(len(letters))
	return words
}

// hidesPath reports whether a JSON pointer leads to a secret or into one.
func (m *Masks) hidesPath(path string) bool {
	for _, step := range stepsOf(path) {
		if m.hides(step) {
			return true
		}
	}
	return false
}

// hidesBeside reports whether a JSON pointer leads, in a value, to a secret of whose name only what stands beside it tells.
func (m *Masks) hidesBeside(v any, path string) bool {
	listed := false
	for _, step := range stepsOf(path) {
		switch at := v.(type) {
		case map[string]any:
			if isValue(step) && m.hidesValue(at) {
				return true
			}
			v, listed = at[step], false
		case []any:
			if listed && step == "1" && m.hidesSecond(at) {
				return true
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return false
			}
			v, listed = at[i], true
		default:
			return false
		}
	}
	return false
}

// unless gives a copy of a JSON value without secrets, nothing of it where all of it is one.
func (m *Masks) unless(secret bool, v any) any {
	if secret && v != nil {
		return Masked
	}
	return m.value(v)
}

// value gives a copy of a JSON value without secrets.
func (m *Masks) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		masked := make(map[string]any, len(v))
		secret := m.hidesValue(v)
		for name, one := range v {
			if one != nil && (m.hides(name) || secret && isValue(name)) {
				masked[name] = Masked
				continue
			}
			masked[name] = m.value(one)
		}
		return masked
	case []any:
		return m.list(v)
	case string:
		return m.inText(v)
	case json.Number:
		return unlessCard(v, v.String())
	case int:
		return unlessCard(v, strconv.Itoa(v))
	case int64:
		return unlessCard(v, strconv.FormatInt(v, 10))
	case uint64:
		return unlessCard(v, strconv.FormatUint(v, 10))
	case float64:
		return unlessCard(v, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return v
}

// unlessCard gives a number, masked when its digits are a card's.
func unlessCard(number any, digits string) any {
	if isCard(digits) {
		return Masked
	}
	return number
}

// hidesValue reports whether an object is a pair, such as {"name":"Cookie","value":"…"}, whose name says that its value is secret.
func (m *Masks) hidesValue(pair map[string]any) bool {
	for member, one := range pair {
		if strings.EqualFold(member, "name") || strings.EqualFold(member, "key") {
			if name, ok := one.(string); ok && m.hides(name) {
				return true
			}
		}
	}
	return false
}

// isValue reports whether a member of an object that is a pair is its value.
func isValue(member string) bool { return strings.EqualFold(member, "value") }

// hidesSecond reports whether a list is a pair, such as ["Cookie","…"], whose first says that its second is secret.
func (m *Masks) hidesSecond(pair []any) bool {
	if len(pair) != 2 {
		return false
	}
	name, ok := pair[0].(string)
	return ok && m.hides(name)
}

// list masks elements, and in a list of pairs the second of a pair that a secret's name begins.
func (m *Masks) list(values []any) []any {
	masked := make([]any, len(values))
	for i, one := range values {
		if pair, ok := one.([]any); ok && m.hidesSecond(pair) {
			masked[i] = []any{pair[0], Masked}
			continue
		}
		masked[i] = m.value(one)
	}
	return masked
}

// inText masks a text that holds JSON or a form as such, and in any other what looks like a token or a card's number.
func (m *Masks) inText(text string) string {
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		if value, err := decodeValue([]byte(trimmed)); err == nil {
			if masked, err := json.Marshal(m.value(value)); err == nil {
				return string(masked)
			}
		}
	}
	if strings.Contains(text, "=") {
		text = m.inQuery(text)
	}
	return m.loose(text)
}

// loose masks tokens and card numbers wherever they stand in a text. Most texts hold none, and are seen not to in one pass.
func (m *Masks) loose(text string) string {
	if mayHoldToken(text) {
		text = m.head.ReplaceAllString(m.text.ReplaceAllString(text, Masked), "${1}${2}"+Masked)
	}
	if !mayHoldCard(text) {
		return text
	}
	return m.card.ReplaceAllStringFunc(text, func(digits string) string {
		if isCard(digits) {
			return Masked
		}
		return digits
	})
}

// mayHoldToken reports whether one of the words with which tokens, and headers that hold them, begin stands in a text, in letters of
// either case.
func mayHoldToken(text string) bool {
	for i := range len(text) {
		var words []string
		switch text[i] | 0x20 {
		case 'a':
			words = []string{"authorization"}
		case 'c':
			words = []string{"cookie"}
		case 'b':
			words = []string{"bearer", "basic"}
		case 'd':
			words = []string{"digest"}
		case 'e':
			words = []string{"eyj"}
		}
		for _, word := range words {
			if end := i + len(word); end <= len(text) && strings.EqualFold(text[i:end], word) {
				return true
			}
		}
	}
	return strings.ContainsAny(text, "\u017f\u212a") // the long s and the sign of the kelvin, an s and a k to the expressions, are more than a byte
}

// mayHoldCard reports whether a text has digits enough for a card's number.
func mayHoldCard(text string) bool {
	digits := 0
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= minCardDigit
}

// inQuery masks the values of secrets in a form, in the query of an address, and after a name and "=" anywhere else. A
// secret's value may hold commas.
func (m *Masks) inQuery(text string) string {
	var b strings.Builder
	for rest := text; rest != ""; {
		end := strings.IndexAny(rest, "&;?# \n\r\t,")
		part, separator := rest, ""
		if end >= 0 {
			part, separator = rest[:end], rest[end:end+1]
		}
		if name, value, ok := strings.Cut(part, "="); ok && value != "" && m.hides(unescaped(name)) {
			secret := rest
			if end := strings.IndexAny(rest, "&; \n\r\t"); end >= 0 {
				secret = rest[:end]
			}
			b.WriteString(name + "=" + Masked)
			rest = rest[len(secret):]
			continue
		}
		rest = rest[len(part)+len(separator):]
		b.WriteString(part + separator)
	}
	return b.String()
}

func unescaped(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// address masks a URL: who signs in with it, and the secrets of its query.
func (m *Masks) address(text string) string {
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		authority, path, _ := strings.Cut(rest, "/")
		if at := strings.LastIndex(authority, "@"); at >= 0 {
			text = scheme + "://" + Masked + authority[at:]
			if len(authority) < len(rest) {
				text += "/" + path
			}
		}
	}
	return m.loose(m.inQuery(text))
}

// isCard reports whether digits, with spaces and dashes between, are a card's number: 13 to 19 that Luhn's check holds of.
func isCard(text string) bool {
	sum, digits, double := 0, 0, false
	for i := len(text) - 1; i >= 0; i-- {
		c := text[i]
		if c == ' ' || c == '-' {
			continue
		}
		if c < '0' || c > '9' {
			return false
		}
		n := int(c - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum, digits, double = sum+n, digits+1, !double
	}
	return digits >= minCardDigit && digits <= maxCardDigit && sum%10 == 0 && strings.Trim(text, "0 -") != ""
}
