package ledger_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

// keepOutside runs an Outside until the test ends or the function that it gives is called.
func keepOutside(t *testing.T, l *ledger.Ledger, opts ledger.OutsideOptions) (stop func()) {
	t.Helper()
	opts.Interval = 10 * time.Millisecond
	opts.Pause = 5 * time.Millisecond
	outside, err := l.NewOutside(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = outside.Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(stop)
	return stop
}

// awaitSink polls until what is known of the only place is as wanted.
func awaitSink(t *testing.T, l *ledger.Ledger, what string, wanted func(ledger.Sink) bool) ledger.Sink {
	t.Helper()
	var sinks []ledger.Sink
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var err error
		if sinks, err = l.Sinks(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(sinks) == 1 && wanted(sinks[0]) {
			return sinks[0]
		}
	}
	t.Fatalf("never %s: %+v", what, sinks)
	return ledger.Sink{}
}

func keptUpTo(size uint64) func(ledger.Sink) bool {
	return func(s ledger.Sink) bool {
		return s.Size == size && s.KeptAt.Valid && !s.FailingSince.Valid && s.Error == ""
	}
}

func failing(s ledger.Sink) bool { return s.FailingSince.Valid && s.Error != "" }

// keptIn reads the sizes of the checkpoints in a file, each with a good signature, and how many are torn.
func keptIn(t *testing.T, l *ledger.Ledger, path string) (sizes []uint64, torn int) {
	t.Helper()
	verifier, err := note.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	kept, err := verify.ReadKept(f, verifier)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range kept.Checkpoints {
		sizes = append(sizes, c.Size)
	}
	return sizes, kept.Unreadable
}

func TestCheckpointsAreSignedWhenTheLedgerHasGrownAndAppendedToAFile(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	path := filepath.Join(t.TempDir(), "kept")
	keepOutside(t, f.Ledger, ledger.OutsideOptions{File: path})
	for n := range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, drafts(n, 10)...)
		s := awaitSink(t, f.Ledger, "kept", keptUpTo(uint64(10*(n+1))))
		if s.Place != "file:"+path {
			t.Fatalf("%+v", s)
		}
	}
	sizes, torn := keptIn(t, f.Ledger, path)
	if len(sizes) != 3 || sizes[0] != 10 || sizes[2] != 30 || torn != 0 {
		t.Fatalf("kept %v, %d torn", sizes, torn)
	}
	var signed int
	if err := f.DB.Get(t.Context(), &signed, "SELECT COUNT(*) FROM {ledger}.checkpoint"); err != nil || signed != 3 {
		t.Fatalf("%d were signed, %v", signed, err)
	}
}

func TestANoteThatACrashLeftHalfWrittenSpoilsNoOther(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	path := filepath.Join(t.TempDir(), "kept")
	stop := keepOutside(t, f.Ledger, ledger.OutsideOptions{File: path})
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	awaitSink(t, f.Ledger, "kept", keptUpTo(1))
	stop()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(whole); cut++ {
		torn := filepath.Join(t.TempDir(), "kept")
		if err := os.WriteFile(torn, append(whole[:len(whole):len(whole)], whole[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ledger.AppendToFile(torn, string(whole[:len(whole)-1])); err != nil {
			t.Fatal(err)
		}
		if sizes, _ := keptIn(t, f.Ledger, torn); len(sizes) < 2 {
			t.Fatalf("cut at %d of %d, %v are left", cut, len(whole), sizes)
		}
	}
}

func TestAPlaceThatWasDownGetsTheNewestCheckpointOnly(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var down atomic.Bool
	down.Store(true)
	var mu sync.Mutex
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		text, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" || r.URL.RawQuery != "token=secret" {
			t.Errorf("%v %s %v", err, r.URL, r.Header)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(text))
	}))
	defer server.Close()
	address := strings.Replace(server.URL, "http://", "http://anna:password@", 1) + "/T0/hidden?token=secret"
	keepOutside(t, f.Ledger, ledger.OutsideOptions{URLs: []string{address}})
	for n := range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, draft(n))
		awaitSink(t, f.Ledger, "failing", failing)
	}
	s := awaitSink(t, f.Ledger, "failing", failing)
	if !regexp.MustCompile(`^`+regexp.QuoteMeta(server.URL)+` \([0-9a-f]{8}\)$`).MatchString(s.Place) || !strings.Contains(s.Error, "503") || s.KeptAt.Valid {
		t.Errorf("%+v", s)
	}
	newest, err := f.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	down.Store(false)
	awaitSink(t, f.Ledger, "kept", keptUpTo(3))
	mu.Lock()
	defer mu.Unlock()
	if got[len(got)-1] != newest.Note || len(got) > 2 {
		t.Errorf("%q", got)
	}
}

func TestAnOutageIsRecordedOnceWhenItLasts(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	f := ledgertest.OpenAt(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	dir := filepath.Join(t.TempDir(), "missing")
	keepOutside(t, f.Ledger, ledger.OutsideOptions{File: filepath.Join(dir, "kept")})
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	first := awaitSink(t, f.Ledger, "failing", failing)
	if _, size, err := f.Ledger.LastRecorded(t.Context()); err != nil || size != 1 {
		t.Fatalf("recorded at once: %d, %v", size, err)
	}
	ahead.Store(int64(25 * time.Hour))
	later := func(s ledger.Sink) bool { return s.FailedAt.Time.After(first.FailedAt.Time.Add(25 * time.Hour)) }
	awaitSink(t, f.Ledger, "tried a day later", later)
	second := awaitSink(t, f.Ledger, "tried again", later)
	awaitSink(t, f.Ledger, "tried once more", func(s ledger.Sink) bool { return s.FailedAt.Time.After(second.FailedAt.Time) })
	entries, err := f.Ledger.Read(t.Context(), f.DB, 0, 10)
	if err != nil || len(entries) != 2 || entries[1].Action != ledger.SystemCheckpointNotKept || entries[1].Outcome != ledger.Failure {
		t.Fatalf("%v %+v", err, entries)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	awaitSink(t, f.Ledger, "kept", keptUpTo(2))
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var strangers atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	keepOutside(t, f.Ledger, ledger.OutsideOptions{URLs: []string{server.URL}})
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	if s := awaitSink(t, f.Ledger, "failing", failing); !strings.Contains(s.Error, "points elsewhere") || strangers.Load() != 0 {
		t.Fatalf("%+v, %d requests elsewhere", s, strangers.Load())
	}
}

func TestStoppingEndsAPostThatIsUnderWayAndLeavesNothingRunning(t *testing.T) {
	f := ledgertest.Open(t)
	before := goleak.IgnoreCurrent()
	arrived := make(chan struct{}, 1)
	released := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		select {
		case <-released:
		case <-r.Context().Done():
		}
	}))
	stop := keepOutside(t, f.Ledger, ledger.OutsideOptions{URLs: []string{server.URL}})
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("nothing was posted")
	}
	stop()
	close(released)
	server.Close()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("github.com/keytrail/keytrail/server/ledger.(*tail).wakeAll"), // of the ledger that goes on
		goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("database/sql.(*DB).connectionCleaner"),
		goleak.IgnoreAnyFunction("github.com/go-sql-driver/mysql.(*mysqlConn).startWatcher.func1"))
}

func TestASlowPlaceHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	released := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-released
	}))
	defer server.Close()
	defer close(released)
	path := filepath.Join(t.TempDir(), "kept")
	stop := keepOutside(t, f.Ledger, ledger.OutsideOptions{File: path, URLs: []string{server.URL}})
	defer stop()
	for n := range 3 {
		ledgertest.Append(t, f.DB, f.Ledger, draft(n))
		for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			sinks, err := f.Ledger.Sinks(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(sinks) == 2 && sinks[0].Size == uint64(n+1) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%+v", sinks)
			}
		}
	}
}

func TestPlacesThatCannotBeOnesAreRefusedWithoutShowingThem(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	for _, urls := range [][]string{
		{"ftp://anna:secret@example.org/"}, {"https://"}, {"secret"}, {"https://example.org/a?secret", "https://example.org/a?secret"},
		{"https://" + strings.Repeat("a", 500) + ".example.org/"},
	} {
		_, err := f.Ledger.NewOutside(ledger.OutsideOptions{URLs: urls})
		if !fault.Is(err, fault.BadInput) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %v", urls, err)
		}
	}
}

func TestSeveralServersKeepTheirOwnRowsAndWhatNoneNamesIsForgottenInADay(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	f := ledgertest.OpenAt(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	path := filepath.Join(t.TempDir(), "kept")
	ledgertest.Append(t, f.DB, f.Ledger, draft(0))
	places := func(want ...string) {
		t.Helper()
		var got []string
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			sinks, err := f.Ledger.Sinks(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = got[:0]
			for _, s := range sinks {
				if s.KeptAt.Valid {
					got = append(got, s.Place)
				}
			}
			if slices.Equal(got, want) {
				return
			}
		}
		t.Fatalf("%q, and not %q", got, want)
	}
	stop := keepOutside(t, f.Ledger, ledger.OutsideOptions{File: path, Host: "one"})
	places("file:" + path + " from one")
	keepOutside(t, f.Ledger, ledger.OutsideOptions{File: path, Host: "two"})
	places("file:"+path+" from one", "file:"+path+" from two")
	if _, err := f.DB.Exec(t.Context(), "DELETE FROM checkpoint_sink WHERE place LIKE '%two'"); err != nil {
		t.Fatal(err)
	}
	ledgertest.Append(t, f.DB, f.Ledger, draft(1))
	places("file:"+path+" from one", "file:"+path+" from two") // written anew
	stop()
	ahead.Store(int64(25 * time.Hour))
	places("file:" + path + " from two")
}
