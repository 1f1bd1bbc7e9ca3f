package programs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/programs"
)

type fixture struct {
	*ledgertest.Fixture
	access *access.Service
	now    func() time.Time
}

func open(t *testing.T) *fixture {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	f := &fixture{Fixture: ledgertest.OpenAt(t, now), now: now}
	var err error
	if f.access, err = access.New(t.Context(), f.DB, f.Ledger, now, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return f
}

// service is one server process.
func (f *fixture) service(t *testing.T) *programs.Service {
	t.Helper()
	s, err := programs.New(t.Context(), f.DB, f.Ledger, f.access, f.now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return s
}

func shop() *access.Actor { return &access.Actor{Source: "shop", Roles: []string{"integrator"}} }

func declaration(paths ...string) programs.Input {
	in := programs.Input{Words: []*programs.Word{{Action: "order.paid", English: "paid an order", Latvian: "apmaksāja pasūtījumu"}}}
	for _, path := range paths {
		in.Plain = append(in.Plain, &programs.Field{EntityType: "order", Path: path})
	}
	return in
}

func TestWhatAProgramDeclaresCountsInEveryProcess(t *testing.T) {
	t.Parallel()
	f := open(t)
	here, there := f.service(t), f.service(t)
	in := declaration("/status")
	in.Plain = append(in.Plain, &programs.Field{Path: "/currency"})
	if _, err := here.Declare(t.Context(), shop(), in); err != nil {
		t.Fatal(err)
	}
	if got := here.Plain("shop", "order"); !slices.Equal(got, []string{"/currency", "/status"}) {
		t.Error(got)
	}
	if got := here.Plain("shop", "invoice"); !slices.Equal(got, []string{"/currency"}) {
		t.Error(got)
	}
	if got := here.Plain("other", "order"); len(got) != 0 {
		t.Error(got)
	}
	for tag, want := range map[language.Tag]string{language.English: "paid an order", language.Latvian: "apmaksāja pasūtījumu"} {
		if got := here.Title("shop", "order.paid", tag); got == nil || *got != want {
			t.Error(tag, got)
		}
	}
	if here.Title("shop", "order.made", language.English) != nil || here.Title("other", "order.paid", language.English) != nil {
		t.Error("words for what has none")
	}
	eventually(t, func() bool { return len(there.Plain("shop", "order")) == 2 })
	if _, err := here.Declare(t.Context(), shop(), declaration()); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return len(there.Plain("shop", "order")) == 0 })
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for i := range entries {
		if entries[i].Action == ledger.LogSourceDeclared {
			declared++
		}
	}
	if declared != 2 {
		t.Errorf("%d declarations are on record", declared)
	}
}

func TestAProgramDeclaresAndSeesOnlyItself(t *testing.T) {
	t.Parallel()
	f := open(t)
	s := f.service(t)
	other := "billing"
	in := declaration("/status")
	in.Name = &other
	if _, err := s.Declare(t.Context(), shop(), in); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	if _, err := s.Declare(t.Context(), access.System(), in); err != nil {
		t.Fatal(err)
	}
	if mine, err := s.List(t.Context(), shop()); err != nil || len(mine) != 0 {
		t.Error(mine, err)
	}
	if all, err := s.List(t.Context(), access.System()); err != nil || len(all) != 1 || all[0].Plain[0].Path != "/status" {
		t.Error(all, err)
	}
	if _, err := s.List(t.Context(), &access.Actor{Source: "desk", Roles: []string{"screen"}}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestWhatMakesNoSenseIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	f := open(t)
	s := f.service(t)
	word := func(action, english, latvian string) programs.Input {
		return programs.Input{Words: []*programs.Word{{Action: action, English: english, Latvian: latvian}}}
	}
	many := programs.Input{}
	for i := range programs.MaxFields + 1 {
		many.Plain = append(many.Plain, &programs.Field{Path: fmt.Sprint("/", i)})
	}
	long, lines, spaced := strings.Repeat("x", 1001), "orders\nbilling: nothing", "Not A Source"
	for field, in := range map[string]programs.Input{
		"plain.0.path": declaration("status"), "plain.1": declaration("/a", "/a"), "plain": many, "purpose": {Purpose: &long}, "purpose ": {Purpose: &lines}, "name": {Name: &spaced},
		"words.0.action": word("key.issued", "a", "b"), "words.0.english": word("paid", " ", "b"), "words.0.latvian": word("paid", "a", "two\nlines"),
	} {
		var refused *fault.Error
		if _, err := s.Declare(t.Context(), shop(), in); !errors.As(err, &refused) || refused.Kind != fault.BadInput || refused.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// eventually waits for something that another process is to notice.
func eventually(t testing.TB, happened func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for !happened() {
		select {
		case <-deadline:
			t.Fatal("another process did not notice within 20 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
