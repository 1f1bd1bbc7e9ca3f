package fault

import (
	"context"
	_ "embed"
	"encoding/json"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// latvianJSON holds the Latvian of every text, under its English format. The test of the server's messages says which
// texts are missing.
//
//go:embed latvian.json
var latvianJSON []byte

// texts is read once, when somebody who reads Latvian is told something for the first time.
var texts = sync.OnceValue(func() catalog.Catalog {
	built := catalog.NewBuilder(catalog.Fallback(language.English))
	for english, latvian := range Latvian() {
		if err := built.SetString(language.Latvian, english, latvian); err != nil {
			panic(err) // the tests have set them all
		}
	}
	return built
})

// Latvian gives the Latvian texts by their English formats.
func Latvian() map[string]string {
	var byEnglish map[string]string
	if err := json.Unmarshal(latvianJSON, &byEnglish); err != nil {
		panic(err) // the tests have read it
	}
	return byEnglish
}

func translated(tag language.Tag) bool { return tag == language.Latvian }

func printerOf(tag language.Tag) *message.Printer {
	return message.NewPrinter(tag, message.Catalog(texts()))
}

// maxAccept is how much of a list of languages is looked at, in bytes.
const maxAccept = 200

// LanguageOf gives the language in which to answer whoever sends an Accept-Language header (RFC 9110): Latvian or
// English, and English to who wants neither.
func LanguageOf(accept string) language.Tag {
	if accept == "" {
		return language.English
	}
	wanted, _, err := language.ParseAcceptLanguage(accept[:min(len(accept), maxAccept)])
	if err != nil {
		return language.English
	}
	_, index, sure := matcher().Match(wanted...)
	if sure < language.High {
		return language.English
	}
	return spoken()[index]
}

func spoken() []language.Tag { return []language.Tag{language.English, language.Latvian} }

// matcher is made once: that takes longer than many a request.
var matcher = sync.OnceValue(func() language.Matcher { return language.NewMatcher(spoken()) })

type languageKey struct{}

// WithLanguage gives a context in which errors are said in a language.
func WithLanguage(ctx context.Context, tag language.Tag) context.Context {
	return context.WithValue(ctx, languageKey{}, tag)
}

// Language gives the language in which the caller of ctx is answered: English where nothing else was asked for.
func Language(ctx context.Context) language.Tag {
	if tag, ok := ctx.Value(languageKey{}).(language.Tag); ok {
		return tag
	}
	return language.English
}
