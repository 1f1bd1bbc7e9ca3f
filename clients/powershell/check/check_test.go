package check

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	grammar "github.com/airbus-cert/tree-sitter-powershell/bindings/go"
	sitter "github.com/tree-sitter/go-tree-sitter"
)

// cmdlets are those that Windows PowerShell 3.0 has on Windows 8 and that the scripts may call.
const cmdlets = "Add-Type ConvertTo-Json Invoke-WebRequest Join-Path New-Item New-Object Split-Path Start-Sleep Test-Path Write-Output " +
	"New-ScheduledTaskAction New-ScheduledTaskPrincipal New-ScheduledTaskSettingsSet New-ScheduledTaskTrigger New-TimeSpan " +
	"Register-ScheduledTask Set-StrictMode Unregister-ScheduledTask"

// younger are nodes of what Windows PowerShell 3.0 to 5.1 do not all know.
const younger = "class_statement enum_statement ternary_expression null_coalesce_expression pipeline_chain_tail"

// script is a parsed file. Lines begin at 1.
type script struct {
	wrong, younger []string
	calls          map[string]uint
	defines        map[string]bool
}

func parseScript(t *testing.T, text []byte) *script {
	t.Helper()
	parser := sitter.NewParser()
	defer parser.Close()
	if err := parser.SetLanguage(sitter.NewLanguage(grammar.Language())); err != nil {
		t.Fatal(err)
	}
	tree := parser.Parse(text, nil)
	defer tree.Close()
	s := &script{calls: map[string]uint{}, defines: map[string]bool{}}
	s.walk(tree.RootNode(), text)
	return s
}

func (s *script) walk(n *sitter.Node, text []byte) {
	line := n.StartPosition().Row + 1
	switch kind := n.Kind(); {
	case n.IsError() || n.IsMissing():
		s.wrong = append(s.wrong, fmt.Sprintf("line %d: %.60q", line, n.Utf8Text(text)))
	case slices.Contains(strings.Fields(younger), kind):
		s.younger = append(s.younger, fmt.Sprintf("line %d: %s", line, kind))
	case kind == "command_name":
		s.calls[n.Utf8Text(text)] = line
	case kind == "function_name":
		s.defines[n.Utf8Text(text)] = true
	}
	for i := range n.ChildCount() {
		s.walk(n.Child(i), text)
	}
}

func TestPowerShellScriptsAreWellFormedAndCallOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*.ps1")
	if err != nil || len(files) != 2 {
		t.Fatalf("the scripts are %v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := parseScript(t, text)
		if len(s.wrong)+len(s.younger) > 0 || len(s.calls) == 0 {
			t.Errorf("%s: not well-formed at %q, too young %q, %d calls", name, s.wrong, s.younger, len(s.calls))
		}
		for _, call := range slices.Sorted(maps.Keys(s.calls)) {
			if !s.defines[call] && !slices.Contains(strings.Fields(cmdlets), call) {
				t.Errorf("%s calls %s in line %d, which neither it nor Windows has", name, call, s.calls[call])
			}
		}
	}
}

func TestAScriptThatPowerShellWouldRefuseIsFound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"if ($a { Write-Output 1 }", "function Step([int] $A { }", "$a = @{ b = 1", "Write-Output 'open", "foreach ($x in $y { }"} {
		if s := parseScript(t, []byte(text)); len(s.wrong) == 0 {
			t.Errorf("%s passes", text)
		}
	}
	for _, text := range []string{"class A { [int] $b }", "enum A { b }", "$a = $b ? 1 : 2", "Step && Stop"} {
		if s := parseScript(t, []byte(text)); len(s.wrong)+len(s.younger) == 0 {
			t.Errorf("%s passes", text)
		}
	}
	if s := parseScript(t, []byte("function Step { }\nStep; Stap")); !s.defines["Step"] || s.calls["Stap"] != 2 {
		t.Errorf("found %+v", s)
	}
}
