package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/id"
)

// An event of about 600 bytes costs so much processor time (µs, asking included) and so many allocations: 500 lines in one call of the
// intake, and one in a call of recordActivity from 32 clients at once.
func BenchmarkRecordActivity(b *testing.B) {
	debug.SetGCPercent(400) // as keytrail serve does
	s := graphtest.Seed(b)
	till := s.As("till")
	b.Run("lines", func(b *testing.B) {
		b.ReportAllocs()
		begun := cpuTime(b)
		for b.Loop() {
			b.StopTimer()
			var lines bytes.Buffer
			for range 500 {
				lines.WriteString(reportedEvent() + "\n")
			}
			b.StartTimer()
			postEvents(b, till, "/intake/activity", lines.Bytes(), `"recorded":500`)
		}
		b.ReportMetric(float64((cpuTime(b)-begun).Microseconds())/float64(b.N*500), "cpu-µs/event")
	})
	b.Run("mutation", func(b *testing.B) {
		b.ReportAllocs()
		begun := cpuTime(b)
		b.SetParallelism(32 / runtime.GOMAXPROCS(0))
		b.RunParallel(func(one *testing.PB) {
			for one.Next() {
				body := `{"query":"mutation($e: [ActivityInput!]!) { recordActivity(events: $e) { recorded } }","variables":{"e":[` + reportedEvent() + `]}}`
				postEvents(b, till, "/graphql", []byte(body), `"recorded":1`)
			}
		})
		b.ReportMetric(float64((cpuTime(b)-begun).Microseconds())/float64(b.N), "cpu-µs/event")
	})
}

func postEvents(b *testing.B, c *graphtest.Client, path string, body []byte, expected string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.URL+path, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	c.Authorise(r.Header)
	response, err := c.Client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Contains(answer, []byte(expected)) {
		b.Fatalf("%.300s: %v", answer, err)
	}
}

// reportedEvent is an event of one of 1,000 users, about 600 bytes long.
func reportedEvent() string {
	n, user := rand.IntN(100_000), rand.IntN(1000)
	return fmt.Sprintf(`{"eventId":%q,"occurredAt":"2025-06-01T08:00:00.123456Z","action":"invoice.updated","entityType":"invoice","entity":"inv-%06d","module":"billing","ip":"10.0.%d.7",`+
		`"actor":{"externalId":"u-%d","name":"Actor %d"},`+
		`"before":{"total":%d,"currency":"EUR","status":"draft","customer":"Customer number %d","note":"to be checked by the second person before it is sent to anybody"},`+
		`"after":{"total":%d,"currency":"EUR","status":"sent","customer":"Customer number %d","note":"checked and sent by post and by electronic mail on the same day"}}`,
		id.New().String(), n, user%256, user, user, n, n, n+1, n)
}
