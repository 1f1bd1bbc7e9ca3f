package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	pagedActors  = 20
	pagedEvents  = 4000
	pageDocument = `query($p: ID!) { %s(filter: {person: $p}, first: 50) {
  edges { node { id occurredAt actor { id } action entity { type id } module outcome ip } } } }`
)

// A page of the newest 50 entries of a random actor costs so much processor time (µs, asking included) and so many
// allocations.
func BenchmarkPage(b *testing.B) {
	debug.SetGCPercent(400) // as keytrail serve does
	s := graphtest.Seed(b)
	persons := pagedLog(b, s)
	client := s.As("auditor")
	for _, list := range []string{"authLog", "activityLog"} {
		bodies := make([]string, len(persons))
		for i, person := range persons {
			bodies[i] = fmt.Sprintf(`{"query":%q,"variables":{"p":%q}}`, fmt.Sprintf(pageDocument, list), person)
		}
		b.Run(list, func(b *testing.B) {
			b.ReportAllocs()
			begun := cpuTime(b)
			for b.Loop() {
				answer := ask(b, client, bodies[rand.IntN(len(bodies))])
				if rows := bytes.Count(answer, []byte("occurredAt")); rows != 50 {
					b.Fatalf("%d rows: %.300s", rows, answer)
				}
			}
			b.ReportMetric(float64((cpuTime(b)-begun).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// ask gives what is answered, as it came: reading it would cost more than asking.
func ask(b *testing.B, client *graphtest.Client, body string) []byte {
	b.Helper()
	response, err := client.Client.Post(client.URL+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		b.Fatal(err)
	}
	return answer
}

// pagedLog records sign-ins and activity of some actors, and gives their ids.
func pagedLog(b *testing.B, s *graphtest.Seeded) []id.ID {
	b.Helper()
	persons := make([]id.ID, pagedActors)
	if err := s.DB.InTx(b.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		for i := range persons {
			persons[i] = id.New()
			if err := s.Seal.CreateKey(ctx, tx, seal.Person(persons[i])); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for range pagedEvents / 500 {
		drafts := make([]ledger.Draft, 0, 500)
		for n := range 500 {
			actor, when := persons[rand.IntN(len(persons))], time.Now().UTC().Truncate(time.Microsecond)
			d := ledger.Draft{
				Stream: ledger.StreamAuth, Action: ledger.AuthSignedIn, OccurredAt: when, Actor: actor, Person: actor, Source: "bench",
				Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint("inv-", n), Label: fmt.Sprint("inv-", n)}, Module: "billing",
				Details: map[string]any{"paths": []any{"/total", "/status", "/note", "/lines"}},
				Parts: []ledger.Part{
					ledger.OriginPart(actor, when, ledger.Origin{Name: "Actor", IP: "10.1.2.3"}),
					{Field: ledger.FieldContent, Subject: seal.Source("bench", when), Value: strings.Repeat("before and after ", 25)},
				},
			}
			if n%2 == 1 {
				d.Stream, d.Action = ledger.StreamActivity, "invoice.updated"
			}
			drafts = append(drafts, d)
		}
		ledgertest.Append(b, s.DB, s.Ledger, drafts...)
	}
	return persons
}

// cpuTime is the processor time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
