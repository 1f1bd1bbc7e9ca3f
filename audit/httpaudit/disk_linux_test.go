package httpaudit_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/httpaudit"
)

const diskChild = "KEYTRAIL_TEST_DISK_CHILD"

// The disk that takes no more is a limit on the size of files, which holds for a process of its own.
func TestAStrictClientWhoseDiskTakesNoMoreAnswers503UntilItDoes(t *testing.T) {
	if os.Getenv(diskChild) != "" {
		disk(t)
		return
	}
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), diskChild+"=1")
	if said, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

func disk(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	client, err := audit.Open(audit.Options{URL: "http://127.0.0.1:1", Token: "t", Dir: t.TempDir(), Strict: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	served := 0
	h := httpaudit.Middleware(client, httpaudit.Options{Logger: slog.New(slog.DiscardHandler)})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	got := ""
	for _, most := range []uint64{before.Cur, 100, 100, 100, before.Cur, before.Cur} {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/pay", nil))
		got += fmt.Sprint(w.Code, " ")
	}
	// Of the first request with a full disk nobody could know; those behind it are not served.
	if want := "200 200 503 503 200 200 "; got != want || served != 4 {
		t.Errorf("answered %s, want %s; %d were served", got, want, served)
	}
	if stats := client.Stats(); stats.Recorded != 3 {
		t.Errorf("%+v", stats)
	}
}
