package people_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
)

// crowd adds n people with names that share parts.
func (b *bundle) crowd(t testing.TB, n int) {
	t.Helper()
	given := strings.Fields("Jānis Andris Juris Edgars Māris Aivars Pēteris Anna Kristīne Inese Līga Zane Ilze Dace")
	family := strings.Fields("Bērziņš Kalniņš Ozoliņš Jansons Ozols Liepiņš Krūmiņš Balodis Eglītis Zariņš Pētersons Vītols Kļaviņš")
	for start := 0; start < n; start += 500 {
		inputs := make([]people.CreateInput, min(500, n-start))
		for i := range inputs {
			k := start + i
			inputs[i] = people.CreateInput{
				Name:  fmt.Sprintf("%s %s %d", given[k%len(given)], family[k/7%len(family)], k),
				Email: fmt.Sprintf("person%d@example.lv", k), Company: "SIA Tilts",
			}
		}
		b.insert(t, inputs...)
	}
}

func BenchmarkLoad10k(b *testing.B) {
	s := setup(b)
	s.crowd(b, 10_000)
	for b.Loop() {
		b.StopTimer()
		sealer, l := s.Another(b, s.clock.now)
		acc, err := access.New(b.Context(), s.DB, l, s.clock.now, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := people.New(b.Context(), s.DB, sealer, l, acc, s.clock.now, slog.New(slog.DiscardHandler)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch100k(b *testing.B) {
	s := setup(b)
	s.crowd(b, 100_000)
	for _, search := range []string{"", "berzins", "janis ozol", "person99999@", "nobody at all"} {
		b.Run(search, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := s.people.List(b.Context(), access.System(), people.Filter{Search: search}, page.Request{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("create one", func(b *testing.B) {
		for b.Loop() {
			err := s.DB.InTx(b.Context(), func(ctx context.Context, tx *mysql.Tx) error {
				_, err := s.people.Insert(ctx, tx, access.System(), time.Time{}, []people.CreateInput{{Name: "One more"}})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
