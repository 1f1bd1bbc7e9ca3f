package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// built runs commands in processes of their own, as they are without the race detector, which takes ten times as long.
func built(t *testing.T) func(args ...string) (int, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keytrail")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(args ...string) (int, string) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, args...)
		said, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(said)
	}
}

// djangoLog writes a log of so many lines, of which every hundredth is broken, each in another way, and each tenth is none of the audit.
func djangoLog(t *testing.T, path string, lines int) (broken, app int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	w := bufio.NewWriter(file)
	wrong := []string{`{"timestamp": "2025-08-16 17:06:32.403", "level": "AUDIT"`, `not JSON`, `{"level": 7}`, "{\"level\": \"AUDIT\", \"model\": \"\xff\"}", `{"timestamp": "yesterday", "level": "AUDIT", "model": "User", "event_type": "CREATE"}`}
	for i := 1; i <= lines; i++ {
		at := fmt.Sprintf(`"timestamp": "2025-08-%02d %02d:%02d:%02d.%03d"`, i%28+1, i/3600%24, i/60%60, i%60, i%1000)
		switch {
		case i%100 == 0:
			fmt.Fprintln(w, wrong[broken%len(wrong)])
			broken++
		case i%10 == 0:
			fmt.Fprintf(w, "{%s, \"level\": \"DEBUG\", \"name\": \"botocore.auth\", \"message\": \"%d\"}\n", at, i)
			app++
		case i%2 == 0:
			fmt.Fprintf(w, `{%s, "level": "AUDIT", "name": "audit.model", "model": "Order", "event_type": "CREATE", "instance_id": "%d", "instance_repr": {"n": %d}, "user_id": "u-%d", "user_info": {"email": "secret@example.org"}}`+"\n", at, i, i, i%50)
		default:
			fmt.Fprintf(w, `{%s, "level": "API", "name": "audit.request", "service_name": "shop", "request_type": "internal", "user_id": "u-%d", "request_repr": {"method": "GET", "path": "/%d"}, "response_repr": {"status_code": 200}, "execution_time": 0.01}`+"\n", at, i%50, i)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return broken, app
}

func TestALargeDjangoLogIsImportedOnceAndItsBrokenLinesAreNamed(t *testing.T) {
	t.Parallel()
	const lines = 100_000
	keytrail := built(t)
	file, data := filepath.Join(t.TempDir(), "audit.log"), mysqltest.Data(t)
	broken, app := djangoLog(t, file, lines)
	args := []string{"import", "django-audit", file, "--source", "shop", "--time-zone", "UTC", "--data", data}
	want := fmt.Sprintf("Lines: %d; on record: %d; refused: %d; left out: %d\n", lines, lines-broken-app, broken, app)
	code, said := keytrail(args...)
	if code != 0 || !strings.Contains(said, want) {
		t.Fatalf("%d: %.2000s", code, said[max(0, len(said)-2000):])
	}
	if n := strings.Count(said, "refused: line "); n != broken {
		t.Errorf("%d refused lines are named, of %d", n, broken)
	}
	for _, line := range []string{"refused: line 100: the JSON object is cut off", "refused: line 200: the line is not JSON, from character", "refused: line 300: level cannot be a JSON number", "refused: line 400: the line is not valid UTF-8", "refused: line 500: the timestamp"} {
		if !strings.Contains(said, line) {
			t.Errorf("%q is not said", line)
		}
	}
	if strings.Contains(said, "secret@") {
		t.Error("what is personal is said")
	}
	entries := func() int {
		code, said := keytrail("verify", "--data", data)
		found := regexp.MustCompile(`intact: (\d+) entries`).FindStringSubmatch(said)
		if code != 0 || found == nil {
			t.Fatal(said)
		}
		n, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := entries()
	if code, said := keytrail(args...); code != 0 || !strings.Contains(said, want) {
		t.Errorf("again: %d: %.500s", code, said[max(0, len(said)-500):])
	}
	if after := entries(); after != before+1 { // that the ledger was verified is on record, too
		t.Errorf("there are %d entries after the second import, %d before", after, before)
	}
}

func TestAnImportNeedsASource(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "audit.log")
	djangoLog(t, file, 1)
	if code, said := command(t, "import", "django-audit", file, "--source", "No Source", "--data", t.TempDir()); code == 0 || !strings.Contains(said, "--source") {
		t.Errorf("%d: %s", code, said)
	}
}
