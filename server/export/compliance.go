package export

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/keytrail/keytrail/server/compliance"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/paper"
	"github.com/keytrail/keytrail/server/request"
)

// complianceJSON answers with the report on the days that the query names, from and to, as docs/compliance-report.md has it.
func (h *Handler) complianceJSON(w http.ResponseWriter, r *http.Request) {
	h.complianceReport(w, r, exports.JSON, func(to io.Writer, report *compliance.Report, _ *complianceWords) error {
		e := json.NewEncoder(to)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(report)
	})
}

// compliancePDF answers with the same to be read, in the language that the query names.
func (h *Handler) compliancePDF(w http.ResponseWriter, r *http.Request) {
	h.complianceReport(w, r, exports.PDF, h.printCompliance)
}

// complianceReport makes the report and has it written. It is on record by then.
func (h *Handler) complianceReport(w http.ResponseWriter, r *http.Request, format string, write func(io.Writer, *compliance.Report, *complianceWords) error) {
	query, err := request.QueryOf(r, "from", "to", "lang")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	say, err := complianceWordsIn(query.Get("lang"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	in := languageOf(&exports.Order{Format: format, Language: say.language})
	report, done, err := h.reports.Make(r.Context(), request.Actor(r.Context()), compliance.Order{
		Format: format, Language: in, From: query.Get("from"), To: query.Get("to"),
	})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer done()
	name := fmt.Sprintf("compliance-%s-%s.%s", report.Period.From, report.Period.To, format)
	h.answer(w, r, name, KindOf(format), func(open func() (io.Writer, error), _ func() error) (bool, error) {
		to, err := open()
		if err != nil {
			return false, err
		}
		return true, write(to, report, say)
	})
}

// printCompliance writes a report as a table with a part for each of its lists.
func (h *Handler) printCompliance(to io.Writer, r *compliance.Report, say *complianceWords) error {
	table, err := paper.NewTable(to, paper.Head{
		Title: say.title, Notes: h.complianceNotes(r, say), Page: say.page, Of: say.of, Language: say.language, At: r.Made.At,
		CellLines: 40, Cut: say.cellCut,
		Columns: []paper.Column{
			{Heading: "№", Share: 5}, {Heading: say.when, Share: 11}, {Heading: say.what, Share: 20}, {Heading: say.by, Share: 13},
			{Heading: say.about, Share: 19}, {Heading: say.details, Share: 32},
		},
	})
	if err != nil {
		return err
	}
	for _, part := range (complianceRows{say, h.zone}).parts(r) {
		if err := table.Section(part.heading); err != nil {
			return err
		}
		if len(part.rows) == 0 {
			part.rows = [][]string{{"", "", say.none}}
		}
		for _, row := range part.rows {
			if err := table.Row(row...); err != nil {
				return err
			}
		}
	}
	if err := table.Sign(say.signedName, say.signedOn, say.signature); err != nil {
		return err
	}
	return table.Close()
}

// complianceNotes say what the report is about, who made it, and which state of the ledger it tells of.
func (h *Handler) complianceNotes(r *compliance.Report, say *complianceWords) []string {
	c := r.Ledger.Checkpoint
	notes := []string{
		fmt.Sprintf("%s: %s. %s: %s – %s (%s)", say.log, r.Organisation, say.period, r.Period.From, r.Period.To, r.Period.TimeZone),
		fmt.Sprintf("%s: %s (%s), %s: %s, %s %d", say.made, r.Made.At.In(h.zone).Format(onPaper), h.zone, say.madeBy, r.Made.By.Name, say.recorded, r.Made.Entry),
		fmt.Sprintf("%s: %d. %s: %s, %d, %s, %s UTC", say.size, r.Ledger.Entries, say.checkpoint, c.Origin, c.Size, c.Root, c.SignedAt.UTC().Format(onPaper)),
		fmt.Sprintf("%s: %s", say.verifier, r.Ledger.VerifierKey),
		say.numbers,
	}
	if len(r.Cut) > 0 {
		notes = append(notes, say.cut+": "+strings.Join(r.Cut, ", "))
	}
	return notes
}
