package fault_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/keytrail/keytrail/server/fault"
)

// terminals are the folders whose messages are read at a terminal only, where keytrail speaks English.
func terminals() []string {
	return []string{
		"server", "server/config", "server/keyregister", "server/mysql", "server/origin", "server/sample", "server/seal", "server/worktracker",
		"server/legacy", // the older systems' clients know what they are answered
	}
}

func TestEveryMessageHasItsLatvian(t *testing.T) {
	found, err := messagesBelow("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(found.formats) < 300 {
		t.Fatalf("only %d messages were found: the test looks in the wrong place", len(found.formats))
	}
	for _, place := range found.computed {
		t.Errorf("%s: the format is not written out, so that it cannot have a Latvian text", place)
	}
	latvian := fault.Latvian()
	var missing []string
	for _, format := range slices.Sorted(maps.Keys(found.formats)) {
		text, known := latvian[format]
		switch {
		case !known && found.shown[format]:
			missing = append(missing, line(format))
		case known:
			if err := sameArguments(format, text); err != nil {
				t.Errorf("%q in Latvian, %q: %v", format, text, err)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("these messages have no text in server/fault/latvian.json; put them there in their places:\n%s", strings.Join(missing, "\n"))
	}
	for format := range latvian {
		if found.formats[format] == "" {
			t.Errorf("nobody says this any more; take it out of server/fault/latvian.json:\n%s", line(format))
		}
	}
}

func TestTheLatvianTextsAreSortedAndComplete(t *testing.T) {
	written, err := os.ReadFile("latvian.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(written)))
	var keys []string
	for i := 0; ; i++ {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		text, _ := token.(string)
		switch {
		case i == 0 || text == "" && token != "":
		case i%2 == 1:
			keys = append(keys, text)
		case text == "":
			t.Errorf("%q has no text", keys[len(keys)-1])
		}
	}
	if len(keys) != len(fault.Latvian()) {
		t.Errorf("of %d texts only %d are read: one stands there twice", len(keys), len(fault.Latvian()))
	}
	for i := 1; i < len(keys); i++ {
		if keys[i] <= keys[i-1] {
			t.Errorf("%q stands behind %q", keys[i], keys[i-1])
		}
	}
}

func TestTheCheckOfMessagesFindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		english, latvian string
		fine             bool
	}{
		{"key %s of %d", "atslēga %s no %d", true},
		{"key %s of %d", "no %[2]d atslēga %[1]s", true},
		{"key %s of %d", "tikai %[2]d", true},
		{"100 %% of %d", "100 %% no %d", true},
		{"key %s of %d", "atslēga %d no %s", false},
		{"key %s of %d", "atslēga %s", false},
		{"key %s", "atslēga %s no %s", false},
		{"key %.40q", "atslēga %q", false},
		{"key %s", "atslēga %[2]s", false},
	} {
		if err := sameArguments(c.english, c.latvian); (err == nil) != c.fine {
			t.Errorf("%q in Latvian, %q: %v", c.english, c.latvian, err)
		}
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "server", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	const source = `package x
func f(format string, name string) { wrong(1, "wrong %s", 2); _ = fault.Say("said " + "twice"); _ = fault.New(k, name); _ = fault.New(k, "%s: %v") }
func wrong(n int, format string, args ...any) error { return fault.Wrap(err, k, format, args...) }`
	if err := os.WriteFile(filepath.Join(dir, "server", "x", "x.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := messagesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(found.formats)); !slices.Equal(got, []string{"said twice", "wrong %s"}) || len(found.computed) != 1 {
		t.Errorf("%q, %q", got, found.computed)
	}
}

func line(format string) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(format); err != nil {
		return err.Error()
	}
	return "  " + strings.TrimSpace(text.String()) + `: "",`
}

// messages are the formats of what the server says.
type messages struct {
	// formats are where each is said, and shown those that more than a terminal shows.
	formats map[string]string
	shown   map[string]bool
	// computed are places where a format is put together.
	computed []string
}

// teller is a function that says what it is given, with the place of the format among its arguments.
type teller struct{ folder, name string }

func messagesBelow(root string) (*messages, error) {
	files, err := sources(root)
	if err != nil {
		return nil, err
	}
	found := &messages{formats: map[string]string{}, shown: map[string]bool{}}
	tellers := map[teller]int{}
	for round := range 2 { // the first finds the functions that pass a format on
		found.computed = nil
		for _, f := range files {
			f.collect(found, tellers, round == 1)
		}
	}
	return found, nil
}

type source struct {
	folder string
	set    *token.FileSet
	file   *ast.File
}

func sources(root string) ([]source, error) {
	var all []source
	for _, tree := range []string{"server", "graph"} {
		err := filepath.WalkDir(filepath.Join(root, tree), func(path string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".generated.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			folder, err := filepath.Rel(root, filepath.Dir(path))
			all = append(all, source{filepath.ToSlash(folder), set, file})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s source) collect(found *messages, tellers map[teller]int, complain bool) {
	for _, declared := range s.file.Decls {
		function, _ := declared.(*ast.FuncDecl)
		ast.Inspect(declared, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, tells := s.formatOf(call, tellers)
			if !tells || at >= len(call.Args) {
				return true
			}
			if format, ok := literal(call.Args[at]); ok {
				s.add(found, format, call)
			} else if place, passed := parameter(function, call.Args[at]); passed {
				tellers[teller{s.folder, function.Name.Name}] = place
			} else if complain {
				found.computed = append(found.computed, s.set.Position(call.Pos()).String())
			}
			return true
		})
	}
}

func (s source) add(found *messages, format string, call *ast.CallExpr) {
	if !strings.ContainsFunc(verbs().ReplaceAllString(format, ""), unicode.IsLetter) {
		return // there is nothing to say in another language
	}
	found.formats[format] = s.set.Position(call.Pos()).String()
	found.shown[format] = found.shown[format] || !slices.Contains(terminals(), s.folder) && !isInternal(call)
}

// isInternal reports whether a call makes a fault that nobody is shown: he is told the number under which it is in the log.
func isInternal(call *ast.CallExpr) bool {
	for _, arg := range call.Args[:min(2, len(call.Args))] {
		if kind, ok := arg.(*ast.SelectorExpr); ok && kind.Sel.Name == "Internal" {
			return true
		}
	}
	return false
}

// formatOf gives the place of the format among a call's arguments, where the call says something.
func (s source) formatOf(call *ast.CallExpr, tellers map[teller]int) (int, bool) {
	switch called := call.Fun.(type) {
	case *ast.SelectorExpr:
		if from, ok := called.X.(*ast.Ident); !ok || from.Name != "fault" {
			return 0, false
		}
		place, tells := map[string]int{"Say": 0, "New": 1, "Field": 1, "Wrap": 2}[called.Sel.Name]
		return place, tells
	case *ast.Ident:
		place, tells := tellers[teller{s.folder, called.Name}]
		return place, tells
	}
	return 0, false
}

// parameter gives the place of the parameter of function that is passed on as it is, followed by the rest of its arguments.
func parameter(function *ast.FuncDecl, arg ast.Expr) (int, bool) {
	name, ok := arg.(*ast.Ident)
	if !ok || function == nil || name.Name != "format" {
		return 0, false
	}
	place := 0
	for _, field := range function.Type.Params.List {
		for _, one := range field.Names {
			if one.Name == name.Name {
				return place, true
			}
			place++
		}
	}
	return 0, false
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		first, ok := literal(e.X)
		second, too := literal(e.Y)
		return first + second, ok && too && e.Op == token.ADD
	}
	return "", false
}

func verbs() *regexp.Regexp {
	return regexp.MustCompile(`%([-+# 0]*)(?:\[(\d+)\])?(\d*(?:\.\d+)?)([a-zA-Z%])`)
}

// sameArguments demands that a text takes its format's arguments with the same verbs. It may leave some out where it
// names those that it takes by number.
func sameArguments(english, latvian string) error {
	want, _ := arguments(english)
	got, numbered := arguments(latvian)
	for at, verb := range got {
		if want[at] != verb {
			return fmt.Errorf("argument %d is written with %q instead of %q", at, verb, want[at])
		}
	}
	if len(got) < len(want) && !numbered {
		return fmt.Errorf("it takes %d of %d arguments", len(got), len(want))
	}
	return nil
}

// arguments gives the verb of each argument of a format, by its number from 1, and whether all are taken by number.
func arguments(format string) (byNumber map[int]string, numbered bool) {
	byNumber, numbered = map[int]string{}, true
	next := 1
	for _, found := range verbs().FindAllStringSubmatch(format, -1) {
		if found[4] == "%" {
			continue
		}
		if found[2] == "" {
			numbered = false
		} else {
			next, _ = strconv.Atoi(found[2])
		}
		byNumber[next] = found[1] + found[3] + found[4]
		next++
	}
	return byNumber, numbered && len(byNumber) > 0
}
