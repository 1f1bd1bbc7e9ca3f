package graph

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

const (
	maxErrors  = 20
	maxMessage = 400
)

// presenter turns errors into what clients see. What is no fault becomes INTERNAL with the request's id, and
// the log has the rest.
type presenter struct{ log *slog.Logger }

func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		shown.Path, shown.Locations = located.Path, located.Locations
	} else {
		shown.Path = graphql.GetPath(ctx)
	}
	f := p.faultOf(ctx, err, located)
	shown.Message = clip(f.In(fault.Language(ctx)), maxMessage)
	shown.Extensions = extensionsOf(ctx, f, shown.Path)
	return shown
}

func (p presenter) faultOf(ctx context.Context, err error, located *gqlerror.Error) *fault.Error {
	f, isFault := fault.As(err)
	switch {
	case isFault && f.Kind != fault.Internal:
		return f
	case located != nil && located.Err == nil:
		return refusedDocument(located)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Unavailable, "The request was ended before it was answered.")
	}
	id := request.From(ctx).ID
	p.log.ErrorContext(ctx, "request failed", "requestId", id, "path", graphql.GetPath(ctx).String(), "error", err)
	return fault.New(fault.Internal, "Something went wrong inside keytrail. The server's log has it under %s.", id).With("requestId", id)
}

// refusedDocument is for what gqlparser itself says of a document or its variables.
func refusedDocument(e *gqlerror.Error) *fault.Error {
	kind := fault.BadInput
	if e.Extensions["code"] == errcode.ParseFailed && strings.Contains(e.Message, "token limit") {
		kind = fault.TooComplex
	}
	return fault.New(kind, "%s", e.Message)
}

func extensionsOf(ctx context.Context, f *fault.Error, path ast.Path) map[string]any {
	extensions := f.DataIn(fault.Language(ctx))
	extensions["code"] = string(f.Kind)
	if f.Kind == fault.BadInput {
		if field := fieldOf(f, path); field != "" {
			extensions["field"] = field
		}
	}
	if f.RetryAfter > 0 {
		extensions["retryAfterSeconds"] = int(math.Ceil(f.RetryAfter.Seconds()))
	}
	return extensions
}

// fieldOf names the wrong field: the one that the service named, or the place in the input that could not be read.
func fieldOf(f *fault.Error, path ast.Path) string {
	if f.Field != "" {
		return f.Field
	}
	var parts []string
	for i, element := range path {
		switch e := element.(type) {
		case ast.PathName:
			if i > 0 && e != "input" {
				parts = append(parts, string(e))
			}
		case ast.PathIndex:
			if len(parts) > 0 {
				parts = append(parts, strconv.Itoa(int(e)))
			}
		}
	}
	return strings.Join(parts, ".")
}

// boundErrors keeps an answer small, however much is wrong with a request.
func boundErrors(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || len(response.Errors) <= maxErrors {
		return response
	}
	more := len(response.Errors) - maxErrors + 1
	response.Errors = append(response.Errors[:maxErrors-1:maxErrors-1], &gqlerror.Error{
		Message:    fault.Say("and %d more errors", more).In(fault.Language(ctx)),
		Extensions: map[string]any{"code": response.Errors[0].Extensions["code"]},
	})
	return response
}

// clip shortens a text to at most n characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n]) + "…"
}
