package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
)

const patience = 2 * time.Minute

// keytrail is a real one on a data directory of its own.
type keytrail struct {
	t              *testing.T
	program, dir   string
	address, token string
	process        *exec.Cmd
}

func newKeytrail(t *testing.T) *keytrail {
	t.Helper()
	dir, err := os.MkdirTemp("", "kt-") // short, because of the database's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	k := &keytrail{t: t, dir: dir, program: filepath.Join(dir, "keytrail"), address: freeAddress(t)}
	if out, err := exec.Command("go", "build", "-C", "../../..", "-o", k.program, "./server").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	k.start()
	t.Cleanup(k.stop)
	said, err := k.command("admin", "create-token", "Shop", "--role", "integrator").Output()
	if err != nil {
		t.Fatal(err)
	}
	k.token = strings.TrimSpace(string(said))
	return k
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func (k *keytrail) url() string { return "http://" + k.address }

func (k *keytrail) command(args ...string) *exec.Cmd {
	cmd := exec.Command(k.program, args...)
	cmd.Env = append(os.Environ(), "KEYTRAIL_LISTEN="+k.address, "KEYTRAIL_DATA="+filepath.Join(k.dir, "data"), "KEYTRAIL_ROOT_PASSWORD=")
	return cmd
}

func (k *keytrail) start() {
	k.t.Helper()
	k.process = k.command("serve")
	said, err := k.process.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	var log bytes.Buffer
	k.process.Stderr = &log
	if err := k.process.Start(); err != nil {
		k.t.Fatal(err)
	}
	timer := time.AfterFunc(patience, func() { _ = k.process.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if strings.Contains(lines.Text(), "answers at") {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return
		}
	}
	k.t.Fatalf("keytrail did not start\n%s", log.String())
}

func (k *keytrail) stop() {
	if k.process == nil {
		return
	}
	_ = k.process.Process.Signal(syscall.SIGTERM)
	if err := k.process.Wait(); err != nil {
		k.t.Errorf("keytrail ended with %v", err)
	}
	k.process = nil
}

// entry is what keytrail shows of an event.
type entry struct {
	Seq     json.Number
	Action  string
	Entity  *struct{ Type, ID string }
	Actor   *struct{ ID string }
	Changes []struct {
		Path          string
		Before, After any
	}
	Request  *struct{ Path, Method string }
	Response *struct{ Status int }
}

const entriesPage = `query Page($after: Cursor) { activityLog(first: 100, after: $after) {
	edges { node { seq action entity { type id } actor { id } changes { path before after } request { path method query headers body } response { status headers body } metadata } }
	pageInfo { hasNextPage endCursor } } }`

// entries reads all that keytrail has of the shop, with its token, and the text of the answers.
func (k *keytrail) entries() (all []entry, text string) {
	k.t.Helper()
	for after := any(nil); ; {
		body, err := json.Marshal(map[string]any{"query": entriesPage, "variables": map[string]any{"after": after}})
		if err != nil {
			k.t.Fatal(err)
		}
		said := k.ask(body)
		text += string(said)
		var page struct {
			Data struct {
				ActivityLog struct {
					Edges    []struct{ Node entry }
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			Errors []any
		}
		if err := json.Unmarshal(said, &page); err != nil || len(page.Errors) > 0 {
			k.t.Fatalf("%v %.2000s", err, said)
		}
		for _, edge := range page.Data.ActivityLog.Edges {
			all = append(all, edge.Node)
		}
		if !page.Data.ActivityLog.PageInfo.HasNextPage {
			return all, text
		}
		after = page.Data.ActivityLog.PageInfo.EndCursor
	}
}

func (k *keytrail) ask(body []byte) []byte {
	k.t.Helper()
	request, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.url()+"/graphql", bytes.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+k.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return said
}

// load has users make products until it is stopped, and keeps how long each took.
type load struct {
	shop  *running
	turns <-chan time.Time // a product may be made; nil: at any time
	stop  chan struct{}
	all   sync.WaitGroup
	made  atomic.Int64
	mu    sync.Mutex
	times []time.Duration
}

func (r *running) load(sessions []string, turns <-chan time.Time) *load {
	l := &load{shop: r, turns: turns, stop: make(chan struct{})}
	for user, session := range sessions {
		l.all.Go(func() { l.user(user+1, session) })
	}
	return l
}

func (l *load) user(user int, session string) {
	for {
		select {
		case <-l.stop:
			return
		default:
		}
		if l.turns != nil {
			select {
			case <-l.turns:
			case <-l.stop:
				return
			}
		}
		began := time.Now()
		status, _ := l.shop.call(session, "POST", "/products", fmt.Sprintf(`{"name":"Lamp","supplier":"%d"}`, user))
		if status != http.StatusOK {
			l.shop.t.Errorf("the shop answers %d", status)
			return
		}
		l.made.Add(1)
		l.mu.Lock()
		l.times = append(l.times, time.Since(began))
		l.mu.Unlock()
	}
}

// phase lets the load run for a while and gives the median time of a request.
func (l *load) phase(d time.Duration) time.Duration {
	l.mu.Lock()
	l.times = nil
	l.mu.Unlock()
	<-time.After(d)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.times) == 0 {
		return d
	}
	slices.Sort(l.times)
	return l.times[len(l.times)/2]
}

// outage says how long keytrail is away (SHOP_AWAY, such as 1m) and how many events a second the shop reports meanwhile,
// two for each product (SHOP_EVENTS; as many as it can).
func outage(t *testing.T) (away time.Duration, turns <-chan time.Time) {
	away = 5 * time.Second
	if text := os.Getenv("SHOP_AWAY"); text != "" {
		var err error
		if away, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	if text := os.Getenv("SHOP_EVENTS"); text != "" {
		rate, err := strconv.Atoi(text)
		if err != nil || rate < 1 {
			t.Fatalf("SHOP_EVENTS is %q: give a number of events a second", text)
		}
		ticker := time.NewTicker(2 * time.Second / time.Duration(rate))
		t.Cleanup(ticker.Stop)
		turns = ticker.C
	}
	return away, turns
}

// keytrail goes away under load and comes back: nothing is lost, nothing is there twice, and the shop does not notice.
func TestNothingIsLostOrTwiceWhenKeytrailWasAway(t *testing.T) {
	keytrail := newKeytrail(t)
	shop := start(t, keytrail.url(), keytrail.token)
	var sessions []string
	for user := 1; user <= 4; user++ {
		sessions = append(sessions, shop.join(user))
	}
	lasts, turns := outage(t)
	load := shop.load(sessions, turns)
	there := load.phase(3 * time.Second)
	keytrail.stop()
	away := load.phase(lasts)
	keytrail.start()
	back := load.phase(2 * time.Second)
	close(load.stop)
	load.all.Wait()
	shop.call(sessions[0], "POST", "/products/1/orders", "")
	shop.close()

	stats := shop.client.Stats()
	if stats.Lost != 0 || stats.Refused != 0 || stats.Recorded != stats.Sent {
		t.Errorf("%+v", stats)
	}
	t.Logf("%d products; median of a request %v with keytrail there, %v away, %v back; %d events", load.made.Load(), there, away, back, stats.Recorded)
	if away > 3*there+20*time.Millisecond {
		t.Errorf("a request takes %v while keytrail is away, and %v otherwise", away, there)
	}
	entries, text := keytrail.entries()
	if uint64(len(entries)) != stats.Recorded {
		t.Errorf("keytrail has %d entries of %d events", len(entries), stats.Recorded)
	}
	sound(t, entries, load.made.Load())
	secrets := append(sessions, "open-sesame", "supplier-secret")
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("keytrail shows %s", secret)
		}
	}
	keytrail.stop()
	noneIn(t, filepath.Join(keytrail.dir, "data"), append(secrets, "user1@example.org"))
}

// sound checks that each product's making is there once, and by whom it was.
func sound(t *testing.T, entries []entry, made int64) {
	t.Helper()
	seen, actors := map[string]bool{}, map[string]string{}
	for _, e := range entries {
		if e.Action != audit.Created || e.Entity.Type != "Product" {
			continue
		}
		if seen[e.Entity.ID] {
			t.Errorf("product %s was made twice", e.Entity.ID)
		}
		seen[e.Entity.ID] = true
		for _, c := range e.Changes {
			if c.Path != "/supplier" {
				continue
			}
			user := fmt.Sprint(c.After)
			if e.Actor == nil || actors[user] != "" && actors[user] != e.Actor.ID {
				t.Fatalf("product %s of user %s was made by %v and not by %s", e.Entity.ID, user, e.Actor, actors[user])
			}
			actors[user] = e.Actor.ID
		}
	}
	if int64(len(seen)) != made || len(actors) != 4 {
		t.Errorf("%d products of %d users are on record; %d were made", len(seen), len(actors), made)
	}
}
