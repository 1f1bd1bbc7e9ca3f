package audit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

// nested is a list in a list in a list.
func nested(depth int) any {
	var v any = 1
	for range depth {
		v = []any{v}
	}
	return v
}

func many[T any](n int, one func(int) T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = one(i)
	}
	return all
}

// The intake refuses what keytrail would.
func TestAnEventIsMadeToFitKeytrailsLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ž", 1000)
	request := &audit.Request{Method: long, Service: long, Path: "/pay", Body: nested(40)}
	numbers := many(5000, func(i int) any { return i })
	for name, e := range map[string]audit.Event{
		"long texts":       {EntityType: long, Entity: long, EntityLabel: long, Module: long, UserAgent: long, BulkID: long, IP: "no address"},
		"long people":      {Actor: &audit.Person{ExternalID: long, Name: "Anna\n" + long}, DataSubject: &audit.Person{Name: " \t"}},
		"long names":       {Objects: []audit.Object{{Type: long, ID: long}}, Changes: []audit.Change{{Path: "/" + long}}, Plain: []string{"/" + long}},
		"a deep body":      {Request: request, Response: &audit.Response{Body: nested(32), Headers: "kept"}},
		"deep fields":      {Before: map[string]any{"a": nested(40)}, After: map[string]any{"b": 1}},
		"deep changes":     {Changes: []audit.Change{{Path: "/a", Before: nested(40), After: nested(3)}}, Metadata: map[string]any{"a": nested(40)}},
		"a body of many":   {Request: &audit.Request{Path: "/pay", Body: numbers}},
		"a query of many":  {Request: &audit.Request{Path: "/pay", Query: numbers}},
		"changes of many":  {Changes: []audit.Change{{Path: "/a", After: numbers}}},
		"metadata of many": {Metadata: map[string]any{"a": numbers}},
		"too many":         {Changes: many(600, func(i int) audit.Change { return audit.Change{Path: fmt.Sprint("/", i), After: []any{1, 2, 3}} }), Objects: many(600, func(i int) audit.Object { return audit.Object{ID: fmt.Sprint(i)} })},
		"nameless objects": {Objects: []audit.Object{{Type: "thing"}, {Type: "thing", ID: "7"}}},
		"plain of many":    {Plain: many(600, func(i int) string { return fmt.Sprint("/", i) })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake := intaketest.Start(t)
			c := open(t, optionsFor(t, intake))
			e.Action = "thing.done"
			if err := c.Record(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			closeAll(t, c)
			if got := c.Stats(); got.Sent != 1 || got.Refused != 0 || got.Lost != 0 {
				t.Fatalf("%+v", got)
			}
			line := intake.Events()[0].Line
			for _, want := range map[string][]string{
				"a deep body":      {`"path":"/pay"`, `"body":"[too large]"`, `"headers":"kept"`},
				"deep changes":     {`"before":"[too large]"`, `"after":[[[1]]]`},
				"too many":         {`"changesLeftOut":100`, `"objectsLeftOut":100`},
				"nameless objects": {`"objects":[{"type":"thing","id":"7"}]`, `"objectsLeftOut":1`},
				"long people":      {`"name":"Anna ž`},
			}[name] {
				if !strings.Contains(line, want) {
					t.Errorf("%s is missing in %.2000s", want, line)
				}
			}
		})
	}
	if request.Method != long || fmt.Sprint(request.Body) != fmt.Sprint(nested(40)) {
		t.Error("the caller's request was changed")
	}
}

func record1(t *testing.T, e audit.Event) intaketest.Event {
	t.Helper()
	intake := intaketest.Start(t)
	o := optionsFor(t, intake)
	o.Strict = true
	c := open(t, o)
	e.Action = "thing.done"
	if err := c.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	closeAll(t, c)
	if got := c.Stats(); got.Sent != 1 || got.Refused != 0 {
		t.Fatalf("%+v", got)
	}
	return intake.Events()[0]
}

// Of an entity of many fields, of many long values or at long paths, what fits is kept, and a strict program goes on.
func TestOfManyChangesThoseThatFitAreKeptAndTheOthersCounted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ž", 300)
	fields := func(n int, value any) map[string]any {
		all := map[string]any{"same": long}
		for i := range n {
			all[fmt.Sprintf("f%04d", i)] = value
		}
		return all
	}
	for name, one := range map[string]struct {
		event          audit.Event
		changes, least int // how many are kept
		left           float64
	}{
		"fields before and after": {audit.Event{Before: fields(700, 1), After: fields(700, 2), Plain: []string{"/f0001"}}, 500, 500, 200},
		"fields of a new entity":  {audit.Event{After: fields(700, 1)}, 500, 500, 201},
		"a long path":             {audit.Event{Before: map[string]any{long + long: 1}, After: map[string]any{long + long: 2}}, 1, 1, 0},
		"one of large fields":     {audit.Event{Before: map[string]any{"a": 1, "b": many(300, func(int) any { return long })}, After: map[string]any{"a": 2, "b": many(300, func(int) any { return long })}}, 1, 1, 0},
		"long values": {audit.Event{Changes: many(500, func(i int) audit.Change {
			return audit.Change{Path: fmt.Sprint("/f", i), Before: long[:400], After: long[:400]}
		})}, 0, 150, -1},
		"long paths": {audit.Event{Changes: many(500, func(i int) audit.Change {
			return audit.Change{Path: fmt.Sprint("/", i, long), Before: 1, After: 2}
		}), Plain: many(500, func(i int) string { return fmt.Sprint("/", i, long) })}, 0, 30, -1},
		"long objects": {audit.Event{Objects: many(500, func(i int) audit.Object { return audit.Object{ID: fmt.Sprint(i, long)} })}, 0, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.event.Metadata = map[string]any{"requestId": "r1"}
			got := record1(t, one.event)
			told, _ := got.Metadata.(map[string]any)
			left, _ := told["changesLeftOut"].(float64)
			if len(got.Changes) < one.least || one.changes > 0 && len(got.Changes) != one.changes || told["requestId"] != "r1" {
				t.Errorf("%d changes, %v", len(got.Changes), told)
			}
			if one.left >= 0 && left != one.left || one.left < 0 && int(left)+len(got.Changes) != len(one.event.Changes) {
				t.Errorf("%d changes are kept and %v counted", len(got.Changes), left)
			}
			if objects, _ := told["objectsLeftOut"].(float64); int(objects)+len(got.Objects) != len(one.event.Objects) {
				t.Errorf("%d objects are kept and %v counted", len(got.Objects), objects)
			}
			if len(got.Changes) > 0 && name == "fields before and after" && fmt.Sprint(got.Changes[1]) != "{/f0001 1 2 false false}" {
				t.Errorf("%+v", got.Changes[1])
			}
		})
	}
}

// keytrail takes no longer duration, such as that of a connection that was handed over.
func TestADurationOfMonthsIsToldAsThirtyDays(t *testing.T) {
	t.Parallel()
	got := record1(t, audit.Event{Response: &audit.Response{DurationMs: 40 * 24 * 3600 * 1000}})
	if !strings.Contains(got.Line, `"durationMs":2592000000`) {
		t.Error(got.Line)
	}
}

func TestAnActionThatIsKeytrailsOwnIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	o := optionsFor(t, intaketest.Start(t))
	o.Strict = true
	c := open(t, o)
	for _, action := range []string{"key.issued", "auth.sign_in", "system.x"} {
		if err := c.Record(t.Context(), audit.Event{Action: action}); !errors.Is(err, audit.ErrInvalid) {
			t.Errorf("%s: %v", action, err)
		}
	}
	if err := c.Record(t.Context(), audit.Event{Action: "keys.issued"}); err != nil {
		t.Error(err)
	}
}

func TestEventsOfAFastClockWaitAndDoNotGetLost(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	o := optionsFor(t, intake)
	c := open(t, o)
	for _, ahead := range []time.Duration{0, 20 * time.Minute} {
		if err := c.Record(t.Context(), audit.Event{Action: "thing.done", OccurredAt: time.Now().Add(ahead)}); err != nil {
			t.Fatal(err)
		}
	}
	intake.AwaitPosts(t, 4)
	if got := c.Stats(); got.Refused != 0 || got.Sent != 1 || !strings.Contains(got.Trouble, "clock") {
		t.Errorf("%+v", got)
	}
	intake.Later(15 * time.Minute) // as if the time had come
	closeAll(t, c)
	if got := c.Stats(); got.Refused != 0 || got.Sent != 2 {
		t.Errorf("%+v", got)
	}
}

func TestAnEventDaysAheadOfTheClockDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	for _, ahead := range []time.Duration{72 * time.Hour, 0} {
		if err := c.Record(t.Context(), audit.Event{Action: "thing.done", OccurredAt: time.Now().Add(ahead)}); err != nil {
			t.Fatal(err)
		}
	}
	closeAll(t, c)
	if got := c.Stats(); got.Refused != 1 || got.Sent != 1 {
		t.Errorf("%+v", got)
	}
}
