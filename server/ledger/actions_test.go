package ledger_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
)

// declaredCodes finds every constant of this package whose value is a code that only keytrail writes, by name.
func declaredCodes(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				addCodes(t, codes, spec)
			}
			return true
		})
	}
	return codes
}

func addCodes(t *testing.T, codes map[string]string, spec *ast.ValueSpec) {
	t.Helper()
	for i, value := range spec.Values {
		literal, ok := value.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ledger.Reserved(text) {
			codes[spec.Names[i].Name] = text
		}
	}
}

func TestEveryCodeThatKeytrailWritesStandsInTheRegistry(t *testing.T) {
	t.Parallel()
	registered := map[string]bool{}
	for _, a := range ledger.Actions() {
		registered[a.Code] = true
	}
	codes := declaredCodes(t)
	if len(codes) < 20 || codes["KeyIssued"] != ledger.KeyIssued || codes["PrivacyKeyDestroyed"] != ledger.PrivacyKeyDestroyed {
		t.Fatalf("only %d codes were found: the test looks in the wrong place", len(codes))
	}
	declared := map[string]bool{}
	for name, code := range codes {
		declared[code] = true
		if !registered[code] {
			t.Errorf("%s (%q) has no line in Actions", name, code)
		}
	}
	for code := range registered {
		if !declared[code] {
			t.Errorf("%q is in the registry and no constant has it", code)
		}
	}
}

func TestEveryActionHasASeverityAndAMeaningInOneSentence(t *testing.T) {
	t.Parallel()
	for _, a := range ledger.Actions() {
		switch a.Severity {
		case ledger.Info, ledger.Notice, ledger.Warning, ledger.Critical:
		default:
			t.Errorf("%s has the severity %q", a.Code, a.Severity)
		}
		if !strings.HasSuffix(a.Meaning, ".") || strings.Contains(a.Meaning, "\n") {
			t.Errorf("%s means %q", a.Code, a.Meaning)
		}
	}
}
