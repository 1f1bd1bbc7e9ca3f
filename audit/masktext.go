package audit

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

var (
	bearer     = regexp.MustCompile(`(?i)\b(?:bearer|basic|digest)\s+[A-Za-z0-9._~+/=-]{6,}`)
	webToken   = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*`)
	userInfo   = regexp.MustCompile(`://[^\s/?#]*@`)
	named      = regexp.MustCompile(`([A-Za-z0-9_%.\[\]-]+)(?:\\*["'\x60])?(?:[ \t]*=[ \t]*|\s*:\s*)`)
	oneName    = regexp.MustCompile(`[A-Za-z0-9_%.\[\]-]+`)
	cardDigits = regexp.MustCompile(`[0-9](?:[ -]?[0-9]){12,18}`)
)

// Text masks secrets within a text: JSON and forms by their names, what stands behind a name and "=" or ":" in any
// other, and tokens and card numbers anywhere.
func (m *Masks) Text(text string) string {
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		if value, ok := decodeJSON([]byte(trimmed)); ok {
			if masked, err := json.Marshal(m.Value(value)); err == nil {
				return string(masked)
			}
		}
	}
	text = userInfo.ReplaceAllString(text, "://"+Masked+"@")
	text = webToken.ReplaceAllString(bearer.ReplaceAllString(text, Masked), Masked)
	text = m.assigned(text)
	return cardDigits.ReplaceAllStringFunc(text, func(digits string) string {
		if isCard(digits) {
			return Masked
		}
		return digits
	})
}

// Mentions reports whether a secret's name stands anywhere in a text, whatever stands behind it.
func (m *Masks) Mentions(text string) bool {
	for _, name := range oneName.FindAllString(text, -1) {
		if m.hidesEscaped(name) {
			return true
		}
	}
	return false
}

func (m *Masks) hidesEscaped(name string) bool {
	plain, err := url.QueryUnescape(name)
	return err == nil && m.Hides(plain) || m.Hides(name)
}

// assigned masks the values behind secrets' names.
func (m *Masks) assigned(text string) string {
	if !strings.ContainsAny(text, "=:") {
		return text
	}
	var b strings.Builder
	for {
		at := named.FindStringSubmatchIndex(text)
		if at == nil {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:at[1]])
		name, header := text[at[2]:at[3]], strings.Contains(text[at[3]:at[1]], ":")
		text = text[at[1]:]
		if !m.hidesEscaped(name) {
			continue
		}
		end := valueEnd(text)
		if header && hasParts(name) {
			end = max(end, headerEnd(text))
		}
		if end > 0 {
			b.WriteString(Masked)
			text = text[end:]
		}
	}
}

// valueEnd is where a value ends that a text begins with: in quotes, which may be escaped, in brackets, or up to what parts
// values in forms and sentences. Where the quotes or brackets are not closed, it is the end of the text.
func valueEnd(text string) int {
	bare := strings.TrimLeft(text, `\`)
	escapes := text[:len(text)-len(bare)]
	switch {
	case strings.HasPrefix(text, Masked):
		return len(Masked)
	case strings.HasPrefix(bare, `"""`):
		return closed(text, escapes+`"""`)
	case bare != "" && strings.IndexByte("\"'`", bare[0]) >= 0:
		return closed(text, escapes+bare[:1])
	case bare != "" && strings.IndexByte("{[", bare[0]) >= 0:
		return bracketEnd(text)
	}
	if end := strings.IndexAny(text, "&; \t\r\n"); end >= 0 {
		return end
	}
	return len(text)
}

// hasParts reports whether a header may have several parts, such as a scheme and a token, or cookies.
func hasParts(header string) bool {
	plain := plainName(header)
	return strings.Contains(plain, "authorization") || strings.Contains(plain, "cookie")
}

// headerEnd is where a header's value ends: with its line, or with the quotes around all of it. It is 0 where the value
// stands in quotes or brackets of its own, or was masked already.
func headerEnd(text string) int {
	if strings.HasPrefix(text, Masked) || text != "" && strings.IndexByte("\"'`\\{[", text[0]) >= 0 {
		return 0
	}
	if end := strings.IndexAny(text, "\r\n\"'`"); end >= 0 {
		return end
	}
	return len(text)
}

// closed finds the end of what a quote opens and the next of its kind closes. An escaped one does not.
func closed(text, quote string) int {
	for at := len(quote); ; {
		next := strings.Index(text[at:], quote)
		if next < 0 {
			return len(text)
		}
		at += next
		if text[at-1] != '\\' || at == len(quote) {
			return at + len(quote)
		}
		at += len(quote)
	}
}

func bracketEnd(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
