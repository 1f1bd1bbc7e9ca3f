package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// MaxBody is the largest request, in bytes: as a body, a query string or a websocket message.
const MaxBody = 128 << 10

// answerTimeout is how long one answer may take, however the database is doing.
const answerTimeout = 30 * time.Second

const (
	plainJSON    = "application/json; charset=utf-8"
	graphqlJSON  = "application/graphql-response+json; charset=utf-8"
	eventStreams = "text/event-stream"
)

// Handler answers /graphql.
type Handler struct {
	Exec graphql.GraphExecutor
	// MaxBody is how large a request's body may be for who asks, in bytes; nil allows MaxBody to everybody.
	MaxBody func(ctx context.Context) int64
	Sockets *Sockets
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		h.Sockets.serve(w, r, h.Exec)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	params, status, err := h.readRequest(w, r)
	if err != nil {
		h.refuse(w, r, status, gqlerror.List{gqlerror.Wrap(err)})
		return
	}
	params.Headers = r.Header
	params.ReadTime.Start, params.ReadTime.End = graphql.Now(), graphql.Now()
	ctx := graphql.StartOperationTrace(r.Context())
	operation, errs := createOperation(ctx, h.Exec, params)
	if request.WantsStream(r) {
		h.stream(ctx, w, operation, errs)
		return
	}
	if errs != nil {
		h.refuse(w, r.WithContext(graphql.WithOperationContext(ctx, operation)), requestErrorStatus(r), errs)
		return
	}
	if status, err := mayAnswer(r, operation.Operation.Operation); err != nil {
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		h.refuse(w, r, status, gqlerror.List{gqlerror.Wrap(err)})
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	responses, ctx := h.Exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if response == nil { // the time was over before anything was executed
		h.refuse(w, r, http.StatusServiceUnavailable, gqlerror.List{gqlerror.Wrap(ctx.Err())})
		return
	}
	h.answer(w, r, http.StatusOK, response)
}

// createOperation parses and checks a request. A panic while that happens is that request's error alone.
func createOperation(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (operation *graphql.OperationContext, errs gqlerror.List) {
	defer func() {
		if panicked := recover(); panicked != nil {
			operation = &graphql.OperationContext{}
			errs = gqlerror.List{gqlerror.Wrap(Recovered(panicked))}
		}
	}()
	return exec.CreateOperationContext(ctx, params)
}

func (h *Handler) readRequest(w http.ResponseWriter, r *http.Request) (params *graphql.RawParams, status int, err error) {
	switch r.Method {
	case http.MethodGet:
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, http.StatusBadRequest, errRequest("The address cannot be read.")
		}
		params, err = queryParams(values)
		return params, http.StatusBadRequest, err
	case http.MethodPost:
		return h.readBody(w, r)
	}
	w.Header().Set("Allow", "GET, POST")
	return nil, http.StatusMethodNotAllowed, errRequest("Use POST, or GET for queries.")
}

func (h *Handler) readBody(w http.ResponseWriter, r *http.Request) (params *graphql.RawParams, status int, err error) {
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := options["charset"]; err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, http.StatusUnsupportedMediaType, errRequest("Send application/json in UTF-8.")
	}
	if r.Header.Get("Content-Encoding") != "" {
		return nil, http.StatusUnsupportedMediaType, errRequest("Send the body without a content encoding.")
	}
	most := int64(MaxBody)
	if h.MaxBody != nil {
		most = h.MaxBody(r.Context())
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, fault.New(fault.TooComplex, "The request is larger than %d KiB.", most>>10)
	case err != nil:
		return nil, http.StatusBadRequest, errRequest("The request did not arrive completely.")
	}
	params, err = decodeParams(text)
	if err == nil && len(params.Query) > MaxBody { // who may send more may do so in variables, which are not parsed as a document
		return nil, http.StatusRequestEntityTooLarge, fault.New(fault.TooComplex, "The query is larger than %d KiB: send values as variables.", MaxBody>>10)
	}
	return params, http.StatusBadRequest, err
}

func mayAnswer(r *http.Request, kind ast.Operation) (status int, err error) {
	switch {
	case kind == ast.Subscription:
		return http.StatusBadRequest, errRequest("A subscription needs a websocket, or the header Accept: text/event-stream.")
	case kind == ast.Mutation && r.Method == http.MethodGet:
		return http.StatusMethodNotAllowed, errRequest("GET may only ask queries. Send mutations with POST.")
	}
	return http.StatusOK, nil
}

// requestErrorStatus is the status of a request that was understood and refused: GraphQL over HTTP wants 200
// for clients that ask for plain JSON, since they may not read the body of anything else.
func requestErrorStatus(r *http.Request) int {
	if strings.Contains(r.Header.Get("Accept"), "application/json") && responseType(r) == plainJSON {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

func responseType(r *http.Request) string {
	if strings.Contains(r.Header.Get("Accept"), "application/graphql-response+json") {
		return graphqlJSON
	}
	return plainJSON
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, status int, errs gqlerror.List) {
	for _, err := range errs {
		if f, ok := fault.As(err); ok && f.Kind == fault.TooComplex && status < 400 {
			status = http.StatusBadRequest
		}
	}
	h.answer(w, r, status, dispatchError(r.Context(), h.Exec, errs))
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, status int, response *graphql.Response) {
	text, err := encodeResponse(response)
	if err != nil {
		status = http.StatusInternalServerError
		text, _ = encodeResponse(dispatchError(r.Context(), h.Exec, gqlerror.List{gqlerror.Wrap(err)}))
	}
	w.Header().Set("Content-Type", responseType(r))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// encodeResponse leaves data out where nothing was executed, and does not escape HTML: answers are never HTML.
func encodeResponse(response *graphql.Response) ([]byte, error) {
	if text, ok := wholeResponse(response); ok {
		return text, nil
	}
	var answer any = response
	if response.Data == nil {
		answer = struct {
			Errors     gqlerror.List  `json:"errors"`
			Extensions map[string]any `json:"extensions,omitempty"`
		}{response.Errors, response.Extensions}
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return nil, err
	}
	return bytes.TrimRight(text.Bytes(), "\n"), nil
}

// wholeResponse puts data alone into an answer, as the encoder would, without reading it again: it is JSON that was just
// written. Only values of the scalar JSON may have a line's end behind them, which the encoder removes.
func wholeResponse(response *graphql.Response) (text []byte, ok bool) {
	alone := len(response.Errors) == 0 && len(response.Extensions) == 0 && response.HasNext == nil && response.Label == "" && response.Path == nil
	if !alone || len(response.Data) == 0 || bytes.IndexByte(response.Data, '\n') >= 0 {
		return nil, false
	}
	const before, behind = `{"data":`, `}`
	text = make([]byte, 0, len(before)+len(response.Data)+len(behind))
	return append(append(append(text, before...), response.Data...), behind...), true
}

// dispatchError presents errors that came before or outside of execution.
func dispatchError(ctx context.Context, exec graphql.GraphExecutor, errs gqlerror.List) *graphql.Response {
	if !graphql.HasOperationContext(ctx) {
		ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{})
	}
	return exec.DispatchError(ctx, errs)
}
