// Package fault holds the kinds of error that keytrail answers with.
//
// A fault carries two texts: Message, written for the person who asked, and the wrapped cause,
// written for the server log. Only Message, Field and Code ever leave the server.
package fault

import (
	"errors"
	"time"

	"golang.org/x/text/language"
)

// Kind is the class of a fault. Its text is the GraphQL extensions.code.
type Kind string

// The kinds, in the words that clients see.
const (
	Unauthenticated Kind = "UNAUTHENTICATED"
	Forbidden       Kind = "FORBIDDEN"
	BadInput        Kind = "BAD_USER_INPUT"
	NotFound        Kind = "NOT_FOUND"
	Conflict        Kind = "CONFLICT"
	RateLimited     Kind = "RATE_LIMITED"
	TooComplex      Kind = "TOO_COMPLEX"
	UnknownDocument Kind = "UNKNOWN_DOCUMENT"
	Unavailable     Kind = "UNAVAILABLE"
	Internal        Kind = "INTERNAL"
)

// Error is an error with a kind and a message that may be shown to the caller.
type Error struct {
	Kind Kind
	// Message is the text in English. Callers are told it by In, in their own language.
	Message string
	// Field names the input field that is wrong, such as "dueAt" or "keys.2"; BadInput only.
	Field string
	// RetryAfter is how long to wait before trying again; zero when that is not known.
	RetryAfter time.Duration
	// Data is further machine-readable detail for extensions, such as the holder of a key.
	Data  map[string]any
	text  Text
	cause error
}

// Error gives the message, and the cause where there is one. It is meant for logs.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// New makes a fault of a kind with a message for the caller.
func New(kind Kind, format string, args ...any) *Error {
	return of(kind, Say(format, args...))
}

// Field makes a BadInput fault that names the field which is wrong.
func Field(field, format string, args ...any) *Error {
	f := of(BadInput, Say(format, args...))
	f.Field = field
	return f
}

// Wrap makes a fault whose cause is err; the cause is logged and never shown.
func Wrap(err error, kind Kind, format string, args ...any) *Error {
	f := of(kind, Say(format, args...))
	f.cause = err
	return f
}

func of(kind Kind, text Text) *Error { return &Error{Kind: kind, Message: text.String(), text: text} }

// DataIn gives a copy of Data in which what is said is said in a language.
func (e *Error) DataIn(tag language.Tag) map[string]any {
	data := make(map[string]any, len(e.Data)+2)
	for name, value := range e.Data {
		switch v := value.(type) {
		case Text:
			value = v.In(tag)
		case Texts:
			value = v.each(tag)
		}
		data[name] = value
	}
	return data
}

// Text gives the message as a text, to be part of another.
func (e *Error) Text() Text { return e.text }

// In gives the message in a language.
func (e *Error) In(tag language.Tag) string { return e.text.In(tag) }

// Saying returns a copy of e with another message.
func (e *Error) Saying(text Text) *Error {
	c := *e
	c.Message, c.text = text.String(), text
	return &c
}

// After returns a copy of e that says how long to wait before trying again.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = wait
	return &c
}

// With returns a copy of e that carries one more machine-readable detail.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Data = make(map[string]any, len(e.Data)+1)
	for k, v := range e.Data {
		c.Data[k] = v
	}
	c.Data[name] = value
	return &c
}

// KindOf gives the kind of the first fault in err's tree, and Internal when there is none.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return Internal
}

// As finds the first fault in err's tree, however deep it is wrapped.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}

// Is reports whether err is a fault of this kind.
func Is(err error, kind Kind) bool {
	f, ok := As(err)
	return ok && f.Kind == kind
}
