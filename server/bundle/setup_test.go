package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/bundle"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/seal"
)

// filled is a ledger with n entries, of which every third has a sealed part.
func filled(t testing.TB, n int) *ledgertest.Fixture {
	t.Helper()
	f := ledgertest.Open(t)
	err := f.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error { return f.Seal.CreateKey(ctx, tx, seal.Person(person())) })
	if err != nil {
		t.Fatal(err)
	}
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = ledger.Draft{
			Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: time.Now(),
			Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(i), Label: "Rēķins <&>\u2028\ufffd"},
		}
		if i%3 == 0 {
			drafts[i].Parts = []ledger.Part{ledger.PersonPart("comment", person(), time.Now(), "secret words")}
		}
	}
	for part := range slices.Chunk(drafts, 500) {
		ledgertest.Append(t, f.DB, f.Ledger, part...)
	}
	return f
}

func person() id.ID { return id.ID{1, 2, 3} }

// pruned is a ledger of 300 entries and more, of which 5, 6 and 7 were pruned.
func pruned(t testing.TB) *ledgertest.Fixture {
	t.Helper()
	f := filled(t, 300)
	p := ledger.NewPruner(f.Ledger, mysqltest.OpenRetention(t, f.DB), ledger.PruneOptions{})
	_, err := p.Prune(t.Context(), ledger.PruneRequest{Ranges: []ledger.SeqRange{{From: 5, To: 8}}, Manifest: ledger.Hash{7}, Reason: "older than a year"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// opening reads entries as somebody does who may read everything.
func opening(f *ledgertest.Fixture) bundle.Open {
	return func(ctx context.Context, seqs []uint64) ([]bundle.Opened, error) {
		entries, err := f.Ledger.ReadSeqs(ctx, f.DB, seqs)
		opened := make([]bundle.Opened, len(entries))
		for i := range entries {
			readable := map[string]any{"seq": entries[i].Seq, "action": entries[i].Action}
			var words string
			if ok, err := f.Ledger.Unseal(ctx, &entries[i], "comment", &words); err == nil && ok {
				readable["comment"] = words
			}
			opened[i] = bundle.Opened{Entry: &entries[i], Readable: readable}
		}
		return opened, err
	}
}

func written(t testing.TB, f *ledgertest.Fixture, seqs ...uint64) []byte {
	t.Helper()
	plan, err := bundle.Prepare(t.Context(), f.Ledger, seqs)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	asked := bundle.Asked{At: "2026-11-26T10:00:00Z", By: person().String(), Name: "Anna", Filter: map[string]any{"action": "invoice.paid"}}
	if err := plan.Write(t.Context(), &file, asked, time.Now(), opening(f)); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// parts are the files of a bundle.
type parts map[string]string

func unpacked(t testing.TB, file []byte) parts {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	all := parts{}
	for _, f := range r.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	return all
}

// packed is the parts as a ZIP file, and more files behind them, of which each is a name and a text.
func (p parts) packed(t testing.TB, more ...[2]string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		more = append([][2]string{{name, p[name]}}, more...)
	}
	for _, one := range more {
		to, err := w.Create(one[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, one[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// byProgram verifies a bundle with the verifier in Go, and gives what is wrong with it.
func byProgram(t testing.TB, file []byte, key string) string {
	t.Helper()
	report, err := verify.Bundle(bytes.NewReader(file), int64(len(file)), key)
	if err != nil {
		return err.Error()
	}
	var said strings.Builder
	for _, finding := range report.Findings {
		fmt.Fprintln(&said, finding)
	}
	return said.String()
}

// byScript verifies a bundle with the script and standard tools: the folder that it was unpacked to where folder says so.
func byScript(t testing.TB, file []byte, key string, folder bool) (said string, good bool) {
	t.Helper()
	dir := t.TempDir()
	script, from := filepath.Join(dir, "verify.sh"), filepath.Join(dir, "case.zip")
	save(t, script, bundle.Script())
	save(t, from, string(file))
	if folder {
		from = filepath.Join(dir, "case")
		for name, text := range unpacked(t, file) {
			save(t, filepath.Join(from, filepath.Base(name)), text)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "bash", script, key, from).CombinedOutput()
	return string(out), err == nil
}

func save(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
