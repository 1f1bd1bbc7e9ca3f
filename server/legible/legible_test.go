package legible_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/legible"
)

func TestWhatNobodySeesIsFound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Ķ-101/2 №3", "E 0017", "Ja\u0304nis", "محمد", "日本 鍵", "o'neill@example.org", "+371 20 000 000"} {
		if legible.HasUnseen(text) {
			t.Errorf("%q is taken for one with more in it", text)
		}
	}
	for _, text := range []string{
		"123\u200b", "\u202e123", "123\u200e", "1\u20692", "1\u200d2", "1\u00ad2", "\ufeff1", "1\ufe0f", "1\u20282", "A\U000e0041", "\u3164", "1\u061c",
	} {
		if !legible.HasUnseen(text) {
			t.Errorf("nothing is found in %q", text)
		}
	}
}
