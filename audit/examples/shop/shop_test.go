package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
	"github.com/keytrail/keytrail/audit/internal/mariadbtest"
)

// running is a shop that runs for a test.
type running struct {
	t      *testing.T
	url    string
	client *audit.Client
	queue  string
}

func start(t *testing.T, keytrail, token string) *running {
	t.Helper()
	database := mariadbtest.Start(t)
	supplier := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	t.Cleanup(supplier.Close)
	r := &running{t: t, queue: filepath.Join(t.TempDir(), "queue")}
	var err error
	r.client, err = audit.Open(audit.Options{
		URL: keytrail, Token: token, Dir: r.queue, Linger: 10 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	shop, err := newShop(r.client, database.DSN, supplier.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(shop.handler(r.client))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // a panic is part of the test
	server.Start()
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// call sends a request and gives the answer's status and body.
func (r *running) call(session, method, path, body string) (int, map[string]any) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if session != "" {
		request.Header.Set("Authorization", "Bearer "+session)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }()
	var answer map[string]any
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer
}

func password(user int) string { return fmt.Sprintf("open-sesame-%d", user) }

// join makes an account and signs in.
func (r *running) join(user int) string {
	r.t.Helper()
	body := fmt.Sprintf(`{"email":"user%d@example.org","password":%q}`, user, password(user))
	if status, _ := r.call("", "POST", "/accounts", body); status != 200 {
		r.t.Fatalf("an account gives %d", status)
	}
	status, answer := r.call("", "POST", "/sign-in", body)
	session, _ := answer["token"].(string)
	if status != 200 || session == "" {
		r.t.Fatalf("signing in gives %d %v", status, answer)
	}
	return session
}

func (r *running) close() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.client.Close(ctx); err != nil {
		r.t.Fatal(err)
	}
}

// said is an event as a line: action, thing, status, who, and what changed.
func said(e intaketest.Event) string {
	parts := []string{e.Action}
	if e.EntityType != "" {
		parts = append(parts, e.EntityType+"/"+e.Entity)
	}
	if e.Request != nil {
		parts = append(parts, e.Request.Method, e.Request.Path, fmt.Sprint(e.Response.Status))
	}
	if e.Actor != nil {
		parts = append(parts, "by "+e.Actor.ExternalID)
	}
	for _, c := range e.Changes {
		if c.Before != nil || c.After != nil {
			parts = append(parts, fmt.Sprintf("%s:%v>%v", c.Path, c.Before, c.After))
		}
	}
	for _, o := range e.Objects {
		parts = append(parts, o.Type+"/"+o.ID)
	}
	return strings.Join(parts, " ")
}

func TestEverythingThatHappensAppears(t *testing.T) {
	intake := intaketest.Start(t)
	shop := start(t, intake.URL, intaketest.Token)
	session := shop.join(1)
	for _, step := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/products", `{"name":"Lamp","price":5,"supplier":"Ace"}`, 200},
		{"POST", "/products", `{"name":"Chair","price":9,"supplier":"Ace"}`, 200},
		{"PUT", "/products/1", `{"price":6}`, 200},
		{"POST", "/products/raise", `{"supplier":"Ace","by":10}`, 200},
		{"PUT", "/products/1/tags", `["new"]`, 200},
		{"POST", "/products/1/orders", ``, 200},
		{"DELETE", "/products/2", ``, 200},
		{"GET", "/products/2", ``, 404},
		{"POST", "/products", `{`, 400},
		{"POST", "/broken", ``, 0},
	} {
		if status, answer := shop.call(session, step.method, step.path, step.body); status != step.status {
			t.Fatalf("%s %s gives %d %v", step.method, step.path, status, answer)
		}
	}
	shop.call("stolen", "DELETE", "/products/1", "")
	shop.close()
	var got []string
	for _, e := range intake.Events() {
		got = append(got, said(e))
	}
	for i, one := range got {
		if at := strings.Index(one, "/deletedAt:<nil>>2"); at >= 0 {
			got[i] = one[:at] + "/deletedAt" // its time is now
		}
	}
	want := []string{
		"create Account/1 /Password:<nil>>[masked] /email:<nil>>user1@example.org /id:<nil>>1",
		"request POST /accounts 200",
		"request POST /sign-in 200 by 1",
		"create Product/1 by 1 /id:<nil>>1 /name:<nil>>Lamp /price:<nil>>5 /supplier:<nil>>Ace",
		"request POST /products 200 by 1",
		"create Product/2 by 1 /id:<nil>>2 /name:<nil>>Chair /price:<nil>>9 /supplier:<nil>>Ace",
		"request POST /products 200 by 1",
		"read Product/1 by 1",
		"update Product/1 by 1 /price:5>6",
		"request PUT /products/1 200 by 1",
		"update Product/1 by 1 /price:6>16",
		"update Product/2 by 1 /price:9>19",
		"request POST /products/raise 200 by 1",
		"read Product/1 by 1",
		"create Tag/1 by 1 /id:<nil>>1 /name:<nil>>new",
		"link Product/1 by 1 Tag/1",
		"request PUT /products/1/tags 200 by 1",
		"read Product/1 by 1",
		"call POST  202 by 1",
		"request POST /products/1/orders 200 by 1",
		"soft_delete Product/2 by 1 /deletedAt",
		"request DELETE /products/2 200 by 1",
		"request GET /products/2 404 by 1",
		"request POST /products 400 by 1",
		"request POST /broken 500 by 1",
		"request DELETE /products/1 401",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestConcurrentUsersNeverMixAndNoSecretIsAnywhere(t *testing.T) {
	intake := intaketest.Start(t)
	shop := start(t, intake.URL, intaketest.Token)
	const users, products = 12, 10
	sessions := make([]string, users)
	for user := range users {
		sessions[user] = shop.join(user + 1)
	}
	intake.Away(true) // so that the queue's files hold what was recorded
	var all sync.WaitGroup
	for user, session := range sessions {
		all.Go(func() {
			for range products {
				body := fmt.Sprintf(`{"name":"of %d","supplier":"%d","password":%q}`, user+1, user+1, password(user+1))
				if status, _ := shop.call(session, "POST", "/products?token="+session, body); status != 200 {
					t.Errorf("%d", status)
				}
			}
		})
	}
	all.Wait()
	noneIn(t, shop.queue, append(sessions, password(1), "open-sesame", "supplier-secret"))
	intake.Away(false)
	shop.close()
	created := 0
	for _, e := range intake.Events() {
		for _, secret := range append(sessions, "open-sesame", "supplier-secret") {
			if strings.Contains(e.Line, secret) {
				t.Fatalf("a secret was sent: %s", e.Line)
			}
		}
		if e.Action == audit.Created && e.EntityType == "Product" {
			created++
			if want := "/supplier:<nil>>" + e.Actor.ExternalID; !strings.Contains(said(e), want) {
				t.Fatalf("%s lacks %s", said(e), want)
			}
		}
		if e.Action == audit.Requested && e.Request.Path == "/products" {
			body, _ := e.Request.Body.(map[string]any)
			if body["supplier"] != e.Actor.ExternalID {
				t.Fatalf("%s sent %v", e.Actor.ExternalID, body)
			}
		}
	}
	if created != users*products {
		t.Errorf("%d products were created", created)
	}
}

// noneIn looks for texts in all files of a folder.
func noneIn(t *testing.T, dir string, texts []string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		read += len(content)
		for _, text := range texts {
			if strings.Contains(string(content), text) {
				t.Errorf("%s is in %s", text, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || read == 0 {
		t.Fatal(read, err)
	}
}
