package tlog

import (
	"strconv"
	"strings"
)

const (
	fullWidth = 256
	// maxGroups bounds a number to 18 digits, which fit 64 bits.
	maxGroups = 6
)

// parseNumber reads the last part of a tile's address: a number in groups of three digits, all but the last with
// an x in front, and ".p/<width>" when it is partial. x001/x234/067.p/8 is tile 1234067 with 8 hashes.
func parseNumber(text string) (number uint64, width int, ok bool) {
	width = fullWidth
	if whole, part, partial := strings.Cut(text, ".p/"); partial {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil || n == 0 || strconv.FormatUint(n, 10) != part {
			return 0, 0, false
		}
		text, width = whole, int(n)
	}
	groups := strings.Split(text, "/")
	if len(groups) > maxGroups || (len(groups) > 1 && groups[0] == "x000") {
		return 0, 0, false
	}
	for i, group := range groups {
		if i < len(groups)-1 {
			var marked bool
			if group, marked = strings.CutPrefix(group, "x"); !marked {
				return 0, 0, false
			}
		}
		n, err := strconv.ParseUint(group, 10, 64)
		if err != nil || len(group) != 3 {
			return 0, 0, false
		}
		number = number*1000 + n
	}
	return number, width, true
}
