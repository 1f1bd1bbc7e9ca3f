package wire

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/keytrail/keytrail/server/access"
)

// answering executes every operation with an answer of some bytes, which takes a while.
type answering struct {
	bytes int
	takes time.Duration
}

// CreateOperationContext implements graphql.GraphExecutor.
func (a answering) CreateOperationContext(context.Context, *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	return &graphql.OperationContext{}, nil
}

// DispatchOperation implements graphql.GraphExecutor.
func (a answering) DispatchOperation(ctx context.Context, _ *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return func(context.Context) *graphql.Response {
		for end := time.Now().Add(a.takes); time.Now().Before(end); {
		}
		return &graphql.Response{Data: json.RawMessage(`"` + strings.Repeat("x", a.bytes) + `"`)}
	}, ctx
}

// DispatchError implements graphql.GraphExecutor.
func (a answering) DispatchError(_ context.Context, list gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: list}
}

func TestEventsAreSentBeforeManyAreGathered(t *testing.T) {
	t.Parallel()
	const events = 64
	for name, exec := range map[string]answering{"big": {bytes: framesSize / 4}, "slow": {bytes: 10, takes: sendFor / 3}} {
		most, came := 0, 0
		f := &feedRun{ctx: t.Context(), exec: exec, feed: &Feed{Sight: func() access.Sight { return access.Sight{} }}}
		f.send = func(some []result) bool {
			most, came = max(most, len(some)), came+len(some)
			return true
		}
		for rest := make([]Event, events); len(rest) > 0; {
			taken, more := f.sendEvents(rest)
			if taken == 0 || !more {
				t.Fatalf("%s: %d of %d taken", name, taken, len(rest))
			}
			rest = rest[taken:]
		}
		if most > 4 || came != events {
			t.Errorf("%s: %d events came, up to %d at once", name, came, most)
		}
	}
}

func TestABufferOfEventsDoesNotStayBig(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	events := &eventWriter{w: w, control: http.NewResponseController(w)}
	for _, size := range []int{1 << 20, 10} {
		if err := events.next([]result{{text: []byte(strings.Repeat("x", size))}}); err != nil {
			t.Fatal(err)
		}
	}
	if kept := events.buffer.Cap(); kept > 2*framesSize {
		t.Errorf("%d bytes are kept", kept)
	}
}
