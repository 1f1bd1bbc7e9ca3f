// Package graph is the GraphQL edge: it reads requests, asks a service and gives back what the service said.
// Rules live in the services; here are only limits, directives, loaders and the presentation of errors.
package graph

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/graph/generated"
	"github.com/keytrail/keytrail/graph/limit"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/request"
)

// maxTokens bounds a document before it is parsed.
const maxTokens = 1000

// suggestedText is the longest document, in bytes, for which right names are suggested in place of wrong ones.
const suggestedText = 8 << 10

// Handler answers /graphql.
type Handler struct {
	http    wire.Handler
	sockets *wire.Sockets
}

// NewHandler makes the handler of /graphql.
func NewHandler(r *Resolver, limits wire.Limits, documents Documents, log *slog.Logger) *Handler {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: r, Directives: r.directives()})
	defaults := wire.DefaultLimits()
	sockets := wire.NewSockets(limits, r.refreshActor, r.authorise)
	exec := executors{
		anonymous: newExecutor(schema, r, log, false, false),
		known:     newExecutor(schema, r, log, true, true),
		long:      newExecutor(schema, r, log, true, false),
		documents: newKnownDocuments(documents),
		pace:      wire.NewPace(cmp.Or(limits.PerSecond, defaults.PerSecond), cmp.Or(limits.PerSecondAll, defaults.PerSecondAll)),
	}
	return &Handler{http: wire.Handler{Exec: exec, MaxBody: r.maxBody, Sockets: sockets}, sockets: sockets}
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.http.ServeHTTP(w, r) }

// Stop ends every socket and stream, and admits no more. Plain requests go on.
func (h *Handler) Stop() { h.sockets.Stop() }

// Wait returns when every socket and stream is closed, or ctx ends.
func (h *Handler) Wait(ctx context.Context) { h.sockets.Wait(ctx) }

func newExecutor(schema graphql.ExecutableSchema, r *Resolver, log *slog.Logger, introspects, suggests bool) *executor.Executor {
	exec := executor.New(schema)
	exec.SetErrorPresenter(presenter{log}.present)
	exec.SetRecoverFunc(func(_ context.Context, value any) error { return wire.Recovered(value) })
	exec.SetParserTokenLimit(maxTokens)
	exec.SetQueryCache(newDocuments())
	exec.SetDisableSuggestion(!suggests)
	exec.Use(limit.Extension{})
	if introspects {
		exec.Use(extension.Introspection{})
	}
	exec.AroundResponses(boundErrors)
	exec.AroundResponses(r.loadFresh)
	exec.AroundFields(r.writeRows)
	return exec
}

// executors gives introspection and suggestions to those who are signed in, and to nobody else; and it lets nobody
// begin operations too often, or by other documents than he may, by whatever transport.
type executors struct {
	anonymous, known *executor.Executor
	// long is known for long documents, without suggestions: they compare each wrong name with every right one, letter
	// by letter.
	long      *executor.Executor
	documents *knownDocuments
	pace      *wire.Pace
}

func (e executors) of(ctx context.Context) *executor.Executor {
	if request.Actor(ctx) == nil {
		return e.anonymous
	}
	return e.known
}

// CreateOperationContext implements graphql.GraphExecutor.
func (e executors) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	if err := e.pace.Take(ctx); err != nil {
		return &graphql.OperationContext{}, gqlerror.List{gqlerror.Wrap(err)}
	}
	if err := e.documents.resolve(ctx, params); err != nil {
		return &graphql.OperationContext{}, gqlerror.List{gqlerror.Wrap(err)}
	}
	exec := e.of(ctx)
	if exec == e.known && len(params.Query) > suggestedText {
		exec = e.long
	}
	return exec.CreateOperationContext(ctx, params)
}

// DispatchOperation implements graphql.GraphExecutor.
func (e executors) DispatchOperation(ctx context.Context, o *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return e.of(ctx).DispatchOperation(ctx, o)
}

// DispatchError implements graphql.GraphExecutor.
func (e executors) DispatchError(ctx context.Context, list gqlerror.List) *graphql.Response {
	return e.of(ctx).DispatchError(ctx, list)
}
