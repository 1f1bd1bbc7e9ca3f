// Package slogaudit writes logs as JSON files for pipelines (Vector, ClickHouse, Grafana): app.json for what the program
// logs, audit.json for changes and sign-ins, api.json for requests, and a console that people read.
//
//	logs, err := slogaudit.Open(slogaudit.Options{Dir: "logs", Console: os.Stderr})
//	slog.SetDefault(slog.New(logs.Handler()))
//	recorder := audit.Tee(client, logs.Recorder()) // events go to keytrail and into the files
package slogaudit

import (
	"log/slog"
)

// The levels of what is recorded. They lie above slog.LevelError, so that no threshold leaves them out.
const (
	LevelAudit = slog.Level(21)
	LevelAPI   = slog.Level(22)
	LevelLogin = slog.Level(23)
)

// LevelName is a level's name in the files.
func LevelName(l slog.Level) string {
	switch l {
	case LevelAudit:
		return "AUDIT"
	case LevelAPI:
		return "API"
	case LevelLogin:
		return "LOGIN"
	}
	switch {
	case l < slog.LevelInfo:
		return "DEBUG"
	case l < slog.LevelWarn:
		return "INFO"
	case l < slog.LevelError:
		return "WARNING"
	}
	return "ERROR"
}
