package slogaudit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/slogaudit"
)

func TestAttributesNamedAsALinesOwnMembersAreKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	slog.New(open(t, slogaudit.Options{Dir: dir}).Handler()).Info("a", "path", "/my/path", "name", "bob", "module", "m", "function", "f", "level", 3, "order", 7)
	line, names := only(t, filepath.Join(dir, "app.json"))
	for name, want := range map[string]any{
		"attr.path": "/my/path", "attr.name": "bob", "attr.module": "m", "attr.function": "f", "attr.level": 3.0, "order": 7.0,
		"level": "INFO", "message": "a", "module": "slogaudit_test",
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if len(names) != len(line) {
		t.Errorf("a name stands twice in %q", names)
	}
}

// failure is an error whose nil cannot be asked.
type failure struct{ text string }

func (f *failure) Error() string { return f.text }

// loud panics when it is written.
type loud struct{}

func (loud) MarshalJSON() ([]byte, error) { panic("token=hidden") }

func TestAValueThatPanicsDoesNotEndTheProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var none *failure
	slog.New(open(t, slogaudit.Options{Dir: dir}).Handler()).Error("a", "err", none, "loud", loud{}, "order", 7)
	line, _ := only(t, filepath.Join(dir, "app.json"))
	if line["err"] != "<nil>" || line["loud"] != "!PANIC: token=[masked]" || line["order"] != 7.0 {
		t.Errorf("%v", line)
	}
}

func TestAFileThatCouldNotBeOpenedAgainIsTriedAtTheNextLine(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs")
	logs := open(t, slogaudit.Options{Dir: dir, MaxBytes: 300})
	write := func() error {
		return logs.Handler().Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, strings.Repeat("x", 200), 0))
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := write(); !os.IsNotExist(err) {
			t.Errorf("without the folder: %v", err)
		}
	}
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := write(); err != nil {
			t.Errorf("with the folder: %v", err)
		}
	}
	if err := logs.Close(); err != nil {
		t.Fatal(err)
	}
	if err := write(); err == nil {
		t.Error("closed logs take a line")
	}
}

func TestLinesAreKeptWhereTheFileCannotBeRotated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs := open(t, slogaudit.Options{Dir: dir, MaxBytes: 1000, MaxFiles: 1})
	if err := os.MkdirAll(filepath.Join(dir, "app.json.1", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range 20 {
		if logs.Handler().Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, strings.Repeat("x", 200), 0)) != nil {
			failed++
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "app.json"))
	if n := strings.Count(string(text), "\n"); err != nil || n != 20 || failed == 0 || failed > 10 {
		t.Errorf("%d of 20 lines are kept, and %d said that the file cannot be rotated, %v", n, failed, err)
	}
}

func TestWhatStandsInAGroupOfASecretsNameIsMasked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logger := slog.New(open(t, slogaudit.Options{Dir: dir}).Handler())
	logger.WithGroup("smtp").WithGroup("credentials").With("host", "hidden").Info("a",
		slog.Group("reset", slog.Group("tokens", "first", "hidden")), "user", "hidden")
	line, _ := only(t, filepath.Join(dir, "app.json"))
	if text := fmt.Sprint(line); strings.Contains(text, "hidden") || line["smtp.credentials.host"] != "[masked]" {
		t.Error(text)
	}
}

func TestWhatACrashLeftOfALineDoesNotSpoilTheNext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "app.json")
	if err := os.WriteFile(path, []byte(`{"timestamp": "20`), 0o600); err != nil {
		t.Fatal(err)
	}
	slog.New(open(t, slogaudit.Options{Dir: dir}).Handler()).Info("a")
	text, err := os.ReadFile(path)
	if lines := strings.Split(string(text), "\n"); err != nil || len(lines) != 3 || !json.Valid([]byte(lines[1])) {
		t.Errorf("%q, %v", text, err)
	}
}

// A log file that cannot be written must not fail what the program does, as an error of a Recorder would.
func TestOperationsGoOnWhereEventsCannotBeWritten(t *testing.T) {
	t.Parallel()
	var told strings.Builder
	logs := open(t, slogaudit.Options{Logger: slog.New(slog.NewTextHandler(&told, nil))})
	if err := logs.Close(); err != nil {
		t.Fatal(err)
	}
	tracker := audit.Tracker{Recorder: audit.Tee(logs.Recorder())}
	for range 3 {
		if err := tracker.Create(t.Context(), struct{ ID, Secret string }{"7", "hidden"}); err != nil {
			t.Errorf("a log file fails the operation: %v", err)
		}
	}
	if text := told.String(); strings.Count(text, "writing events into log files fails") != 1 || strings.Contains(text, "hidden") {
		t.Errorf("told: %s", text)
	}
}

func TestALineWithoutATimeHasThatOfItsWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := open(t, slogaudit.Options{Dir: dir}).Handler().Handle(t.Context(), slog.NewRecord(time.Time{}, slog.LevelInfo, "a", 0)); err != nil {
		t.Fatal(err)
	}
	if line, _ := only(t, filepath.Join(dir, "app.json")); strings.HasPrefix(line["timestamp"].(string), "0001") {
		t.Errorf("%v", line)
	}
}
