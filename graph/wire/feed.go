package wire

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
)

// Event is one result of a feed before the operation is executed for it.
type Event struct {
	// Seq is its place in the ledger.
	Seq uint64
	// Sight is that of the feed's actor when the event was let through to him.
	Sight access.Sight
	// Value is what the resolver gets back from EventOf when it is asked for this event alone.
	Value any
	// Cursor is where the feed resumes behind the event.
	Cursor func() string
}

// Feed is a subscription whose results are entries of the ledger. Its resolver offers it instead of giving results:
// the transport follows it, and where several readers are shown the same of an entry, the operation is executed for
// one of them and the others get the same bytes.
type Feed struct {
	// Follow runs until its reader has left or send wants no more, and gives the error that ends the feed.
	Follow func(send Send) error
	// Sight gives the Sight of the feed's actor at this moment.
	Sight func() access.Sight
}

// Send takes events from the front, and says how many and whether more are wanted. It is to be given the rest again,
// after the right of whoever follows was looked at. Events are good until it returns.
type Send func([]Event) (taken int, more bool)

// offer is where a resolver leaves its feed.
type offer struct{ feed *Feed }

type offerKey struct{}

// Offer leaves a feed to the transport that executes the operation. The resolver then gives a closed channel.
func Offer(ctx context.Context, feed Feed) error {
	o, ok := ctx.Value(offerKey{}).(*offer)
	if !ok {
		return errors.New("wire: nobody takes the feed")
	}
	o.feed = &feed
	return nil
}

// single is one event for which an operation is executed.
type single struct {
	event    Event
	personal atomic.Bool
}

type singleKey struct{}

// EventOf gives the event for which a feed's resolver is asked; false when it is asked for the feed.
func EventOf(ctx context.Context) (value any, ok bool) {
	s, ok := ctx.Value(singleKey{}).(*single)
	if !ok {
		return nil, false
	}
	return s.event.Value, true
}

// Personal says that the answer being made holds something that is meant for its reader alone, though others have
// the same Sight.
func Personal(ctx context.Context) {
	if s, ok := ctx.Value(singleKey{}).(*single); ok {
		s.personal.Store(true)
	}
}

// result is one result of an operation as it travels.
type result struct {
	text []byte
	// cursor is where a feed resumes behind it; nil for what is no event.
	cursor func() string
}

// lastCursor is where to resume behind some results, and otherwise where before them.
func lastCursor(some []result, before string) string {
	for _, r := range slices.Backward(some) {
		if r.cursor != nil {
			return r.cursor()
		}
	}
	return before
}

// feedRun is a feed that is being followed for one operation.
type feedRun struct {
	ctx       context.Context
	exec      graphql.GraphExecutor
	shared    *shared
	operation *graphql.OperationContext
	feed      *Feed
	send      func([]result) bool

	shown   *view // what the operation shows of an event, see shownBy; nil when nothing is shared
	sight   access.Sight
	view    view // of shown and sight
	results []result
	// ended is set by an event that could not be executed, with which the feed ends.
	ended bool
}

// follow sends the feed's events until it ends, and gives the error with which it does.
func (f *feedRun) follow() error {
	if text, ok := shownBy(f.operation); ok {
		hash := view(sha256.Sum256([]byte(text + "\x00" + fault.Language(f.ctx).String()))) // what is said is in the reader's language
		f.shown = &hash
	}
	return f.feed.Follow(f.sendEvents)
}

// sendFor is about how long events are executed before those that are ready are sent.
const sendFor = 100 * time.Millisecond

// sendEvents sends as many events as go well into one write, and fewer when executing them takes long.
func (f *feedRun) sendEvents(events []Event) (taken int, more bool) {
	f.results = f.results[:0]
	defer func() { clear(f.results) }()
	size, begun := 0, time.Now()
	for i := range events {
		text := f.encode(&events[i])
		if text == nil {
			return i, false
		}
		if f.ended {
			f.results = append(f.results, result{text: text}) // an error, behind which nothing resumes
			break
		}
		f.results = append(f.results, result{text, events[i].Cursor})
		if size += len(text); size >= framesSize || time.Since(begun) >= sendFor {
			break
		}
	}
	return len(f.results), f.send(f.results) && !f.ended
}

// encode gives an event as the operation shows it to the feed's actor, nil when nobody waits for it any more.
func (f *feedRun) encode(e *Event) []byte {
	if f.shown == nil || e.Sight.Name() == "" {
		text, _ := f.execute(e)
		return text
	}
	if f.sight != e.Sight {
		f.sight, f.view = e.Sight, sha256.Sum256(append(f.shown[:], e.Sight.Name()...))
	}
	return f.shared.get(f.ctx, sharedKey{f.view, e.Seq}, func() ([]byte, bool) { return f.execute(e) })
}

// execute runs the operation for one event. common says that whoever has the event's Sight may be given the same:
// it holds no error and nothing personal, and the actor's rights are, before and after, those that the Sight says.
func (f *feedRun) execute(e *Event) (text []byte, common bool) {
	one := &single{event: *e}
	before := f.feed.Sight()
	responses, ctx := f.exec.DispatchOperation(context.WithValue(f.ctx, singleKey{}, one), f.operation)
	response := responses(ctx)
	if response == nil {
		return nil, false
	}
	text, err := encodeResponse(response)
	if err != nil {
		return nil, false
	}
	f.ended = response.Data == nil // the resolver itself failed: going on would skip the event
	rightsStood := before == e.Sight && f.feed.Sight() == e.Sight
	return text, rightsStood && len(response.Errors) == 0 && !(one.personal.Load() && e.Sight.Common())
}
