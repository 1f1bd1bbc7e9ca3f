package audit

import (
	"context"
	"sync"
)

// Scope is what is known of the request, job or command in whose course events happen. Record fills an event's empty
// fields from it. A scope belongs to one request: there is no state that two requests share.
type Scope struct {
	Actor     Person
	RequestID string
	IP        string
	UserAgent string
	Module    string
}

type scopeKey struct{}

// holder lets a handler tell who the actor is after a middleware outside of it put the scope into the context.
type holder struct {
	mu    sync.Mutex
	scope Scope
}

// WithScope gives a context of its own scope. It hides the scope of ctx.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, &holder{scope: s})
}

// ScopeOf gives the scope of a context, the zero Scope where there is none.
func ScopeOf(ctx context.Context) Scope {
	h, ok := ctx.Value(scopeKey{}).(*holder)
	if !ok {
		return Scope{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.scope
}

// WithActor gives a context in which somebody acts, with all else as in ctx.
func WithActor(ctx context.Context, actor Person) context.Context {
	s := ScopeOf(ctx)
	s.Actor = actor
	return WithScope(ctx, s)
}

// SetActor says who acts in the scope that ctx already has, so that the middleware outside learns it too. Call it where
// the application has found out who is signed in. It reports false when ctx has no scope: use WithActor there.
func SetActor(ctx context.Context, actor Person) bool {
	h, ok := ctx.Value(scopeKey{}).(*holder)
	if !ok {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.scope.Actor = actor
	return true
}

// Fill gives an event what it lacks: an id, and the actor, address, program, module and request id of the context.
// Client.Record does it by itself; recorders of your own may call it.
func (e *Event) Fill(ctx context.Context) {
	s := ScopeOf(ctx)
	if e.EventID == "" {
		e.EventID = NewID()
	}
	if e.Actor == nil && s.Actor != (Person{}) {
		e.Actor = &s.Actor
	}
	for _, one := range []struct {
		field *string
		value string
	}{{&e.IP, s.IP}, {&e.UserAgent, s.UserAgent}, {&e.Module, s.Module}} {
		if *one.field == "" {
			*one.field = one.value
		}
	}
	e.UserAgent = cut(e.UserAgent, maxAgent)
	if s.RequestID != "" && e.Metadata == nil {
		e.Metadata = map[string]any{"requestId": s.RequestID}
	} else if m, ok := e.Metadata.(map[string]any); ok && s.RequestID != "" && m["requestId"] == nil {
		e.Metadata = with(m, "requestId", s.RequestID)
	}
}

// with gives a copy of a map with one more entry: the caller's own stays as it is.
func with(m map[string]any, name string, value any) map[string]any {
	added := make(map[string]any, len(m)+1)
	for k, v := range m {
		added[k] = v
	}
	added[name] = value
	return added
}

// cut gives at most so many characters of a text.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}
