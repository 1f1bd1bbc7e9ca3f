package custody

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// orderOf turns a key's number into a text whose plain order is the natural one: 9 before 10, B-7 before b-10,
// whatever the case. Each run of digits is written without leading zeros behind its length. The number itself
// follows, so that different numbers never have the same text. It has at most 193 characters for 64.
func orderOf(number string) string {
	var b strings.Builder
	runes := []rune(number)
	for i := 0; i < len(runes); {
		if !isDigit(runes[i]) {
			b.WriteRune(unicode.ToLower(runes[i]))
			i++
			continue
		}
		end := i
		for end < len(runes) && isDigit(runes[end]) {
			end++
		}
		writeDigits(&b, string(runes[i:end]))
		i = end
	}
	return b.String() + " " + number
}

// composed gives a key's number in the form in which it is kept, so that it has one spelling however a program writes its
// accents (Unicode Normalization Form C, UAX 15). Other texts are kept exactly.
func composed(number string) string { return norm.NFC.String(number) }

// spellings are the forms in which numbers may be kept: composed, and taken apart where they came before numbers were composed.
func spellings(numbers ...string) []string {
	forms := make([]string, 0, len(numbers))
	for _, number := range numbers {
		whole := composed(number)
		forms = append(forms, whole)
		if apart := norm.NFD.String(whole); apart != whole {
			forms = append(forms, apart)
		}
	}
	return forms
}

// ordersOf is orderOf of each of the numbers' spellings.
func ordersOf(numbers ...string) []string {
	orders := spellings(numbers...)
	for i, one := range orders {
		orders[i] = orderOf(one)
	}
	return orders
}

// writeDigits writes "0219" for 19: longer numbers are larger, and those of one length compare digit by digit.
func writeDigits(b *strings.Builder, digits string) {
	digits = strings.TrimLeft(digits, "0")
	b.WriteByte(byte('0' + len(digits)/10))
	b.WriteByte(byte('0' + len(digits)%10))
	b.WriteString(digits)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
