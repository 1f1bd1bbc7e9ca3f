package verify_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

func exported(t testing.TB, f *ledgertest.Fixture, from, to uint64) string {
	t.Helper()
	var file bytes.Buffer
	if _, err := f.Ledger.Export(t.Context(), &file, ledger.ExportOptions{From: from, To: to}); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func verified(t testing.TB, f *ledgertest.Fixture, file string) *verify.FileReport {
	t.Helper()
	report, err := verify.File(strings.NewReader(file), verify.FileOptions{Verifier: verifierOf(t, f)})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnyRangeOfTheLedgerVerifiesOffline(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	requireFound(t, verified(t, f, exported(t, f, 0, 0)).Findings)
	grow(t, f, 1300)
	ends := []uint64{0, 1, 3, 255, 256, 257, 512, 700, 1023, 1024, 1299, 1300}
	for i, from := range ends {
		for _, to := range ends[i:] {
			if to == 0 {
				continue
			}
			report := verified(t, f, exported(t, f, from, to))
			requireFound(t, report.Findings)
			if report.From != from || report.To != to || report.Bodies != to-from || report.Size != 1300 {
				t.Fatalf("%d to %d: %+v", from, to, report)
			}
		}
	}
	for _, r := range [][2]uint64{{5, 4}, {0, 1301}, {1301, 0}} {
		_, err := f.Ledger.Export(t.Context(), &bytes.Buffer{}, ledger.ExportOptions{From: r[0], To: r[1]})
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%v: %v", r, err)
		}
	}
}

func TestACompressedFileVerifiesAsAPlainOne(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 300)
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed := w.EncodeAll([]byte(exported(t, f, 10, 290)), nil)
	requireFound(t, verified(t, f, string(packed)).Findings)
	if _, err := verify.File(bytes.NewReader(packed[:len(packed)/2]), verify.FileOptions{Verifier: verifierOf(t, f)}); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Error(err)
	}
}

func TestLeafDataStandForABodyThatWasPruned(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 300)
	lines := strings.SplitAfter(exported(t, f, 0, 0), "\n")
	for _, seq := range []int{0, 7, 255, 256, 299} {
		line := lines[seq+1]
		body := line[strings.Index(line, `"body":`)+len(`"body":`) : len(line)-2]
		data := ledger.LeafData([]byte(body))
		lines[seq+1] = fmt.Sprintf("{\"seq\":%d,\"leafData\":%q}\n", seq, base64.StdEncoding.EncodeToString(data[:]))
	}
	report := verified(t, f, strings.Join(lines, ""))
	requireFound(t, report.Findings)
	if report.Bodies != 295 {
		t.Errorf("%+v", report)
	}
}

func TestEveryChangeOfALedgerFileIsFound(t *testing.T) {
	t.Parallel()
	f := ledgertest.Open(t)
	grow(t, f, 700)
	file := exported(t, f, 100, 600)
	replace := func(old, with string) func() string {
		return func() string { return strings.Replace(file, old, with, 1) }
	}
	lines := func(change func(lines []string) []string) func() string {
		return func() string { return strings.Join(change(strings.SplitAfter(file, "\n")), "") }
	}
	const root = "its entries do not have the root"
	for name, c := range map[string]struct {
		change func() string
		want   string
	}{
		"a body":             {replace("Invoice", "invoice"), root},
		"a space in a body":  {replace(`{"seq":100,"body":{`, `{"seq":100,"body":{ `), root},
		"two bodies swapped": {lines(swapBodies), root},
		"a line left out":    {lines(func(l []string) []string { return append(l[:9:9], l[10:]...) }), "entry 108 should stand where"},
		"a line twice":       {lines(func(l []string) []string { return append(l[:9:9], l[8:]...) }), "entry 108 should stand where"},
		"the end":            {lines(func(l []string) []string { return l[:501] }), "its end is missing"},
		"half a line":        {func() string { return file[:len(file)-3] }, "cut off in the middle"},
		"something more":     {func() string { return file + "{}\n" }, "something follows"},
		"the range":          {replace(`"to":600`, `"to":601`), "entry 600 should stand where"},
		"a hash in front":    {replace(`"before":["`, `"before":["AAAA`), "no hash"},
		"fewer in front":     {replace(`"from":100`, `"from":96`), "does not lead up to entry 96"},
		"no hashes behind": {func() string {
			return file[:strings.Index(file, `{"after"`)] + `{"after":[],` + file[strings.Index(file, `"checkpoint"`):]
		}, "leads up to 600 entries"},
		"the checkpoint":      {replace(`\n700\n`, `\n600\n`), "its signature is not valid"},
		"another log":         {replace(ledgertest.Origin, "other.example/log"), "it is of another log"},
		"another format":      {replace("keytrail-ledger", "keytrail"), "it is no ledger file"},
		"a later version":     {replace(`"version":1`, `"version":2`), "version 2, which this verifier does not know"},
		"a later body":        {replace(`"v":1`, `"v":2`), "entry 100: its body has version 2"},
		"no JSON":             {replace(`{"seq":100,"body":{`, `{"seq":100,"body":[`), "entry 100: its body is not JSON"},
		"nothing":             {func() string { return "" }, "its end is missing"},
		"an endless line":     {func() string { return strings.Repeat("x", 3<<20) }, "longer than"},
		"another entry":       {replace(`"seq":100,"body"`, `"seq":100,"leafData"`), "neither a body nor leaf data"},
		"numbers made larger": {replace(`"from":100,"to":600`, `"from":18446744073709551615,"to":18446744073709551615`), "speaks of entries"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := c.change()
			if changed == file {
				t.Fatal("nothing was changed")
			}
			requireFound(t, verified(t, f, changed).Findings, c.want)
		})
	}
}

func swapBodies(lines []string) []string {
	a, b := lines[20], lines[21]
	lines[20] = strings.Replace(b, `{"seq":120`, `{"seq":119`, 1)
	lines[21] = strings.Replace(a, `{"seq":119`, `{"seq":120`, 1)
	return lines
}

func TestAFileIsWrittenAndVerifiedInConstantMemory(t *testing.T) {
	f := ledgertest.Open(t)
	var peaks [2]int64
	for i, n := range []int{500, 4500} {
		grow(t, f, n)
		reader := &meter{data: []byte(exported(t, f, 0, 0))}
		// What the ledger's own reader keeps is not the verifier's: wait until it has read everything.
		if _, err := f.Ledger.Follow(f.Ledger.DurableSize() - 1).Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := verify.File(reader, verify.FileOptions{Verifier: verifierOf(t, f)})
		if err != nil || !report.OK() {
			t.Fatal(err, report)
		}
		peaks[i] = reader.peak
	}
	if peaks[1] > peaks[0]+4<<20 {
		t.Errorf("%d bytes for 500 entries and %d for 5,000", peaks[0], peaks[1])
	}
}

// meter is a reader that looks at how much memory lives while it is read.
type meter struct {
	data  []byte
	reads int
	rest  int64 // what lived before, without data
	peak  int64
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.reads++; m.reads%20 == 1 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		lives := int64(stats.HeapAlloc) - int64(len(m.data))
		if m.reads == 1 {
			m.rest = lives
		}
		m.peak = max(m.peak, lives-m.rest)
	}
	n := copy(p, m.data)
	m.data = m.data[n:]
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
