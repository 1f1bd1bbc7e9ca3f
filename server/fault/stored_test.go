package fault_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
)

func TestAStoredTextIsSaidInEveryLanguageAsTheOneThatWasStored(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		path, n := rapid.String().Draw(t, "path"), rapid.Int().Draw(t, "n")
		path = strings.ToValidUTF8(path, "")
		for _, text := range []fault.Text{
			fault.Say("The disk is full: %s could not be written, and nothing is left of it. Make room and try again.", path),
			fault.Say("%s cannot be written: %v.", path, errors.New("no such device")),
			fault.Say("The ledger is being read; %d entries are left.", n),
			fault.Say("and %d more errors", n),
			fault.Say("%v", fault.Say("and %d more errors", n)),
			fault.Say("nothing that stands in it"),
		} {
			back := fault.Recall(text.Stored(100_000))
			for _, tag := range []language.Tag{language.English, language.Latvian} {
				if back.In(tag) != text.In(tag) {
					t.Fatalf("%q is not %q", back.In(tag), text.In(tag))
				}
			}
		}
	})
}

func TestATextThatIsTooLongToStoreIsCutInEnglish(t *testing.T) {
	t.Parallel()
	text := fault.Say("%s cannot be written: %v.", strings.Repeat("ā", 300), "full")
	kept := text.Stored(101)
	if len(kept) > 101 || !strings.HasPrefix(text.String(), kept) || fault.Recall(kept).String() != kept {
		t.Errorf("%q", kept)
	}
	if none := (fault.Text{}).Stored(10); none != "" || fault.Recall(none).In(language.Latvian) != "" {
		t.Errorf("%q", none)
	}
}
