package logbook

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// history appends movements of two years: some hundred keys, some departments, everybody concerned by some.
func history(b *testing.B, f *custodytest.Fixture, n int) (persons []id.ID, keys []string) {
	b.Helper()
	r := rand.New(rand.NewPCG(7, 8))
	var departments []id.ID
	for range 8 {
		departments = append(departments, id.New())
	}
	for range 200 {
		persons, keys = append(persons, id.New()), append(keys, id.New().String())
	}
	for range n / 500 {
		drafts := make([]ledger.Draft, 500)
		for i := range drafts {
			drafts[i] = ledger.Draft{
				Stream: ledger.StreamKey, Action: []string{ledger.KeyIssued, ledger.KeyReturned}[i%2], Actor: persons[r.IntN(5)],
				Person: persons[r.IntN(len(persons))], Department: departments[r.IntN(len(departments))],
				OccurredAt: custodytest.Start().Add(-time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour)))).Truncate(time.Microsecond),
				Entity:     ledger.Entity{Type: "key", ID: keys[r.IntN(len(keys))], Label: "101"},
			}
		}
		ledgertest.Append(b, f.DB, f.Ledger, drafts...)
	}
	return persons, keys
}

// What these cost must not grow with the number of movements.
func BenchmarkReading(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		f := custodytest.Open(b)
		book := must[*Service](b)(New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, time.UTC, f.Clock.Now))
		persons, keys := history(b, f, n)
		key := must[id.ID](b)(id.Parse(keys[0]))
		run := func(name string, do func() error) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		list := func(filter Filter) func() error {
			return func() error {
				_, err := book.KeyLog(b.Context(), access.System(), filter, page.Request{})
				return err
			}
		}
		run("page", list(Filter{}))
		run("page of a person", list(Filter{Person: persons[50]}))
		run("page of a key", list(Filter{Key: key}))
		run("calendar", func() error {
			from := custodytest.Start().AddDate(0, 0, -rand.IntN(600)-40)
			_, err := book.Calendar(b.Context(), access.System(), CalendarRequest{
				From: people.Date(from.Format(time.DateOnly)), Days: DefaultDays, TimeZone: "Europe/Riga",
			})
			return err
		})
		run("calendar of a key", func() error {
			_, err := book.Calendar(b.Context(), access.System(), CalendarRequest{From: "2026-03-01", Days: DefaultDays, Filter: CalendarFilter{Key: key}})
			return err
		})
	}
}
