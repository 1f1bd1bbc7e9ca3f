package gormaudit

import (
	"database/sql"
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

// beforeRaw remembers a statement that was given as SQL and may change data. A strict plugin refuses what it could not undo.
func (p *Plugin) beforeRaw(db *gorm.DB) {
	if db.Statement.SQL.Len() == 0 { // GORM will write it, and the callbacks for it see what it does
		return
	}
	if query := bare(db); isChange(query) && p.starts(db) {
		db.InstanceSet(rawKey, query)
	}
}

// raw records that data were changed by a statement that was given as SQL, without its values.
func (p *Plugin) raw(db *gorm.DB) {
	if row, ok := db.Statement.Dest.(*sql.Row); db.Error != nil || ok && (row.Err() != nil || *row == sql.Row{}) {
		return // an empty row is GORM's for what could not be prepared
	}
	if prepared, ok := db.Statement.ConnPool.(*gorm.PreparedStmtTX); ok { // which passes the plugin's transaction by
		if tx, ours := transactionOf(prepared); ours {
			tx.follow(db.Statement.SQL.String())
		}
	}
	query, ok := db.InstanceGet(rawKey)
	if !ok || !p.watched(db) {
		return
	}
	told := map[string]any{"sql": p.o.Masks.Text(query.(string))}
	if db.RowsAffected >= 0 { // those that it returns one by one are not counted
		told["rows"] = db.RowsAffected
	}
	p.record(db, audit.Event{Action: "raw_sql", Metadata: told})
}
