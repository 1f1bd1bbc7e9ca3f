package slogaudit

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/keytrail/keytrail/audit"
)

// Personal stands in the files where a field tagged personal is.
const Personal = "[personal]"

// Recorder gives the audit.Recorder that writes events into audit.json and api.json. Fields tagged personal are left
// out; what the tags mask never reaches it. It fails no operation: what the file system says goes to Options.Logger.
func (l *Logs) Recorder() audit.Recorder {
	return audit.RecorderFunc(func(ctx context.Context, e audit.Event) error {
		err := l.record(ctx, e)
		if failed := err != nil; l.failing.Swap(failed) != failed && failed {
			l.o.Logger.Error("writing events into log files fails", "error", err)
		}
		return nil
	})
}

func (l *Logs) record(ctx context.Context, e audit.Event) error {
	e.Fill(ctx)
	if e.OccurredAt.IsZero() {
		e.OccurredAt = time.Now()
	}
	level := LevelOf(e)
	members := []member{{"timestamp", e.OccurredAt.UTC().Format(timeForm)}, {"level", LevelName(level)}}
	message := ""
	switch level {
	case LevelAPI:
		message = map[bool]string{true: "Audit External Service", false: "Audit Internal Request"}[e.Request.Direction == audit.Outgoing]
		members = append(members, l.request(e, message)...)
	default:
		message = fmt.Sprintf("%s event for %s (id: %s)", eventType(e.Action), e.EntityType, e.Entity)
		members = append(members, l.change(e, level, message)...)
	}
	return l.write(level, e.OccurredAt, members, message, []member{{"user", userID(e)}})
}

// LevelOf is the level at which an event is written: API for requests, LOGIN for actions about signing in and out, AUDIT
// for all else.
func LevelOf(e audit.Event) slog.Level {
	switch {
	case e.Request != nil:
		return LevelAPI
	case strings.Contains(e.Action, "sign_in"), strings.Contains(e.Action, "sign_out"), strings.Contains(e.Action, "login"), strings.Contains(e.Action, "logout"):
		return LevelLogin
	}
	return LevelAudit
}

// request are the members of a line of api.json.
func (l *Logs) request(e audit.Event, message string) []member {
	q, external := e.Request, e.Request.Direction == audit.Outgoing
	answered := audit.Response{}
	if e.Response != nil {
		answered = *e.Response
	}
	service := q.Service
	if service == "" {
		service = l.o.Service
	}
	common := []member{{"name", "audit.request"}, {"message", message}, {"service_name", service}}
	if external {
		return append(common, member{"request_type", "external"}, member{"protocol", "http"}, member{"user_id", userID(e)}, member{"user_info", map[string]any{}},
			member{"request_repr", ordered{{"endpoint", q.URL}, {"method", q.Method}, {"headers", object(q.Headers)}, {"body", object(q.Body)}}},
			member{"response_repr", ordered{{"status_code", answered.Status}, {"body", object(answered.Body)}}},
			member{"error_message", answered.Error}, member{"execution_time", answered.DurationMs / 1000})
	}
	var failure any
	if answered.Error != "" {
		failure = answered.Error
	}
	return append(common, member{"request_type", "internal"}, member{"protocol", "http"}, member{"user_id", userID(e)}, member{"user_info", map[string]any{}},
		member{"request_repr", ordered{{"method", q.Method}, {"path", q.Path}, {"query_params", object(q.Query)}, {"headers", object(q.Headers)},
			{"user", userID(e)}, {"body", object(q.Body)}}},
		member{"response_repr", ordered{{"status_code", answered.Status}, {"headers", object(answered.Headers)}, {"body", object(answered.Body)}}},
		member{"error_message", failure}, member{"execution_time", answered.DurationMs / 1000})
}

// change are the members of a line of audit.json.
func (l *Logs) change(e audit.Event, level slog.Level, message string) []member {
	name := "audit.model"
	if level == LevelLogin {
		name = "audit.login"
	}
	return []member{
		{"name", name}, {"message", message}, {"model", e.EntityType}, {"event_type", eventType(e.Action)}, {"instance_id", e.Entity},
		{"instance_repr", instance(e)}, {"user_id", userID(e)}, {"user_info", map[string]any{}}, {"extra", extra(e)},
	}
}

// eventType writes an action as these files do: CREATE, UPDATE, SOFT_DELETE.
func eventType(action string) string { return strings.ToUpper(strings.ReplaceAll(action, ".", "_")) }

func userID(e audit.Event) any {
	switch {
	case e.Actor == nil:
		return nil
	case e.Actor.ExternalID != "":
		return e.Actor.ExternalID
	}
	return e.Actor.Person
}

// instance is what changed: the value of each field after the change, or before it where it is gone.
func instance(e audit.Event) map[string]any {
	fields := map[string]any{}
	for _, c := range e.Changes {
		value := c.After
		if c.Removed {
			value = c.Before
		}
		if e.IsPersonal(c.Path) {
			value = Personal
		}
		fields[strings.TrimPrefix(c.Path, "/")] = value
	}
	return fields
}

// extra is what these files have no place for.
func extra(e audit.Event) map[string]any {
	more := map[string]any{"event_id": e.EventID}
	for name, value := range map[string]string{"module": e.Module, "bulk_id": e.BulkID, "outcome": string(e.Outcome)} {
		if value != "" {
			more[name] = value
		}
	}
	if len(e.Objects) > 0 {
		more["objects"] = e.Objects
	}
	return more
}

// object makes nothing an empty object, as the files have it.
func object(v any) any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

// ordered is an object whose members keep their order.
type ordered []member

// MarshalJSON writes the object.
func (o ordered) MarshalJSON() ([]byte, error) {
	line, err := asLine(o)
	return line[:max(len(line)-1, 0)], err
}
