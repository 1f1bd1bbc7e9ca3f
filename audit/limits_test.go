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
				"a deep body":  {`"path":"/pay"`, `"body":"[too large]"`, `"headers":"kept"`},
				"deep changes": {`"before":"[too large]"`, `"after":[[[1]]]`},
				"too many":     {`"changesLeftOut":100`, `"objectsLeftOut":100`},
				"long people":  {`"name":"Anna ž`},
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
