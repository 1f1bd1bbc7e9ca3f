package verify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

func TestAPublishedLogIsVerifiedAsItGrowsAndOnlyWhatIsNewWhenAskedFor(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	var asked atomic.Int64
	url := publish(t, f.Ledger, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			next.ServeHTTP(w, r)
		})
	})
	key := f.Ledger.VerifierKey()
	var whole, part *verify.Memory
	for size, n := 0, 0; n < 12; n++ {
		step := []int{1, 254, 1, 1, 255, 256, 3, 700, 0, 64, 512, 9}[n]
		grow(t, f, step)
		size += step
		if _, err := f.Ledger.Checkpoint(t.Context()); err != nil { // else one a second
			t.Fatal(err)
		}
		report := look(t, url, key, whole)
		requireFound(t, report.Findings)
		if report.Entries != uint64(size) || report.From != 0 {
			t.Fatalf("%d entries: %+v", size, report.Report)
		}
		if part == nil {
			part = report.Memory
		}
		since := look(t, url, key, part, sinceLast)
		requireFound(t, since.Findings)
		if since.Entries != uint64(size) || since.Memory == nil || !reflect.DeepEqual(since.Memory.Frontier, report.Memory.Frontier) {
			t.Fatalf("%d entries: %+v and %+v", size, since, report.Memory)
		}
		whole, part = report.Memory, since.Memory
	}
	asked.Store(0)
	look(t, url, key, part, sinceLast)
	if n := asked.Load(); n > 3 {
		t.Errorf("%d requests although nothing is new", n)
	}
}

func TestAnEmptyLogVerifiesAndWhatComesLaterContinuesIt(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	url := publish(t, f.Ledger, nil)
	first := look(t, url, f.Ledger.VerifierKey(), nil)
	requireFound(t, first.Findings)
	grow(t, f, 5)
	if _, err := f.Ledger.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	requireFound(t, look(t, url, f.Ledger.VerifierKey(), first.Memory).Findings)
}

// tamper answers for the log as a liar: change gets every good answer.
func tamper(change func(path string, body []byte) []byte) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			body := answer.Body.Bytes()
			if answer.Code == http.StatusOK {
				body = change(strings.TrimPrefix(r.URL.Path, "/tlog/"), body)
			}
			if body == nil {
				answer.Code = http.StatusNotFound
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(body)
		})
	}
}

func flipByte(target string, at int) func(string, []byte) []byte {
	return func(path string, body []byte) []byte {
		if path == target {
			body[at] ^= 1
		}
		return body
	}
}

func TestALiarBetweenTheLogAndItsVerifierIsFound(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 700)
	drop := func(target string) func(string, []byte) []byte {
		return func(path string, body []byte) []byte {
			if strings.HasPrefix(path, target) {
				return nil
			}
			return body
		}
	}
	for name, c := range map[string]struct {
		change func(string, []byte) []byte
		want   string
	}{
		"a byte of a bundle":       {flipByte("tile/entries/001", 34*10+5), "entry 266: its leaf data do not have the hash"},
		"a byte of a length":       {flipByte("tile/entries/001", 0), "entry 256: its leaf data do not have the hash"},
		"a byte of a tile":         {flipByte("tile/0/001", 32*7), "entry 263: its leaf data do not have the hash"},
		"a byte of a partial tile": {flipByte("tile/0/002.p/188", 32*187), "entry 699: its leaf data do not have the hash"},
		"a byte of an upper tile":  {flipByte("tile/1/000.p/2", 40), "tile/1/000.p/2 is missing or does not hold the roots"},
		"no upper tile":            {drop("tile/1"), "tile/1/000.p/2 is missing"},
		"no bundle":                {drop("tile/entries/001"), "tile/entries/001: the log does not have it, although its checkpoint counts 700 entries"},
		"a byte of the signature":  {func(path string, body []byte) []byte { return swapIn(path, body, "AAAA") }, "signature"},
		"another size": {func(path string, body []byte) []byte {
			return bytes.Replace(body, []byte("\n700\n"), []byte("\n699\n"), 1)
		}, "its signature is not valid"},
		"a short tile":                {func(path string, body []byte) []byte { return cut(path, "tile/0/001", body) }, "tile/0/001 has 8160 bytes and not 8192"},
		"bundle and tile made to fit": {fit, "the entries do not have the root that the checkpoint states"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := look(t, publish(t, f.Ledger, tamper(c.change)), f.Ledger.VerifierKey(), nil)
			requireFound(t, report.Findings, c.want)
			if report.Memory != nil {
				t.Error("it is remembered although it is wrong")
			}
		})
	}
}

func swapIn(path string, body []byte, text string) []byte {
	if path == "checkpoint" {
		copy(body[len(body)-10:], text)
	}
	return body
}

func cut(path, target string, body []byte) []byte {
	if path == target {
		return body[:len(body)-32]
	}
	return body
}

// fit exchanges an entry in its bundle and, so that they agree, in its tile.
func fit(path string, body []byte) []byte {
	data := ledger.LeafData([]byte("something else"))
	leaf := ledger.LeafHash([]byte("something else"))
	switch path {
	case "tile/entries/000":
		copy(body[34*3+2:], data[:])
	case "tile/0/000":
		copy(body[32*3:], leaf[:])
	}
	return body
}

func TestALogThatWasRolledBackOrForkedIsFoundByWhoeverSawItBefore(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 600)
	seen := look(t, publish(t, f.Ledger, nil), f.Ledger.VerifierKey(), nil).Memory
	for name, c := range map[string]struct {
		size int
		want string
	}{
		"rolled back": {500, "ROLLED BACK: the log shows 500 entries, and the checkpoint that you saw last has 600"},
		"forked":      {600, "FORKED: the log shows another tree of 600 entries"},
		"rewritten":   {900, "REWRITTEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := forked(t, f)
			grow(t, other, c.size)
			url := publish(t, other.Ledger, nil)
			requireFound(t, look(t, url, f.Ledger.VerifierKey(), nil).Findings) // a stranger sees nothing
			requireFound(t, look(t, url, f.Ledger.VerifierKey(), seen).Findings, c.want)
			requireFound(t, look(t, url, f.Ledger.VerifierKey(), seen, sinceLast).Findings, c.want)
		})
	}
}

// forked makes another ledger with the same name and key.
func forked(t *testing.T, f *ledgertest.Fixture) *ledgertest.Fixture {
	t.Helper()
	return ledgertest.OpenWithKey(t, f.Key)
}

func TestAnotherLogOrKeyIsSaidClearly(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 3)
	url := publish(t, f.Ledger, nil)
	seen := look(t, url, f.Ledger.VerifierKey(), nil).Memory
	for origin, want := range map[string]string{
		ledgertest.Origin: "it was signed with another key of", "other.example/log": "it is a checkpoint of another log",
	} {
		private, err := ledger.GenerateKey(origin)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ledger.VerifierOf(private)
		if err != nil {
			t.Fatal(err)
		}
		requireFound(t, look(t, url, key, nil).Findings, want)
		if _, err := tryToLook(t.Context(), url, key, seen); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("with what was remembered: %v", err)
		}
	}
}

func TestAServerThatStumblesIsAskedAgainAndOneThatFloodsIsNotRead(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 600)
	var mu sync.Mutex
	failed := map[string]int{}
	stumbling := publish(t, f.Ledger, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			failed[r.URL.Path]++
			n := failed[r.URL.Path]
			mu.Unlock()
			switch n {
			case 1:
				http.Error(w, "later", http.StatusServiceUnavailable)
			case 2:
				panic(http.ErrAbortHandler)
			default:
				next.ServeHTTP(w, r)
			}
		})
	})
	requireFound(t, look(t, stumbling, f.Ledger.VerifierKey(), nil).Findings)
	flooding := publish(t, f.Ledger, tamper(func(path string, body []byte) []byte {
		if path == "tile/0/001" {
			return make([]byte, 1<<20)
		}
		return body
	}))
	if _, err := tryToLook(t.Context(), flooding, f.Ledger.VerifierKey(), nil); err == nil || !strings.Contains(err.Error(), "more than the 8192 bytes") {
		t.Error(err)
	}
	elsewhere := httptest.NewServer(http.RedirectHandler("http://elsewhere.example/", http.StatusFound))
	defer elsewhere.Close()
	if _, err := tryToLook(t.Context(), elsewhere.URL, f.Ledger.VerifierKey(), nil); err == nil || !strings.Contains(err.Error(), "points to elsewhere.example") {
		t.Error(err)
	}
}

func TestVerifyingStopsWithItsContext(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 600)
	ctx, stop := context.WithCancel(t.Context())
	url := publish(t, f.Ledger, tamper(func(path string, body []byte) []byte {
		if strings.HasPrefix(path, "tile/0") {
			stop()
		}
		return body
	}))
	if _, err := tryToLook(ctx, url, f.Ledger.VerifierKey(), nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestWhatIsRememberedSurvivesAndIsNotBelievedWhenDamaged(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 300)
	url, key := publish(t, f.Ledger, nil), f.Ledger.VerifierKey()
	path := filepath.Join(t.TempDir(), "a", "state.json")
	if _, err := verify.LoadMemory(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for range 2 {
		if err := look(t, url, key, nil).Memory.Save(path); err != nil {
			t.Fatal(err)
		}
	}
	m, err := verify.LoadMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	requireFound(t, look(t, url, key, m, sinceLast).Findings)
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v %v", left, err)
	}
	for name, damage := range map[string]func(*verify.Memory){
		"frontier": func(m *verify.Memory) { m.Frontier[0] = m.Frontier[1] },
		"count":    func(m *verify.Memory) { m.Frontier = m.Frontier[1:] },
		"hash":     func(m *verify.Memory) { m.Frontier[0] = "x" },
		"note":     func(m *verify.Memory) { m.Note = strings.Replace(m.Note, "300", "301", 1) },
	} {
		bad := *m
		bad.Frontier = append([]string(nil), m.Frontier...)
		damage(&bad)
		if _, err := tryToLook(t.Context(), url, key, &bad); err == nil || !strings.Contains(err.Error(), "what is remembered") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verify.LoadMemory(path); err == nil || !strings.Contains(fmt.Sprint(err), "does not hold") {
		t.Error(err)
	}
	if _, err := tryToLook(t.Context(), url, key, nil, sinceLast); err == nil {
		t.Error("what is new was verified with nothing to begin from")
	}
}
