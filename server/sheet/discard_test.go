package sheet

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestADiscardedWorkbookLeavesNothingOnDisk(t *testing.T) {
	dir := t.TempDir()
	w, err := NewXLSX(io.Discard, "names", dir)
	if err != nil {
		t.Fatal(err)
	}
	kept := func() []string {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	for cell := strings.Repeat("Jānis Bērziņš ", 1000); len(kept()) == 0; {
		if err := w.Row(cell); err != nil {
			t.Fatal(err)
		}
	}
	w.Discard()
	if files := kept(); len(files) > 0 {
		t.Errorf("%v stay", files)
	}
}
