package graph_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/tokens"
)

func speaking(language string) http.Header {
	header := jsonHeader()
	header.Set("Accept-Language", language)
	return header
}

func TestACallerIsRefusedInTheLanguageThatHeAsksFor(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const missing = `{"query":"mutation { createKey(input: {number: \"\"}) { key { id } } }"}`
	for language, want := range map[string]string{
		"lv-LV,lv;q=0.9,en;q=0.8": "trūkst number: rakstiet no 1 līdz", "en": "number is missing: give 1 to", "": "number is missing: give 1 to", "de": "number is missing: give 1 to",
	} {
		if a := s.As("admin").Post(t, missing, speaking(language)); a.Code() != "BAD_USER_INPUT" || !strings.Contains(string(a.Text), want) {
			t.Errorf("%q: %s", language, a.Text)
		}
	}
	if a := s.Anonymous().Post(t, `{"query":"{ keys(first: 1) { edges { node { id } } } }"}`, speaking("lv")); a.Code() != "UNAUTHENTICATED" || !strings.Contains(string(a.Text), "Vispirms pieslēdzieties.") {
		t.Errorf("%s", a.Text)
	}
}

func TestWhatOfACallIsRefusedIsSaidInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	secret, _ := s.NewToken(tokens.CreateInput{Name: "till", Role: access.RoleIntegrator})
	const two = `{"query":"mutation { recordAuth(partial: true, events: [{eventId: \"1\", action: \"signed_in\", outcome: SUCCESS}, {eventId: \"2\", action: \"Not One\", outcome: SUCCESS}]) { recorded refused { index message } } }"}`
	if a := s.Holding(secret).Post(t, two, speaking("lv")); !strings.Contains(string(a.Text), "nav darbība: lietojiet mazos burtus") {
		t.Errorf("%s", a.Text)
	}
	answers := send(t, s.Holding(secret), "?partial=true", bytes.NewReader([]byte("nothing\n")), "Accept-Language", "lv")
	if len(answers) == 0 || !strings.Contains(answers[0].Message, "rinda nav JSON") {
		t.Errorf("%+v", answers)
	}
}

func TestWhatIsWrongWithAnImportIsSaidInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const preview = `{"query":"mutation { importPeople(input: {preview: true, csv: \"name,email\\nAnna,nowhere\"}) { rows { problem } } }"}`
	for language, want := range map[string]string{"lv": "email: tā nav e-pasta adrese", "en": "email: this is not an e-mail address"} {
		if a := s.As("admin").Post(t, preview, speaking(language)); !strings.Contains(string(a.Text), want) {
			t.Errorf("%s: %s", language, a.Text)
		}
	}
}

func TestASocketSpeaksTheLanguageOfItsInitOrElseOfItsBrowser(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	const latvian, english = "Tas nav kursors", "This is not a cursor"
	for name, c := range map[string]struct{ header, init, want string }{
		"the browser's":     {"lv", `{"type":"connection_init"}`, latvian},
		"what init says":    {"en", `{"type":"connection_init","payload":{"accept-language":"lv"}}`, latvian},
		"init, and not his": {"lv", `{"type":"connection_init","payload":{"Accept-Language":"en"}}`, english},
	} {
		socket, _ := s.As("admin").Dial(t, http.Header{"Accept-Language": {c.header}}, wire.Protocol)
		socket.Send(c.init)
		_ = socket.Next()
		socket.Subscribe("1", `{ keys(first: 1, after: "") { edges { node { id } } } }`, nil)
		if m := socket.Next(); !strings.Contains(string(m.Payload), c.want) {
			t.Errorf("%s: %s", name, m.Payload)
		}
	}
}

func TestReadersOfOneFeedAreEachToldTheWordsOfTheirLanguage(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	name := "till"
	if _, err := s.Sources.Declare(t.Context(), access.System(), programs.Input{
		Name: &name, Words: []*programs.Word{{Action: "till.opened", English: "opened the till", Latvian: "atvēra kasi"}},
	}); err != nil {
		t.Fatal(err)
	}
	sockets, start := map[string]*graphtest.Socket{}, seeded{s}.newest(t)
	for _, language := range []string{"en", "lv"} {
		socket, _ := s.As("admin").Dial(t, http.Header{"Accept-Language": {language}}, wire.Protocol)
		socket.Send(`{"type":"connection_init"}`)
		_ = socket.Next()
		socket.Subscribe("1", `subscription($after: Cursor) { activityFeed(after: $after) { actionTitle } }`, map[string]any{"after": start})
		sockets[language] = socket
	}
	for range 3 {
		ledgertest.Append(t, s.DB, s.Ledger, ledger.Draft{Stream: ledger.StreamActivity, Action: "till.opened", Source: name})
		for language, want := range map[string]string{"en": "opened the till", "lv": "atvēra kasi"} {
			if m := sockets[language].Next(); !strings.Contains(string(m.Payload), want) {
				t.Errorf("%s: %s", language, m.Payload)
			}
		}
	}
}
