package logbook

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// ActivityEntry is what happened in another program, as it reported it.
type ActivityEntry struct {
	Entry
	// Changes are the fields that changed, sorted by path; values that the actor may not see are hidden.
	Changes []*Change
	// Request and Response are nil where no request was recorded.
	Request  *RequestRecord
	Response *ResponseRecord
	// Metadata is nil where there is none and where it is not for the actor to see.
	Metadata any
	// BulkID is shared by the entries of one bulk change.
	BulkID *string
	// Objects are everything that a bulk change touched.
	Objects []*activity.Object
}

// Change is a field that changed.
type Change struct {
	Path          string
	Before, After any
	// Hidden says that the values are not for the actor to see, or that whom they were about was erased.
	Hidden bool
}

// RequestRecord is an HTTP request. What was asked for is nil where it is not for the actor to see.
type RequestRecord struct {
	Direction, Method, Service *string
	URL, Path                  *string
	Query, Headers, Body       any
}

// ResponseRecord is how a request was answered.
type ResponseRecord struct {
	Status        *int
	DurationMs    *float64
	Headers, Body any
	Error         *string
}

// ActivityLog lists what other programs reported, newest first, as far as the actor's scope reaches.
func (s *Service) ActivityLog(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*ActivityEntry], error) {
	return list(ctx, s, actor, activityStream(), viewActivityLog, f, request)
}

// FollowActivity is FollowKeys for the activity stream.
func (s *Service) FollowActivity(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[*ActivityEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, activityStream(), viewActivityFeed, after, f, recheck, send))
}

// ActivityEntries shows entries that the actor has just recorded, by their places; none when he may see no activity.
func (s *Service) ActivityEntries(ctx context.Context, actor *access.Actor, seqs []uint64) ([]*ActivityEntry, error) {
	scope := s.access.ScopeOf(actor, access.LogsActionsView)
	if scope == access.None || len(seqs) == 0 {
		return []*ActivityEntry{}, nil
	}
	entries, err := s.ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Entry) bool { return !reaches(scope, actor, &e) })
	return activityStream().views(ctx, s.maskFor(actor), entries)
}

func activityStream() stream[*ActivityEntry] {
	return stream[*ActivityEntry]{[]part{{ledger.StreamActivity, access.LogsActionsView}}, mask.activity, func(e *ActivityEntry) string { return e.Cursor }}
}

// activity gives an entry of the activity stream as the actor sees it: what changed and which request was made, and its
// content where he may see personal details of the person whom it concerns, or where his program sent it.
func (m mask) activity(ctx context.Context, e *ledger.Entry) (*ActivityEntry, error) {
	v := &ActivityEntry{BulkID: textOf(e.Details[activity.DetailBulk]), Objects: []*activity.Object{}}
	var err error
	if v.Entry, err = m.entry(ctx, e); err != nil {
		return nil, err
	}
	for _, r := range e.Refs {
		if r.Role == ledger.RoleObject {
			v.Objects = append(v.Objects, &activity.Object{Type: r.Type, ID: r.ID})
		}
	}
	v.Request, v.Response = httpOf(e)
	if !m.showsContent(e) {
		v.Changes = changesOf(e, nil)
		return v, nil
	}
	return v, m.content(ctx, e, v)
}

// showsContent reports whether the actor may see what an entry says of its person.
func (m mask) showsContent(e *ledger.Entry) bool {
	if m.personal == access.All || m.personal == access.OwnSource {
		return reaches(m.personal, m.actor, e)
	}
	return m.personal.Reaches(m.actor, e.Person, e.Department)
}

// content opens what is sealed. What was erased is absent.
func (m mask) content(ctx context.Context, e *ledger.Entry, v *ActivityEntry) error {
	sealed, err := unseal[[]map[string]any](ctx, m.ledger, e, activity.FieldChanges)
	if err != nil {
		return err
	}
	v.Changes = changesOf(e, sealed)
	metadata, err := unseal[any](ctx, m.ledger, e, activity.FieldMetadata)
	if err != nil {
		return err
	}
	if metadata != nil {
		v.Metadata = *metadata
	}
	sent, err := unseal[activity.SealedRequest](ctx, m.ledger, e, activity.FieldRequest)
	if err != nil {
		return err
	}
	if r := v.Request; sent != nil && r != nil {
		r.URL, r.Path, r.Query, r.Headers, r.Body = present(sent.URL), present(sent.Path), sent.Query, sent.Headers, sent.Body
	}
	answered, err := unseal[activity.SealedResponse](ctx, m.ledger, e, activity.FieldResponse)
	if r := v.Response; answered != nil && r != nil {
		r.Headers, r.Body, r.Error = answered.Headers, answered.Body, present(answered.Error)
	}
	return err
}

// changesOf puts what is plain and what was opened of an entry's changes together; sealed is nil for what is hidden.
func changesOf(e *ledger.Entry, sealed *[]map[string]any) []*Change {
	known := map[string]map[string]any{}
	if plain, ok := e.Details[activity.DetailPlain].(map[string]any); ok {
		for path, values := range plain {
			known[path], _ = values.(map[string]any)
		}
	}
	if sealed != nil {
		for _, one := range *sealed {
			if path, ok := one["path"].(string); ok {
				known[path] = one
			}
		}
	}
	paths, _ := e.Details[activity.DetailPaths].([]any)
	changes := make([]*Change, 0, len(paths))
	for _, path := range paths {
		name, _ := path.(string)
		values, shown := known[name]
		changes = append(changes, &Change{Path: name, Before: values["before"], After: values["after"], Hidden: !shown})
	}
	return changes
}

// httpOf gives what stands in plain of a request and its answer.
func httpOf(e *ledger.Entry) (*RequestRecord, *ResponseRecord) {
	said, ok := e.Details[activity.DetailHTTP].(map[string]any)
	if !ok {
		return nil, nil
	}
	request := &RequestRecord{Direction: textOf(said["direction"]), Method: textOf(said["method"]), Service: textOf(said["service"])}
	response := &ResponseRecord{}
	if status, ok := said["status"].(float64); ok {
		code := int(status)
		response.Status = &code
	}
	if duration, ok := said["durationMs"].(float64); ok {
		response.DurationMs = &duration
	}
	return request, response
}

// textOf gives a text of an entry's details, nil for what is none.
func textOf(v any) *string {
	text, _ := v.(string)
	return present(text)
}
