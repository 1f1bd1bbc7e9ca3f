package activity

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/seal"
)

// The sealed parts of an activity, besides who acted. They stand under the data subject's key where one is named,
// otherwise under the source's of the month.
const (
	FieldChanges  = "changes"  // []Change, without those that are plain
	FieldMetadata = "metadata" // any JSON value
	FieldRequest  = "request"  // SealedRequest
	FieldResponse = "response" // SealedResponse
)

// The members of an activity's plain details.
const (
	DetailPaths = "paths" // the JSON pointers of what changed, sorted
	DetailPlain = "plain" // by path, before and after of what was declared plain
	DetailBulk  = "bulkId"
	DetailHTTP  = "http" // direction, method, status, durationMs, service
)

// SealedRequest is what of a request is sealed.
type SealedRequest struct {
	URL     string `json:"url,omitempty"`
	Path    string `json:"path,omitempty"`
	Query   any    `json:"query,omitempty"`
	Headers any    `json:"headers,omitempty"`
	Body    any    `json:"body,omitempty"`
}

// SealedResponse is what of a response is sealed.
type SealedResponse struct {
	Headers any    `json:"headers,omitempty"`
	Body    any    `json:"body,omitempty"`
	Error   string `json:"error,omitempty"`
}

// item is the entry that an event makes.
func (r *recording) item(in *Input, found met) ledger.Item {
	acted := r.person(in.Actor, found)
	if in.Actor == nil {
		acted = r.actor.Person
	}
	d := ledger.Draft{
		Stream: ledger.StreamActivity, Action: in.Action, Source: r.actor.Source, Module: in.Module, Outcome: in.outcome(),
		Entity: ledger.Entity{Type: in.EntityType, ID: in.Entity, Label: r.s.Masks.loose(in.EntityLabel)},
		Actor:  acted, Person: acted, Details: map[string]any{},
	}
	subject := seal.Source(r.actor.Source, r.now)
	if one := r.person(in.DataSubject, found); !one.IsZero() {
		d.Person, subject = one, seal.Person(one)
	}
	d.Department, _ = r.s.people.DepartmentOf(d.Person)
	if in.OccurredAt != nil {
		d.OccurredAt = in.OccurredAt.UTC().Truncate(time.Microsecond)
	}
	for _, o := range in.Objects {
		d.Refs = append(d.Refs, ledger.Ref{Role: ledger.RoleObject, Type: o.Type, ID: o.ID})
	}
	actorGone := r.isGone(in.Actor, found)
	if origin := r.origin(in); !origin.IsZero() && !actorGone {
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldActor, Subject: subjectOf(acted, r.actor.Source, r.now), Value: origin})
	}
	r.content(&d, in, subject)
	if r.isGone(in.DataSubject, found) {
		dropContent(&d)
	}
	return ledger.Item{Draft: d, Caller: callerOf(r.actor), Key: "activity/" + in.EventID, Payload: in.payload()}
}

// isGone tells of somebody who is named and was erased: under another's key his name would come back.
func (r *recording) isGone(named *Who, found met) bool {
	return !named.isNobody() && r.person(named, found).IsZero()
}

// dropContent keeps of an activity about somebody who was erased only the paths and who acted: no key of his is left to
// seal under, and under another's key what was erased would come back.
func dropContent(d *ledger.Draft) {
	d.Parts = slices.DeleteFunc(d.Parts, func(p ledger.Part) bool { return p.Field != ledger.FieldActor })
	delete(d.Details, DetailPlain)
}

// callerOf names the program where event ids of different programs must not meet. What an operator takes in from a
// program's files is that program's.
func callerOf(actor *access.Actor) string {
	if actor.IsSystem() {
		return (&access.Actor{Source: actor.Source}).Caller()
	}
	return actor.Caller()
}

// origin is who acted, as given, and from where; for somebody who is signed in, where he is.
func (r *recording) origin(in *Input) ledger.Origin {
	origin := ledger.Origin{IP: in.IP, UserAgent: in.UserAgent}
	if origin.IsZero() && in.Actor == nil && !r.actor.Person.IsZero() {
		return r.actor.Origin
	}
	if in.Actor != nil {
		origin.Name = in.Actor.Name
	}
	return r.s.Describe(origin)
}

// content adds what was changed, said and answered: names and numbers of it in plain, the rest sealed and without secrets.
func (r *recording) content(d *ledger.Draft, in *Input, subject seal.Subject) {
	changes, paths, plain := r.changes(in)
	if len(paths) > 0 {
		d.Details[DetailPaths] = paths
	}
	if len(plain) > 0 {
		d.Details[DetailPlain] = plain
	}
	if in.BulkID != "" {
		d.Details[DetailBulk] = in.BulkID
	}
	if http := in.http(); http != nil {
		d.Details[DetailHTTP] = http
	}
	add := func(field string, value any) {
		d.Parts = append(d.Parts, ledger.Part{Field: field, Subject: subject, Value: value})
	}
	if len(changes) > 0 {
		add(FieldChanges, changes)
	}
	if in.Metadata != nil {
		add(FieldMetadata, r.s.Masks.value(in.Metadata))
	}
	if sent := r.s.Masks.request(in.Request); sent != nil {
		add(FieldRequest, sent)
	}
	if answered := r.s.Masks.response(in.Response); answered != nil {
		add(FieldResponse, answered)
	}
}

// changes gives what changed to seal, all its paths, and what of it is plain.
func (r *recording) changes(in *Input) (sealed, paths []any, plain map[string]any) {
	plain = map[string]any{}
	isPlain := plainPaths(append(slices.Clone(in.Plain), r.s.Plain(r.actor.Source, in.EntityType)...))
	for _, c := range in.changed {
		path := pointer(c.Path)
		secret := r.s.Masks.hidesPath(path) || r.s.Masks.hidesBeside(in.Before, path) || r.s.Masks.hidesBeside(in.After, path)
		one := map[string]any{"path": path}
		if !c.Added {
			one["before"] = r.s.Masks.unless(secret, c.Before)
		}
		if !c.Removed {
			one["after"] = r.s.Masks.unless(secret, c.After)
		}
		paths = append(paths, path)
		if isPlain(path) && !secret {
			delete(one, "path")
			plain[path] = one
			continue
		}
		sealed = append(sealed, one)
	}
	slices.SortFunc(paths, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return sealed, slices.Compact(paths), plain
}

// fieldsOf gives an entity's fields, none for one that is not there.
func fieldsOf(v any) map[string]any {
	fields, _ := v.(map[string]any)
	return fields
}

// pointer takes the bare name of a field for a JSON pointer, too.
func pointer(path string) string {
	if path == "" || strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + escapePointer(path)
}

// plainPaths reports of a path whether it, or what it lies in, was declared plain.
func plainPaths(declared []string) func(path string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(declared, func(one string) bool {
			one = pointer(one)
			return path == one || strings.HasPrefix(path, one+"/")
		})
	}
}

// outcome is what the event says or, where it says nothing, what the answer to its request does.
func (in *Input) outcome() ledger.Outcome {
	switch {
	case in.Outcome != "":
		return in.Outcome
	case in.Response == nil:
		return ledger.Success
	case in.Response.Status == nil:
		if in.Response.Error != "" {
			return ledger.Failure
		}
		return ledger.Success
	}
	switch status := *in.Response.Status; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return ledger.Denied
	case status >= http.StatusBadRequest || status == 0 && in.Response.Error != "":
		return ledger.Failure
	}
	return ledger.Success
}

// http is what of a request stands in plain; nil where none is recorded.
func (in *Input) http() map[string]any {
	if in.Request == nil && in.Response == nil {
		return nil
	}
	said := map[string]any{"direction": Incoming}
	if r := in.Request; r != nil {
		for name, text := range map[string]string{"direction": r.Direction, "method": strings.ToUpper(r.Method), "service": r.Service} {
			if text != "" {
				said[name] = text
			}
		}
	}
	if r := in.Response; r != nil {
		if r.Status != nil {
			said["status"] = *r.Status
		}
		if r.DurationMs != nil {
			said["durationMs"] = *r.DurationMs
		}
	}
	return said
}

// payload is what is compared when an event id comes again: all that was sent.
func (in *Input) payload() map[string]any {
	text, err := json.Marshal(in)
	if err != nil {
		return map[string]any{"recordActivity": err.Error()} // cannot be: check has seen every value
	}
	return map[string]any{"recordActivity": string(text)}
}

func (m *Masks) request(r *Request) *SealedRequest {
	if r == nil {
		return nil
	}
	sealed := &SealedRequest{URL: m.address(r.URL), Path: m.address(r.Path), Query: m.value(r.Query), Headers: m.value(r.Headers), Body: m.value(r.Body)}
	if sealed.URL == "" && sealed.Path == "" && sealed.Query == nil && sealed.Headers == nil && sealed.Body == nil {
		return nil
	}
	return sealed
}

func (m *Masks) response(r *Response) *SealedResponse {
	if r == nil || r.Headers == nil && r.Body == nil && r.Error == "" {
		return nil
	}
	return &SealedResponse{Headers: m.value(r.Headers), Body: m.value(r.Body), Error: m.inText(r.Error)}
}
