package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/tokens"
)

// matrixPatience is how long a feed may take to refuse.
const matrixPatience = 2 * time.Second

const matrixFile = "testdata/permissions.txt"

// matrixHead stands at the top of the file.
const matrixHead = `# Who may use which root field. TestPermissionMatrix calls every field of the schema as every caller and compares.
#
#   yes      the caller is let through (he may still be told that his input is wrong)
#   no       FORBIDDEN
#   sign-in  UNAUTHENTICATED
#
# Callers are the roles, each with an account or a token, and: elsewhere, a manager of another department than
# manager's; nobody, without session or token; expired, with a session that is over; revoked, with a revoked token.
#
# A new root field needs a line. Print the lines that are missing or differ with
#
#   go test ./graph -run TestPermissionMatrix
#
# check them, and add them by hand or with -update, which writes the file anew. A field that refuses the smallest valid
# call for another reason with FORBIDDEN or UNAUTHENTICATED, or that changes who the caller is, gets a call of its own
# in matrixCalls (graph/matrix_test.go).
`

// matrixCalls are the calls of fields that the smallest valid call would not do for.
func matrixCalls() map[string]string {
	return map[string]string{
		"signIn":         `mutation { signIn(input: {username: "spare", password: "` + graphtest.Password + `"}) { secondFactorRequired } }`,
		"changePassword": `mutation { changePassword(input: {current: "` + graphtest.Password + `", new: "short"}) { viewer { roles } } }`,
	}
}

// matrixCaller is a column.
type matrixCaller struct {
	name   string
	client *graphtest.Client
}

func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	callers := matrixCallers(t)
	columns := make([]string, len(callers))
	for i, c := range callers {
		columns[i] = c.name
	}
	lines := map[string]string{}
	var order []string
	for _, f := range matrixFields() {
		cells := make([]string, len(callers))
		for i, c := range callers {
			cells[i] = matrixCell(t, c.client, f)
		}
		lines[f.name()] = matrixLine(f.name(), cells)
		order = append(order, f.name())
	}
	slices.Sort(order)
	if *update {
		writeMatrix(t, columns, order, lines)
		return
	}
	compareMatrix(t, matrixLine("# field", columns), order, lines)
}

func compareMatrix(t *testing.T, columns string, order []string, lines map[string]string) {
	t.Helper()
	text, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), columns+"\n") {
		t.Errorf("the columns are not those of the test: %s", columns)
	}
	written := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			written[words[0]] = strings.Join(words, " ")
		}
	}
	for _, name := range order {
		switch is := strings.Join(strings.Fields(lines[name]), " "); {
		case written[name] == "":
			t.Errorf("%s has no line; it is\n%s", name, lines[name])
		case written[name] != is:
			t.Errorf("the line of %s is not what happens, which is\n%s\nand not\n%s", name, is, written[name])
		}
		delete(written, name)
	}
	for name := range written {
		t.Errorf("%s has a line and is not in the schema", name)
	}
}

func writeMatrix(t *testing.T, columns, order []string, lines map[string]string) {
	t.Helper()
	text := matrixHead + "\n" + matrixLine("# field", columns) + "\n"
	for i, name := range order {
		if i == 0 || strings.Split(name, ".")[0] != strings.Split(order[i-1], ".")[0] {
			text += "\n"
		}
		text += lines[name] + "\n"
	}
	if err := os.WriteFile(matrixFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func matrixLine(name string, cells []string) string {
	line := fmt.Sprintf("%-32s", name)
	for _, cell := range cells {
		line += fmt.Sprintf(" %-10s", cell)
	}
	return strings.TrimRight(line, " ")
}

// matrixCallers makes every caller, of whom the first to sign in is the one whose session is over.
func matrixCallers(t *testing.T) []matrixCaller {
	t.Helper()
	s := graphtest.Seed(t)
	s.Account(s.Person("Otto Over", "Office"), "expired", "admin")
	expired := s.As("expired")
	s.Clock.Advance(24 * time.Hour)
	s.Account(s.Person("Rita Root", "Office"), "root", "root")
	s.Account(s.Person("Egons Elsewhere", "Office"), "elsewhere", "manager")
	s.Account(s.Person("Sandra Spare", "Office"), "spare", "member")
	secret, token := s.NewToken(tokens.CreateInput{Name: "Gone", Role: access.RoleIntegrator})
	if _, err := s.Tokens.Revoke(t.Context(), access.System(), token.ID); err != nil {
		t.Fatal(err)
	}
	var callers []matrixCaller
	for _, role := range []string{"root", "admin", "auditor", "manager", "elsewhere", "custodian", "member"} {
		callers = append(callers, matrixCaller{role, s.As(role)})
	}
	return append(callers,
		matrixCaller{access.RoleIntegrator, s.As("till")}, matrixCaller{access.RoleScreen, s.As("wall")}, matrixCaller{access.RoleWall, s.Holding(pairedToken(t, s.Server))},
		matrixCaller{"nobody", s.Anonymous()}, matrixCaller{"expired", expired}, matrixCaller{"revoked", s.Holding(secret)})
}

// matrixField is a row.
type matrixField struct {
	root  *ast.Definition
	field *ast.FieldDefinition
}

func (f matrixField) name() string { return f.root.Name + "." + f.field.Name }

// matrixFields gives every root field of the schema, and last those that change who the caller is.
func matrixFields() []matrixField {
	s := schema()
	var fields, last []matrixField
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			switch {
			case strings.HasPrefix(f.Name, "__"):
			case f.Name == "signIn" || f.Name == "signOut":
				last = append(last, matrixField{root, f})
			default:
				fields = append(fields, matrixField{root, f})
			}
		}
	}
	return append(fields, last...)
}

// call is the smallest valid call of the field. A feed gets a cursor that is none, at which it ends as soon as its
// caller was let through.
func (f matrixField) call() string {
	if call, special := matrixCalls()[f.field.Name]; special {
		return call
	}
	kind := strings.ToLower(f.root.Name)
	var arguments []string
	for _, a := range f.field.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil || kind == "subscription" && a.Type.Name() == "Cursor" {
			arguments = append(arguments, a.Name+": "+smallest(a.Type))
		}
	}
	call := kind + " { " + f.field.Name
	if len(arguments) > 0 {
		call += "(" + strings.Join(arguments, ", ") + ")"
	}
	if schema().Types[f.field.Type.Name()].IsCompositeType() {
		call += " { __typename }"
	}
	return call + " }"
}

// smallest is the smallest literal of a type.
func smallest(t *ast.Type) string {
	if t.Elem != nil {
		return "[" + smallest(t.Elem) + "]"
	}
	definition := schema().Types[t.Name()]
	switch {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		var fields []string
		for _, f := range definition.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				fields = append(fields, f.Name+": "+smallest(f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	switch t.Name() {
	case "ID":
		return `"` + id.New().String() + `"`
	case "Int":
		return "1"
	case "Float":
		return "1.0"
	case "Boolean":
		return "true"
	case "Int64":
		return `"0"`
	case "Time":
		return `"2026-11-22T10:31:00Z"`
	case "Date":
		return `"2026-11-22"`
	case "JSON":
		return "{}"
	}
	return `"x"`
}

// matrixCell calls a field and gives what the matrix says of it.
func matrixCell(t *testing.T, client *graphtest.Client, f matrixField) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": f.call()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := t.Context(), func() {}
	if f.root.Name == "Subscription" {
		ctx, cancel = context.WithTimeout(ctx, matrixPatience)
	}
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, client.URL+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if f.root.Name == "Subscription" {
		r.Header.Set("Accept", "text/event-stream")
	}
	if client.Token != "" {
		r.Header.Set("Authorization", "Bearer "+client.Token)
	}
	response, err := client.Client.Do(r)
	if err != nil {
		t.Fatal(f.call(), err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer graphtest.Answer
	text := firstAnswer(response)
	if text == "" && f.root.Name == "Subscription" && ctx.Err() != nil {
		return "yes" // a feed that has nothing to tell yet, and did not refuse
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%s: %d %q: %v", f.call(), response.StatusCode, text, err)
	}
	switch answer.Code() {
	case "FORBIDDEN":
		return "no"
	case "UNAUTHENTICATED":
		return "sign-in"
	case "INTERNAL", "GRAPHQL_VALIDATION_FAILED", "TOO_COMPLEX":
		t.Errorf("%s: %s", f.call(), text)
	}
	return "yes"
}

// firstAnswer reads an answer, or the first event of a stream.
func firstAnswer(response *http.Response) string {
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if response.Header.Get("Content-Type") != "text/event-stream" {
			return line
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			return data
		}
	}
	return ""
}
