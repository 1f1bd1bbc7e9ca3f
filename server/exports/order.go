// Package exports keeps account of files that are made in the background: who asked for what, how far each is, and, for
// a bounded time, the finished files.
package exports

import (
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/workhours"
)

// ListHours is the list of working hours; those of entries have the names of package logbook.
const ListHours = "hours"

// The formats of files.
const (
	CSV    = "csv"
	XLSX   = "xlsx"
	JSON   = "json"
	NDJSON = "ndjson"
	PDF    = "pdf"
)

// Order says which list is wanted as a file, and how.
type Order struct {
	List   string
	Format string
	// Language is that of a PDF's headings, en or lv; "" stands for en.
	Language string
	// Proofs says that each entry of JSON and NDJSON comes with the proof that it is in the log.
	Proofs bool
	// Log is the filter of a list of entries.
	Log logbook.Filter
	// Hours and By are what a list of working hours holds.
	Hours workhours.Filter
	By    workhours.Period
}

// FormatsOf gives the formats in which a list can be had, none for a list that there is not.
func FormatsOf(list string) []string {
	switch list {
	case ListHours:
		return []string{CSV, XLSX, PDF}
	case logbook.TakeActivity, logbook.TakeAuth, logbook.TakeKeys, logbook.TakeTimeline:
		return []string{CSV, XLSX, JSON, NDJSON, PDF}
	}
	return nil
}

// Check refuses an order of what there is not.
func (o *Order) Check() error {
	if !slices.Contains(FormatsOf(o.List), o.Format) {
		return fault.Field("format", "%.20s cannot be had as %.20s: hours come as CSV, XLSX and PDF, entries as JSON and NDJSON, too", o.List, o.Format)
	}
	if o.Proofs && o.Format != JSON && o.Format != NDJSON {
		return fault.Field("proofs", "proofs come with JSON and NDJSON only")
	}
	if !slices.Contains([]string{"", "en", "lv"}, o.Language) {
		return fault.Field("lang", "lang must be en or lv")
	}
	return nil
}
