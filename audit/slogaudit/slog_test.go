package slogaudit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/slogaudit"
)

func open(t *testing.T, o slogaudit.Options) *slogaudit.Logs {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	logs, err := slogaudit.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = logs.Close() })
	return logs
}

// only reads the one line of a file.
func only(t *testing.T, path string) (members map[string]any, names []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || bytes.Count(text, []byte("\n")) != 1 {
		t.Fatalf("%s: %v %s", path, err, text)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	depth := 0
	for isName := false; ; {
		token, err := decoder.Token()
		if err != nil {
			return members, names
		}
		switch delim, _ := token.(json.Delim); {
		case delim == '{' || delim == '[':
			depth++
			isName = depth == 1
		case delim == '}' || delim == ']':
			depth--
			isName = depth == 1
		case depth == 1 && isName:
			names = append(names, token.(string))
			isName = false
		case depth == 1:
			isName = true
		}
	}
}

func TestFilesHaveTheFormThatPipelinesKnow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs := open(t, slogaudit.Options{Dir: dir, Service: "shop"})
	ctx := audit.WithActor(t.Context(), audit.Person{ExternalID: "14ab"})
	at := time.Date(2025, 8, 16, 17, 6, 32, 403e6, time.UTC)
	tracker := audit.Tracker{Recorder: audit.RecorderFunc(func(ctx context.Context, e audit.Event) error {
		e.OccurredAt = at
		return logs.Recorder().Record(ctx, e)
	})}
	type User struct {
		ID    string
		Name  string
		Email string `audit:"personal"`
		Token string
	}
	if err := tracker.Create(ctx, User{"6f77", "Test", "anna@example.org", "hidden"}); err != nil {
		t.Fatal(err)
	}
	err := logs.Recorder().Record(ctx, audit.Event{
		Action: audit.Requested, OccurredAt: at, Request: &audit.Request{Direction: audit.Incoming, Method: "GET", Path: "/api/v1/health/"},
		Response: &audit.Response{Status: 200, DurationMs: 5376},
	})
	if err != nil {
		t.Fatal(err)
	}
	slog.New(logs.Handler()).With("tenant", "a").WithGroup("job").Error("it failed", "error", errors.New("no disk"), "password", "hidden")

	audited, names := only(t, filepath.Join(dir, "audit.json"))
	if want := []string{"timestamp", "level", "name", "message", "model", "event_type", "instance_id", "instance_repr", "user_id", "user_info", "extra"}; !slices.Equal(names, want) {
		t.Errorf("audit.json has %q", names)
	}
	if audited["timestamp"] != "2025-08-16 17:06:32.403" || audited["level"] != "AUDIT" || audited["message"] != "CREATE event for User (id: 6f77)" ||
		audited["user_id"] != "14ab" || fmt.Sprint(audited["instance_repr"]) != "map[Email:[personal] ID:6f77 Name:Test Token:[masked]]" {
		t.Errorf("%v", audited)
	}
	api, names := only(t, filepath.Join(dir, "api.json"))
	if want := []string{"timestamp", "level", "name", "message", "service_name", "request_type", "protocol", "user_id", "user_info", "request_repr", "response_repr", "error_message", "execution_time"}; !slices.Equal(names, want) {
		t.Errorf("api.json has %q", names)
	}
	if api["level"] != "API" || api["service_name"] != "shop" || api["execution_time"] != 5.376 || api["error_message"] != nil {
		t.Errorf("%v", api)
	}
	app, names := only(t, filepath.Join(dir, "app.json"))
	if want := []string{"timestamp", "level", "name", "path", "module", "function", "message", "exception", "tenant", "job.error", "job.password"}; !slices.Equal(names, want) {
		t.Errorf("app.json has %q", names)
	}
	if app["level"] != "ERROR" || app["job.password"] != audit.Masked || app["module"] != "slogaudit_test" || app["job.error"] != "no disk" {
		t.Errorf("%v", app)
	}
}

func TestSignInsAreLogins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs := open(t, slogaudit.Options{Dir: dir})
	if err := logs.Recorder().Record(t.Context(), audit.Event{Action: "user.sign_in"}); err != nil {
		t.Fatal(err)
	}
	if line, _ := only(t, filepath.Join(dir, "audit.json")); line["level"] != "LOGIN" || line["name"] != "audit.login" {
		t.Errorf("%v", line)
	}
	if slogaudit.LevelAudit != 21 || slogaudit.LevelAPI != 22 || slogaudit.LevelLogin != 23 {
		t.Error("the levels moved")
	}
}

func TestFilesRotateBySizeAndCountWithoutTearingLines(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs := open(t, slogaudit.Options{Dir: dir, MaxBytes: 4000, MaxFiles: 3})
	logger := slog.New(logs.Handler())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				logger.Info("a line")
			}
		})
	}
	all.Wait()
	files, _ := filepath.Glob(filepath.Join(dir, "app.json*"))
	if len(files) != 4 {
		t.Errorf("%q", files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || len(text) > 4000 {
			t.Error(file, err, len(text))
		}
		for line := range strings.Lines(string(text)) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s has %q", file, line)
			}
		}
	}
}

func TestTheConsoleIsForPeopleAndTakesNoOrders(t *testing.T) {
	t.Parallel()
	var console bytes.Buffer
	logs := open(t, slogaudit.Options{Console: &console})
	slog.New(logs.Handler()).Warn("low stock\n\x1b[2J", "left", 3)
	if got := console.String(); !strings.HasSuffix(got, ` WARNING low stock\n\x1b[2J left=3`+"\n") {
		t.Errorf("%q", got)
	}
}

func TestSecretsAreMaskedInValuesOfAnyKind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	type account struct{ User, Password string }
	slog.New(open(t, slogaudit.Options{Dir: dir}).Handler()).Info("a",
		"account", account{"bob", "hidden"}, "accounts", []*account{{"eve", "hidden"}}, "headers", http.Header{"Authorization": {"hidden"}, "Accept": {"x"}},
		"map", map[string]string{"password": "hidden", "n": "1"}, "raw", json.RawMessage(`{"password":"hidden","n":12345678901234567890}`),
		"any", map[string]any{"inner": account{"ann", "hidden"}}, "large", make([]int, 100_000), "loop", func() {}, "at", time.Unix(0, 0).UTC())
	line, _ := only(t, filepath.Join(dir, "app.json"))
	if got := fmt.Sprint(line); strings.Contains(got, "hidden") || !strings.Contains(got, "bob") || !strings.Contains(got, "eve") || !strings.Contains(got, "ann") {
		t.Error(got)
	}
	if line["large"] != audit.TooLarge || line["loop"] != "[cannot be written]" || line["at"] != "1970-01-01T00:00:00Z" {
		t.Errorf("%v", line)
	}
}
