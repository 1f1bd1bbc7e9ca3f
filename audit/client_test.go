package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

func optionsFor(t testing.TB, intake *intaketest.Intake) audit.Options {
	return audit.Options{
		URL: intake.URL, Token: intaketest.Token, Dir: t.TempDir(), Linger: time.Millisecond,
		Logger: slog.New(slog.DiscardHandler),
	}
}

func open(t testing.TB, o audit.Options) *audit.Client {
	t.Helper()
	c, err := audit.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = c.Close(ctx)
	})
	return c
}

func closeAll(t testing.TB, c *audit.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func record(t testing.TB, r audit.Recorder, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := r.Record(t.Context(), audit.Event{Action: "thing.done", Entity: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
}

func wantInOrder(t testing.TB, events []intaketest.Event, n int) {
	t.Helper()
	if len(events) != n {
		t.Fatalf("%d events came, want %d", len(events), n)
	}
	for i, e := range events {
		if e.Entity != fmt.Sprint(i) {
			t.Fatalf("event %d is about %q", i, e.Entity)
		}
	}
}

func TestEventsArriveInOrderWithWhatTheContextKnows(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	ctx := audit.WithScope(t.Context(), audit.Scope{
		Actor: audit.Person{ExternalID: "7", Name: "Anna"}, IP: "192.0.2.1", UserAgent: "shop/1", RequestID: "r1", Module: "orders",
	})
	for i := range 1200 {
		if err := c.Record(ctx, audit.Event{Action: "order.paid", Entity: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	closeAll(t, c)
	wantInOrder(t, intake.Events(), 1200)
	e := intake.Events()[0]
	if e.Actor.ExternalID != "7" || e.IP != "192.0.2.1" || e.UserAgent != "shop/1" || e.Module != "orders" ||
		fmt.Sprint(e.Metadata) != "map[requestId:r1]" {
		t.Errorf("%s", e.Line)
	}
	if got := c.Stats(); got.Recorded != 1200 || got.Sent != 1200 || got.WaitingBytes != 0 || got.Trouble != "" {
		t.Errorf("%+v", got)
	}
}

func TestNothingIsLostOrRepeatedWhileKeytrailIsAway(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Away(true)
	o := optionsFor(t, intake)
	c := open(t, o)
	record(t, c, 0, 300)
	intake.AwaitPosts(t, 2)
	if c.Stats().Trouble == "" {
		t.Error("the client does not say that it is in trouble")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Close(over); err == nil {
		t.Error("closing with events left says nothing")
	}
	c = open(t, o) // as after a restart of the application
	record(t, c, 300, 600)
	intake.Away(false)
	closeAll(t, c)
	wantInOrder(t, intake.Events(), 600)
}

func TestAnAnswerThatBreaksOffLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.CutNext(7)
	c := open(t, optionsFor(t, intake))
	record(t, c, 0, 50)
	closeAll(t, c)
	wantInOrder(t, intake.Events(), 50)
}

func TestARefusedEventIsKeptAsideAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Refuse(func(e intaketest.Event) (string, string) {
		if e.Entity == "3" || e.Entity == "5" {
			return "BAD_USER_INPUT", "not this one"
		}
		return "", ""
	})
	o := optionsFor(t, intake)
	c := open(t, o)
	record(t, c, 0, 10)
	closeAll(t, c)
	if got := len(intake.Events()); got != 8 {
		t.Errorf("%d events came", got)
	}
	if got := c.Stats(); got.Refused != 2 || got.Sent != 8 {
		t.Errorf("%+v", got)
	}
	kept, err := os.ReadFile(filepath.Join(o.Dir, "refused.ndjson"))
	if err != nil || bytes.Count(kept, []byte("\n")) != 2 || !bytes.Contains(kept, []byte("not this one")) {
		t.Errorf("%v %s", err, kept)
	}
}

func TestWhatKeytrailCannotRecordNowComesAgain(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	var once sync.Once
	intake.Refuse(func(e intaketest.Event) (code, message string) {
		if e.Entity == "4" {
			once.Do(func() { code = "UNAVAILABLE" })
		}
		return code, message
	})
	c := open(t, optionsFor(t, intake))
	record(t, c, 0, 10)
	closeAll(t, c)
	if got := c.Stats(); len(intake.Events()) != 10 || got.Refused != 0 {
		t.Errorf("%d events, %+v", len(intake.Events()), got)
	}
}

func TestAFullQueueLosesTheNewestAndTellsOfTheGap(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	_, _, lost := overflown(t, intake)
	if lost == 0 || lost == 500 {
		t.Fatalf("%d of 500 are lost", lost)
	}
	intake.Away(false)
	events := intake.Await(t, func(events []intaketest.Event) bool {
		return len(events) > 0 && events[len(events)-1].Action == audit.Gap
	})
	wantInOrder(t, events[:len(events)-1], int(500-lost))
	told, _ := events[len(events)-1].Metadata.(map[string]any)
	if told["lost"] != float64(lost) || told["from"] == nil || told["to"] == nil {
		t.Errorf("the gap is told as %v, want %d", told, lost)
	}
}

func TestStrictFailsWhatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Away(true)
	o := optionsFor(t, intake)
	o.Strict, o.MaxQueueBytes = true, 8<<10
	c := open(t, o)
	taken, err := 0, error(nil)
	for ; err == nil && taken < 500; taken++ {
		err = c.Record(t.Context(), audit.Event{Action: "thing.done", Entity: fmt.Sprint(taken)})
	}
	if !errors.Is(err, audit.ErrQueueFull) || !errors.Is(c.Ready(), audit.ErrQueueFull) {
		t.Fatalf("a full queue gives %v and %v", err, c.Ready())
	}
	if err := c.Record(t.Context(), audit.Event{Action: "Not An Action"}); !errors.Is(err, audit.ErrInvalid) {
		t.Errorf("an event that cannot be recorded gives %v", err)
	}
	intake.Away(false)
	closeAll(t, c)
	wantInOrder(t, intake.Events(), taken-1)
	if err := c.Record(t.Context(), audit.Event{Action: "thing.done"}); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("a closed client gives %v", err)
	}
}

func TestALargeEventLosesItsBodiesAndNotItself(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	long := strings.Repeat("x", 40<<10)
	request := &audit.Request{Method: "POST", Body: long}
	events := []audit.Event{
		{Action: "request", Request: request, Response: &audit.Response{Status: 200, Body: long}},
		{Action: "update", Changes: []audit.Change{{Path: "/a", Before: long, After: long}, {Path: "/b", Before: 1, After: 2}}},
	}
	for _, e := range events {
		if err := c.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	closeAll(t, c)
	got := intake.Events()
	if len(got) != 2 || got[0].Request.Body != audit.TooLarge || got[0].Response.Status != 200 ||
		got[1].Changes[0].After != audit.TooLarge || fmt.Sprint(got[1].Changes[1].After) != "2" {
		t.Errorf("%+v", got)
	}
	if request.Body != long {
		t.Error("the caller's request was changed")
	}
}

func TestManyGoroutinesRecordAtOnce(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			ctx := audit.WithActor(t.Context(), audit.Person{ExternalID: fmt.Sprint(worker)})
			for range 100 {
				_ = c.Record(ctx, audit.Event{Action: "thing.done", Entity: fmt.Sprint(worker)})
			}
		})
	}
	all.Wait()
	closeAll(t, c)
	seen := map[string]bool{}
	for _, e := range intake.Events() {
		if e.Actor.ExternalID != e.Entity {
			t.Fatalf("%s did what %s did", e.Actor.ExternalID, e.Entity)
		}
		seen[e.EventID] = true
	}
	if len(seen) != 1600 {
		t.Errorf("%d events", len(seen))
	}
}

func BenchmarkRecord(b *testing.B) {
	intake := intaketest.Start(b)
	intake.Away(true) // what counts is the caller's time, with keytrail away
	for _, strict := range []bool{false, true} {
		b.Run(fmt.Sprintf("strict=%v", strict), func(b *testing.B) {
			o := optionsFor(b, intake)
			o.Strict = strict
			c := open(b, o)
			e := audit.Event{Action: "order.paid", EntityType: "Order", Entity: "17", Changes: []audit.Change{{Path: "/paid", Before: false, After: true}}}
			for b.Loop() {
				if err := c.Record(b.Context(), e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestTheLineIsTheContract(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	at := time.Date(2026, 3, 4, 5, 6, 7, 8999, time.UTC)
	if err := c.Record(t.Context(), audit.Event{EventID: audit.NewID(), Action: "order.paid", OccurredAt: at}); err != nil {
		t.Fatal(err)
	}
	closeAll(t, c)
	var line map[string]any
	if err := json.Unmarshal([]byte(intake.Events()[0].Line), &line); err != nil {
		t.Fatal(err)
	}
	delete(line, "eventId")
	if got := fmt.Sprint(line); got != "map[action:order.paid occurredAt:2026-03-04T05:06:07.000008Z]" {
		t.Error(got)
	}
}
