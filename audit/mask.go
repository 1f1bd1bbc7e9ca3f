package audit

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masked stands where a secret stood.
const Masked = "[masked]"

var (
	maskedParts = []string{
		"authorization", "cookie", "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey",
		"privatekey", "credential", "sessionid", "csrf", "xsrf", "cardnumber", "creditcard", "cvv", "cvc", "securitycode",
	}
	maskedNames = map[string]bool{"pan": true, "sid": true, "auth": true}
	// maskedWords hide a name of which they are a word, such as smtp_pass and pinCode, but not passenger and shipping.
	maskedWords = []string{"pass", "pin", "otp", "jwt", "sig"}
)

// Masks takes secrets out of what is recorded: the values of fields, headers and parameters whose name says that they
// are secret (Authorization, Cookie, Set-Cookie, password, token, …), who signs in with a URL, and tokens and card
// numbers (by Luhn's check) wherever they stand in a text. The zero value masks these; NewMasks adds to them. It is never
// changed and safe for concurrent use.
type Masks struct{ more []string }

// NewMasks masks further names, and every name that contains one of them; case, "-" and "_" do not matter.
func NewMasks(more ...string) *Masks {
	m := &Masks{}
	for _, name := range more {
		if plain := plainName(name); plain != "" {
			m.more = append(m.more, plain)
		}
	}
	return m
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= utf8.RuneSelf:
			return r
		}
		return -1
	}, name)
}

// Hides reports whether what stands under a name is a secret.
func (m *Masks) Hides(name string) bool {
	plain := plainName(name)
	if maskedNames[plain] {
		return true
	}
	for _, list := range [][]string{maskedParts, m.more} {
		for _, part := range list {
			if strings.Contains(plain, part) {
				return true
			}
		}
	}
	for _, word := range maskedWords {
		if strings.Contains(plain, word) && slices.Contains(wordsOf(name), word) {
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

// Value gives a copy of a value without secrets: of a JSON value (maps, lists, texts, numbers), or of what encoding/json
// makes of any other, of which the names are known only so. It gives TooLarge for one of more than 64 KiB.
func (m *Masks) Value(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case map[string]any:
		masked := make(map[string]any, len(v))
		secret := m.hidesValue(v)
		for name, one := range v {
			if masked[name] = Masked; one == nil || !m.Hides(name) && !(secret && isValue(name)) {
				masked[name] = m.Value(one)
			}
		}
		return masked
	case []any:
		return m.list(v)
	case string:
		return m.Text(v)
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
	text, err := json.Marshal(v)
	if err == nil && len(text) > MaxEventBytes {
		return TooLarge
	}
	if value, ok := decodeJSON(text); err == nil && ok {
		return m.Value(value)
	}
	return "[cannot be written]"
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
			if m.hidesBy(one) {
				return true
			}
		}
	}
	return false
}

// isValue reports whether a member of an object that is a pair is its value.
func isValue(member string) bool { return strings.EqualFold(member, "value") }

// hidesSecond reports whether a list is a pair, such as ["Cookie","…"], whose first says that its second is secret.
func (m *Masks) hidesSecond(pair []any) bool { return len(pair) == 2 && m.hidesBy(pair[0]) }

// hidesBy reports whether a text, of fields or of a JSON value, is the name of a secret.
func (m *Masks) hidesBy(one any) bool {
	if field, ok := one.(leaf); ok {
		one = field.value
	}
	name, ok := one.(string)
	return ok && m.Hides(name)
}

// list masks elements, and in a list of pairs the second of a pair that a secret's name begins.
func (m *Masks) list(values []any) []any {
	masked := make([]any, len(values))
	for i, one := range values {
		if pair, ok := one.([]any); ok && m.hidesSecond(pair) {
			masked[i] = []any{pair[0], Masked}
			continue
		}
		masked[i] = m.Value(one)
	}
	return masked
}

// Pairs masks headers, query parameters and forms. A single value stands alone, several as a list.
func (m *Masks) Pairs(pairs map[string][]string) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	masked := make(map[string]any, len(pairs))
	for name, values := range pairs {
		switch {
		case m.Hides(name):
			masked[name] = Masked
		case len(values) == 1:
			masked[name] = m.Text(values[0])
		default:
			list := make([]any, len(values))
			for i, value := range values {
				list[i] = m.Text(value)
			}
			masked[name] = list
		}
	}
	return masked
}

// URL gives an address without user, password and secrets in its query and path.
func (m *Masks) URL(u *url.URL) string {
	if u == nil {
		return ""
	}
	bare := *u
	if bare.User != nil {
		bare.User = nil
	}
	return m.Text(bare.String())
}

func decodeJSON(text []byte) (any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil || decoder.More() {
		return nil, false
	}
	return v, true
}

// isCard reports whether a text is 13 to 19 digits, with spaces or dashes between, that Luhn's check holds of.
func isCard(text string) bool {
	sum, digits, zero := 0, 0, true
	for i := len(text) - 1; i >= 0; i-- {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			n := int(c - '0')
			zero = zero && n == 0
			if digits%2 == 1 {
				if n *= 2; n > 9 {
					n -= 9
				}
			}
			sum += n
			digits++
		case c != ' ' && c != '-':
			return false
		}
	}
	return digits >= 13 && digits <= 19 && sum%10 == 0 && !zero
}
