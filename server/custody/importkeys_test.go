package custody_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/sheet"
)

func (f *movements) importKeys(t *testing.T, text string, preview bool) *custody.KeyImport {
	t.Helper()
	return must[*custody.KeyImport](t)(f.Custody.ImportKeys(t.Context(), access.System(), custody.ImportKeysInput{CSV: text, Preview: preview}))
}

// outcomes writes down what became of each row.
func outcomes(i *custody.KeyImport) []string {
	var all []string
	for _, r := range i.Rows {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s", r.Line, r.Action, r.Number, strings.Join(r.Fields, "+"), r.Problem)))
	}
	return all
}

func TestAnImportAddsAndChangesKeysByNumber(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	text := "\ufeffNumurs;Nosaukums;Skapis;Ēka\r\n101;Kāpņu telpa;A;\r\n 007 ;Pagrabs;B;Ziemeļu\r\n102;;A;\r\n"
	want := []string{"2 UPDATE 101 label", "3 CREATE 007 number+label+building+cabinet", "4 SAME 102"}
	preview := f.importKeys(t, text, true)
	if diff := cmp.Diff(want, outcomes(preview)); diff != "" || preview.Done || len(f.Entries(ledger.KeyUpdated)) != 0 {
		t.Fatal(diff)
	}
	done := f.importKeys(t, text, false)
	if diff := cmp.Diff(want, outcomes(done)); diff != "" || !done.Done || done.Created() != 1 || done.Updated() != 1 || done.Unchanged() != 1 {
		t.Fatal(diff)
	}
	changed := must[*custody.Key](t)(f.Custody.Key(t.Context(), f.desk, f.key.ID, ""))
	made := must[*custody.Key](t)(f.Custody.Key(t.Context(), f.desk, done.Rows[1].Key, ""))
	if changed.Label != "Kāpņu telpa" || changed.Cabinet != "A" || changed.Version != 2 || made.Number != "007" || made.Building != "Ziemeļu" {
		t.Errorf("%+v %+v", changed, made)
	}
	apart := strings.Replace(text, "Ēka", "E\u0304ka", 1) // as some systems write it
	if again := f.importKeys(t, apart, true); again.Unchanged() != 3 {
		t.Errorf("a heading with its accent apart: %q", outcomes(again))
	}
	f.importKeys(t, "number\nK\u0327-9\n", false)
	if again := f.importKeys(t, "number\nĶ-9\n", true); again.Unchanged() != 1 {
		t.Errorf("a number whose accent was apart: %q", outcomes(again))
	}
	if again := f.importKeys(t, text, false); again.Unchanged() != 3 || len(f.Entries(ledger.KeyUpdated)) != 1 {
		t.Errorf("%q", outcomes(again))
	}
	f.importKeys(t, "number,label\n101,\n", false)
	if emptied := must[*custody.Key](t)(f.Custody.Key(t.Context(), f.desk, f.key.ID, "")); emptied.Label != "" || emptied.Cabinet != "A" {
		t.Errorf("%+v: an absent column leaves a field, an empty one empties it", emptied)
	}
}

func TestAWorkbookIsImportedAsCSVIs(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	var book bytes.Buffer
	w := must[sheet.Writer](t)(sheet.NewXLSX(&book, "Keys", ""))
	for _, row := range [][]string{{"Number", "State", "Label"}, {"101", "AVAILABLE", "Stairs"}, {"007", "", "=Cellar"}, {"101", "", "Again"}} {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	in := custody.ImportKeysInput{XLSX: base64.StdEncoding.EncodeToString(book.Bytes()), Preview: true}
	preview := must[*custody.KeyImport](t)(f.Custody.ImportKeys(t.Context(), access.System(), in))
	want := []string{"2 UPDATE 101 label", "3 CREATE 007 number+label", "4 WRONG 101  line 2 has the same number"}
	if diff := cmp.Diff(want, outcomes(preview)); diff != "" || preview.Done {
		t.Error(diff)
	}
	in.CSV = "number\n1\n"
	if _, err := f.Custody.ImportKeys(t.Context(), access.System(), in); !fault.Is(err, fault.BadInput) {
		t.Errorf("two files at once: %v", err)
	}
}

func TestOneWrongRowStopsAnImport(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	before := f.Count("SELECT size FROM {ledger}.head")
	got := f.importKeys(t, "number,label\n200,ok\n,empty\n201,"+long(201)+"\n200,again\n202,a,b\n", false)
	if got.Done || got.Wrong() != 4 || got.Created() != 1 || got.Rows[3].Problem.String() != "line 2 has the same number" {
		t.Errorf("%q", outcomes(got))
	}
	if after := f.Count("SELECT size FROM {ledger}.head"); after != before || f.Count("SELECT COUNT(*) FROM physical_key") != 2 {
		t.Error("something was stored")
	}
	for name, text := range map[string]string{
		"no headings": "", "no number": "label\nx\n", "unknown": "number,colour\n1,red\n", "twice": "number,numurs\n1,1\n",
		"nothing": "number\n", "too many": "number\n" + strings.Repeat("1\n", custody.MaxKeyImport+1), "no UTF-8": "number\n\xff\n",
		"quotes": "number,label\n1,\"a\n",
	} {
		if _, err := f.Custody.ImportKeys(t.Context(), access.System(), custody.ImportKeysInput{CSV: text, Preview: true}); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Custody.ImportKeys(t.Context(), f.desk, custody.ImportKeysInput{CSV: "number\n1\n"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a custodian may not add keys: %v", err)
	}
}

func TestAsManyKeysAsMayBeAreImportedAtOnce(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	var text strings.Builder
	text.WriteString("number,label,cabinet\n")
	for i := range custody.MaxKeyImport {
		fmt.Fprintf(&text, "n%d,Room %d,C\n", i, i)
	}
	in := custody.ImportKeysInput{CSV: text.String(), IdempotencyKey: "big"}
	for range 2 {
		if done := must[*custody.KeyImport](t)(f.Custody.ImportKeys(t.Context(), access.System(), in)); !done.Done || done.Wrong() != 0 {
			t.Fatal(done.Rows[0])
		}
	}
	if n := f.Count("SELECT COUNT(*) FROM physical_key WHERE cabinet = 'C'"); n != custody.MaxKeyImport || len(f.Entries(ledger.KeyCreated)) != n+2 {
		t.Fatalf("%d keys", n)
	}
}
