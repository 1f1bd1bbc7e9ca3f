package export

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/sheet"
)

// beginLog begins a file of entries.
func (h *Handler) beginLog(ctx context.Context, actor *access.Actor, o *exports.Order, w io.Writer) (writer[*logLine], error) {
	switch o.Format {
	case exports.JSON:
		return newJSONLog(w, h.proverOf(ctx, o)), nil
	case exports.NDJSON:
		return newNDJSONLog(w, h.proverOf(ctx, o)), nil
	case exports.PDF:
		return h.beginPaperLog(ctx, actor, o, w)
	}
	table, err := h.beginSheet(o, w)
	if err != nil {
		return nil, err
	}
	return &sheetLog{table: table}, table.Row(logHeadings()...)
}

// proverOf proves the lines of an order, nil where no proofs were asked for.
func (h *Handler) proverOf(ctx context.Context, o *exports.Order) *lineProver {
	if !o.Proofs {
		return nil
	}
	return &lineProver{ctx: ctx, ledger: h.ledger}
}

// logLine is an entry as a file has it. What the actor may not see is absent.
type logLine struct {
	Seq        uint64         `json:"seq,string"`
	Stream     ledger.Stream  `json:"stream"`
	OccurredAt string         `json:"occurredAt"`
	RecordedAt string         `json:"recordedAt"`
	ActorID    string         `json:"actor,omitempty"`
	Actor      string         `json:"actorName,omitempty"`
	Person     string         `json:"person,omitempty"`
	Action     string         `json:"action"`
	EntityType string         `json:"entityType,omitempty"`
	EntityID   string         `json:"entity,omitempty"`
	EntityName string         `json:"entityLabel,omitempty"`
	Module     string         `json:"module,omitempty"`
	Outcome    ledger.Outcome `json:"outcome"`
	Source     string         `json:"source"`
	IP         string         `json:"ip,omitempty"`
	Device     string         `json:"device,omitempty"`
	Username   string         `json:"username,omitempty"`
	Comment    string         `json:"comment,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	Changes    []change       `json:"changes,omitempty"`
	Metadata   any            `json:"metadata,omitempty"`
	// body is the entry as it is hashed, so that whoever has the file can prove it.
	body []byte
	at   time.Time
}

type change struct {
	Path   string `json:"path"`
	Before any    `json:"before"`
	After  any    `json:"after"`
	Hidden bool   `json:"hidden,omitempty"`
}

// lineWriter writes entries as lines of which only one is in memory.
type lineWriter struct {
	writer[*logLine]
	names *names
	line  logLine
}

func (w *lineWriter) add(e logbook.LogEntry) (err error) {
	w.line = lineOf(w.names, e)
	if w.line.body, err = e.Common().Canonical(); err != nil {
		return err
	}
	return w.writer.add(&w.line)
}

func lineOf(names *names, entry logbook.LogEntry) logLine {
	e := entry.Common()
	l := logLine{
		Seq: e.Seq, Stream: e.Stream, OccurredAt: e.OccurredAt.UTC().Format(time.RFC3339Nano), RecordedAt: e.RecordedAt.UTC().Format(time.RFC3339Nano),
		Actor: names.of(e.ActorID), Action: e.Action, Module: textOf(e.Module), Outcome: e.Outcome, Source: e.Source,
		IP: textOf(e.IP), Device: textOf(e.Device), at: e.OccurredAt,
	}
	if !e.ActorID.IsZero() {
		l.ActorID = e.ActorID.String()
	}
	if e.Entity != nil {
		l.EntityType, l.EntityID, l.EntityName = e.Entity.Type, e.Entity.ID, e.Entity.Label
	}
	switch v := entry.(type) {
	case *logbook.KeyEntry:
		l.Person, l.Comment, l.Reason = names.of(v.HolderID), textOf(v.Comment), textOf(v.Reason)
	case *logbook.AuthEntry:
		l.Username, l.Reason = textOf(v.Username), textOf(v.Reason)
	case *logbook.WorkEntry:
		l.Person, l.Username, l.Reason = names.of(v.PersonID), textOf(v.User), textOf(v.Reason)
	case *logbook.ActivityEntry:
		l.Metadata = v.Metadata
		for _, c := range v.Changes {
			l.Changes = append(l.Changes, change{c.Path, c.Before, c.After, c.Hidden})
		}
	}
	return l
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func logHeadings() []string {
	return []string{
		"seq", "stream", "occurred at (UTC)", "recorded at (UTC)", "who", "concerns", "action", "entity type", "entity", "entity label",
		"module", "outcome", "source", "ip", "device", "user name", "comment", "reason", "changes",
	}
}

// sheetLog writes entries as the rows of a table.
type sheetLog struct {
	table sheet.Writer
	cells []string // of the row that is written
}

func (s *sheetLog) add(l *logLine) error {
	changes, err := l.changes()
	if err != nil {
		return err
	}
	s.cells = append(s.cells[:0], strconv.FormatUint(l.Seq, 10), string(l.Stream), l.OccurredAt, l.RecordedAt, l.Actor, l.Person, l.Action,
		l.EntityType, l.EntityID, l.EntityName, l.Module, string(l.Outcome), l.Source, l.IP, l.Device, l.Username, l.Comment, l.Reason, changes)
	return s.table.Row(s.cells...)
}

// changes gives what changed as JSON, "" for nothing.
func (l *logLine) changes() (string, error) {
	if len(l.Changes) == 0 {
		return "", nil
	}
	text, err := json.Marshal(l.Changes)
	return string(text), err
}

func (s *sheetLog) close() error { return s.table.Close() }

func (s *sheetLog) discard() { s.table.Discard() }
