package gormaudit

import (
	"regexp"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/sqltext"
	"gorm.io/gorm"
)

var (
	changesData = regexp.MustCompile(`(?i)^\s*\(*\s*(insert|update|delete|replace|truncate|merge|load|with)\b`)
	reads       = regexp.MustCompile(`(?i)^\s*\(*\s*with\b`)
	// locks and functions are words within what only reads.
	locks  = regexp.MustCompile(`(?i)\bfor\s+(no\s+key\s+)?update\b`)
	writes = regexp.MustCompile(`(?i)\b(insert|update|delete|replace|merge)\s+[^\s(]`)
)

// bare gives a statement that was given as SQL without its values.
func bare(db *gorm.DB) string {
	return sqltext.BareOf(db.Dialector.Name()).Of(db.Statement.SQL.String())
}

// isChange reports whether a bare statement may change data.
func isChange(query string) bool {
	if reads.MatchString(query) {
		return writes.MatchString(locks.ReplaceAllString(query, ""))
	}
	return changesData.MatchString(query)
}

// beforeRaw has a strict plugin refuse what it could not undo.
func (p *Plugin) beforeRaw(db *gorm.DB) {
	if isChange(bare(db)) {
		p.starts(db)
	}
}

// raw records that data were changed by a statement that was given as SQL, without its values.
func (p *Plugin) raw(db *gorm.DB) {
	if !p.watched(db) {
		return
	}
	if query := bare(db); isChange(query) {
		p.record(db, audit.Event{Action: "raw_sql", Metadata: map[string]any{"sql": p.o.Masks.Text(query), "rows": db.RowsAffected}})
	}
}
