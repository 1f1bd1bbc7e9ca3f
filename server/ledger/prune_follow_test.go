package ledger_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// gate is a log of statements that holds whoever has run one, while it is closed.
type gate struct {
	slog.Handler
	closed chan chan struct{} // holds what opens it, while it is closed
	held   chan struct{}
}

func newGate() *gate {
	return &gate{Handler: slog.DiscardHandler, closed: make(chan chan struct{}, 1), held: make(chan struct{}, 1)}
}

func (g *gate) Enabled(context.Context, slog.Level) bool { return true }

func (g *gate) Handle(context.Context, slog.Record) error {
	select {
	case open := <-g.closed:
		g.held <- struct{}{}
		<-open
	default:
	}
	return nil
}

func TestAReaderThatIsBehindSkipsWhatWasPrunedMeanwhile(t *testing.T) {
	t.Parallel()
	f := filled(t, 10)
	g := newGate()
	c := mysqltest.MigrateConfig(t, f.DB)
	c.Logger, c.LogLevel = slog.New(g), 2
	db, err := mysql.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	slow := *f
	slow.DB = db
	_, reader := slow.Another(t, time.Now)
	follower, err := reader.FollowFromNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open := make(chan struct{})
	g.closed <- open
	<-g.held // the reader stands still
	fill(t, f, 10, 1600)
	ranges := []ledger.SeqRange{{100, 300}, {301, 302}, {400, 1500}}
	if _, err := pruner(t, f, ledger.PruneOptions{}).Prune(t.Context(), request(ranges...)); err != nil {
		t.Fatal(err)
	}
	close(open)
	var want, seen []uint64
	for seq := uint64(10); seq <= 1610; seq++ {
		if !within(ranges, seq) {
			want = append(want, seq)
		}
	}
	for follower.Position() <= 1610 {
		entries, err := follower.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			seen = append(seen, e.Seq)
		}
	}
	if !slices.Equal(seen, want) {
		t.Errorf("a follower saw %d entries, there are %d", len(seen), len(want))
	}
	for from := uint64(10); from <= 1610; from += 3 {
		entries, err := reader.Follow(from).Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if first, _ := slices.BinarySearch(want, from); entries[0].Seq != want[first] {
			t.Fatalf("from %d on, the first entry is %d", from, entries[0].Seq)
		}
	}
}
