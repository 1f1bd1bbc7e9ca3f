package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/keytrail/keytrail/"

// floors lists keytrail's packages from the lowest up: a package may import what stands on a lower floor, and
// nothing of its own floor. A folder stands for those below it, except for those that are listed themselves.
func floors() [][]string {
	return [][]string{
		{"migrations", "frontend", "audit", "server/id", "server/fault", "server/disktest", "server/diskspace", "server/reload", "server/localtime", "server/network", "server/lookup", "server/legible", "server/heap"},
		{"server/page", "server/config", "server/objectstore", "server/sheet", "server/paper"},
		{"server/mysql"},
		{"server/seal", "server/turn"},
		{"server/ledger", "server/ledger/verify"},     // the verifier shares no code with the writer
		{"server/ledger/actionsdoc", "server/bundle"}, // writes docs/actions.md; entries of the ledger for outsiders
		{"server/origin"},
		{"server/access"},
		{"server/people", "server/mail", "server/feeds", "server/reported", "server/savedviews", "server/programs"},
		{"server/custody", "server/activity", "server/signin", "server/tokens", "server/workhours"},
		{"server/logbook"},
		{"server/alerts", "server/backup", "server/keeping", "server/walls", "server/exports", "server/review", "server/webhooks"},
		{"server/reminders", "server/privacy", "server/compliance"},
		{"server/request"},
		{"server/legacy", "server/export", "server/intake", "server/httpd", "server/sample", "server/keyregister", "server/worktracker", "server/tlog", "server/oidc", "graph"},
		{"server"},
		{"agent"}, // a module of its own, which shares nothing with the rest
	}
}

func TestImportsOnlyGoDown(t *testing.T) {
	found, err := importsBelow("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d imports were found: the test looks in the wrong place", len(found))
	}
	for _, arrow := range found {
		if complaint := arrow.complaint(); complaint != "" {
			t.Error(complaint)
		}
	}
}

func TestTheCheckOfImportsFindsForbiddenOnes(t *testing.T) {
	for _, bad := range []arrow{
		{"server/custody", "server/signin"},
		{"server/custody", "server/logbook"},
		{"server/ledger", "server/people"},
		{"server/fault", "server/page"},
		{"server/httpd", "graph"},
		{"server/legacy", "graph/model"},
		{"graph", "server/httpd"},
		{"server/unheard", "server/id"},
		{"server/ledger/verify", "server/ledger"},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, bad.from, "bad.go")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("package bad\n\nimport _ %q\n", module+bad.to)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := importsBelow(dir)
		if err != nil || len(found) != 1 || found[0].complaint() == "" {
			t.Errorf("%s importing %s was let through: %v, %v", bad.from, bad.to, found, err)
		}
	}
}

// arrow is one import: folders below the module's root.
type arrow struct{ from, to string }

func (a arrow) complaint() string {
	from, fromFloor := owner(a.from)
	to, toFloor := owner(a.to)
	switch {
	case fromFloor < 0:
		return fmt.Sprintf("%s has no floor: add it to floors in arch_test.go", a.from)
	case toFloor < 0:
		return fmt.Sprintf("%s has no floor: add it to floors in arch_test.go", a.to)
	case from == to || toFloor < fromFloor:
		return ""
	}
	return fmt.Sprintf("%s imports %s, but imports only go down", a.from, a.to)
}

// owner finds the listed folder that dir belongs to, and its floor; -1 when there is none.
func owner(dir string) (folder string, floor int) {
	floor = -1
	for i, packages := range floors() {
		for _, p := range packages {
			belongs := dir == p || p != "server" && strings.HasPrefix(dir, p+"/")
			if belongs && len(p) > len(folder) {
				folder, floor = p, i
			}
		}
	}
	return folder, floor
}

// importsBelow gives every import of one keytrail package by another, tests left out: they may use any package.
func importsBelow(root string) ([]arrow, error) {
	var found []arrow
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", "testdata", ".git", "data", "bin", "bench"}, entry.Name()) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil || strings.HasSuffix(dir, "test") { // mysqltest and its like are for tests
			return err
		}
		arrows, err := importsOf(path, filepath.ToSlash(dir))
		found = append(found, arrows...)
		return err
	})
	return found, err
}

func importsOf(path, dir string) ([]arrow, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []arrow
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if to, own := strings.CutPrefix(name, module); own {
			found = append(found, arrow{dir, to})
		}
	}
	return found, nil
}
