package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
)

var update = flag.Bool("update", false, "write the answers of this run as the expected ones")

// TestOperations asks what testdata/<operation>/*.graphql says, in the order of the files' names, of a freshly
// seeded server (graphtest.Seed), and compares with the .json beside it. Comments at the top of a file say who
// asks (# as: admin), the variables (# with: {…}) and, for feeds, how many results are read (# results: 2).
// # keep: loan data.loans.edges.0.node.id has $loan stand for what was answered there in the files that follow.
// $key9 stands for the id of that name, $accountOf_admin for that of an account, and $cursor for the last cursor that an earlier file was answered.
func TestOperations(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("there are no operations", err)
	}
	for _, dir := range dirs {
		if filepath.Ext(dir) != "" { // a file of another test
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(dir + "/*.graphql")
			if err != nil || len(files) == 0 {
				t.Fatal("there is nothing to ask", err)
			}
			run := &operationRun{server: graphtest.Seed(t), kept: map[string]string{}}
			if strings.Contains(strings.ToLower(filepath.Base(dir)), "alert") {
				run.server.SeedAlerts()
			}
			if booked.MatchString(filepath.Base(dir)) {
				run.server.SeedBookings()
			}
			if worked.MatchString(filepath.Base(dir)) {
				run.server.SeedWork()
			}
			for _, file := range files {
				run.check(t, file)
			}
		})
	}
}

// booked are the operations that need reservations, approvals or rings (graphtest.SeedBookings).
var booked = regexp.MustCompile("[Rr]eserv|[Aa]pproval|Ring|bookings")

// worked are the operations that need reports of work (graphtest.SeedWork).
var worked = regexp.MustCompile("[wW]ork")

type operationRun struct {
	server *graphtest.Seeded
	cursor string
	kept   map[string]string
}

func (r *operationRun) check(t *testing.T, file string) {
	t.Helper()
	asked := readOperation(t, file)
	answers := r.ask(t, asked)
	r.keep(t, asked.keep, answers[0])
	got := r.normal(t, answers)
	golden := strings.TrimSuffix(file, ".graphql") + ".json"
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s\ngot  %s\nwant %s", file, got, want)
	}
}

type operationFile struct {
	as, query string
	variables string
	results   int
	keep      []string
}

// keep notes what an answer says at places, each a name and a path.
func (r *operationRun) keep(t *testing.T, places []string, answer json.RawMessage) {
	t.Helper()
	for _, place := range places {
		name, path, _ := strings.Cut(place, " ")
		var at any
		if err := json.Unmarshal(answer, &at); err != nil {
			t.Fatal(err)
		}
		for step := range strings.SplitSeq(path, ".") {
			switch v := at.(type) {
			case map[string]any:
				at = v[step]
			case []any:
				if i, err := strconv.Atoi(step); err == nil && i < len(v) {
					at = v[i]
				}
			}
		}
		value, ok := at.(string)
		if !ok {
			t.Fatalf("there is nothing to keep at %s in %s", path, answer)
		}
		r.kept[name] = value
	}
}

func readOperation(t *testing.T, file string) operationFile {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := operationFile{query: string(text), variables: "{}", results: 1}
	for line := range strings.Lines(o.query) {
		name, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), ": ")
		switch {
		case !strings.HasPrefix(line, "#"):
			continue
		case name == "as":
			o.as = value
		case name == "keep":
			o.keep = append(o.keep, value)
		case name == "with":
			o.variables = value
		case name == "results":
			if o.results, err = strconv.Atoi(value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return o
}

func (r *operationRun) ask(t *testing.T, o operationFile) []json.RawMessage {
	t.Helper()
	fill := func(text string) string {
		return regexp.MustCompile(`\$(\w+)`).ReplaceAllStringFunc(text, func(name string) string {
			if value, ok := r.kept[name[1:]]; ok {
				return value
			}
			if known, ok := r.server.IDs[name[1:]]; ok {
				return known.String()
			}
			if account, ok := r.server.Accounts[strings.TrimPrefix(name, "$accountOf_")]; ok {
				return account.String()
			}
			if name == "$cursor" {
				return r.cursor
			}
			return name
		})
	}
	var variables map[string]any
	if err := json.Unmarshal([]byte(fill(o.variables)), &variables); err != nil {
		t.Fatal(err)
	}
	client := r.server.As(o.as)
	if !regexp.MustCompile(`(?m)^subscription`).MatchString(o.query) {
		return []json.RawMessage{client.Do(t, o.query, variables).Text}
	}
	var results []json.RawMessage
	for _, result := range client.Events(t, o.query, variables, o.results) {
		results = append(results, result)
	}
	return results
}

// normal gives answers as text in which what differs from run to run has a name.
func (r *operationRun) normal(t *testing.T, answers []json.RawMessage) []byte {
	t.Helper()
	names := map[string]string{}
	for name, known := range r.server.IDs {
		names[known.String()] = "$" + name
	}
	var text bytes.Buffer
	for _, answer := range answers {
		var value any
		if err := json.Unmarshal(answer, &value); err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(r.named(value, "", names)); err != nil {
			t.Fatal(err)
		}
	}
	return text.Bytes()
}

var (
	anyMask = regexp.MustCompile(`Person [A-Z2-7]{6}\b`)
	anyID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	// opaque are fields whose value says nothing to a reader of a test.
	opaque = []string{"rootHash", "leafHash", "leafData", "fromRootHash", "toRootHash", "note", "verifierKey", "body", "hashes", "requestId", "setupLink"}
)

func (r *operationRun) named(value any, field string, names map[string]string) any {
	if slices.Contains(opaque, field) && value != nil {
		return "<" + field + ">"
	}
	switch v := value.(type) {
	case map[string]any:
		delete(v, "locations")
		for _, name := range slices.Sorted(maps.Keys(v)) { // endCursor comes after the cursors of edges
			v[name] = r.named(v[name], name, names)
		}
	case []any:
		for i, inner := range v {
			v[i] = r.named(inner, field, names)
		}
	case string:
		if strings.HasSuffix(strings.ToLower(field), "cursor") {
			if field != "startCursor" {
				r.cursor = v
			}
			return "<cursor>"
		}
		v = anyMask.ReplaceAllString(v, "Person <mask>")
		return anyID.ReplaceAllStringFunc(v, func(one string) string {
			if name, known := names[one]; known {
				return name
			}
			return "<id>"
		})
	}
	return value
}
