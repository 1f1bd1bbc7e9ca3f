package reminders

import (
	"embed"
	"strings"
	"text/template"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/people"
)

//go:embed texts/*.txt
var files embed.FS

// mostLines is how many keys or alerts an e-mail names; the others are counted.
const mostLines = 25

// texts are the e-mails in the languages that people may have: the first line of each is its subject.
type texts struct {
	zone      *time.Location
	templates map[string]*template.Template // by language
}

func newTexts(zone *time.Location) (*texts, error) {
	t := &texts{zone, map[string]*template.Template{}}
	for _, language := range []string{"en", "lv"} {
		functions := template.FuncMap{"time": func(at time.Time) string { return timeIn(language, at.In(zone)) }, "join": strings.Join}
		parsed, err := template.New("").Funcs(functions).ParseFS(files, "texts/*_"+language+".txt")
		if err != nil {
			return nil, err
		}
		t.templates[language] = parsed
	}
	return t, nil
}

// timeIn writes a time as people read it.
func timeIn(language string, at time.Time) string {
	if language == "lv" {
		return at.Format("02.01.2006. 15:04")
	}
	return at.Format("2 January 2006, 15:04")
}

// keyLine is what an e-mail says of a key.
type keyLine struct {
	Number string
	Due    time.Time
	// Place is where it hangs, "" where that is not known.
	Building, Cabinet, Hook string
}

type reminderData struct {
	Name    string
	Kind    Kind
	Numbers []string
	Keys    []keyLine
	// More is how many keys are not named.
	More int
}

// One reports whether it is about one key.
func (d reminderData) One() bool { return len(d.Keys)+d.More == 1 }

func (t *texts) reminder(holder *people.Person, kind Kind, outs []custody.Out) (mail.Message, error) {
	data := reminderData{Name: holder.Name, Kind: kind, More: max(0, len(outs)-mostLines)}
	for _, out := range outs[:len(outs)-data.More] {
		data.Keys = append(data.Keys, keyLine{out.Number, *out.DueAt, out.Building, out.Cabinet, out.Hook})
		if len(data.Numbers) < 5 {
			data.Numbers = append(data.Numbers, out.Number)
		}
	}
	return t.render(holder.Language, "reminder", holder.Email, data)
}

type alertData struct {
	Alerts []alertLine
	More   int
}

type alertLine struct {
	alerts.Urgent
	Critical bool
}

func (t *texts) alert(language, to string, urgent []alerts.Urgent) (mail.Message, error) {
	data := alertData{More: max(0, len(urgent)-mostLines)}
	for _, one := range urgent[:len(urgent)-data.More] {
		data.Alerts = append(data.Alerts, alertLine{one, one.Severity == ledger.Critical})
	}
	return t.render(language, "alert", to, data)
}

func (t *texts) render(language, name, to string, data any) (mail.Message, error) {
	templates, known := t.templates[language]
	if !known {
		language, templates = "en", t.templates["en"]
	}
	var text strings.Builder
	if err := templates.ExecuteTemplate(&text, name+"_"+language+".txt", data); err != nil {
		return mail.Message{}, err
	}
	subject, body, _ := strings.Cut(text.String(), "\n")
	return mail.Message{To: to, Subject: subject, Text: strings.TrimLeft(body, "\n")}, nil
}
