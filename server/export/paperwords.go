package export

import (
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
)

// paperWords are what stands on a printed list, in one language.
type paperWords struct {
	titles                                                                  map[string]string // by list
	who, when, what, object, outcome, source, details                       string
	person, department, from, to, minutes, realHours, estimated, unverified string
	shown, all, made, madeBy, checkpoint, entries, page, of, yes            string
	outcomes, conditions, changed, periods                                  map[string]string
	reviews                                                                 map[logbook.ReviewState]string
}

// paperWordsIn gives the words of a language, en or lv. BAD_USER_INPUT for another.
func paperWordsIn(language string) (*paperWords, error) {
	switch language {
	case "", "en":
		return englishPaper(), nil
	case "lv":
		return latvianPaper(), nil
	}
	return nil, fault.Field("lang", "lang must be en or lv")
}

func englishPaper() *paperWords {
	return &paperWords{
		titles: map[string]string{"activity": "Activity", "auth": "Sign-ins", "keylog": "Key movements", "timeline": "Timeline", "hours": "Working hours"},
		who:    "Who", when: "When", what: "Action", object: "What it concerns", outcome: "Outcome", source: "From", details: "Details",
		person: "Person", department: "Department", from: "From", to: "To", minutes: "Minutes worked", realHours: "Real hours",
		estimated: "Minutes estimated", unverified: "Unverified",
		shown: "Shown", all: "everything that you may take out", made: "Made", madeBy: "by", checkpoint: "Checkpoint",
		entries: "entries, root", page: "Page", of: "of", yes: "yes",
		outcomes: map[string]string{"success": "success", "failure": "failure", "denied": "refused"},
		conditions: map[string]string{
			"from": "from", "to": "before", "until": "up to", "person": "person", "actor": "who acted", "department": "department", "source": "program", "entityType": "kind of thing", "entity": "thing",
			"key": "key", "keyNumber": "key number", "keyGroup": "key group", "building": "building", "action": "action", "module": "module", "outcome": "outcome",
			"streams": "parts of the record", "ip": "address", "text": "with the words", "review": "review", "by": "by", "purpose": "purpose",
		},
		changed: map[string]string{
			"user": "user name", "comment": "comment", "reason": "reason", "changes": "changed", "ip": "address", "concerns": "concerns",
			"key": "keys", "activity": "activity", "auth": "sign-ins", "work": "work", "system": "keytrail itself",
		},
		reviews: map[logbook.ReviewState]string{logbook.Unreviewed: "not reviewed", logbook.Flagged: "flagged", logbook.Reviewed: "reviewed"},
		periods: map[string]string{"DAY": "day", "WEEK": "week", "MONTH": "month"},
	}
}

func latvianPaper() *paperWords {
	return &paperWords{
		titles: map[string]string{"activity": "Darbības", "auth": "Pieslēgšanās", "keylog": "Atslēgu kustība", "timeline": "Laika līnija", "hours": "Darba laiks"},
		who:    "Kas", when: "Kad", what: "Darbība", object: "Uz ko attiecas", outcome: "Iznākums", source: "No kurienes", details: "Sīkāk",
		person: "Persona", department: "Nodaļa", from: "No", to: "Līdz", minutes: "Nostrādātās minūtes", realHours: "Reālās stundas",
		estimated: "Aplēstās minūtes", unverified: "Nepārbaudīts",
		shown: "Redzams", all: "viss, ko drīkstat izgūt", made: "Izveidots", madeBy: "izveidoja", checkpoint: "Kontrolpunkts",
		entries: "ieraksti, sakne", page: "Lapa", of: "no", yes: "jā",
		outcomes: map[string]string{"success": "izdevās", "failure": "neizdevās", "denied": "atteikts"},
		conditions: map[string]string{
			"from": "no", "to": "pirms", "until": "līdz", "person": "persona", "actor": "kas darīja", "department": "nodaļa", "source": "programma", "entityType": "objekta veids", "entity": "objekts",
			"key": "atslēga", "keyNumber": "atslēgas numurs", "keyGroup": "atslēgu grupa", "building": "ēka", "action": "darbība", "module": "modulis", "outcome": "iznākums",
			"streams": "žurnāla daļas", "ip": "adrese", "text": "ar vārdiem", "review": "pārskatīšana", "by": "dalījums", "purpose": "mērķis",
		},
		changed: map[string]string{
			"user": "lietotājvārds", "comment": "komentārs", "reason": "iemesls", "changes": "mainīts", "ip": "adrese", "concerns": "attiecas uz",
			"key": "atslēgas", "activity": "darbības", "auth": "pieslēgšanās", "work": "darbs", "system": "pats keytrail",
		},
		reviews: map[logbook.ReviewState]string{logbook.Unreviewed: "nav pārskatīts", logbook.Flagged: "atzīmēts", logbook.Reviewed: "pārskatīts"},
		periods: map[string]string{"DAY": "pa dienām", "WEEK": "pa nedēļām", "MONTH": "pa mēnešiem"},
	}
}
