package export_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/seal"
)

// BenchmarkEntries exports 10,000 entries with sealed origins and content in each op.
func BenchmarkEntries(b *testing.B) {
	f := openFiles(b)
	const entries, batch = 10_000, 500
	now := f.Clock.Now()
	one := ledger.Draft{
		Stream: ledger.StreamActivity, Action: "invoice.paid", Source: "till", Outcome: ledger.Success, OccurredAt: now,
		Actor: f.janis.ID, Entity: ledger.Entity{Type: "invoice", ID: "7", Label: "7"}, Module: "billing",
		Details: map[string]any{"changed": []any{"/total", "/status"}},
		Parts: []ledger.Part{
			ledger.OriginPart(f.janis.ID, now, ledger.Origin{IP: "192.0.2.9", UserAgent: "curl/8"}),
			{Field: ledger.FieldContent, Subject: seal.Source("till", now), Value: json.RawMessage(`{"note":"checked and sent by post"}`)},
		},
	}
	for range entries / batch {
		ledgertest.Append(b, f.DB, f.Ledger, slices.Repeat([]ledger.Draft{one}, batch)...)
	}
	for _, format := range []string{"csv", "ndjson", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequestWithContext(request.With(b.Context(), request.Info{ID: "r", Actor: f.admin}), http.MethodGet, "/export/activity."+format, nil)
				w := &discarded{header: http.Header{}}
				f.handler.ServeHTTP(w, r)
				if w.status != http.StatusOK || w.size < entries {
					b.Fatal(w.status, w.size)
				}
			}
			b.ReportMetric(float64(b.N*entries)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// discarded is an answer of which only the size is kept.
type discarded struct {
	header http.Header
	status int
	size   int
}

func (d *discarded) Header() http.Header { return d.header }

func (d *discarded) WriteHeader(status int) { d.status = status }

func (d *discarded) Write(text []byte) (int, error) {
	if d.status == 0 {
		d.status = http.StatusOK
	}
	d.size += len(text)
	return len(text), nil
}
