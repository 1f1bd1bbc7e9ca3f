package fault_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/fault"
)

func TestTheLanguageIsTheFirstOfThoseAskedForThatIsSpoken(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]language.Tag{
		"":                             language.English,
		"lv":                           language.Latvian,
		"lv-LV,lv;q=0.9,en;q=0.8":      language.Latvian,
		"en-GB,lv;q=0.5":               language.English,
		"de,lv;q=0.5":                  language.Latvian,
		"de,ru;q=0.9":                  language.English,
		"en;q=0.3,lv;q=0.9":            language.Latvian,
		"lv;q=0":                       language.English,
		"*":                            language.English,
		"\x00, ;;q=":                   language.English,
		strings.Repeat("x-", 1000):     language.English,
		strings.Repeat("de,", 60) + "": language.English,
	} {
		if got := fault.LanguageOf(accept); got != want {
			t.Errorf("%.40q is answered in %v", accept, got)
		}
	}
}

func TestACallerIsAnsweredInEnglishUnlessHisContextSaysOtherwise(t *testing.T) {
	t.Parallel()
	if got := fault.Language(context.Background()); got != language.English {
		t.Error(got)
	}
	if got := fault.Language(fault.WithLanguage(context.Background(), language.Latvian)); got != language.Latvian {
		t.Error(got)
	}
}

func TestAMessageIsSaidInLatvianWithWhatStandsInIt(t *testing.T) {
	t.Parallel()
	inner := fault.New(fault.Conflict, "Key %s was retired: it can no longer be changed.", "1024")
	f := fault.Wrap(errors.New("secret"), fault.Conflict, "Line %d: %s", 12345, inner.Text())
	if got, want := f.In(language.Latvian), "12345. rinda: Atslēga 1024 ir norakstīta: to vairs nevar mainīt."; got != want {
		t.Errorf("%q", got)
	}
	if got, want := f.In(language.English), f.Message; got != want || got != "Line 12345: Key 1024 was retired: it can no longer be changed." {
		t.Errorf("%q", got)
	}
	other := f.With("line", 12345).Saying(inner.Text())
	if other.Message != inner.Message || other.In(language.Latvian) != inner.In(language.Latvian) || !strings.Contains(other.Error(), "secret") {
		t.Error(other)
	}
}

func TestATextWithoutLatvianStaysEnglish(t *testing.T) {
	t.Parallel()
	if got := fault.Say("%d nobody says this", 7).In(language.Latvian); got != "7 nobody says this" {
		t.Error(got)
	}
	if got := (fault.Text{}).In(language.Latvian); got != "" {
		t.Error(got)
	}
}

func TestWhatStandsInATextIsWrittenAsInEnglish(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 22, 10, 31, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		n, word := rapid.Int().Draw(t, "n"), rapid.String().Draw(t, "word")
		args := []any{n, word, word, moment, time.Duration(n), errors.New(word), float64(n) / 3, []string{word}}
		const format = "%d %s %.40q %v %s %v %.2f %v"
		if got, want := fault.Say(format, args...).In(language.Latvian), fmt.Sprintf(format, args...); got != want {
			t.Fatalf("%q instead of %q", got, want)
		}
	})
}

func TestAListIsSaidInTheLanguageOfTheWhole(t *testing.T) {
	t.Parallel()
	list := fault.Texts{fault.Say("key %s", "7"), fault.Say("key %s", "8")}
	text := fault.Say("%s", list)
	if text.String() != "key 7, key 8" || text.In(language.Latvian) != "atslēga 7, atslēga 8" {
		t.Error(text, text.In(language.Latvian))
	}
}
